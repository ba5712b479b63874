"""What other cases' past says, for a million asks: ours against pandas ``merge_asof``, and every number compared.

    python -m benchmarks.history [--quick]

Ours is the product's own path, ``features.build.build``, slice by slice as a backlog is scored. The two take turns
(ours, theirs, ours), so that what else the machine does slows both.
"""

import sys
import time
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from benchmarks.merge_asof import MergeAsof
from benchmarks.report import Report, Row, Table, publish
from benchmarks.worlds import world
from features.asks import Asks, asks_at_moments
from features.build import SLICE, Fitted, build
from features.catalog import Catalog, Feature
from features.history import History
from features.history_features import history_features
from features.tables import NEVER, Tables
from features.vocabulary import LIABLE

WINDOWS: Final = (30, 90, 365)
WEIGHT: Final = 20.0
ASKS: Final = 1_000_000
QUICK_ASKS: Final = 30_000


@dataclass
class Watch:
    """Seconds of wall clock that the parts which count have taken."""

    seconds: float = 0.0
    _since: float = field(default=0.0, repr=False)

    def __enter__(self) -> None:
        self._since = time.perf_counter()

    def __exit__(self, *_: object) -> None:
        self.seconds += time.perf_counter() - self._since


def ours(
    raw: dict[str, pa.Table], asks: Asks, features: tuple[Feature, ...], theirs: NDArray[np.float64] | None
) -> float:
    """Seconds for all asks; every number is held against ``theirs`` (features, asks) where these are known."""
    watch, fitted = Watch(), Fitted(Catalog(features), {}, WINDOWS, WEIGHT)
    tables = Tables(raw)
    with watch:
        history = History(tables, tuple(dict.fromkeys(f.key for f in features)), WINDOWS)
    for start in range(0, len(asks), SLICE):
        part = slice(start, start + SLICE)
        with watch:
            values = build(tables, asks.take(part), fitted, history=history).values
        if theirs is not None:
            np.testing.assert_allclose(values, theirs[:, part].T, rtol=1e-9, atol=1e-9)
    return watch.seconds


def peers(raw: dict[str, pa.Table], asks: Asks, features: tuple[Feature, ...]) -> tuple[float, NDArray[np.float64]]:
    """Seconds that pandas takes, and what it finds: (features, asks)."""
    watch, found = Watch(), np.empty((len(features), len(asks)))
    with watch:
        columns = MergeAsof(raw, asks.case, asks.as_of).columns(features, WEIGHT)
    for place in range(len(features)):
        with watch:
            _, values = next(columns)
        found[place] = values
    return watch.seconds, found


def compare(raw: dict[str, pa.Table], asks: Asks, features: tuple[Feature, ...], said: str) -> Row:
    """One row of the table: ours, pandas and the ratio."""
    first = ours(raw, asks, features, None)
    theirs, found = peers(raw, asks, features)
    mean = (first + ours(raw, asks, features, found)) / 2
    return {
        "history of": said,
        "columns": len(features),
        "asks": len(asks),
        "ours, seconds": mean,
        "pandas merge_asof, seconds": theirs,
        "times as fast": theirs / mean,
    }


def main(arguments: list[str]) -> int:
    """Compare for one key and for all keys."""
    quick = "--quick" in arguments
    wanted = QUICK_ASKS if quick else ASKS
    raw = world(cases=int(wanted / 1.59))
    tables = Tables(raw)
    ruled = np.full(tables.count("cases"), NEVER)
    np.minimum.at(ruled, tables.case_rows("rulings"), tables.instants("rulings", "ruled_at"))
    asks = asks_at_moments(tables, ruled).take(slice(wanted))
    features = history_features(tables, ("attr_tier",), LIABLE, WINDOWS)
    keys = list(dict.fromkeys(f.key for f in features))
    one = tuple(f for f in features if f.key == "seller")
    rows = [
        compare(raw, asks, one, "one key, the seller"),
        compare(raw, asks, features, f"all {len(keys)} keys"),
    ]
    note = (
        f"{tables.count('cases'):,} cases; every number of one equals the other's. Columns: six rates and a weight in "
        "four windows, defaults, overturned rulings, recent disputes and, of sellers, disputes per delivery."
    )
    publish(Report("history", "python -m benchmarks.history", [Table("History features", rows, note)]), quick=quick)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
