"""Building features, family by family, for a small and a large number of cases: what an ask costs, whether that grows,
and how much memory it takes.

    python -m benchmarks.families [--quick]
"""

import json
import resource
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import numpy as np

from benchmarks.report import Report, Row, Table, publish
from features.asks import asks_at_moments
from features.build import Fitted, build, fit_categories, resolve_catalog
from features.catalog import Catalog
from features.data import read_data
from features.history import History
from features.tables import NEVER
from features.vocabulary import LIABLE
from training.labels import after_last_outcome
from training.texts import fit_texts

SIZES: Final = (100_000, 1_000_000)
WINDOWS: Final = (30, 90, 365)
GB: Final = 1 << 20


def measure(folder: Path) -> dict[str, float]:
    """Seconds for each family of a simulated world, with the number of asks and the peak memory; run in a process."""
    tables = read_data(folder, None).tables
    asks = asks_at_moments(tables, np.full(tables.count("cases"), NEVER))
    last = asks.take(
        np.flatnonzero(np.append(asks.case[1:] != asks.case[:-1], True))
    )  # a case once, at its last moment
    catalog = resolve_catalog(tables, LIABLE, WINDOWS)
    texts = fit_texts(tables, catalog, 21.0, after_last_outcome(tables))
    categories = fit_categories(tables, last, catalog)
    found: dict[str, float] = {"asks": len(last)}
    for family in dict.fromkeys(feature.family for feature in catalog):
        features = tuple(feature for feature in catalog if feature.family == family)
        part = Fitted(Catalog(features), categories, WINDOWS, 20.0, texts)
        keys = tuple(dict.fromkeys(f.key for f in features if f.family == "history"))
        start = time.perf_counter()
        for first in range(0, len(last), 200_000):
            if first == 0:
                history = History(tables, keys, WINDOWS)
            build(tables, last.take(slice(first, first + 200_000)), part, history=history)
        found[family] = time.perf_counter() - start
    found["peak"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / GB
    return found


def main(arguments: list[str]) -> int:
    """Measure each size in a process of its own, so that its memory is its own."""
    if arguments[:1] == ["--measure"]:
        print(json.dumps(measure(Path(arguments[1]))))
        return 0
    quick = "--quick" in arguments
    sizes = (1_000, 2_000) if quick else SIZES
    found = []
    with TemporaryDirectory() as folder:
        for cases in sizes:
            data = Path(folder) / str(cases)
            command = [sys.executable, "-m"]
            subprocess.run(
                [*command, "triage", "simulate", str(data), "--cases", str(cases)], check=True, capture_output=True
            )
            said = subprocess.run(
                [*command, "benchmarks.families", "--measure", str(data)], check=True, capture_output=True
            )
            found.append(json.loads(said.stdout))
    small, large = found
    rows: list[Row] = [
        {
            "family": family,
            f"microseconds an ask, {sizes[0]:,} cases": 1e6 * small[family] / small["asks"],
            f"{sizes[1]:,} cases": 1e6 * large[family] / large["asks"],
            "times": (large[family] / large["asks"]) / (small[family] / small["asks"]),
        }
        for family in small
        if family not in ("asks", "peak")
    ]
    peaks = f"{small['peak']:.2f} GB and {large['peak']:.2f} GB"
    note = f"Peak memory {peaks}, the data included. A case is asked about once, at its last moment."
    publish(Report("families", "python -m benchmarks.families", [Table("Building features", rows, note)]), quick=quick)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
