"""An import of 20,000 people, 5 % of them bad, by the product's worker; beside csv and bare rows into PostgreSQL."""

import csv
import itertools
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile

from candidates.imports import runs
from candidates.models import Import, Job
from smartmessage.stack.programs import is_true_within
from smartmessage.stack.supervisor import ROOT
from tests.bench import rows
from tests.bench.figures import Batch
from tests.bench.scene import Scene

ROWS, BAD_EVERY, ROUNDS = 20_000, 20, 3
SECONDS, MEGABYTES = 60, 300
_batches = itertools.count(1)


def measure(scene: Scene) -> Batch:
    figure = Batch(f"import of {ROWS:,} people", "csv, and bare rows by COPY", most_seconds=SECONDS, most_mb=MEGABYTES)
    with tempfile.TemporaryDirectory() as folder:
        for _round in range(ROUNDS):
            figure.product.append(by_worker(scene, people(Path(folder), bad_every=BAD_EVERY)))
            figure.bare.append(by_copy(scene, people(Path(folder), bad_every=None)))
    return figure


def people(folder: Path, *, bad_every: int | None) -> Path:
    """A file as companies have it. Each has other people."""
    batch, file = next(_batches), folder / "people.csv"
    with file.open("w", newline="") as text:
        writer = csv.writer(text)
        writer.writerow(["First name", "Last name", "Email", "Mobile", "City"])
        for number in range(ROWS):
            email = f"p{number}.{batch}@example.com" if not bad_every or number % bad_every else "no address"
            writer.writerow(["Anna", f"Bauer {number}", email, f"+49 30 {number:09d}", "Berlin"])
    return file


def by_worker(scene: Scene, file: Path) -> tuple[float, float]:
    """From the click to the last row: seconds, and the most megabytes that the worker held."""
    job = Job.objects.create(company=scene.company, title="Field Engineer")
    upload = SimpleUploadedFile(file.name, file.read_bytes())
    source = runs.take_in(upload, group=job, by=scene.team[0])
    worker = scene.stack.program("worker").pid
    assert worker
    Path(f"/proc/{worker}/clear_refs").write_text("5")  # the peak begins anew
    began = time.monotonic()
    assert runs.start(source, by=scene.team[0]) == ""
    done = Import.objects.filter(pk=source.pk, state=Import.State.DONE)
    assert is_true_within(SECONDS * 4, done.exists)
    took = time.monotonic() - began
    bad = ROWS // BAD_EVERY
    assert done.values_list("added", "bad").get() == (ROWS - bad, bad)
    return took, rows.peak_of(worker)


def by_copy(scene: Scene, file: Path) -> tuple[float, float]:
    command = [sys.executable, "-m", "tests.bench.rows", str(file), str(scene.company.pk)]
    answer = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    seconds, megabytes = json.loads(answer.stdout)
    return seconds, megabytes
