"""What each feature of the returns family says, on the smallest case that shows it."""

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest

from features.asks import Asks
from features.build import Fitted, build
from features.catalog import Catalog
from features.returns import RETURNS
from features.tables import Tables
from features.vocabulary import GRADES

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


def test_a_grade_without_a_date_of_inspection_is_known_from_the_first_final_ruling(say: Say) -> None:
    rows = world({"grade": "empty"})
    assert say("return_grade", rows, 99) is None
    for provisional, hours in ((True, 2), (False, 5), (False, 9)):
        ruling = {"case_id": "c", "ruled_at": at(hours), "liable": "buyer", "provisional": provisional}
        rows.setdefault("rulings", []).append(ruling)
    assert [say("return_grade", rows, hours) for hours in (2, 4.9, 5)] == [None, None, "empty"]


def test_a_grade_is_known_exactly_from_its_inspection_or_else_from_the_ruling(
    in_worlds: Callable[..., None], tables_of: Callable[[Rows], Tables], every_ask: Callable[[Tables], Asks]
) -> None:
    feature = next(f for f, _ in RETURNS if f.name == "return_grade")
    fitted = Fitted(Catalog((feature,)), {feature.name: GRADES}, (), 1.0)

    def grade(rows: Rows, case_id: str, then: datetime) -> float:
        made = [r for r in rows.get("rulings", []) if r["case_id"] == case_id and not r["provisional"]]
        ruled = [min(r["ruled_at"] for r in made)] if made else []
        known = [-1]
        for back in rows.get("returns", []):
            if (
                back["case_id"] == case_id
                and back["grade"] is not None
                and (back["issued_at"] or back["dropped_off_at"]) <= then
            ):
                since = [back["graded_at"]] if back["graded_at"] else ruled
                known += [GRADES.index(back["grade"]) for instant in since if instant <= then]
        return max(known)

    def claim(rows: Rows, rng: random.Random) -> None:
        undated = [back | {"graded_at": rng.choice((back["graded_at"], None))} for back in rows.get("returns", [])]
        rows = rows | ({"returns": undated} if "returns" in rows else {})
        tables = tables_of(rows)
        asks = every_ask(tables)
        found = np.nan_to_num(build(tables, asks, fitted).values[:, 0], nan=-1.0)
        for i, (case, as_of) in enumerate(zip(asks.case, asks.as_of, strict=True)):
            then = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=int(as_of))
            assert found[i] == grade(rows, rows["cases"][case]["case_id"], then)

    in_worlds(claim, many=500)


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
