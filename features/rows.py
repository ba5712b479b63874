"""The rows of one table while they are being judged: columns in the contract's types, and why a row is dropped."""

from collections.abc import Iterable, Set
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from features.contract import TABLES
from features.convert import mask
from features.ledger import many
from features.tables import ARROW, NULL_INSTANT, Instants

_DROPS: Final = pa.schema(
    [
        ("code", pa.string()), ("table", pa.string()), ("row", pa.int64()), ("column", pa.string()),
        ("case_id", pa.string()), ("expected", pa.string()),
    ]
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Why:
    """Why rows are dropped: a code, the column it was found in, and what was expected there."""

    code: str
    column: str
    expected: str


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of so many values or rows of a column."""

    column: str
    what: str
    said: str


def _joined(parts: list[pa.Array]) -> pa.Array:
    if pa.types.is_dictionary(parts[0].type):
        return pa.chunked_array(parts).unify_dictionaries().combine_chunks()
    return parts[0] if len(parts) == 1 else pa.concat_arrays(parts)


class Rows:
    """The rows of one table; ``why`` (rows,) is a position in ``reasons``, -1 for a row that stands.

    ``wanted`` are the columns that are left once all has been judged; None: all of them.
    """

    def __init__(self, name: str, count: int) -> None:
        self.name = name
        self.columns: dict[str, pa.Array] = {}
        self.wanted: Set[str] | None = None
        self.counted: dict[Told, int] = {}
        self.why = np.full(count, -1, dtype=np.int16)
        self.reasons: list[Why] = []

    @classmethod
    def joined(cls, name: str, parts: "Iterable[Rows]") -> "Rows":
        """The rows of a table from one part of it after another, which were judged alike; at least one."""
        found = list(parts)
        whole = cls(name, 0)
        whole.reasons = found[0].reasons
        whole.why = np.concatenate([part.why for part in found])
        for part in found:
            for told, many_times in part.counted.items():
                whole.tell(told, many_times)
        for column in list(found[0].columns):
            whole.columns[column] = _joined([part.columns.pop(column) for part in found])
        return whole

    def __len__(self) -> int:
        return len(self.why)

    def tell(self, told: "Told", many_times: int) -> None:
        """Count values or rows about which something is to be told."""
        self.counted[told] = self.counted.get(told, 0) + many_times

    @property
    def notes(self) -> list[str]:
        """What is to be told about how the table was read."""
        return [f"{self.name}.{told.column}: {many(n, told.what)} {told.said}" for told, n in self.counted.items() if n]

    def put(self, name: str, values: pa.Array) -> None:
        """Add a column in the contract's type."""
        self.columns[name] = values

    def refuse(self, rows: NDArray[np.bool_], why: Why) -> None:
        """Drop rows that still stand."""
        self.why[rows & (self.why < 0)] = len(self.reasons)
        self.reasons.append(why)

    def leave(self, names: Set[str] | None) -> None:
        """Leave only these columns, or all of them where none are named."""
        self.columns = {name: values for name, values in self.columns.items() if names is None or name in names}

    def column(self, name: str) -> pa.Array:
        """A column of the contract, nulls throughout where it was not supplied."""
        if name in self.columns:
            return self.columns[name]
        column = TABLES[self.name].column(name)
        return pa.nulls(len(self), ARROW[column.type] if column else pa.null())

    def null(self, name: str) -> NDArray[np.bool_]:
        """Where a column holds nothing."""
        return mask(pc.is_null(self.column(name)))

    def instants(self, name: str) -> Instants:
        """An instant as (rows,) int64 microseconds, NULL_INSTANT where there is none."""
        as_int = pc.cast(self.column(name), pa.int64())
        return np.asarray(pc.fill_null(as_int, NULL_INSTANT).to_numpy(zero_copy_only=False))

    @property
    def kept(self) -> int:
        """How many rows stand."""
        return int((self.why < 0).sum())

    def kept_table(self) -> pa.Table:
        """The rows that stand, in their order, with the columns that are wanted of them."""
        self.leave(self.wanted)
        found, stands = pa.table(self.columns), self.why < 0
        return found if stands.all() or not self.columns else found.filter(pa.array(stands))

    def dropped(self) -> dict[str, int]:
        """How many rows were dropped, by code."""
        counts: dict[str, int] = {}
        for place, rows in zip(*np.unique(self.why[self.why >= 0], return_counts=True), strict=True):
            code = self.reasons[place].code
            counts[code] = counts.get(code, 0) + int(rows)
        return dict(sorted(counts.items()))

    def drops(self) -> pa.Table:
        """The dropped rows with what there is to say about each, in their order."""
        rows = np.flatnonzero(self.why >= 0)
        if not len(rows):
            return self.no_drops()
        why = [self.reasons[place] for place in self.why[rows]]
        case_id = self.columns.get("case_id", pa.nulls(len(self), pa.string()))
        columns = [
            pa.array([w.code for w in why], pa.string()),
            pa.array([self.name] * len(rows), pa.string()),
            pa.array(rows + 1, pa.int64()),
            pa.array([w.column for w in why], pa.string()),
            pc.take(case_id, pa.array(rows)),
            pa.array([w.expected for w in why], pa.string()),
        ]
        return pa.Table.from_arrays(columns, schema=_DROPS)

    @staticmethod
    def no_drops() -> pa.Table:
        """The same of no table at all."""
        return _DROPS.empty_table()
