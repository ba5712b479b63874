"""The ledger: every row that came in was kept or dropped, and each drop has a code.

``D00`` counts rows of a file that its SELECT did not return; it stands outside the sum.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final, Self

DROPS: Final[dict[str, str]] = {
    "D00": "Not taken: the file has the row, and the SELECT did not return it.",
    "D01": "A value that every row needs is missing.",
    "D02": "An instant cannot be read, or is a placeholder such as the year 9999.",
    "D03": "A word is not one of those that the column may hold.",
    "D04": "A sum of money or a count is not a whole number, or is negative.",
    "D05": "A value is not of the column's type.",
    "D06": "Two instants stand in an order that cannot be.",
    "D07": "An earlier row has the same key.",
    "D08": "The row names a case that is not there, or that was dropped.",
    "D09": "The row says neither which case nor which order it belongs to.",
    "D10": "The money is in another currency than most cases.",
}
"""Why a row is dropped, by code."""


@dataclass(frozen=True, slots=True)
class TableLedger:
    """The account of one table: ``rows_in`` = ``rows_kept`` + the sum of ``dropped``.

    ``source_rows`` counts the rows of each file as they stand in it; ``not_taken`` is None where the SELECT
    joins, groups or unnests, so that a row of a file has no row of its own.
    """

    rows_in: int
    rows_kept: int
    dropped: dict[str, int]
    source_rows: dict[str, int] = field(default_factory=dict)
    not_taken: int | None = None

    def to_json(self) -> dict[str, Any]:
        """The account as plain data."""
        return {
            "source_rows": self.source_rows,
            "rows_in": self.rows_in,
            "rows_kept": self.rows_kept,
            "dropped": self.dropped,
            "not_taken": self.not_taken,
        }


@dataclass(frozen=True, slots=True)
class Ledger:
    """The accounts of all tables, and what else should be known about how they were read."""

    tables: dict[str, TableLedger]
    notes: tuple[str, ...] = ()

    def with_notes(self, more: Iterable[str]) -> Self:
        """The same with more notes."""
        return type(self)(self.tables, (*self.notes, *more))

    def to_json(self) -> dict[str, Any]:
        """The document that ``check --json`` prints."""
        return {"tables": {name: table.to_json() for name, table in self.tables.items()}, "notes": list(self.notes)}


def many(number: int, what: str) -> str:
    """A number of things: ``1 row``, ``2,000 rows``."""
    return f"{number:,} {what}" if number == 1 else f"{number:,} {what}s"
