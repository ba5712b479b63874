"""What is asked of the desk: one case as a client sent it, told apart from all others by its own tables."""

from dataclasses import dataclass
from typing import Any, Final

from features.contract import TABLES

Row = dict[str, Any]
Rows = dict[str, list[Row]]

ABOUT_A_CASE: Final = tuple(t for t in TABLES.values() if t.column("case_id") or t.column("order_id"))
"""The tables whose rows belong to a case; the others are the history's."""


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

    @property
    def attributes(self) -> frozenset[str]:
        """The names of the attributes sent."""
        return frozenset(name for name in self.case if name.startswith("attr_"))
