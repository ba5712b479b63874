"""What each feature of the delivery family says, on the smallest case that shows it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from features.delivery import DELIVERY
from features.tables import Tables

T0 = datetime(2025, 3, 10, tzinfo=UTC)
Row = dict[str, Any]
Rows = dict[str, list[Row]]
Say = Callable[..., float | None]

CASE: Row = {"case_id": "c", "opened_at": T0, "order_id": "o"}
ORDER: Row = {"order_id": "o", "placed_at": T0 - timedelta(days=9)}


def at(hours: float) -> datetime:
    return T0 + timedelta(hours=hours)


def events(*found: tuple[str, float] | tuple[str, float, Row]) -> list[Row]:
    """Events of the order by kind, hours from the opening of the case, and what else they say."""
    rows = []
    for i, (kind, hours, *more) in enumerate(found):
        rows.append({"event_id": f"e{i}", "order_id": "o", "kind": kind, "happened_at": at(hours)} | (more or [{}])[0])
    return rows


def scan(kind: str, hours: float, grams: float) -> tuple[str, float, Row]:
    return kind, hours, {"weight_g": grams, "weight_measured": True}


LABEL = ("label_created", -99, {"weight_g": 500.0, "weight_measured": False})


@pytest.mark.parametrize(
    ("name", "order", "found", "said"),
    [
        ("late_dispatch", {"ship_by_at": at(-50)}, [("first_scan", -44), ("hub_in", -40)], 6.0),
        ("late_dispatch", {"ship_by_at": at(-50)}, [("hub_in", -51)], -1.0),
        ("late_dispatch", {"ship_by_at": at(-50)}, [("label_created", -44)], None),
        ("unscanned_past_ship_by", {"ship_by_at": at(-50)}, [("label_created", -44)], 50.0),
        ("unscanned_past_ship_by", {"ship_by_at": at(-50)}, [("first_scan", -44)], 0.0),
        ("unscanned_past_ship_by", {"ship_by_at": at(9)}, [], 0.0),
        ("late_delivery", {"promised_at": at(-30)}, [("delivered", -20), ("delivered", -1)], 10.0),
        ("undelivered_past_promise", {"promised_at": at(-30)}, [("first_scan", -44)], 30.0),
        ("undelivered_past_promise", {"promised_at": at(-30)}, [("delivered", -20)], 0.0),
        ("undelivered_past_promise", {}, [], None),
        ("hours_delivery_to_claim", {}, [("delivered", -20), ("delivered", -5)], 5.0),
        ("hours_in_transit", {}, [("first_scan", -44), ("delivered", -20)], 24.0),
        ("hours_in_transit", {}, [("first_scan", -44)], None),
        ("scans", {}, [("first_scan", -44), ("claim_opened", 0), ("delivered", -20)], 2.0),
        ("hours_since_last_scan", {}, [("first_scan", -44), ("hub_in", -30)], 30.0),
        ("longest_scan_gap", {}, [("delivered", -1), ("first_scan", -44), ("hub_in", -30)], 29.0),
        ("longest_scan_gap", {}, [("first_scan", -44)], None),
        ("upload_lag", {}, [("first_scan", -44, {"known_at": at(-40)}), ("hub_in", -30)], 4.0),
        ("deliveries", {}, [("delivered", -20)], 1.0),
        ("delivered_to_address", {}, [("delivered", -2, {"address_match": False, "zip_match": True})], 0.0),
        ("delivered_to_zip", {}, [("delivered", -2, {"address_match": False, "zip_match": True})], 1.0),
        ("delivered_to_zip", {}, [("delivered", -2)], None),
        ("delivery_distance", {}, [("delivered", -2, {"distance_m": 130.0}), ("delivered", -1)], 130.0),
        ("delivery_signed", {}, [("delivered", -2, {"signed": False})], 0.0),
        ("delivery_photo", {}, [("delivered", -2, {"photo": True}), ("hub_in", -9, {"photo": False})], 1.0),
        ("delivery_attempts", {}, [("delivery_attempted", -2)], 1.0),
        ("exceptions", {}, [("exception", -2), ("exception", -1)], 2.0),
        ("sent_back", {}, [("return_to_sender", -2), ("return_to_sender", -1)], 1.0),
        ("address_changes", {}, [("address_changed", -2)], 1.0),
        ("parcels", {}, [("label_created", -9), ("label_created", -8), ("label_voided", -7)], 1.0),
        ("declared_lost", {}, [("lost_declared", -2)], 1.0),
        ("declared_lost", {}, [("lost_declared", -2), ("found", -1)], 0.0),
        ("found_again", {}, [("lost_declared", -2), ("found", -1)], 1.0),
        ("tracking_expired", {}, [("tracking_expired", -2)], 1.0),
        ("measured_weights", {}, [LABEL, scan("first_scan", -9, 490), scan("hub_in", -8, 300)], 2.0),
        ("declared_weight_short", {}, [LABEL, scan("hub_in", -8, 300), scan("first_scan", -9, 400)], 0.2),
        ("measured_weight_drop", {}, [LABEL, scan("first_scan", -9, 400), scan("hub_in", -8, 300)], 0.25),
        ("measured_weight_drop", {}, [LABEL, scan("first_scan", -9, 400)], None),
    ],
)
def test_a_feature_says_what_its_sentence_says(say: Say, name: str, order: Row, found: Any, said: Any) -> None:
    rows: Rows = {"cases": [CASE], "orders": [ORDER | order], "events": events(*found)}
    assert say(name, rows) == pytest.approx(said)


def test_a_scan_tells_from_its_upload_on_and_that_it_came_after_the_claim(say: Say) -> None:
    found = events(("delivered", -20, {"known_at": at(6)}))
    rows: Rows = {"cases": [CASE], "events": found}
    assert [say("deliveries", rows, hours) for hours in (5.9, 6)] == [0.0, 1.0]
    assert [say("scans_told_after_claim", rows, hours) for hours in (5.9, 6)] == [0.0, 1.0]


def test_a_weight_equal_to_the_declared_one_is_copied_however_it_is_marked(say: Say) -> None:
    rows: Rows = {"cases": [CASE], "events": events(LABEL, scan("first_scan", -9, 500), scan("hub_in", -8, 500))}
    assert say("measured_weights", rows) == 0.0
    assert say("measured_weight_drop", rows) is None


def test_a_weight_that_nobody_says_was_measured_is_none(say: Say) -> None:
    rows: Rows = {"cases": [CASE], "events": events(("first_scan", -9, {"weight_g": 400.0}))}
    assert say("measured_weights", rows) == 0.0


def test_a_weight_on_the_way_back_says_nothing_of_the_way_there(say: Say) -> None:
    rows: Rows = {"cases": [CASE], "events": events(scan("first_scan", -9, 400), scan("return_scan", -1, 30))}
    assert say("measured_weight_drop", rows) is None


def test_an_event_belongs_to_the_case_it_names_and_else_to_every_case_of_its_order(say: Say) -> None:
    other = {"case_id": "d", "opened_at": T0, "order_id": "o"}
    for of, said in (({}, 1.0), ({"case_id": "c"}, 1.0), ({"case_id": "d"}, 0.0), ({"order_id": "p"}, 0.0)):
        rows: Rows = {"cases": [CASE, other], "events": [events(("delivered", -2))[0] | of]}
        assert say("deliveries", rows) == said


@pytest.mark.parametrize("name", [feature.name for feature, _ in DELIVERY])
def test_without_events_nothing_is_known_and_with_none_of_the_case_nothing_was_seen(say: Say, name: str) -> None:
    order = ORDER | {"ship_by_at": at(-5), "promised_at": at(-5)}
    assert say(name, {"cases": [CASE], "orders": [order]}) is None
    said = say(name, {"cases": [CASE], "orders": [order], "events": []})
    assert said in ((5.0,) if "_past_" in name else (0.0, None))


def test_a_column_that_was_not_supplied_tells_nothing_even_where_there_are_events(
    tables_of: Callable[[Rows], Tables], causes_of: Callable[..., dict[str, str]]
) -> None:
    whole = tables_of({"cases": [CASE], "events": events(("delivered", -2))})
    lacking = Tables({"cases": whole["cases"], "events": whole["events"].drop_columns(["photo", "known_at"])})
    causes = causes_of(lacking)
    assert causes["delivery_photo"] == causes["upload_lag"] == "U02"
    assert causes["delivery_signed"] == "U07"
    assert causes["late_delivery"] == "U01"
    assert "deliveries" not in causes
