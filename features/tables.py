"""The checked tables in memory, and plain NumPy columns out of them, converted once.

Nothing here judges or drops a row: ``check.py`` has done that. Instants are int64 microseconds since 1970 in
UTC, with ``NULL_INSTANT`` where there is none; numbers are float64 with NaN where there is none.
"""

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any, Final, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from features.contract import TABLES, Type

Instants = NDArray[np.int64]
Numbers = NDArray[np.float64]

T = TypeVar("T")

NULL_INSTANT: Final[int] = int(np.iinfo(np.int64).min)
NEVER: Final[int] = int(np.iinfo(np.int64).max)
DAY: Final[int] = 86_400_000_000
HOUR: Final[int] = 3_600_000_000

ARROW: Final[dict[Type, pa.DataType]] = {
    Type.TEXT: pa.string(),
    Type.CODE: pa.string(),
    Type.INSTANT: pa.timestamp("us", tz="UTC"),
    Type.KNOWN: pa.timestamp("us", tz="UTC"),
    Type.CENTS: pa.int64(),
    Type.COUNT: pa.int64(),
    Type.NUMBER: pa.float64(),
    Type.FLAG: pa.bool_(),
}


def positions_in(values: pa.Array, among: pa.Array) -> NDArray[np.int64]:
    """For each value its position in ``among``, -1 where it is null or not there."""
    found = pc.fill_null(pc.index_in(values, value_set=among, skip_nulls=True), -1)
    return np.asarray(pc.cast(found, pa.int64()).to_numpy(zero_copy_only=False), dtype=np.int64)


def _filled(values: pa.Array, null: float) -> NDArray[Any]:
    """An Arrow column as NumPy, with a number where it is null."""
    if values.null_count:
        values = pc.fill_null(values, null)
    return np.asarray(values.to_numpy(zero_copy_only=False))


