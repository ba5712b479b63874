"""``triage train`` on a simulated marketplace, from files to a registered bundle: time and the most memory held.

python -m benchmarks.training [--quick]
"""

import os
import re
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from benchmarks.report import Report, Row, Table, publish

CASES: Final = 100_000
GB: Final = 1 << 20


def train(folder: Path, cases: int) -> Row:
    """Simulate and train, each in a process of its own."""
    program, data = [sys.executable, "-m", "triage"], str(folder / "data")
    subprocess.run([*program, "simulate", data, "--cases", str(cases)], check=True, capture_output=True)
    environment = {**os.environ, "TRIAGE_HOME": str(folder / "home"), "MLFLOW_TRACKING_URI": ""}
    start = time.perf_counter()
    with subprocess.Popen(
        [*program, "train", data], env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        assert process.stdout
        said = process.stdout.read().decode()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 3):
        raise SystemExit(f"training failed: {said}")
    trees = re.findall(r"Trees: (\d+) rounds of depth (\d+)", said)
    return {
        "cases": cases,
        "minutes": (time.perf_counter() - start) / 60,
        "peak memory, GB": used.ru_maxrss / GB,
        "trees": "; ".join(f"{rounds} rounds of depth {depth}" for rounds, depth in trees),
        "gates failed": "none" if process.returncode == 0 else "some",
    }


def main(arguments: list[str]) -> int:
    """Train once."""
    quick = "--quick" in arguments
    with TemporaryDirectory() as folder:
        row = train(Path(folder), 1_000 if quick else CASES)
    note = "Two heads, four rolling folds, three depths, baselines, gates, pictures and the registry; all defaults."
    publish(Report("training", "python -m benchmarks.training", [Table("Training", [row], note)]), quick=quick)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
