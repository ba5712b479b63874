"""A bundle of the size that a training makes, in half a minute: six parties, history of every key, shallow trees."""

from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa

from benchmarks.worlds import world
from features.asks import asks_at_moments
from features.build import Fitted, build, fit_categories, resolve_catalog
from features.tables import Tables
from features.vocabulary import LIABLE
from models.bundle import Parts, case_hash, save
from models.calibration import Calibration
from models.head import Head, liability_columns
from models.trees import TreeParams, Trees

WINDOWS: Final = (30, 90, 365)
WEIGHT: Final = 20.0
ACT_ABOVE: Final = 0.6


def save_bundle(path: Path, *, cases: int, rounds: int) -> None:
    """Learn from a world of so many cases, in so many rounds, and write the bundle to a folder."""
    tables = Tables(world(cases, seed=2))
    ruled, liable = np.zeros(tables.count("cases"), dtype=np.int64), np.full(tables.count("cases"), -1)
    codes, values = tables.codes("rulings", "liable")
    row = tables.case_rows("rulings")
    ruled[row] = tables.instants("rulings", "ruled_at")
    liable[row] = np.array([LIABLE.index(value) for value in values])[codes]
    asks = asks_at_moments(tables, ruled)
    catalog = resolve_catalog(tables, LIABLE, WINDOWS)
    fitted = Fitted(catalog, fit_categories(tables, asks, catalog), WINDOWS, WEIGHT)
    X, y, columns = build(tables, asks, fitted).values, liable[asks.case], liability_columns(catalog)
    trees = Trees.fit(
        X[:, columns], y, np.ones(len(y)), classes=len(LIABLE), rounds=rounds, threads=2, params=TreeParams(),
        categorical=tuple(i for i, c in enumerate(columns) if c in catalog.categorical),
    )  # fmt: skip
    prior = tuple(float(share) for share in np.bincount(y, minlength=len(LIABLE)) / len(y))
    head = Head("liability", LIABLE, prior, columns, trees, Calibration.none(len(LIABLE)), ACT_ABOVE)
    hashes = np.sort(case_hash(tables.case_ids.take(pa.array(np.unique(asks.case))).to_pylist()))
    save(Parts(fitted, {head.name: head}, {"seed": 1}, tables.last_known, hashes, X[:20]), path)