class Tables:
    """Checked contract tables, as Arrow, with their columns as NumPy on demand.

    A table that is not in it was not supplied, which is not the same as a table without rows.
    """

    def __init__(self, tables: Mapping[str, pa.Table]) -> None:
        self._tables = {name: table.combine_chunks() for name, table in tables.items()}
        self._columns = {name: frozenset(table.column_names) for name, table in self._tables.items()}
        self._numbers: dict[tuple[str, str], Numbers] = {}
        self._instants: dict[tuple[str, str], Instants] = {}
        self._texts: dict[tuple[str, str], tuple[NDArray[np.int64], list[str]]] = {}
        self._places: dict[tuple[str, str], dict[str, int]] = {}
        self._derived: dict[Any, Any] = {}

    def __getitem__(self, name: str) -> pa.Table:
        return self._tables[name]

    def supplied(self, table: str, column: str | None = None) -> bool:
        """Whether this table, and this column of it, were handed over at all."""
        there = table in self._tables
        return there and (column is None or column in self._columns[table])

    def is_text(self, table: str, column: str) -> bool:
        """Whether this column was handed over, as text."""
        return self.supplied(table, column) and bool(pa.types.is_string(self._tables[table].schema.field(column).type))

    def count(self, table: str) -> int:
        """How many rows the table has; 0 where it was not supplied."""
        return int(self._tables[table].num_rows) if table in self._tables else 0

    @property
    def names(self) -> tuple[str, ...]:
        """The tables supplied, in the contract's order."""
        return tuple(name for name in TABLES if name in self._tables)

    def once(self, make: Callable[["Tables"], T]) -> T:
        """What ``make`` derives from these tables, derived once: an index, say."""
        if make not in self._derived:
            self._derived[make] = make(self)
        return self._derived[make]  # type: ignore[no-any-return]

    def array(self, table: str, column: str) -> pa.Array:
        """The column as Arrow, nulls throughout where it was not supplied."""
        values = self._column(table, column)
        if values is not None:
            return values
        known = TABLES[table].column(column)
        return pa.nulls(self.count(table), ARROW[known.type] if known else pa.null())

    def _column(self, table: str, column: str) -> pa.Array | None:
        if not self.supplied(table, column):
            return None
        values = self._tables[table].column(column)
        return values.chunk(0) if values.num_chunks else pa.array([], type=values.type)

    def numbers(self, table: str, column: str) -> Numbers:
        """The column as (rows,) float64, NaN where a value is null; flags become 0 and 1."""
        key = (table, column)
        if key not in self._numbers:
            values = self._column(table, column)
            if values is None:
                self._numbers[key] = np.full(self.count(table), np.nan)
            else:
                as_float = values if pa.types.is_float64(values.type) else pc.cast(values, pa.float64(), safe=False)
                self._numbers[key] = _filled(as_float, np.nan)
        return self._numbers[key]

    def instants(self, table: str, column: str) -> Instants:
        """The column as (rows,) int64 microseconds, NULL_INSTANT where a value is null."""
        key = (table, column)
        if key not in self._instants:
            values = self._column(table, column)
            if values is None:
                self._instants[key] = np.full(self.count(table), NULL_INSTANT)
            else:
                self._instants[key] = _filled(pc.cast(values, pa.int64()), NULL_INSTANT)
        return self._instants[key]

    def codes(self, table: str, column: str) -> tuple[NDArray[np.int64], list[str]]:
        """The text column as (rows,) positions in a list of its distinct values; -1 where null."""
        key = (table, column)
        if key not in self._texts:
            values = self._column(table, column)
            if values is None:
                self._texts[key] = (np.full(self.count(table), -1, dtype=np.int64), [])
            else:
                encoded = pc.dictionary_encode(values)
                indices = _filled(encoded.indices, -1).astype(np.int64)
                self._texts[key] = (indices, encoded.dictionary.to_pylist())
        return self._texts[key]

    def numbers_at(self, table: str, column: str, rows: NDArray[np.int64]) -> Numbers:
        """The numbers of these rows of a column."""
        return self.numbers(table, column)[rows]

    def instants_at(self, table: str, column: str, rows: NDArray[np.int64]) -> Instants:
        """The instants of these rows of a column."""
        return self.instants(table, column)[rows]

    def codes_at(self, table: str, column: str, rows: NDArray[np.int64]) -> tuple[NDArray[np.int64], list[str]]:
        """The texts of these rows of a column, as positions in a list of values."""
        codes, values = self.codes(table, column)
        return codes[rows], values

    def places(self, table: str, column: str) -> dict[str, int]:
        """The position of each distinct value of a text column in the list that ``codes`` gives."""
        key = (table, column)
        if key not in self._places:
            self._places[key] = {value: place for place, value in enumerate(self.codes(table, column)[1])}
        return self._places[key]

    @cached_property
    def case_ids(self) -> pa.Array:
        """The case ids as an Arrow array, in row order."""
        return self.array("cases", "case_id")

    def case_rows(self, table: str, column: str = "case_id") -> NDArray[np.int64]:
        """For each row of a table the row of its case in ``cases``; -1 where it has none."""
        return positions_in(self.array(table, column), self.case_ids)

    def clock(self, table: str) -> Instants:
        """Since when each row of a table is known, (rows,) int64 microseconds."""
        contract = TABLES[table]
        if contract.clock is None:
            return np.full(self.count(table), NULL_INSTANT)
        known = self.instants(table, contract.clock)
        if contract.clock_default is None:
            return known
        return np.where(known == NULL_INSTANT, self.instants(table, contract.clock_default), known)

    @cached_property
    def last_known(self) -> int:
        """The last instant at which anything in these tables became known, microseconds; 0 when empty."""
        latest = [
            int(values.max())
            for name in self.names
            for column in TABLES[name].columns
            if column.type in (Type.INSTANT, Type.KNOWN)
            and column.name not in ("due_at", "ship_by_at", "promised_at")
            and self.supplied(name, column.name)
            and (values := self.instants(name, column.name)).size
        ]
        return max(latest, default=0)
