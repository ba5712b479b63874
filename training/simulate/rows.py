"""From NumPy columns to rows of a contract table: ids with the seed, words for codes, nothing later than the end."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from features.contract import TABLES, Table, Type
from features.tables import ARROW, NULL_INSTANT, Instants
from training.simulate.columns import Flags, Floats, Ints


class Ids:
    """Opaque ids of a world; its seed is part of every one, so that two worlds share none."""

    def __init__(self, seed: int) -> None:
        self._prefix = f"w{seed}-"

    def of(self, sort: str, numbers: Ints) -> pa.Array:
        """Ids of one sort: ``c`` for cases, ``o`` for orders and so on."""
        return pc.binary_join_element_wise(self._prefix + sort, pc.cast(pa.array(numbers), pa.string()), "")


def words(codes: Ints, among: Sequence[str] | pa.Array) -> pa.Array:
    """The word for each code; null where it is negative."""
    places = pa.array(codes, mask=np.asarray(codes) < 0)
    return (among if isinstance(among, pa.Array) else pa.array(among, pa.string())).take(places)


def instants(at: Instants) -> pa.Array:
    """Instants, null where NULL_INSTANT."""
    return pa.array(at, mask=at == NULL_INSTANT).cast(ARROW[Type.INSTANT])


def flags(there: Flags, known: Flags | None = None) -> pa.Array:
    """Yes or no, null where not known."""
    return pa.array(there, mask=None if known is None else ~known)


def numbers(values: Floats) -> pa.Array:
    """Numbers, null where NaN."""
    return pa.array(values.astype(float), from_pandas=True)


def cents(values: Ints) -> pa.Array:
    """Whole cents."""
    return pa.array(values.astype(np.int64))


def rows(name: str, columns: Mapping[str, Any], end: int) -> pa.Table:
    """A contract table of these columns, all in the contract's order, without what becomes known from ``end`` on."""
    contract = TABLES[name]
    n = max(len(c) for c in columns.values() if not isinstance(c, str | pa.Scalar))
    ordered = [c.name for c in contract.columns] + [c for c in columns if contract.column(c) is None]
    arrays = []
    for column in ordered:
        known = contract.column(column)
        value = columns[column]
        kind = ARROW[known.type] if known else None
        if isinstance(value, str):
            value = pa.repeat(pa.scalar(value), n)
        arrays.append(value if kind is None or value.type == kind else pc.cast(value, kind))
    return _until(contract, pa.table(arrays, names=ordered), end)


def _until(contract: Table, table: pa.Table, end: int) -> pa.Table:
    """Drop rows that become known from the end on, and empty what a row would only learn then."""
    if contract.clock is not None:
        clock = table.column(contract.clock)
        if contract.clock_default is not None:
            clock = pc.coalesce(clock, table.column(contract.clock_default))
        table = table.filter(_before(clock, end))
    whole = table
    for place, column in enumerate(contract.columns):
        if column.known_from is not None and column.known_from != contract.clock:
            known = _before(whole.column(column.known_from), end)
            nothing = pa.scalar(None, table.column(place).type)
            table = table.set_column(place, column.name, pc.if_else(known, table.column(place), nothing))
    return table


def _before(at: pa.ChunkedArray, end: int) -> pa.ChunkedArray:
    return pc.fill_null(pc.less(pc.cast(at, pa.int64()), end), True)
