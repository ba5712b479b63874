"""What history counts: cases opened, rulings on them, corrections of those rulings, and days of deliveries.

A fact becomes known at one instant (``at``) and belongs to another (``since``): a correction is known when the
appeal was decided, yet belongs to the day of the ruling it corrects. What stands for a case at any instant is
its last final ruling, as corrected by appeals decided since; what stood before is taken back.
"""

from dataclasses import dataclass
from typing import Final, Self

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from features.tables import NEVER, NULL_INSTANT, Instants, Tables
from features.vocabulary import LIABLE

MEASURES: Final = (*LIABLE, "merits", "default", "overturned", "final")
"""What a standing ruling counts for: whose fault on the merits, any fault ruled on the merits at all, a ruling
by default, one overturned on appeal, and any final ruling."""

_MERITS, _DEFAULT, _OVERTURNED, _FINAL = (MEASURES.index(m) for m in ("merits", "default", "overturned", "final"))

Counts = NDArray[np.integer]


@dataclass(frozen=True, slots=True)
class Facts:
    """Facts in the order they became known, with what each counts for: (facts, measures).

    ``of`` says whose each fact is: a row of ``cases``; of deliveries the code of a key's value.
    """

    of: NDArray[np.int64]
    at: Instants
    since: Instants
    counts: Counts

    def __len__(self) -> int:
        return len(self.of)

    @classmethod
    def sort(cls, of: NDArray[np.int64], at: Instants, since: Instants, counts: Counts) -> Self:
        """Facts put in the order they became known."""
        order = np.argsort(at, kind="stable")
        return cls(of[order], at[order], since[order], counts[order])


def openings(tables: Tables) -> Facts:
    """Each case, when it was opened."""
    opened = tables.instants("cases", "opened_at")
    return Facts.sort(np.arange(len(opened)), opened, opened, np.ones((len(opened), 1), dtype=np.int8))


def deliveries(tables: Tables, kind: str, codes: dict[str, int]) -> Facts:
    """The deliveries counted for keys of a kind; a key that no case has counts towards the total alone."""
    rows = np.flatnonzero(_equal(tables, "volumes", "key_kind", kind))
    place, keys = tables.codes("volumes", "key")
    code = np.array([codes.get(key, -1) for key in keys], dtype=np.int64)[place[rows]]
    delivered = np.nan_to_num(tables.numbers("volumes", "delivered")[rows]).astype(np.int64)
    day = tables.instants("volumes", "day")[rows]
    return Facts.sort(code, tables.clock("volumes")[rows], day, delivered[:, None])


@dataclass(frozen=True, slots=True)
class _Verdicts:
    """What came to stand for a case: by ruling or by appeal, in the order of its life, case by case."""

    case: NDArray[np.int64]
    at: Instants
    appeal: NDArray[np.bool_]
    counts: Counts

    def take(self, rows: NDArray[np.int64] | NDArray[np.bool_]) -> Self:
        return type(self)(self.case[rows], self.at[rows], self.appeal[rows], self.counts[rows])


def rulings(tables: Tables) -> tuple[Facts, Facts]:
    """Final rulings as they were made, and the corrections of them as they became known."""
    found = _verdicts(tables)
    ruling = np.maximum.accumulate(np.where(found.appeal, -1, np.arange(len(found.case))))
    since = found.at[ruling]
    counts = found.counts.copy()
    counts[found.appeal, _DEFAULT] = counts[ruling[found.appeal], _DEFAULT]

    made = np.flatnonzero(~found.appeal)
    later = np.flatnonzero(np.append(False, found.case[1:] == found.case[:-1]))
    turned = np.flatnonzero(found.appeal)
    corrections = Facts.sort(
        np.concatenate([found.case[later], found.case[turned]]),
        np.concatenate([found.at[later], found.at[turned]]),
        np.concatenate([since[later - 1], since[turned]]),
        np.concatenate([-counts[later - 1], counts[turned]]),
    )
    return Facts.sort(found.case[made], found.at[made], found.at[made], counts[made]), corrections


def first_final_rulings(tables: Tables) -> Instants:
    """When each case was first ruled on for good, NEVER where it was not: (cases,)."""
    found = _final_rulings(tables)
    first = np.full(tables.count("cases"), NEVER)
    np.minimum.at(first, found.case, found.at)
    return first


def _verdicts(tables: Tables) -> _Verdicts:
    """Final rulings and the appeals that overturned one, sorted by case and instant, a ruling first."""
    parts = [_final_rulings(tables), _overturning_appeals(tables)]
    case, at, appeal, counts = (np.concatenate([getattr(p, name) for p in parts]) for name in _Verdicts.__slots__)
    found = _Verdicts(case, at, appeal, counts).take(np.lexsort((appeal, at, case)))
    ruled_before = np.maximum.accumulate(np.where(found.appeal, -1, found.case)) if len(case) else found.case
    return found.take(ruled_before == found.case)


def _final_rulings(tables: Tables) -> _Verdicts:
    case, at = tables.case_rows("rulings"), tables.instants("rulings", "ruled_at")
    provisional = np.nan_to_num(tables.numbers("rulings", "provisional")) == 1
    merits = _equal(tables, "rulings", "basis", "merits") | ~_given(tables, "rulings", "basis")
    counts = _liable(tables, "rulings", "liable") * merits[:, None]
    counts[:, _DEFAULT] = _equal(tables, "rulings", "basis", "default")
    counts[:, _FINAL] = 1
    rows = (case >= 0) & (at != NULL_INSTANT) & ~provisional
    return _Verdicts(case, at, np.zeros(len(case), dtype=bool), counts).take(rows)


def _overturning_appeals(tables: Tables) -> _Verdicts:
    case, at = tables.case_rows("appeals"), tables.instants("appeals", "decided_at")
    counts = _liable(tables, "appeals", "liable_after")
    counts[:, (_OVERTURNED, _FINAL)] = 1
    rows = (case >= 0) & (at != NULL_INSTANT) & (tables.numbers("appeals", "overturned") == 1)
    return _Verdicts(case, at, np.ones(len(case), dtype=bool), counts).take(rows)


def _liable(tables: Tables, table: str, column: str) -> Counts:
    codes, values = tables.codes(table, column)
    place = np.array([LIABLE.index(v) if v in LIABLE else -1 for v in values] + [-1])[codes]
    counts = np.zeros((len(codes), len(MEASURES)), dtype=np.int8)
    there = np.flatnonzero(place >= 0)
    counts[there, place[there]] = 1
    counts[there, _MERITS] = 1
    return counts


def _equal(tables: Tables, table: str, column: str, word: str) -> NDArray[np.bool_]:
    found = pc.fill_null(pc.equal(tables.array(table, column), pa.scalar(word, pa.string())), False)
    return np.asarray(found.to_numpy(zero_copy_only=False), dtype=bool)


def _given(tables: Tables, table: str, column: str) -> NDArray[np.bool_]:
    return tables.codes(table, column)[0] >= 0
