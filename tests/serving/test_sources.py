"""What a fact or a reason rests on are the rows of its own case that bear it, and no others."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pytest

from features.asks import asks_as_of
from features.check import check
from features.view import View
from models.policy import READ
from serving.sources import MOST, Sources

OPENED: Final = datetime(2026, 3, 10, tzinfo=UTC)
FACT: Final = {fact.name: fact for fact in READ}


def event(name: str, kind: str, day: int, order: str = "o0", **payload: Any) -> dict[str, Any]:
    nothing = dict.fromkeys(("weight_g", "weight_measured", "signed", "code"))
    return {
        "event_id": name, "order_id": order, "kind": kind, "happened_at": OPENED + timedelta(days=day), **nothing,
    } | payload  # fmt: skip


def item(name: str, kind: str, party: str, *, agrees: bool | None = True, case: str = "c0") -> dict[str, Any]:
    return {
        "evidence_id": name, "case_id": case, "kind": kind, "party": party, "known_at": OPENED,
        "supports_claim": agrees,
    }  # fmt: skip


EVENTS: Final = [
    event("later", "hub_in", -5),
    event("first", "first_scan", -6, weight_g=900.0, weight_measured=True),
    event("label", "label_created", -7, weight_g=1_000.0),
    event("signed", "delivered", -4, signed=True),
    event("unread", "delivered", -3),
    event("damaged", "exception", -5, code=" Damaged"),
    event("weather", "exception", -5, code="weather"),
    event("of another", "first_scan", -6, order="o1", weight_g=500.0, weight_measured=True),
    event("not known yet", "delivered", 9, signed=True),
    *(event(f"many {i}", "address_changed", -2) for i in range(MOST + 2)),
]
EVIDENCE: Final = [
    item("photo", "item_photo", "buyer"),
    item("unread photo", "item_photo", "buyer", agrees=None),
    item("film", "packing_video", "seller"),
    item("another's", "item_photo", "buyer", case="c1"),
]


@pytest.fixture(scope="module")
def sources() -> Sources:
    """The rows of the first of two cases, as known a day after it was opened."""
    rows = {
        "cases": [{"case_id": f"c{i}", "opened_at": OPENED, "order_id": f"o{i}"} for i in range(2)],
        "events": EVENTS,
        "evidence": EVIDENCE,
    }
    tables = check({name: pa.Table.from_pylist(found) for name, found in rows.items()}).tables
    a_day_later = tables.instants("cases", "opened_at") + 86_400_000_000
    return Sources(View(tables, asks_as_of(tables, np.arange(2), a_day_later)), 0)


@pytest.mark.parametrize(
    ("fact", "rows"),
    [
        ("handed_over", ["first"]),
        ("days_since_last_scan", ["unread"]),
        ("signed", ["signed"]),
        ("weight_short_first", ["label", "first"]),
        ("damage_noted", ["damaged"]),
        ("parcels_delivered", ["signed", "unread"]),
        ("declared_lost", []),
        ("item_photo_shown", ["photo", "unread photo"]),
        ("item_photo_agrees", ["photo"]),
        ("fault_video_shown", []),
        ("seller_scored", ["film"]),
        ("buyer_withheld", []),
        ("evidence_conflicts", ["film", "photo"]),
        ("paid_cents", []),
        ("buyer_claims_90d", []),
    ],
)
def test_a_fact_rests_on_the_rows_that_bear_it(sources: Sources, fact: str, rows: list[str]) -> None:
    assert [anchor.id for anchor in sources.of(fact, FACT[fact].reads)] == rows


def test_no_more_rows_are_named_than_anybody_reads(sources: Sources) -> None:
    found = sources.of("address_changed_by", FACT["address_changed_by"].reads)
    assert [anchor.id for anchor in found] == [f"many {i}" for i in range(MOST)]


def test_a_row_is_named_by_its_kind(sources: Sources) -> None:
    kinds = {sources.of(name, FACT[name].reads)[0].kind for name in ("handed_over", "signed")}
    assert kinds == {"event"}
    assert sources.of("item_photo_shown", FACT["item_photo_shown"].reads)[0].kind == "evidence"
