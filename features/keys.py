"""The keys whose past is told: which value of a key each case has, as known at an instant.

Values are codes in the order in which the history first shows them; what another set of tables calls the same
(one case from a client) is found by its text.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from features.orders import order_rows
from features.tables import Instants, Tables
from features.timeline import search

ALL: Final = "all"
"""The constant key: every case has it, and its rates are what others are compared with."""

CASE_KEYS: Final = {
    "buyer": ("cases.buyer_id",),
    "seller": ("cases.seller_id",),
    "pair": ("cases.buyer_id", "cases.seller_id"),
    "carrier": ("orders.carrier",),
    "service": ("orders.carrier", "orders.service"),
    "lane": ("orders.lane",),
    "sku": ("orders.sku",),
    "category": ("orders.category",),
    "reason_category": ("cases.reason", "orders.category"),
    "address": ("cases.address_id",),
    "device": ("cases.device_id",),
    "payment": ("cases.payment_id",),
}
"""The keys of the contract by the columns that make them; every text ``attr_*`` column is one more."""

LACKS: Final = -1
"""The code of a case that does not have the key."""
UNSEEN: Final = -2
"""The code of a value that the history does not show."""


def key_columns(key: str) -> tuple[str, ...]:
    """The columns that make a key, as ``table.column``."""
    return () if key == ALL else CASE_KEYS.get(key, (f"cases.{key}",))


@dataclass(frozen=True)
class Subjects:
    """Cases at instants, whose values of a key are asked for: rows of ``tables``' cases."""

    tables: Tables
    case: NDArray[np.int64]
    instant: Instants

    @cached_property
    def order_rows(self) -> NDArray[np.int64]:
        """The row of ``orders`` known of each at its instant, -1 where there is none."""
        return order_rows(self.tables, self.case, self.instant)

    def column(self, name: str) -> tuple[NDArray[np.int64], list[str]]:
        """Each one's value of a column ``table.column`` as a position in a list of values, -1 where null."""
        table, column = name.split(".")
        if not self.tables.is_text(table, column):
            return np.full(len(self.case), LACKS), []
        codes, values = self.tables.codes(table, column)
        if table == "cases":
            return codes[self.case], values
        rows = self.order_rows
        there = np.flatnonzero(rows >= 0)
        found = np.full(len(rows), LACKS)
        found[there] = codes[rows[there]]
        return found, values


class Key:
    """What cases have in common, as codes below 2 ** ``room``.

    Parameters
    ----------
    columns
        The columns that make the key, as ``table.column``; with none, all cases have one code.
    among
        All the subjects of the history.
    room
        How many bits a code may take; where the columns' values multiply to more, pairs are ranked.
    """

    def __init__(self, tables: Tables, columns: tuple[str, ...], among: tuple[Subjects, ...], room: int) -> None:
        self.columns = columns
        self._tables = tables
        self._pairs: NDArray[np.int64] | None = None
        sizes = [len(tables.codes(*column.split("."))[1]) for column in self.columns]
        if len(sizes) > 1 and np.prod([float(size) for size in sizes]) >= 2.0**room:
            self._pairs = np.unique(np.concatenate([self.codes(subjects) for subjects in among]))

    def codes(self, subjects: Subjects) -> NDArray[np.int64]:
        """Each subject's value of this key; LACKS where it has none, UNSEEN where the history has not."""
        if not self.columns:
            return np.zeros(len(subjects.case), dtype=np.int64)
        code, _ = self._column(subjects, self.columns[0])
        for name in self.columns[1:]:
            more, values = self._column(subjects, name)
            code = np.where((code < 0) | (more < 0), _worse(code, more), code * len(values) + more)
        if self._pairs is None:
            return code
        place = np.minimum(search(self._pairs, code), len(self._pairs) - 1)
        return np.where(code < 0, code, np.where(self._pairs[place] == code, place, UNSEEN))

    def _column(self, subjects: Subjects, name: str) -> tuple[NDArray[np.int64], list[str]]:
        table, column = name.split(".")
        codes, theirs = subjects.column(name)
        ours = self._tables.codes(table, column)[1]
        if theirs is ours:
            return codes, ours
        places = self._tables.places(table, column)
        return np.array([*(places.get(value, UNSEEN) for value in theirs), LACKS])[codes], ours


def _worse(code: NDArray[np.int64], more: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.where((code == LACKS) | (more == LACKS), LACKS, UNSEEN)
