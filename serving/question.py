"""What is asked of the desk: one case as rows of the contract's tables; many of them are told apart by their place.

Cases sent together never meet: those of one shape are put into the same tables under ids of their own, so that many
are answered at once and each as if it were alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import pyarrow as pa

from features.contract import TABLES, Type
from features.tables import ARROW

Row = dict[str, Any]
Rows = dict[str, list[Row]]

ABOUT_A_CASE: Final = tuple(t for t in TABLES.values() if t.column("case_id") or t.column("order_id"))
"""The tables whose rows belong to a case; the others are the history's."""

_OWN_IDS: Final = frozenset(
    name
    for table in ABOUT_A_CASE
    for name in (*table.key, *table.belongs_to)
    if name not in ("case_id", "line_id") and (column := table.column(name)) and column.type is Type.TEXT
)
"""Ids by which rows of one case find each other; those of another case in the same tables must not match."""

Columns = tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
"""The tables sent, and the columns sent of each with the kind of a team's own."""


@dataclass(frozen=True, slots=True)
class Question:
    """One case as a client sent it, and the instant asked about, microseconds UTC; None: now.

    ``rows`` holds the tables sent and in each row the columns sent; an instant is microseconds UTC.
    """

    rows: Rows
    as_of: int | None

    @property
    def case(self) -> Row:
        """The row of ``cases``."""
        return self.rows["cases"][0]

    @property
    def case_id(self) -> str:
        """The id of the case."""
        return str(self.case["case_id"])


@dataclass(frozen=True, slots=True)
class Gathered:
    """Questions of one shape in the same tables.

    ``places`` are their places among all questions; ``owners`` says for each row of each table whose it is, as a
    position in ``places``.
    """

    places: list[int]
    tables: dict[str, pa.Table]
    owners: dict[str, list[int]]


def gather(questions: Sequence[Question], places: Sequence[int]) -> list[Gathered]:
    """Put the questions at these places into as few sets of tables as keep them apart.

    Together go questions that supplied the same tables and columns in the same money, since what was not supplied is
    not the same as what is empty; a case that is asked about twice goes into different sets.
    """
    shapes: dict[tuple[int, Columns, frozenset[Any]], list[int]] = {}
    times: dict[str, int] = {}
    for place in places:
        question = questions[place]
        before = times.get(question.case_id, 0)
        times[question.case_id] = before + 1
        shapes.setdefault((before, _columns(question), _currencies(question)), []).append(place)
    return [_gathered(questions, found) for found in shapes.values()]


def _currencies(question: Question) -> frozenset[Any]:
    return frozenset(row.get("currency") for rows in question.rows.values() for row in rows)


def _columns(question: Question) -> Columns:
    found = []
    for name, rows in question.rows.items():
        columns = {column: _kind(name, column, value) for row in rows for column, value in row.items()}
        found.append((name, tuple(sorted(columns.items()))))
    return tuple(sorted(found))


def _kind(table: str, column: str, value: object) -> str:
    if TABLES[table].column(column):
        return ""
    return "null" if value is None else "text" if isinstance(value, str) else "number"


def _gathered(questions: Sequence[Question], places: list[int]) -> Gathered:
    tables, owners = {}, {}
    for name, columns in _columns(questions[places[0]]):
        of = [(owner, row) for owner, place in enumerate(places) for row in questions[place].rows[name]]
        owners[name] = [owner for owner, _ in of]
        tables[name] = pa.table(
            {
                column: pa.array(_values(of, column, alone=len(places) == 1), _arrow(name, column, kind))
                for column, kind in columns or _all_columns(name)
            }
        )
    return Gathered(places, tables, owners)


def _values(of: list[tuple[int, Row]], column: str, *, alone: bool) -> list[Any]:
    if alone or column not in _OWN_IDS:
        return [row.get(column) for _, row in of]
    return [None if row.get(column) is None else f"{owner}\x1f{row[column]}" for owner, row in of]


def _all_columns(table: str) -> tuple[tuple[str, str], ...]:
    """Of a table sent without rows every column is there, and empty."""
    return tuple((column.name, "") for column in TABLES[table].columns)


_KINDS: Final = {"null": pa.null(), "text": pa.string(), "number": pa.float64()}


def _arrow(table: str, column: str, kind: str) -> pa.DataType:
    known = TABLES[table].column(column)
    return ARROW[known.type] if known else _KINDS[kind]
