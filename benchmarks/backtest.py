"""``triage policy backtest`` of a changed signature threshold on a simulated marketplace: time, memory, and every cent.

python -m benchmarks.backtest [--quick]
"""

import json
import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import numpy as np

from benchmarks.one_by_one import differing
from benchmarks.report import Report, Row, Table, publish
from features.data import read_data
from models.lines import ACCOUNTS
from models.policy import HOUSE, load
from training.backtest.backtest import Backtest, prepare
from training.backtest.settled import Span
from training.backtest.tally import PLACE
from training.backtest.wanted import wanted

CASES: Final = 1_000_000
ALONE: Final = 1_000
"""Cases asked about one at a time as well."""

OLD, NEW = "value: 75000, source", "value: 25000, source"
"""Above which price a delivery must be signed for: $750 in the house policy, $250 in the one that is tried."""

PROGRAM: Final = [sys.executable, "-m", "triage"]
GIB: Final = 1 << 20
"""In the kilobytes in which the system tells how much memory a process held."""


@dataclass(frozen=True, slots=True)
class Run:
    """One run of the program: what it printed, seconds on the clock and of the processors, and the most memory held."""

    document: dict[str, Any]
    seconds: float
    processor_seconds: float
    peak_gib: float


def changed(folder: Path) -> Path:
    """The house policy with another threshold."""
    new = Path(shutil.copytree(HOUSE, folder / "new"))
    text = (new / "policy.yaml").read_text(encoding="utf-8")
    assert text.count(OLD) == 1
    (new / "policy.yaml").write_text(text.replace(OLD, NEW), encoding="utf-8")
    return new


def run(data: Path, new: Path) -> Run:
    """Try the changed policy, in a process of its own, reading the data included."""
    start = time.perf_counter()
    with subprocess.Popen(
        [*PROGRAM, "policy", "backtest", str(data), "--policy", str(new), "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as process:
        assert process.stdout
        said = process.stdout.read()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    seconds = time.perf_counter() - start
    return Run(json.loads(said), seconds, used.ru_utime + used.ru_stime, used.ru_maxrss / GIB)


def again(data: Path, new: Path) -> Backtest:
    """The same in this process."""
    policies = load(HOUSE), load(new)
    tables = read_data(data, wanted=wanted(*policies)).tables
    return prepare(tables, policies, Span()).run(threads=os.cpu_count() or 1)


def measure(data: Path, new: Path, alone: int) -> Row:
    """Run the program, and hold what it says to cases asked about one at a time."""
    found = run(data, new)
    here = again(data, new)
    total = here.tallies[0].totals[0]
    moved = found.document["whole"]["moved_cents"]
    assert all(moved[account]["cents"] == total[PLACE[f"moved {account}"]] for account in ACCOUNTS)
    rows = np.random.default_rng(1).choice(len(here.asks), min(alone, len(here.asks)), replace=False)
    flips = np.flatnonzero(here.before.entitled != here.after.entitled)[:alone]
    other = differing(here, np.union1d(rows, flips))
    assert not other, other
    return {
        "cases": sum(found.document["cases"].values()),
        "tried again": len(here.asks),
        "seconds": found.seconds,
        "processor seconds": found.processor_seconds,
        "peak memory, GiB": found.peak_gib,
        "rulings that flip": int(total[PLACE["flipped"]]),
        "decided now": int(total[PLACE["decided now"]]),
        "asked about alone": len(np.union1d(rows, flips)),
        "of these another cent": len(other),
    }


def main(arguments: list[str]) -> int:
    """Simulate a marketplace and try the policy on it."""
    quick = "--quick" in arguments
    with TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        cases = 2_000 if quick else CASES
        subprocess.run([*PROGRAM, "simulate", str(data), "--cases", str(cases), "--seed", "5"], check=True)
        row = measure(data, changed(Path(folder)), 50 if quick else ALONE)
    report(row, quick=quick)
    return 0


def report(row: Row, *, quick: bool) -> None:
    """Publish what was measured."""
    note = (
        "Signatures wanted from $250 instead of $750 on; from files to the document, every row checked, facts as known "
        "before each ruling, both policies priced, intervals drawn. A random sample of cases, and those that flip, are "
        "asked about one at a time as well, by the path of a live answer."
    )
    tables = [Table("A policy tried on settled cases", [row], note)]
    publish(Report("backtest", "python -m benchmarks.backtest", tables), quick=quick)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
