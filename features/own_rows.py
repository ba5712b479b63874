"""The rows of one table that belong to the asks' own cases and were known by then, for many asks at once.

What is found does not depend on the order of rows. Hypothetical rows of an ask stand beside the real ones. A value of a
row is hidden until it was known itself.
"""

from collections.abc import Callable
from typing import Any, Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from features.asks import Asks
from features.contract import FROM_RULING, TABLES
from features.outcomes import first_final_rulings
from features.owned import Owned
from features.tables import NEVER, NULL_INSTANT, Instants, Numbers, Tables

Flags = NDArray[np.bool_]
Positions = NDArray[np.int64]
T = TypeVar("T")

TOLD: Final = ("events", "evidence", "messages", "requests", "returns")
"""The tables whose rows are told of a case."""


def supplied(tables: Tables, name: str) -> bool:
    """Whether a column ``table.column`` was handed over; of rows told of a case, none at all lack no column."""
    table, column = name.split(".")
    return tables.supplied(table, column) or (table in TOLD and tables.supplied(table) and not tables.count(table))


class OwnRows:
    """Pairs of an ask and a row of its own case, known by then; every column is (pairs,).

    ``ask`` (pairs,) says which ask each row is for, ``since`` (pairs,) when the row became known. A value of a row
    is hidden until its own instant.
    """

    def __init__(self, tables: Tables, asks: Asks, table: str) -> None:
        self._table, self._tables, self._asks = TABLES[table], tables, asks
        self._parts: list[tuple[Tables, Positions]] = []
        ask = []
        if tables.supplied(table):
            there, rows = tables.once(Owned).rows(table, asks)
            self._parts.append((tables, rows))
            ask.append(there)
        supposed = asks.overlays.get(table)
        if supposed is not None and tables.supplied(table):
            self._parts.append((Tables({table: supposed.drop_columns(["ask"])}), np.arange(len(supposed))))
            ask.append(supposed.column("ask").to_numpy())
        self.ask: Positions = np.concatenate([np.empty(0, dtype=np.int64), *ask])
        self._is: dict[tuple[str, tuple[str, ...]], Flags] = {}
        self._instants: dict[str, Instants] = {}
        self._derived: dict[Any, Any] = {}

    def once(self, make: Callable[["OwnRows"], T]) -> T:
        """What ``make`` derives from these rows, derived once."""
        if make not in self._derived:
            self._derived[make] = make(self)
        return self._derived[make]  # type: ignore[no-any-return]

    @property
    def since(self) -> Instants:
        """When each row became known."""
        return self._joined([tables.clock(self._table.name)[rows] for tables, rows in self._parts])

    @property
    def as_of(self) -> Instants:
        """The instant that each row's ask asks about."""
        return self._asks.as_of[self.ask]

    def instants(self, column: str) -> Instants:
        """An instant of each row, NULL_INSTANT where null or not known yet."""
        if column not in self._instants:
            found = self._joined([tables.instants_at(self._table.name, column, rows) for tables, rows in self._parts])
            self._instants[column] = np.where(self._known(column), found, NULL_INSTANT)
        return self._instants[column]

    def numbers(self, column: str) -> Numbers:
        """A number of each row, NaN where null or not known yet; flags are 0 and 1."""
        found = [tables.numbers_at(self._table.name, column, rows) for tables, rows in self._parts]
        return np.where(self._known(column), np.concatenate([np.empty(0), *found]), np.nan)

    def codes(self, column: str, among: tuple[str, ...]) -> Positions:
        """A text of each row as a position in ``among``; -1 where it is another, null or not known yet."""
        found = []
        for tables, rows in self._parts:
            place = {value: i for i, value in enumerate(among)}
            codes, values = tables.codes_at(self._table.name, column, rows)
            found.append(np.array([*(place.get(value, -1) for value in values), -1])[codes])
        return np.where(self._known(column), self._joined(found), -1)

    def words(self, column: str) -> tuple[Positions, list[str]]:
        """A text of each row as a position in a list of values, -1 where null; only for what is known with its row."""
        found, among = [], list[str]()
        for tables, rows in self._parts:
            codes, values = tables.codes_at(self._table.name, column, rows)
            found.append(np.where(codes < 0, -1, codes + len(among)))
            among = among + values if among else values
        return self._joined(found), among

    def are(self, column: str, *values: str) -> Flags:
        """Whether a text of each row is one of these."""
        if (column, values) not in self._is:
            self._is[column, values] = self.codes(column, values) >= 0
        return self._is[column, values]

    def count(self, which: Flags) -> Numbers:
        """How many of these rows each ask has: (asks,)."""
        return np.bincount(self.ask[which], minlength=len(self._asks)).astype(np.float64)

    def any(self, which: Flags) -> Numbers:
        """Whether each ask has one of these rows, as 0 and 1: (asks,)."""
        return (self.count(which) > 0).astype(np.float64)

    def earliest(self, instants: Instants, which: Flags) -> Instants:
        """The first of these rows' instants, NULL_INSTANT where there is none: (asks,)."""
        found = np.full(len(self._asks), NEVER)
        there = which & (instants != NULL_INSTANT)
        np.minimum.at(found, self.ask[there], instants[there])
        return np.where(found == NEVER, NULL_INSTANT, found)

    def latest(self, instants: Instants, which: Flags) -> Instants:
        """The last of these rows' instants, NULL_INSTANT where there is none: (asks,)."""
        found = np.full(len(self._asks), NULL_INSTANT)
        np.maximum.at(found, self.ask[which], instants[which])
        return found

    def largest(self, values: Numbers, which: Flags) -> Numbers:
        """The largest of these rows' values, NaN where there is none: (asks,)."""
        found = np.full(len(self._asks), np.nan)
        np.fmax.at(found, self.ask[which], values[which])
        return found

    def smallest(self, values: Numbers, which: Flags) -> Numbers:
        """The smallest of these rows' values, NaN where there is none: (asks,)."""
        return -self.largest(-values, which)

    def at(self, instants: Instants, by_ask: Instants) -> Flags:
        """Which rows have the instant that their ask has."""
        return np.asarray((instants == by_ask[self.ask]) & (instants != NULL_INSTANT))

    def _joined(self, found: list[Positions]) -> Positions:
        return np.concatenate([np.empty(0, dtype=np.int64), *found])

    def _known(self, column: str) -> Flags:
        """Which rows' value of a column was known by then."""
        known = self._table.column(column)
        if known is None or known.known_from is None or known.known_from == self._table.clock:
            return np.ones(len(self.ask), dtype=bool)
        name, column = self._table.name, known.known_from
        since = self._joined([tables.instants_at(name, column, rows) for tables, rows in self._parts])
        if column in FROM_RULING:
            ruled = self._tables.once(first_final_rulings)[self._asks.case[self.ask]]
            since = np.where(since == NULL_INSTANT, ruled, since)
        return np.asarray((since != NULL_INSTANT) & (since <= self.as_of))
