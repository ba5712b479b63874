"""Facts of whether there is anything to read: evidence read, a return weighed anew, a listing changed since."""

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
Tell = Callable[..., dict[str, Any]]


@pytest.fixture
def tell(tables_of: Callable[[dict[str, list[Row]]], Tables]) -> Tell:
    """The facts of a case opened now with these items of evidence, and events so many hours before it."""

    def tell(*items: Row, events: tuple[tuple[str, float, Row], ...] = ()) -> dict[str, Any]:
        given = {"case_id": "c", "known_at": T0, "kind": "item_photo", "party": "buyer"}
        tables = tables_of(
            {
                "cases": [{"case_id": "c", "opened_at": T0, "order_id": "o"}],
                "orders": [{"order_id": "o", "placed_at": T0 - timedelta(days=9)}],
                "evidence": [given | {"evidence_id": f"v{i}"} | item for i, item in enumerate(items)],
                "events": [
                    {"event_id": f"e{i}", "case_id": "c", "kind": kind, "happened_at": T0 - timedelta(hours=before)}
                    | row
                    for i, (kind, before, row) in enumerate(events)
                ],
                "returns": [{"return_id": "r", "case_id": "c", "issued_at": T0}],
            }
        )
        as_of = tables.instants("cases", "opened_at")
        return dict(facts(tables, asks_as_of(tables, np.zeros(1, dtype=np.int64), as_of)).to_pylist()[0])

    return tell


def test_an_item_is_read_where_it_says_something_and_no_other_of_its_kind_says_the_contrary(tell: Tell) -> None:
    assert tell()["item_photo_read"] is False
    assert tell({"supports_claim": True})["item_photo_read"] is True
    assert tell({"supports_claim": None})["item_photo_read"] is False
    assert tell({"supports_claim": True}, {"supports_claim": False})["item_photo_read"] is False
    assert tell({"supports_claim": False, "legible": False})["item_photo_read"] is False


def test_what_is_read_either_agrees_or_contradicts_and_what_is_not_read_does_neither(tell: Tell) -> None:
    for items in ((), ({"supports_claim": True},), ({"supports_claim": None},), ({"supports_claim": False},)):
        found = tell(*items)
        assert found["item_photo_read"] is (found["item_photo_agrees"] is not None)


def test_a_weight_of_a_return_that_only_repeats_the_label_is_no_weighing(tell: Tell) -> None:
    label = ("label_created", 90, {"weight_g": 500.0, "weight_measured": False})
    copied = ("return_scan", 9, {"weight_g": 500.0, "weight_measured": True})
    anew = ("return_scan", 8, {"weight_g": 28.0, "weight_measured": True})
    assert tell(events=(label, copied))["return_weighings"] == 0
    assert tell(events=(label, copied, anew))["return_weighings"] == 1


def test_a_listing_changed_before_the_order_is_the_listing_as_sold(tell: Tell) -> None:
    assert tell(events=(("listing_changed", 24 * 10, {}),))["listing_changed"] is False
    assert tell(events=(("listing_changed", 24 * 8, {}),))["listing_changed"] is True


def test_whether_a_listing_was_changed_after_an_order_that_is_not_known_is_not_known(
    tables_of: Callable[[dict[str, list[Row]]], Tables],
) -> None:
    change = {"event_id": "e", "case_id": "c", "kind": "listing_changed", "happened_at": T0}
    tables = tables_of({"cases": [{"case_id": "c", "opened_at": T0}], "orders": [], "events": [change]})
    asks = asks_as_of(tables, np.zeros(1, dtype=np.int64), tables.instants("cases", "opened_at"))
    assert facts(tables, asks).column("listing_changed").to_pylist() == [None]
