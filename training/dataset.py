"""What may be learnt from at an instant: the facts, the asks and the labels known before it, and nothing later.

An ask is made at every moment a case reached before the ruling that counts; the asks of one case weigh 1 together.
"""

from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from features.asks import Asks, asks_at_moments
from features.build import FeatureTable, Fitted, build, fit_categories
from features.catalog import Catalog
from features.errors import TriageError
from features.ledger import Ledger
from features.tables import NULL_INSTANT, Numbers, Tables
from training.texts import fit_texts


class CannotTrain(TriageError):
    """The history holds too little to learn from, or an answer leaks into a feature."""


def refuse_many_drops(ledger: Ledger, most: float) -> None:
    """Raise CannotTrain where more than this share of the rows of ``cases`` or ``rulings`` broke the contract."""
    for name in ("cases", "rulings"):
        account = ledger.tables.get(name)
        if account is not None and account.rows_in - account.rows_kept > most * account.rows_in:
            said = ", ".join(f"{code} {n:,} times" for code, n in account.dropped.items())
            raise CannotTrain(
                f"{account.rows_in - account.rows_kept:,} of {account.rows_in:,} rows of {name} break the contract "
                f"({said}); `triage check` explains them. Mend the data or mapping, or raise max_dropped_share."
            )


def known_before(tables: Tables, until: int) -> Tables:
    """The rows that existed before the instant; values of theirs that came later stay hidden by their own clock."""
    kept = {}
    for name in tables.names:
        mask = pa.array(tables.clock(name) < until)  # a row without a clock has existed all along
        kept[name] = tables[name].filter(mask)
    return Tables(kept)


@dataclass(frozen=True, slots=True)
class Examples:
    """Labelled asks: positions among all asks (n,), their classes (n,), and their weights, 1 per case together."""

    rows: NDArray[np.int64]
    labels: NDArray[np.int64]
    weights: Numbers

    def __len__(self) -> int:
        return len(self.rows)


class Past:
    """Asks with what other cases' past says computed once for all of them.

    The rest of the features is built for the rows asked for, with what was fitted for them.
    """

    def __init__(
        self, tables: Tables, asks: Asks, catalog: Catalog, windows_days: tuple[int, ...], history_weight: float, *,
        maturity_days: float = 0.0,
    ) -> None:  # fmt: skip
        self.tables, self.asks = tables, asks
        self.catalog = catalog
        self._windows_days, self._history_weight = windows_days, history_weight
        self._maturity_days = maturity_days
        self._shared = tuple(i for i, f in enumerate(catalog) if f.family == "history")
        self._own = tuple(i for i, f in enumerate(catalog) if f.family != "history")
        past = Fitted(self._of(self._shared), {}, windows_days, history_weight)
        self._values = build(tables, self.asks, past).values

    def examples(self, label: NDArray[np.int64]) -> Examples:
        """The asks that have a label (asks,), -1 being none."""
        rows = np.flatnonzero(label >= 0)
        case = self.asks.case[rows]
        return Examples(rows, label[rows], 1.0 / np.bincount(case)[case])

    def fit(self, rows: NDArray[np.int64], before: int) -> Fitted:
        """What building features needs from these asks, all made before an instant, and from what was known then."""
        if (self.asks.as_of[rows] >= before).any():
            raise ValueError("an ask made later than what is known cannot be learnt from")
        categories = fit_categories(self.tables, self.asks.take(rows), self.catalog)
        texts = fit_texts(self.tables, self.catalog, self._maturity_days, before)
        return Fitted(self.catalog, categories, self._windows_days, self._history_weight, texts)

    def features(self, rows: NDArray[np.int64], fitted: Fitted) -> FeatureTable:
        """The feature matrix of these asks; equal to building it for them alone."""
        asks = self.asks.take(rows)
        values = np.empty((len(rows), len(self.catalog)), dtype=np.float64)
        values[:, self._shared] = self._values[rows]
        values[:, self._own] = build(self.tables, asks, replace(fitted, catalog=self._of(self._own))).values
        return FeatureTable(self.catalog, asks, values, self.tables, self.tables)

    def _of(self, columns: tuple[int, ...]) -> Catalog:
        return Catalog(tuple(self.catalog.features[i] for i in columns))


def asks_of_ruled_cases(tables: Tables) -> Asks:
    """Asks at every moment before the case's last ruling, whatever it is worth as a label."""
    last = np.full(tables.count("cases"), NULL_INSTANT)
    if tables.supplied("rulings"):
        case, at = tables.case_rows("rulings"), tables.instants("rulings", "ruled_at")
        there = np.flatnonzero(case >= 0)
        np.maximum.at(last, case[there], at[there])
    return asks_at_moments(tables, last)
