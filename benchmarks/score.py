"""``triage score`` from files to file, rows per second and the most memory held, on a small and a large history; and
how long one proposal takes.

    python -m benchmarks.score [--quick]

The backlogs are equally long, so that what grows is the history's share. Each run is a process of its own.
"""

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import pyarrow.parquet as pq

from benchmarks.bundles import save_bundle
from benchmarks.proposal import measure
from benchmarks.report import Report, Row, Table, publish
from benchmarks.worlds import save_world, world

SIZES: Final = (100_000, 1_000_000)
OPEN: Final = 50_000
ASKED: Final = 500
GB: Final = 1 << 20
"""In the kilobytes in which the system tells how much memory a process held."""


@dataclass(frozen=True, slots=True)
class Run:
    """One run of the program: rows scored, seconds from start to end, and the most memory held."""

    rows: int
    seconds: float
    peak_gb: float


def score(data: Path, bundle: Path, out: Path) -> Run:
    """Score all open cases of the data in a process of its own."""
    command = [sys.executable, "-m", "triage", "score", str(data), "--bundle", str(bundle), "--out", str(out)]
    start = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
        assert process.stderr
        said = process.stderr.read()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.perf_counter() - start
    if process.returncode:
        raise SystemExit(f"scoring failed: {said.decode()}")
    return Run(pq.read_metadata(out).num_rows, seconds, used.ru_maxrss / GB)


def compare(sizes: tuple[int, ...], bundle: Path, folder: Path) -> list[Row]:
    """One row of the table for each size of history, whose data stands in a folder of that name."""
    rows: list[Row] = []
    first = 0.0
    for cases in sizes:
        found = score(folder / str(cases), bundle, folder / f"{cases}.parquet")
        each = found.seconds / found.rows
        first = first or each
        rows.append(
            {
                "triage score: cases in the history": cases,
                "scored": found.rows,
                "seconds": found.seconds,
                "rows per second": found.rows / found.seconds,
                "cost of a row, times the first": each / first,
                "peak memory, GB": found.peak_gb,
            }
        )
    return rows


def main(arguments: list[str]) -> int:
    """Score a small and a large history, then ask about single cases of the small one."""
    quick = "--quick" in arguments
    sizes, unruled, asked = ((1_000, 2_000), 400, 20) if quick else (SIZES, OPEN, ASKED)
    learnt, rounds = (1_000, 5) if quick else (6_000, 100)
    with TemporaryDirectory() as found:
        folder = Path(found)
        worlds = {cases: world(cases, unruled=unruled / cases) for cases in sizes}
        for cases, raw in worlds.items():
            save_world(raw, folder / str(cases))
        save_bundle(folder / "bundle", cases=learnt, rounds=rounds)
        rows = compare(sizes, folder / "bundle", folder)
        small = sizes[0]
        single = measure(worlds[small], folder / str(small), folder / "bundle", asked)
    model = f"Six parties, {rounds} rounds of trees with 15 leaves, history of every key."
    end_to_end = "End to end: reading, checking, history, features, probabilities, contributions, reasons, writing."
    alone = f"A case with its order, set against {small:,} cases, answered with reasons in words."
    tables = [
        Table("A backlog, from files to file", rows, f"{end_to_end} {model}"),
        Table("One case at a time", single, f"{alone} {model}"),
    ]
    publish(Report("score", "python -m benchmarks.score", tables), quick=quick)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
