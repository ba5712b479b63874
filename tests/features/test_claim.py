"""What each feature of the claim family says, on the smallest case that shows it."""

import math
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest

from features.asks import asks_as_of
from features.build import OTHER, Fitted, build
from features.catalog import Catalog
from features.claim import CLAIM
from features.tables import HOUR, Tables

T0 = datetime(2025, 3, 1, tzinfo=UTC)
Row = dict[str, Any]
Say = Callable[..., float | str | None]

CASE: Row = {"case_id": "c", "opened_at": T0, "order_id": "o", "line_id": "1"}
ORDER: Row = {"order_id": "o", "line_id": "1", "placed_at": T0 - timedelta(days=5)}


@pytest.fixture
def say(tables_of: Callable[[dict[str, list[Row]]], Tables]) -> Say:
    """The value of a feature of one case, so many hours after it was opened; a category by its word."""

    def say(name: str, case: Row | None = None, order: Row | None = None, hours: float = 0.0) -> float | str | None:
        tables = tables_of({"cases": [CASE | (case or {})], "orders": [ORDER | (order or {})]})
        feature = next(f for f, _ in CLAIM if f.name == name)
        given = {word for row in (case or {}, order or {}) for word in row.values() if isinstance(word, str)}
        kept = tuple(sorted(given | {"opened", "escalated", "evidence_closed"}))
        as_of = tables.instants("cases", "opened_at") + int(hours * HOUR)
        asks = asks_as_of(tables, np.zeros(1, dtype=np.int64), as_of)
        value = build(tables, asks, Fitted(Catalog((feature,)), {name: kept}, (), 1.0)).values[0, 0]
        if math.isnan(value):
            return None
        return (*kept, OTHER)[int(value)] if feature.kind == "category" else float(value)

    return say


@pytest.mark.parametrize(
    ("name", "case", "order", "said"),
    [
        ("reason_claimed", {"reason": "defective"}, {}, "defective"),
        ("stage", {"stage": "appeal"}, {}, "appeal"),
        ("initiator", {"initiator": "buyer"}, {}, "buyer"),
        ("remedy_asked", {"remedy_asked": "exchange"}, {}, "exchange"),
        ("claim_language", {"language": "zh"}, {}, "zh"),
        ("claimed_amount", {"claimed_cents": 1250}, {}, 12.5),
        ("claimed_share", {"claimed_cents": 500}, {"paid_cents": 2000}, 0.25),
        ("claimed_share", {"claimed_cents": 500}, {"paid_cents": 0}, None),
        ("refunded_share", {"refund_already_cents": 500}, {"paid_cents": 2000}, 0.25),
        ("claim_length", {"claim_text": "箱子空"}, {}, 3.0),
        ("claim_length", {"claim_text": ""}, {}, 0.0),
        ("claim_length", {}, {}, None),
        ("hours_from_order", {}, {}, 120.0),
        ("hours_past_promise", {}, {"promised_at": T0 + timedelta(hours=6)}, -6.0),
        ("category", {}, {"category": "home"}, "home"),
        ("fulfilment", {}, {"fulfilment": "seller_shipped"}, "seller_shipped"),
        ("carrier", {}, {"carrier": "u"}, "u"),
        ("service", {}, {"service": "fast"}, "fast"),
        ("label_owner", {}, {"label_owner": "seller"}, "seller"),
        ("unit_price", {}, {"unit_price_cents": 999}, 9.99),
        ("quantity", {}, {"quantity": 3}, 3.0),
        ("discount_share", {}, {"unit_price_cents": 500, "quantity": 2, "seller_discount_cents": 100}, 0.1),
        ("discount_share", {}, {"seller_discount_cents": 100}, None),
    ],
)
def test_a_feature_says_what_its_sentence_says(say: Say, name: str, case: Row, order: Row, said: Any) -> None:
    assert say(name, case, order) == said


def test_hours_run_from_the_opening_to_now(say: Say) -> None:
    assert say("hours_since_opened") == 0.0
    assert say("hours_since_opened", hours=36) == 36.0


def test_an_escalation_is_told_from_its_own_instant_on(say: Say) -> None:
    case = {"escalated_at": T0 + timedelta(hours=10)}
    assert say("hours_to_escalation", case, hours=9.9) is None
    assert say("hours_to_escalation", case, hours=10) == 10.0
    assert [say("moment", case, hours=hours) for hours in (9.9, 10)] == ["opened", "escalated"]


def test_a_promise_may_lie_in_the_future(say: Say) -> None:
    assert say("hours_past_promise", {}, {"promised_at": T0 + timedelta(days=2)}) == -48.0


def test_an_order_without_any_discount_has_none_and_without_the_columns_nobody_knows(
    say: Say, tables_of: Callable[[dict[str, list[Row]]], Tables]
) -> None:
    order = {"unit_price_cents": 500, "quantity": 2}
    assert say("discount_share", {}, order) == 0.0
    tables = tables_of({"cases": [CASE], "orders": [ORDER | order]})
    lacking = Tables({"cases": tables["cases"], "orders": tables["orders"].drop_columns(["platform_discount_cents"])})
    feature = next(f for f, _ in CLAIM if f.name == "discount_share")
    asks = asks_as_of(lacking, np.zeros(1, dtype=np.int64), lacking.instants("cases", "opened_at"))
    assert np.isnan(build(lacking, asks, Fitted(Catalog((feature,)), {}, (), 1.0)).values).all()


def test_a_partys_writing_may_not_be_told() -> None:
    told = {feature.name: feature.citable for feature, _ in CLAIM}
    assert not told["claim_length"]
    assert not told["claim_language"]
    assert told["reason_claimed"]
