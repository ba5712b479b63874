"""Whose each row is: the rows of a table by the case, or the order, that they belong to, and since when each is known.

They are sorted once, so that what was known of a case at an instant is a range; a row that names a case is its alone.
"""

import numpy as np
import pyarrow.compute as pc
from numpy.typing import NDArray

from features.asks import Asks
from features.contract import TABLES
from features.convert import mask
from features.tables import NULL_INSTANT, Tables, positions_in
from features.timeline import Clock, Ranked

Positions = NDArray[np.int64]


class Owned:
    """The rows of each table by whose they are."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._found: dict[str, list[tuple[Ranked, Clock, Positions]]] = {}

    def rows(self, table: str, asks: Asks) -> tuple[Positions, Positions]:
        """Pairs of an ask and a row of its own case that was known by then."""
        if table not in self._found:
            since = self._tables.clock(table)
            clock = Clock(since)
            self._found[table] = [
                (Ranked(np.where(since == NULL_INSTANT, -1, key), clock), clock, of_case)
                for key, of_case in (self._by(table, column) for column in TABLES[table].belongs_to)
            ]
        asked, found = [], []
        for ranked, clock, key_of_case in self._found[table]:
            key = key_of_case[asks.case]
            first = ranked.find(key, 0)
            many = np.where(key < 0, 0, ranked.find(key, clock.before(asks.as_of, inclusive=True)) - first)
            ask = np.repeat(np.arange(len(asks)), many)
            position = np.arange(len(ask)) + np.repeat(first - (np.cumsum(many) - many), many)
            asked.append(ask)
            found.append(clock.order[ranked.places(position)])
        return np.concatenate(asked), np.concatenate(found)

    def _by(self, table: str, column: str) -> tuple[Positions, Positions]:
        """Whose each row is by a column, and which of these each case is; -1 for nobody."""
        tables = self._tables
        if column == "case_id":
            return tables.case_rows(table), np.arange(tables.count("cases"))
        among = pc.unique(tables.array("cases", column))
        nobodys = mask(pc.is_null(tables.array(table, "case_id")))
        key = np.where(nobodys, positions_in(tables.array(table, column), among), -1)
        return key, positions_in(tables.array("cases", column), among)
