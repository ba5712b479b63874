"""Exact contributions a second, by tables and by LightGBM's ``pred_contrib``, one thread each, on the same rows.

    python -m benchmarks.contributions [--quick]

Both take turns, and the fastest turn of each counts. LightGBM explains fewer rows, since each takes as long.
"""

import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import lightgbm as lgb
import numpy as np

from benchmarks.bundles import save_bundle
from benchmarks.report import Report, Row, Table, publish
from models.bundle import load
from models.contributions import Contributor
from models.trees import Numbers, Trees

TURNS: Final = 5
ROWS, SLOW_ROWS = 10_000, 500
FEATURES: Final = 40
CATEGORICAL: Final = tuple(range(6))


def values(rows: int, seed: int) -> Numbers:
    """Columns of categories and numbers, a tenth of them unknown."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(rows, FEATURES))
    X[:, CATEGORICAL] = rng.integers(0, 60, (rows, len(CATEGORICAL)))
    X[rng.random(X.shape) < 0.1] = np.nan
    return X


def large(rounds: int) -> Trees:
    """Trees of 31 leaves on paths of up to seven splits, of two classes."""
    X = values(20_000, seed=1)
    known = np.nan_to_num(X)
    noise = np.random.default_rng(2).normal(size=len(X))
    label = known[:, 0] % 7 + 2 * known[:, 7] + known[:, 8] * known[:, 9] + 2 * noise > 3
    params = {
        "objective": "binary", "num_leaves": 31, "max_depth": 7, "learning_rate": 0.05, "feature_fraction": 0.6,
        "seed": 1, "num_threads": 2, "verbose": -1,
    }  # fmt: skip
    data = lgb.Dataset(X, label, categorical_feature=list(CATEGORICAL))
    return Trees(lgb.train(params, data, rounds).model_to_string())


def compare(name: str, trees: Trees, X: Numbers) -> Row:
    """One row of the table."""
    start = time.perf_counter()
    contributor = Contributor(trees)
    ready = time.perf_counter() - start
    few = X[:SLOW_ROWS]
    gap = np.abs(contributor.explain(few).contributions - trees.shapley(few)[0]).max()
    ways: tuple[tuple[Callable[[Numbers], object], Numbers], ...] = (
        (contributor.explain, X), (trees.shapley, few), (trees.scores, X),
    )  # fmt: skip
    best = [float("inf")] * len(ways)
    for _ in range(TURNS):
        for i, (explain, rows) in enumerate(ways):
            start = time.perf_counter()
            explain(rows)
            best[i] = min(best[i], (time.perf_counter() - start) / len(rows))
    tables, peer, scores = best
    return {
        "trees": name,
        "rows a second": 1 / tables,
        "LightGBM's pred_contrib": 1 / peer,
        "times as many": peer / tables,
        "share of LightGBM's predict only": scores / tables,
        "largest difference": f"{gap:.0e}",
        "seconds to make the tables": ready,
    }


def main(arguments: list[str]) -> int:
    """Explain rows with two models, by both ways."""
    quick = "--quick" in arguments
    rounds, learnt, rows = (20, 1_000, 2_000) if quick else (300, 6_000, ROWS)
    served = 5 if quick else 100
    with TemporaryDirectory() as folder:
        save_bundle(Path(folder) / "bundle", cases=learnt, rounds=served)
        bundle = load(Path(folder) / "bundle")
        head = bundle.heads["liability"]
        seen = head.seen(bundle.golden)
    found = [
        compare(f"{rounds} trees of 31 leaves, depth at most 7, two classes", large(rounds), values(rows, seed=3)),
        compare(f"{served} rounds of 15 leaves, six classes", head.trees, np.resize(seen, (rows, seen.shape[1]))),
    ]
    note = "One thread, float64. The kernel was compiled before, which takes two seconds once in a process."
    table = Table("Exact contributions of every feature to every class", found, note)
    publish(Report("contributions", "python -m benchmarks.contributions", [table]), quick=quick)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
