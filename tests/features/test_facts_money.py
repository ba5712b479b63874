"""What went back to the buyer counts once, however many tables tell of it, and only for the line in dispute."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest

from features.asks import asks_as_of
from features.facts import facts
from features.tables import HOUR, Tables

T0 = datetime(2025, 3, 10, tzinfo=UTC)
Row = dict[str, Any]
Rows = dict[str, list[Row]]
Tell = Callable[..., tuple[float | None, bool | None]]
CASE: Row = {"case_id": "c", "opened_at": T0, "order_id": "o", "line_id": "1"}


@pytest.fixture
def tell(tables_of: Callable[[Rows], Tables]) -> Tell:
    """What was refunded by ten hours after the claim, and whether anything was."""

    def tell(case: Row | None = None, **tables: list[Row]) -> tuple[float | None, bool | None]:
        made = tables_of({"cases": [CASE | (case or {})], **tables})
        as_of = made.instants("cases", "opened_at") + 10 * HOUR
        (found,) = facts(made, asks_as_of(made, np.zeros(1, dtype=np.int64), as_of)).to_pylist()
        return found["refunded_cents"], found["refund_issued"]

    return tell


def entry(cents: int | None, hours: float, **more: Any) -> Row:
    """An entry of the ledger by which the buyer gets money."""
    row = {"kind": "refund", "case_id": "c", "payer": "platform", "payee": "buyer", "cents": cents}
    return row | {"entry_id": f"{hours}{more}", "at": T0 + timedelta(hours=hours)} | more


def event(cents: int | None, hours: float) -> Row:
    happened = T0 + timedelta(hours=hours)
    row = {"event_id": f"e{hours}", "case_id": "c", "kind": "refund_issued", "happened_at": happened}
    return row | {"amount_cents": cents}


def test_a_refund_told_by_the_case_the_ledger_and_an_event_counts_once(tell: Tell) -> None:
    early = {"refund_already_cents": 100}
    assert tell(early, ledger=[entry(100, -5)], events=[event(100, -6)]) == (100.0, True)
    assert tell(early, ledger=[entry(100, -5), entry(30, 5)], events=[event(100, -6), event(30, 4)]) == (130.0, True)
    assert tell(early, ledger=[entry(30, 5)], events=[]) == (130.0, True)
    assert tell({}, ledger=[], events=[event(30, 4)]) == (30.0, True)


def test_an_event_before_the_claim_whose_entry_came_after_it_counts_once(tell: Tell) -> None:
    assert tell({}, ledger=[entry(100, 1)], events=[event(100, -1)]) == (100.0, True)


def test_a_refund_that_is_not_known_yet_does_not_count(tell: Tell) -> None:
    assert tell({}, ledger=[entry(100, 11)], events=[event(100, 11)]) == (0.0, False)


def test_the_entries_of_another_line_of_the_order_do_not_count(tell: Tell) -> None:
    def of_order(line: str | None) -> Row:
        return entry(50, 1, case_id=None, order_id="o", line_id=line)

    assert tell({}, ledger=[of_order("2")]) == (0.0, False)
    assert tell({}, ledger=[of_order("1")]) == (50.0, True)
    assert tell({}, ledger=[of_order(None)]) == (50.0, True)
    assert tell({"line_id": None}, ledger=[of_order("2")]) == (50.0, True)


def test_only_what_goes_to_the_buyer_counts_and_a_recharge_takes_it_back(tell: Tell) -> None:
    back = entry(80, 2, kind="recharge", payer="buyer", payee="platform")
    label = entry(7, 2, kind="return_label", payer="buyer", payee="carrier")
    paid_out = entry(500, 2, payee="seller")
    assert tell({}, ledger=[entry(80, 1), label, paid_out]) == (80.0, True)
    assert tell({}, ledger=[entry(80, 1), back, label]) == (0.0, False)
    assert tell({}, ledger=[back]) == (0.0, False)


def test_a_refund_of_unknown_size_makes_the_sum_unknown_but_not_that_there_was_one(tell: Tell) -> None:
    assert tell({}, ledger=[], events=[event(None, 1)]) == (None, True)
    assert tell({}, ledger=[entry(40, 1)], events=[event(None, 1)]) == (40.0, True)
    assert tell({}, ledger=[entry(None, 1)], events=[]) == (None, True)


def test_without_ledger_and_events_nobody_knows_what_was_refunded_since(tell: Tell) -> None:
    assert tell({"refund_already_cents": 100}) == (None, None)
    assert tell({"refund_already_cents": 100}, events=[]) == (100.0, True)
