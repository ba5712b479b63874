"""What each feature of the returns family says, on the smallest case that shows it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from features.returns import RETURNS

T0 = datetime(2025, 3, 10, tzinfo=UTC)
Row = dict[str, Any]
Rows = dict[str, list[Row]]
Say = Callable[..., float | str | None]

CASE: Row = {"case_id": "c", "opened_at": T0, "order_id": "o"}


def at(hours: float) -> datetime:
    return T0 + timedelta(hours=hours)


def world(*returns: Row, events: tuple[Row, ...] = ()) -> Rows:
    own = {"case_id": "c", "issued_at": at(-200)}
    scans = [{"event_id": f"e{i}", "case_id": "c", "happened_at": at(-9)} | row for i, row in enumerate(events)]
    return {
        "cases": [CASE],
        "returns": [{"return_id": f"r{i}"} | own | r for i, r in enumerate(returns)],
        "events": scans,
    }


@pytest.mark.parametrize(
    ("name", "back", "said"),
    [
        ("returns_known", {}, 1.0),
        ("return_label_owner", {"label_owner": "buyer"}, "buyer"),
        ("refund_trigger", {"refund_trigger": "received"}, "received"),
        ("return_grade", {"grade": "wrong_item", "graded_at": at(-1)}, "wrong_item"),
        ("return_dropped_off", {"dropped_off_at": at(-72)}, 1.0),
        ("return_dropped_off", {}, 0.0),
        ("return_item_scanned", {"dropped_off_at": at(-72), "item_scanned": True}, 1.0),
        ("return_item_scanned", {"dropped_off_at": at(-72)}, None),
        ("return_scanned", {"first_scan_at": at(-72)}, 1.0),
        ("days_since_drop_off", {"dropped_off_at": at(-72)}, 3.0),
        ("return_received", {"received_at": at(-24)}, 1.0),
        ("days_since_received", {"received_at": at(-24)}, 1.0),
        ("return_travel_days", {"dropped_off_at": at(-72), "received_at": at(-24)}, 2.0),
    ],
)
def test_a_feature_says_what_its_sentence_says(say: Say, name: str, back: Row, said: float | str | None) -> None:
    assert say(name, world(back)) == said


def test_each_step_of_the_way_back_is_told_from_its_own_instant_on(say: Say) -> None:
    back = {"dropped_off_at": at(5), "item_scanned": True, "received_at": at(7), "graded_at": at(9), "grade": "empty"}
    for name, hours, before, after in (
        ("return_item_scanned", 5, None, 1.0),
        ("return_received", 7, 0.0, 1.0),
        ("return_grade", 9, None, "empty"),
    ):
        assert [say(name, world(back), h) for h in (hours - 0.1, hours)] == [before, after]


def test_a_grade_without_a_date_of_inspection_tells_nothing(say: Say) -> None:
    assert say("return_grade", world({"grade": "empty"})) is None


def test_of_several_returns_the_worst_grade_is_told(say: Say) -> None:
    graded = {"graded_at": at(-1)}
    assert say("return_grade", world(graded | {"grade": "empty"}, graded | {"grade": "original"})) == "empty"


def test_what_came_back_is_weighed_against_what_was_declared(say: Say) -> None:
    label = {"kind": "label_created", "weight_g": 500.0, "weight_measured": False}
    back = {"kind": "return_scan", "weight_g": 50.0, "weight_measured": True}
    assert say("return_weight_short", world(events=(label, back))) == pytest.approx(0.9)
    assert say("return_weight_short", world(events=(label, back | {"weight_g": 500.0}))) is None


def test_a_return_delivered_to_another_door_is_told(say: Say) -> None:
    scan = {"kind": "return_delivered", "zip_match": True, "address_match": False}
    assert say("return_to_address", world(events=(scan,))) == 0.0


@pytest.mark.parametrize("name", [feature.name for feature, _ in RETURNS])
def test_without_the_table_nothing_is_known_and_without_a_return_nothing_was_seen(say: Say, name: str) -> None:
    assert say(name, {"cases": [CASE]}) is None
    counted = name == "returns_known" or name in ("return_dropped_off", "return_scanned", "return_received")
    assert say(name, world()) == (0.0 if counted else None)
