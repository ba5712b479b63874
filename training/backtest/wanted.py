"""Which columns of a history a backtest looks at: those that the facts are read from, and what rows are found by.

All others are left once every row has been checked, so that millions of them need not be held.
"""

from collections.abc import Mapping
from typing import Final

from features.contract import TABLES
from features.data import Wanted
from features.facts import FACTS
from models.hearing import read_by
from models.policy import Policy

FOUND_BY: Final = ("case_id", "order_id", "line_id")

OWN: Final[Mapping[str, frozenset[str]]] = {
    "cases": frozenset({"escalated_at", "evidence_closed_at", "buyer_id", "seller_id", "reason"}),
    "orders": frozenset({"placed_at"}),
    "rulings": frozenset({"liable", "basis", "provisional"}),
    "volumes": frozenset({"key_kind", "key", "delivered"}),
}
"""What a backtest looks at itself: what to ask about and when, by which days, and in which cohort."""


def wanted(*policies: Policy) -> Wanted:
    """The columns of each table that trying these policies takes."""
    names = set(read_by(*policies))
    reads = {column for fact in FACTS if fact.name in names for column in fact.reads}

    def of(table: str) -> frozenset[str]:
        contract = TABLES[table]
        read = {column.name for column in contract.columns if f"{table}.{column.name}" in reads}
        read |= OWN.get(table, frozenset()) | {*FOUND_BY}
        since = {column.known_from for column in contract.columns if column.name in read}
        clocks = {contract.clock, contract.clock_default, *since} - {None}
        return frozenset(read | {str(clock) for clock in clocks})

    return of
