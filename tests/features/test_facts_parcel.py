"""Facts of the parcel: what carriers say by their codes, who changed the address, and where it was delivered."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest

from features.asks import asks_as_of
from features.facts import facts
from features.tables import Tables

T0 = datetime(2025, 3, 10, tzinfo=UTC)
Row = dict[str, Any]
Rows = dict[str, list[Row]]
Tell = Callable[..., Any]


@pytest.fixture
def tell(tables_of: Callable[[Rows], Tables]) -> Tell:
    """One fact of a case with these events, each with its kind and so many hours before the claim."""

    def tell(name: str, *events: tuple[str, float, Row]) -> Any:
        rows = [
            {"event_id": f"e{i}", "case_id": "c", "kind": kind, "happened_at": T0 - timedelta(hours=before)} | more
            for i, (kind, before, more) in enumerate(events)
        ]
        tables = tables_of({"cases": [{"case_id": "c", "opened_at": T0}], "events": rows})
        found = facts(tables, asks_as_of(tables, np.zeros(1, dtype=np.int64), tables.instants("cases", "opened_at")))
        return found.column(name)[0].as_py()

    return tell


def test_a_refusal_is_what_the_carrier_says_and_unknown_where_it_does_not_say_why(tell: Tell) -> None:
    assert tell("refused", ("exception", 5, {"code": " Refused"})) is True
    assert tell("refused", ("return_to_sender", 5, {"code": "unclaimed"})) is False
    assert tell("refused", ("return_to_sender", 5, {})) is None
    assert tell("refused", ("return_to_sender", 5, {}), ("delivery_attempted", 9, {"code": "refused"})) is True


def test_what_went_wrong_before_the_delivery_was_no_refusal(tell: Tell) -> None:
    delivered = ("delivered", 4, {})
    assert tell("refused", ("delivery_attempted", 9, {}), delivered) is False
    assert tell("refused", ("delivery_attempted", 9, {"code": "refused"}), delivered) is False
    assert tell("refused", delivered, ("return_to_sender", 1, {})) is None


def test_damage_is_noted_by_code_and_unknown_where_an_exception_has_none(tell: Tell) -> None:
    assert tell("damage_noted", ("exception", 5, {"code": "DAMAGED"})) is True
    assert tell("damage_noted", ("exception", 5, {"code": "weather"})) is False
    assert tell("damage_noted", ("exception", 5, {})) is None
    assert tell("damage_noted", ("exception", 5, {}), ("exception", 4, {"code": "damaged"})) is True


def test_the_last_to_change_the_address_counts_and_is_unknown_where_nobody_said_who(tell: Tell) -> None:
    by_buyer, by_seller = ("address_changed", 9, {"actor": "buyer"}), ("address_changed", 5, {"actor": "seller"})
    assert tell("address_changed_by") == "nobody"
    assert tell("address_changed_by", by_seller, by_buyer) == "seller"
    assert tell("address_changed_by", by_buyer, ("address_changed", 5, {})) is None


def test_a_position_is_recorded_where_a_delivery_tells_the_distance_or_the_door(tell: Tell) -> None:
    assert tell("position_recorded", ("delivered", 5, {"zip_match": True})) is False
    assert tell("position_recorded", ("delivered", 5, {"distance_m": 0.0})) is True
    assert tell("position_recorded", ("delivered", 5, {"address_match": False})) is True
    assert tell("position_recorded", ("hub_in", 5, {"distance_m": 9.0})) is False


def test_a_sellers_last_answer_counts_and_one_in_words_that_are_not_listed_is_unknown(tell: Tell) -> None:
    rejects = ("seller_responded", 5, {"code": "Reject"})
    assert tell("seller_answer", rejects, ("seller_responded", 9, {"code": "approve"})) == "reject"
    assert tell("seller_answer", rejects, ("seller_responded", 1, {"code": "maybe"})) is None
    assert tell("seller_answer", rejects, ("seller_responded", 1, {})) is None


def test_a_chargeback_is_open_until_it_is_closed_and_may_be_opened_again(tell: Tell) -> None:
    opened, closed = ("chargeback_opened", 9, {}), ("chargeback_closed", 5, {})
    assert tell("chargeback_open") is False
    assert tell("chargeback_open", opened) is True
    assert tell("chargeback_open", opened, closed) is False
    assert tell("chargeback_open", opened, closed, ("chargeback_opened", 1, {})) is True


def test_the_sum_offered_last_is_the_offer(tell: Tell) -> None:
    offers = (("offer_made", 9, {"amount_cents": 500}), ("offer_made", 5, {"amount_cents": 300}))
    assert tell("offer_cents", *offers) == 300.0
    assert tell("offer_cents") is None
