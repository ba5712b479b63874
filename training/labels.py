"""What the rulings known before an instant say about fault, case by case: the labels a model may learn from.

The last final ruling counts, as corrected on appeal. One that is still open to appeal, that does not rest on the
merits, or that names nobody is no label; each of these is counted.
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import Final, TypeVar

import numpy as np
import pyarrow.compute as pc
from numpy.typing import NDArray

from features.tables import DAY, NULL_INSTANT, Instants, Tables
from features.timeline import Timeline
from features.vocabulary import LIABLE

S = TypeVar("S", bound=np.generic)

STATES: Final = ("label", "unruled", "young", "appeal pending", "not on the merits", "names nobody")
"""What became of each case; only the first is a label."""
LABEL, UNRULED, YOUNG, PENDING, NOT_MERITS, NOBODY = range(len(STATES))

AGES_DAYS: Final = (0, 7, 21, 60, 120)
"""Ages of rulings, in days, at which the report divides them."""


@dataclass(frozen=True, slots=True)
class Labels:
    """The labels as known before ``until`` (microseconds), one entry per row of ``cases``.

    ``liable`` is a position in LIABLE, -1 without a label; ``ruled_at`` the instant of the ruling that counts,
    NULL_INSTANT where there is none; ``state`` a position in STATES.
    """

    until: int
    liable: NDArray[np.int64]
    ruled_at: Instants
    state: NDArray[np.int64]

    @property
    def cases(self) -> NDArray[np.int64]:
        """The rows of ``cases`` that have a label."""
        return np.flatnonzero(self.state == LABEL)

    def counts(self) -> dict[str, int]:
        """How many cases are in each state."""
        found = np.bincount(self.state, minlength=len(STATES))
        return {name: int(n) for name, n in zip(STATES, found, strict=True)}

    def by_age(self) -> dict[str, dict[str, float]]:
        """By age of the ruling in days: how many cases, and the share of them that is a label."""
        ruled = self.state != UNRULED
        age = (self.until - self.ruled_at[ruled]) / DAY
        band = np.searchsorted(AGES_DAYS, age, "right") - 1
        label = self.state[ruled] == LABEL
        names = [f"{a}-{b}" for a, b in pairwise(AGES_DAYS)] + [f"{AGES_DAYS[-1]}-"]
        return {
            name: {"rulings": int(here.sum()), "label_share": float(label[here].mean()) if here.any() else 0.0}
            for i, name in enumerate(names)
            for here in [band == i]
        }


def labels_before(tables: Tables, until: int, maturity_days: float) -> Labels:
    """The label of each case from what was known strictly before ``until``.

    A ruling is mature when an appeal of it was decided before then, or ``maturity_days`` have passed and no appeal
    is pending. An appeal that overturned it replaces its label, and makes it one on the merits.
    """
    n = tables.count("cases")
    ruling = counting_rulings(tables, until)
    ruled = ruling >= 0
    ruled_at = np.where(ruled, _at(tables.instants("rulings", "ruled_at"), ruling, NULL_INSTANT), NULL_INSTANT)
    liable = _at(liable_places(tables, "rulings", "liable"), ruling, -1)
    merits = _at(on_merits(tables), ruling, np.False_)

    appeals = _Appeals(tables, until)
    decided, pending = appeals.of_rulings(ruled_at)
    turned = appeals.last_overturning(ruled_at)
    liable = np.where(turned >= 0, _at(liable_places(tables, "appeals", "liable_after"), turned, -1), liable)
    merits |= turned >= 0

    old = ruled_at <= until - int(maturity_days * DAY)
    state = np.full(n, LABEL)
    state[liable < 0] = NOBODY
    state[~merits] = NOT_MERITS
    state[~decided & ~old] = YOUNG
    state[~decided & pending] = PENDING
    state[~ruled] = UNRULED
    return Labels(until, np.where(state == LABEL, liable, -1), ruled_at, state)


def after_last_outcome(tables: Tables) -> int:
    """The instant after the last ruling or decision on appeal, microseconds; 0 where there is none."""
    outcomes = [tables.instants("rulings", "ruled_at"), tables.instants("appeals", "decided_at")]
    return max(int(found.max(initial=0)) for found in outcomes) + 1


def counting_rulings(tables: Tables, until: int) -> NDArray[np.int64]:
    """For each case the row of its last final ruling before the instant, -1 where there is none."""
    found = np.full(tables.count("cases"), -1, dtype=np.int64)
    if tables.supplied("rulings"):
        case, at = tables.case_rows("rulings"), tables.instants("rulings", "ruled_at")
        final = np.nan_to_num(tables.numbers("rulings", "provisional")) == 0
        rows = np.flatnonzero((case >= 0) & final & (at < until) & (at != NULL_INSTANT))
        rows = rows[np.lexsort((at[rows], case[rows]))]
        found[case[rows]] = rows  # of several writes to one place the last one stays
    return found


class _Appeals:
    """The appeals known before an instant, case by case."""

    def __init__(self, tables: Tables, until: int) -> None:
        case = tables.case_rows("appeals") if tables.supplied("appeals") else np.empty(0, dtype=np.int64)
        decided = tables.instants("appeals", "decided_at")
        known = (case >= 0) & (tables.instants("appeals", "appealed_at") < until)
        done = known & (decided != NULL_INSTANT) & (decided < until)
        turned = done & (np.nan_to_num(tables.numbers("appeals", "overturned")) == 1)
        self._pending = np.unique(case[known & ~done])
        self._decided = Timeline(case[done], decided[done])
        self._turned_rows = np.flatnonzero(turned)
        self._turned = Timeline(case[turned], decided[turned])

    def of_rulings(self, ruled_at: Instants) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Of each case, whether an appeal of its ruling was decided, and whether any is pending."""
        cases = np.arange(len(ruled_at))
        decided = self._decided.start(cases + 1) > self._decided.before(cases, ruled_at)
        return decided, np.isin(cases, self._pending)

    def last_overturning(self, ruled_at: Instants) -> NDArray[np.int64]:
        """Of each case the row of the last appeal that overturned its ruling, -1 where none did."""
        cases = np.arange(len(ruled_at))
        end = self._turned.start(cases + 1)
        there = end > self._turned.before(cases, ruled_at)
        rows = np.append(self._turned_rows[self._turned.order], -1)
        return np.where(there, rows[end - 1], -1)


def liable_places(tables: Tables, table: str, column: str) -> NDArray[np.int64]:
    """Whose fault each row of a table says it was, a place in LIABLE; -1 where it names nobody."""
    codes, values = tables.codes(table, column)
    place = np.array([LIABLE.index(v) if v in LIABLE else -1 for v in values] + [-1], dtype=np.int64)
    return place[codes]


def on_merits(tables: Tables) -> NDArray[np.bool_]:
    """Which rulings rest on the merits; those that do not say on what are taken to."""
    merits = pc.fill_null(pc.equal(tables.array("rulings", "basis"), "merits"), True)
    return np.asarray(merits.to_numpy(zero_copy_only=False), dtype=bool)


def _at(values: NDArray[S], rows: NDArray[np.int64], absent: object) -> NDArray[S]:
    return np.append(values, np.array([absent], dtype=values.dtype))[rows]
