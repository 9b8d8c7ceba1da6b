"""The commands that a newcomer types first: what they say and what they leave alone."""

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType

import pytest

from smartmessage.stack import browser
from smartmessage.stack.data import DataDir
from smartmessage.stack.supervisor import ROOT


def test_make_alone_lists_every_command_in_one_line() -> None:
    listed = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for command in ("demo", "test", "test-fast", "bench", "reset", "check", "fmt", "e2e", "shell", "lock"):
        assert re.search(rf"^  make {command} +\w", listed, flags=re.MULTILINE), command


@pytest.fixture
def demo_data(tmp_path: Path) -> Path:
    """A data folder after a demo and a benchmark."""
    data_dir = DataDir(tmp_path / "data")
    data_dir.claim()
    data_dir.release()
    for name in ("postgres", "bench"):
        (data_dir.path / name).mkdir()
    return data_dir.path


def test_reset_forgets_the_demo_and_keeps_the_benchmarks(demo_data: Path) -> None:
    (demo_data / ".smartmessage").write_text("")
    assert _reset(demo_data).returncode == 0
    assert [path.name for path in demo_data.iterdir()] == ["bench"]


def test_reset_refuses_while_the_demo_runs(demo_data: Path) -> None:
    refused = _reset(demo_data)  # this very process is the one that claimed the folder last, and it lives
    assert refused.returncode == 1
    assert str(os.getpid()) in refused.stderr
    assert (demo_data / "postgres").exists()


def test_reset_touches_no_folder_that_is_not_ours(tmp_path: Path) -> None:
    (tmp_path / "precious").touch()
    assert _reset(tmp_path).returncode == 0
    assert (tmp_path / "precious").exists()


def _reset(data: Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [ROOT / "bin" / "reset"], env={**os.environ, "DATA_DIR": str(data)}, capture_output=True, text=True, check=False
    )


def test_without_a_fitting_python_the_message_says_what_to_install(tmp_path: Path) -> None:
    for tool in ("sh", "dirname"):
        (tmp_path / tool).symlink_to(shutil.which(tool) or "")
    (tmp_path / "python3").write_text("#!/bin/sh\nexit 127\n")  # a stub that does not run
    (tmp_path / "python3").chmod(0o755)
    refused = subprocess.run(
        [ROOT / "bin" / "bootstrap", "demo"], env={"PATH": str(tmp_path)}, capture_output=True, text=True, check=False
    )
    assert refused.returncode == 1
    assert "apt-get install -y python3" in refused.stderr


@pytest.fixture
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """bin/environment.py, on a folder of its own, with no real installation."""
    monkeypatch.setenv("VENV", str(tmp_path / "venv"))
    module = _load(ROOT / "bin" / "environment.py")
    (tmp_path / "requirements").mkdir()
    for name in ("demo", "test"):
        (tmp_path / "requirements" / f"{name}.txt").write_text("")
    monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(module, "run", _pretend)
    return module


def _pretend(*command: str) -> None:
    """Instead of `python -m venv FOLDER`: a folder whose Python is ours. Instead of pip: nothing."""
    if "venv" in command:
        programs = Path(command[-1]) / "bin"
        programs.mkdir(parents=True)
        (programs / "python").symlink_to(sys.executable)


def test_the_environment_is_built_once_and_again_when_the_lock_file_changes(environment: ModuleType) -> None:
    assert not environment.is_current("demo")
    environment.main("demo")
    assert environment.is_current("demo")
    assert not environment.is_current("test")
    environment.lock_file("demo").write_text("something-new==1")
    assert not environment.is_current("demo")


def test_the_test_environment_serves_the_demo_too(environment: ModuleType) -> None:
    environment.main("test")
    assert environment.is_current("demo")


def test_an_environment_that_was_killed_while_installing_is_made_anew(
    environment: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    # given pip was killed
    environment.make_environment()
    half_installed = environment.VENV / "half-installed"
    half_installed.touch()
    with monkeypatch.context() as patch:
        patch.setattr(environment, "run", _die)
        with pytest.raises(SystemExit):
            environment.install("demo")
    assert not environment.is_current("demo")
    # when
    environment.main("demo")
    # then
    assert environment.is_current("demo")
    assert not half_installed.exists()


def _die(*_command: str) -> None:
    raise SystemExit(137)


def test_an_environment_that_was_moved_is_made_anew(
    environment: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    environment.main("demo")
    moved = tmp_path / "moved"
    environment.VENV.rename(moved)
    monkeypatch.setattr(environment, "VENV", moved)
    monkeypatch.setattr(environment, "PYTHON", moved / "bin" / "python")
    assert not environment.is_current("demo")
    assert not environment.is_usable()


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("views.py", "Conversation.objects.get(pk=pk)"),
        ("views.py", "User.objects.all()"),
        ("page.html", "{% for job in Job.objects.all %}"),
        ("notes.md", "see " + ".".join(("pypi", "org"))),
    ],
)
def test_the_source_check_finds_what_no_linter_knows(
    name: str, line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    check = _load(ROOT / "bin" / "check-sources")
    monkeypatch.setattr(check, "ROOT", tmp_path)
    (tmp_path / name).write_text(f"fine\n{line}\n")
    (tmp_path / "rows.py").write_text("User.objects.get(pk=1)\n")
    (tmp_path / "bytes").write_bytes(b"\xff\x00")
    assert [finding.split(": ")[0] for finding in _findings(check)] == [f"{name}:2"]


def _findings(check: ModuleType) -> list[str]:
    return [finding for file in check.our_files() for finding in check.look_at(file)]


def _load(file: Path) -> ModuleType:
    """A script as a module."""
    loader = SourceFileLoader(file.stem.replace("-", "_"), str(file))
    spec = importlib.util.spec_from_loader(loader.name, loader)
    assert spec
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module


def test_the_browser_of_the_environment_is_taken_and_a_broken_one_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHROME", sys.executable)  # answers to --version, which is all that is asked
    assert browser.find_or_install() == sys.executable
    monkeypatch.setenv("CHROME", str(tmp_path / "missing"))
    assert browser.find_or_install() is None
