"""A data folder that PostgreSQL's own system user may pass through; pytest's are closed to everybody else."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from smartmessage.stack.data import DataDir


@pytest.fixture
def data_dir() -> Iterator[DataDir]:
    folder = Path(tempfile.mkdtemp(prefix="smartmessage-stack-"))
    yield DataDir(folder)
    shutil.rmtree(folder, ignore_errors=True)
