"""The one place where conditions are evaluated: DuckDB, locked, over a table of facts and nothing else."""

import os
from collections.abc import Callable, Mapping, Sequence
from functools import cache

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from features import duck
from models.clause_tree import Type

APPLIES = 1
APPLIES_NOT = 0
UNDECIDED = -1

ROW = " row"
"""By this column, whose name no fact bears, answers find their places: DuckDB may give rows back in another order."""

Decide = Callable[[Sequence[str], pa.Table], NDArray[np.int8]]
"""What each condition is for each row of facts: (rows, conditions)."""

_ARROW = {"flag": pa.bool_(), "number": pa.float64(), "word": pa.string()}


def plain(facts: pa.Table, types: Mapping[str, Type]) -> pa.Table:
    """The facts that are read, each in its plain type; a number that is none (NaN, infinite) is not known."""
    columns = {"": pa.array(np.zeros(facts.num_rows, dtype=np.int8))}
    for name, of in types.items():
        column = pc.cast(facts[name], _ARROW[of])
        columns[name] = pc.if_else(pc.is_finite(column), column, None) if of == "number" else column
    return pa.table(columns)


def decide(conditions: Sequence[str], facts: pa.Table) -> NDArray[np.int8]:
    """What each condition, as SQL of our own writing, is for each row of facts: (rows, conditions) of 1, 0 or -1."""
    found = np.empty((facts.num_rows, len(conditions)), dtype=np.int8, order="F")
    if not conditions:
        return found
    columns = ", ".join(
        f"coalesce(CAST({condition} AS TINYINT), {UNDECIDED}) AS c{i}" for i, condition in enumerate(conditions)
    )
    numbered = facts.append_column(ROW, pa.array(np.arange(facts.num_rows)))
    query = f"SELECT {columns}, {duck.name(ROW)} FROM facts"  # noqa: S608 - from checked trees
    with _database(os.getpid()).cursor() as database:
        database.register("facts", numbered)
        decided = database.execute(query).fetchnumpy()
    row = decided.pop(ROW)
    for i, column in enumerate(decided.values()):
        found[row, i] = column
    return found


@cache
def _database(process: int) -> duckdb.DuckDBPyConnection:
    """A locked database for this process, which a child does not inherit."""
    database = duck.connect()
    duck.lock(database)
    return database
