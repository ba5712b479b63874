"""Where a body is not as the wire has it, in the contract's own words: never the value, never the reader's message."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from features.check import Drop
from features.contract import Table
from serving.question import ABOUT_A_CASE
from serving.wire import INSTANT_EXPECTED, ITEMS, expected

_TABLES: Final = {table.name: table for table in ABOUT_A_CASE}
_NO_COLUMN: Final = "only columns of the contract"
_NAMED: Final = {
    "as_of": INSTANT_EXPECTED,
    "items": f"a list of 1 to {ITEMS} cases",
    "language": "en or zh",
}


def first_error(errors: Sequence[Mapping[str, Any]], case_id: str | None = None) -> Drop:
    """What was expected at the first place where a reader stumbled."""
    place = tuple(part for part in errors[0]["loc"] if part not in ("body", "query"))
    return _at(place, case_id)


def _at(place: tuple[str | int, ...], case_id: str | None) -> Drop:
    name = place[0] if place else None
    if isinstance(name, str) and name in _NAMED:
        return Drop("", "", 0, name, case_id, _NAMED[name])
    if not isinstance(name, str) or name not in _TABLES:
        return Drop("", "", 0, "", case_id, f"an object with nothing but as_of and the tables {', '.join(_TABLES)}")
    return _in_table(_TABLES[name], place[1:], case_id)


def _in_table(table: Table, place: tuple[str | int, ...], case_id: str | None) -> Drop:
    if not place:
        rows = "a list with exactly one row" if table.name == "cases" else "a list of rows"
        return Drop("", table.name, 0, "", case_id, rows)
    row = place[0] + 1 if isinstance(place[0], int) else 0
    if len(place) == 1:
        own = f", or named {' or '.join(p + '…' for p in table.open_prefixes)}" if table.open_prefixes else ""
        return Drop("", table.name, row, "", case_id, f"an object with {_NO_COLUMN}{own}")
    column = table.column(str(place[1]))
    if column is not None:
        return Drop("", table.name, row, column.name, case_id, expected(column))
    if table.open_prefixes:
        return Drop("", table.name, row, "", case_id, f"{expected(None)} in a column named attr_… or audit_…")
    return Drop("", table.name, row, "", case_id, _NO_COLUMN)
