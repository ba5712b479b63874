"""Many cases in the same tables, kept so far apart that each is answered as if it were alone.

Rows of one case find each other by ids; in common tables these ids are each case's own. What was not supplied is not
the same as what is empty, so only cases that supplied the same go together.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pyarrow as pa

from features.contract import TABLES, Type
from features.tables import ARROW, Tables
from serving.question import ABOUT_A_CASE, Question, Row

_OWN_IDS: Final = frozenset(
    name
    for table in ABOUT_A_CASE
    for name in (*table.key, *table.belongs_to)
    if name not in ("case_id", "line_id") and (column := table.column(name)) and column.type is Type.TEXT
)
_KINDS: Final = {"null": pa.null(), "text": pa.string(), "number": pa.float64()}


@dataclass(frozen=True, slots=True)
class Shape:
    """What questions in the same tables have in common.

    ``beyond`` names columns, as (table, column), that the history does not have; ``kinds`` tells for each attribute
    whether it is text or a number; ``money`` the currencies named; ``time`` counts askings of the same case.
    """

    tables: tuple[str, ...]
    beyond: frozenset[tuple[str, str]]
    kinds: tuple[tuple[str, str], ...]
    money: frozenset[Any]
    time: int


@dataclass(frozen=True, slots=True)
class Gathered:
    """Questions of one shape in the same tables.

    ``places`` are their places among all questions; ``owners`` says for each row of each table whose it is, as a
    position in ``places``; those of one stand together.
    """

    places: list[int]
    tables: dict[str, pa.Table]
    owners: dict[str, list[int]]


class Gatherer:
    """Lays cases out in tables.

    Parameters
    ----------
    past
        The history: a column that it has is null where a case leaves it out, as in the history's own rows.
    attributes
        The attributes that the bundle reads; a team's other columns are left aside.
    """

    def __init__(self, past: Tables, attributes: frozenset[str]) -> None:
        self._attributes = attributes
        self._usual = {name: [c for c in TABLES[name].columns if past.supplied(name, c.name)] for name in past.names}
        self._known = {(name, column.name) for name, columns in self._usual.items() for column in columns}

    def gather(self, questions: Mapping[int, Question]) -> list[Gathered]:
        """Put questions, each with its place, into as few sets of tables as keep them apart."""
        shapes: dict[Shape, list[int]] = {}
        times: dict[str, int] = {}
        for place, question in questions.items():
            time = times.get(question.case_id, 0)
            times[question.case_id] = time + 1
            shapes.setdefault(self._shape(question, time), []).append(place)
        return [self._gathered([questions[p] for p in places], places) for places in shapes.values()]

    def complete(self, tables: Tables) -> Tables:
        """The same tables with every column that the history has."""
        return Tables({name: pa.table(dict(self._columns(tables, name))) for name in tables.names})

    def _columns(self, tables: Tables, name: str) -> Iterator[tuple[str, pa.Array]]:
        table = tables[name]
        yield from zip(table.column_names, table.columns, strict=True)
        for column in self._usual.get(name, ()):
            if not tables.supplied(name, column.name):
                yield column.name, pa.nulls(len(table), ARROW[column.type])

    def _shape(self, question: Question, time: int) -> Shape:
        sent = {(name, column) for name, rows in question.rows.items() for row in rows for column in row}
        return Shape(
            tables=tuple(question.rows),
            beyond=frozenset((t, c) for t, c in sent - self._known if TABLES[t].column(c)),
            kinds=tuple(sorted((c, _kind(value)) for c, value in question.case.items() if c in self._attributes)),
            money=frozenset(row.get("currency") for rows in question.rows.values() for row in rows),
            time=time,
        )

    def _gathered(self, questions: Sequence[Question], places: list[int]) -> Gathered:
        tables, owners = {}, {}
        for name in questions[0].rows:
            of = [(owner, row) for owner, question in enumerate(questions) for row in question.rows[name]]
            owners[name] = [owner for owner, _ in of]
            tables[name] = pa.table(
                {
                    column: pa.array(_values(of, column, alone=len(places) == 1), kind)
                    for column, kind in self._types(name, of)
                }
            )
        return Gathered(places, tables, owners)

    def _types(self, table: str, of: list[tuple[int, Row]]) -> Iterator[tuple[str, pa.DataType]]:
        sent = {column: value for _, row in of for column, value in row.items()}
        yield from ((c.name, ARROW[c.type]) for c in TABLES[table].columns if c.name in sent)
        yield from ((c, _KINDS[_kind(value)]) for c, value in sorted(sent.items()) if c in self._attributes)


def _kind(value: object) -> str:
    return "null" if value is None else "text" if isinstance(value, str) else "number"


def _values(of: list[tuple[int, Row]], column: str, *, alone: bool) -> list[Any]:
    if alone or column not in _OWN_IDS:
        return [row.get(column) for _, row in of]
    return [None if row.get(column) is None else f"{owner}\x1f{row[column]}" for owner, row in of]
