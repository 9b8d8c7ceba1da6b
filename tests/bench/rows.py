"""The least that brings people in: the csv module, and bare rows by COPY. `python -m tests.bench.rows FILE COMPANY`."""

import csv
import json
import os
import sys
import time
from pathlib import Path

import psycopg

COPY = "COPY candidates_candidate (company_id, name, email, phone_typed, phone, time_zone) FROM STDIN"


def copy_in(file: Path, company_id: int) -> None:
    """No look at a row, nobody known again, no records, no problems, nothing to go on from."""
    with psycopg.connect(os.environ["DATABASE_URL"]) as connection, connection.cursor().copy(COPY) as copy:
        rows = csv.DictReader(file.open(newline=""))
        for row in rows:
            name = f"{row['First name']} {row['Last name']}"
            copy.write_row((company_id, name, row["Email"], row["Mobile"], row["Mobile"].replace(" ", ""), ""))


def peak_of(pid: int) -> float:
    """The most megabytes that a process held since it began, or since it was told to begin anew (Linux)."""
    status = Path(f"/proc/{pid}/status").read_text().splitlines()
    return int(next(line for line in status if line.startswith("VmHWM:")).split()[1]) / 1024


if __name__ == "__main__":
    began = time.monotonic()
    copy_in(Path(sys.argv[1]), int(sys.argv[2]))
    print(json.dumps([time.monotonic() - began, peak_of(os.getpid())]))
