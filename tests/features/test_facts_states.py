"""The three states of every fact: null without its table, false or 0 without a row, a value where one is there."""

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest

from features.asks import Asks, asks_as_of
from features.contract import TABLES
from features.facts import FACTS, facts
from features.tables import HOUR, Tables
from features.vocabulary import EVIDENCE_KINDS

T0 = datetime(2025, 3, 10, tzinfo=UTC)
Row = dict[str, Any]
Rows = dict[str, list[Row]]
Told = dict[str, Any]

OF_SEVERAL_TABLES = {
    "refunded_cents", "refund_issued", "buyer_admits", "hazard_mentioned", "injury_mentioned", "return_grade",
}  # fmt: skip
"""Facts that one table may tell where another is not there."""


def at(hours: float) -> datetime:
    return T0 + timedelta(hours=hours)


def of_case(table: str, *rows: Row) -> list[Row]:
    """Rows of the one case, each with a key of its own."""
    key = TABLES[table].key[0]
    return [{key: f"{table}{i}", "case_id": "c"} | row for i, row in enumerate(rows)]


NOTHING: Rows = {name: [] for name in TABLES} | {"cases": [{"case_id": "c", "opened_at": T0}]}
OTHER = {"buyer_id": "b", "seller_id": "s"}
FULL: Rows = {
    "cases": [
        {
            "case_id": "c", "opened_at": T0, "escalated_at": at(12), "evidence_closed_at": at(20),
            "stage": "inspection", "initiator": "buyer", "order_id": "o", "line_id": "1", "reason": "damaged_item",
            "claimed_cents": 900,
            "remedy_asked": "full_refund", "claim_text": "It caught fire and burned my hand", "language": "en",
            "refund_already_cents": 100,
        } | OTHER,
        {"case_id": "d", "opened_at": at(-240)} | OTHER,
        {"case_id": "e", "opened_at": at(-4800)} | OTHER,
    ],
    "orders": [
        {
            "order_id": "o", "line_id": "1", "placed_at": at(-96), "ship_by_at": at(-72), "promised_at": at(-36),
            "category": "home", "quantity": 2, "unit_price_cents": 500, "paid_cents": 1000, "shipping_cents": 50,
            "tax_cents": 80, "platform_discount_cents": 70, "fulfilment": "seller_shipped", "label_owner": "seller",
        }
    ],
    "events": of_case(
        "events",
        {"kind": "label_created", "happened_at": at(-80), "weight_g": 500.0},
        {"kind": "address_changed", "happened_at": at(-70), "actor": "buyer"},
        {"kind": "first_scan", "happened_at": at(-60), "weight_g": 400.0, "weight_measured": True},
        {"kind": "hub_in", "happened_at": at(-50), "weight_g": 300.0, "weight_measured": True},
        {"kind": "exception", "happened_at": at(-49), "code": "Damaged"},
        {"kind": "tracking_expired", "happened_at": at(-48)},
        {"kind": "found", "happened_at": at(-48)},
        {"kind": "lost_declared", "happened_at": at(-47)},
        {"kind": "return_to_sender", "happened_at": at(-46)},
        {
            "kind": "delivered", "happened_at": at(-24), "signed": True, "photo": False, "zip_match": True,
            "address_match": False, "distance_m": 180.0,
        },
        {"kind": "delivery_attempted", "happened_at": at(-23), "code": "refused"},
        {"kind": "seller_responded", "happened_at": at(1), "code": "partial"},
        {"kind": "offer_made", "happened_at": at(1), "amount_cents": 300},
        {"kind": "offer_accepted", "happened_at": at(2)},
        {"kind": "seller_timed_out", "happened_at": at(2)},
        {"kind": "chargeback_opened", "happened_at": at(3)},
        {"kind": "return_scan", "happened_at": at(4), "weight_g": 250.0, "weight_measured": True},
        {"kind": "return_delivered", "happened_at": at(5), "address_match": True},
        {"kind": "listing_changed", "happened_at": at(5)},
    ),
    "evidence": of_case(
        "evidence",
        {"kind": "item_photo", "party": "buyer", "known_at": T0, "supports_claim": True, "sha256": "x"},
        {"kind": "outer_box_photo", "party": "buyer", "known_at": T0, "supports_claim": True, "synthetic_score": 0.2},
        {"kind": "packing_photo", "party": "seller", "known_at": T0, "supports_claim": False, "synthetic_score": 0.1},
        *({"kind": kind, "party": "platform", "known_at": T0, "supports_claim": True} for kind in EVIDENCE_KINDS),
    ),
    "messages": of_case(
        "messages",
        {"party": "buyer", "sent_at": T0, "language": "en", "text": "I broke it"},
        {"party": "seller", "sent_at": T0, "language": "en", "text": "our mistake"},
    ),
    "requests": of_case(
        "requests", {"kind": "delivery_photo", "party": "carrier", "asked_at": at(1), "due_at": at(2)}
    ),
    "returns": of_case(
        "returns",
        {
            "issued_at": at(-20), "label_owner": "platform", "refund_trigger": "drop_off", "dropped_off_at": at(-12),
            "item_scanned": True, "first_scan_at": at(-11), "received_at": at(0), "graded_at": at(1), "grade": "empty",
        },
    ),
    "ledger": of_case(
        "ledger",
        {"kind": "refund", "payer": "platform", "payee": "buyer", "cents": 200, "at": at(2)},
        {"kind": "referral_fee", "payer": "seller", "payee": "platform", "cents": 60, "at": at(-80)},
        {"kind": "creator_commission", "payer": "seller", "payee": "platform", "cents": 40, "at": at(-80)},
        {"kind": "refund_borne", "payer": "seller", "payee": "platform", "cents": 150, "at": at(2)},
    ),
    "volumes": [],
    "rulings": [
        {"case_id": "d", "ruled_at": at(-100), "liable": "buyer", "basis": "merits"},
        {"case_id": "e", "ruled_at": at(-1000), "basis": "default"},
    ],
    "appeals": [],
}  # fmt: skip

TOLD: Told = {
    "platform_discount_cents": 70.0, "referral_fee_cents": 60.0, "commission_cents": 40.0, "borne_cents": 150.0,
    "reason": "damaged_item", "stage": "inspection", "initiator": "buyer", "remedy_asked": "full_refund",
    "claimed_cents": 900.0, "hours_open": 24.0, "escalated": True, "evidence_closed": True, "category": "home",
    "days_since_placed": 5.0, "fulfilment": "seller_shipped", "label_owner": "seller", "quantity": 2.0,
    "unit_price_cents": 500.0, "paid_cents": 1000.0, "shipping_cents": 50.0, "tax_cents": 80.0, "handed_over": True,
    "hours_late_to_ship": 12.0, "hours_unscanned": 0.0, "delivered": True, "days_late": 0.5, "days_overdue": 0.0,
    "days_after_delivery": 1.0, "days_since_last_scan": 47 / 24, "transit_days": 1.5, "delivery_attempts": 1.0,
    "refused": True, "sent_back": True, "declared_lost": True, "found_again": True, "tracking_expired": True,
    "parcels": 1.0, "parcels_delivered": 1.0, "address_changed_by": "buyer", "damage_noted": True, "signed": True,
    "door_photo": False, "zip_match": True, "address_match": False, "position_recorded": True, "door_distance_m": 180.0,
    "weighings": 2.0, "weight_short_first": 0.2, "weight_drop": 0.25, "buyer_burden_met": True, "buyer_withheld": False,
    "seller_burden_met": True, "seller_withheld": False, "carrier_burden_met": True, "carrier_withheld": True,
    "buyer_file_reused": False, "buyer_scored": True, "buyer_synthetic": 0.2,
    "seller_file_reused": False, "seller_scored": True, "seller_synthetic": 0.1,
    "evidence_conflicts": True, "seller_answer": "partial", "seller_timed_out": True, "offer_accepted": True,
    "offer_cents": 300.0, "buyer_admits": True, "seller_admits": True, "return_issued": True,
    "return_dropped_off": True, "return_item_scanned": True, "return_scanned": True, "return_received": True,
    "return_grade": "empty", "return_label_owner": "platform", "refund_trigger": "drop_off", "days_since_drop_off": 1.5,
    "days_since_return_received": 1.0, "return_to_address": True, "return_weighings": 1.0,
    "return_weight_short": 0.5, "listing_changed": True, "refunded_cents": 300.0,
    "refund_issued": True, "chargeback_open": True, "hazard_mentioned": True, "injury_mentioned": True,
    "buyer_claims_90d": 1.0, "buyer_faults_365d": 1.0, "seller_defaults_90d": 1.0,
} | {f"{kind}_{told}": True for kind in EVIDENCE_KINDS for told in ("shown", "read", "agrees")} | {
    "packing_photo_read": False, "packing_photo_agrees": None,
}  # fmt: skip
"""What is known of that case a day after it was opened; of packing photos one agrees and one contradicts."""

UNTOLD: Told = {
    "referral_fee_cents": 0.0, "commission_cents": 0.0, "borne_cents": 0.0,
    "escalated": False, "evidence_closed": False, "hours_open": 0.0, "handed_over": False, "delivered": False,
    "delivery_attempts": 0.0, "refused": False, "sent_back": False, "declared_lost": False, "found_again": False,
    "tracking_expired": False, "parcels": 0.0, "parcels_delivered": 0.0, "address_changed_by": "nobody",
    "damage_noted": False, "position_recorded": False, "weighings": 0.0, "buyer_withheld": False,
    "seller_withheld": False, "carrier_withheld": False, "buyer_file_reused": False, "seller_file_reused": False,
    "evidence_conflicts": False, "seller_answer": "none", "seller_timed_out": False, "offer_accepted": False,
    "buyer_admits": False, "seller_admits": False, "return_issued": False, "return_dropped_off": False,
    "return_scanned": False, "return_received": False, "return_weighings": 0.0,
    "buyer_scored": False, "seller_scored": False,
    "listing_changed": False, "refunded_cents": 0.0, "refund_issued": False,
    "chargeback_open": False, "hazard_mentioned": False, "injury_mentioned": False,
} | {f"{kind}_{told}": False for kind in EVIDENCE_KINDS for told in ("shown", "read")}  # fmt: skip
"""What is known of a case of which no table has a row: existence is false, counts are 0, all else is null."""


@pytest.fixture
def tell(tables_of: Callable[[Rows], Tables]) -> Callable[..., Told]:
    def tell(rows: Rows, hours: float = 0.0) -> Told:
        return facts_of(tables_of(rows), hours)

    return tell


def facts_of(tables: Tables, hours: float = 0.0) -> Told:
    """The facts of the first case, so many hours after it was opened."""
    as_of = tables.instants("cases", "opened_at")[:1] + int(hours * HOUR)
    found: Told = facts(tables, asks_as_of(tables, np.zeros(1, dtype=np.int64), as_of)).to_pylist()[0]
    return found


def test_a_case_of_which_all_is_known_has_every_fact(tell: Callable[..., Told]) -> None:
    found = tell(FULL, 24)
    assert found.keys() == TOLD.keys()
    assert {name: value for name, value in found.items() if value != pytest.approx(TOLD[name])} == {}


def test_a_case_without_rows_has_nothing_there_and_no_attribute_of_it(tell: Callable[..., Told]) -> None:
    assert {name: value for name, value in tell(NOTHING).items() if value is not None} == UNTOLD


@pytest.mark.parametrize("table", [name for name in TABLES if name not in ("cases", "volumes", "appeals")])
def test_a_table_that_was_not_supplied_makes_what_is_read_from_it_null_and_nothing_else(
    tell: Callable[..., Told], table: str
) -> None:
    without = {name: rows for name, rows in FULL.items() if name != table}
    reads = {fact.name for fact in FACTS if any(column.startswith(f"{table}.") for column in fact.reads)}
    found = tell(without, 24)
    assert reads
    assert [name for name in reads - OF_SEVERAL_TABLES if found[name] is not None] == []
    assert [name for name in found.keys() - reads if found[name] != pytest.approx(TOLD[name])] == []


def test_with_the_cases_alone_only_what_the_case_says_is_known(tell: Callable[..., Told]) -> None:
    found = tell({"cases": FULL["cases"]}, 24)
    of_case = {f.name for f in FACTS if all(column.startswith("cases.") for column in f.reads)}
    assert {name for name, value in found.items() if value is not None} == of_case | {
        "hazard_mentioned", "injury_mentioned",
    }  # fmt: skip


def test_a_column_that_was_not_supplied_makes_what_needs_it_null(tables_of: Callable[[Rows], Tables]) -> None:
    whole = tables_of(FULL)
    lacking = Tables({name: whole[name] for name in whole.names} | {"events": whole["events"].drop_columns(["signed"])})
    found = facts_of(lacking, 24)
    assert {name for name, value in found.items() if value is None} == {"packing_photo_agrees", "signed"}


def test_facts_of_a_case_alone_are_its_facts_in_a_batch_and_rows_follow_their_asks(
    in_worlds: Callable[..., None], tables_of: Callable[[Rows], Tables], every_ask: Callable[[Tables], Asks]
) -> None:
    def claim(rows: Rows, rng: random.Random) -> None:
        tables = tables_of(rows)
        asks = every_ask(tables)
        whole = facts(tables, asks).to_pylist()
        order = np.array(rng.choices(range(len(asks)), k=4))
        assert facts(tables, asks.take(order)).to_pylist() == [whole[i] for i in order.tolist()]
        (one,) = rng.sample(range(len(asks)), 1)
        case = rows["cases"][asks.case[one]]
        mine = {name: [row for row in found if belongs(row, case)] for name, found in rows.items() if name != "cases"}
        alone = tables_of({"cases": [case], **mine})
        told = facts(alone, Asks(np.zeros(1, dtype=np.int64), asks.as_of[[one]], asks.moment[[one]]), past=tables)
        assert told.to_pylist() == [whole[one]]

    in_worlds(claim, many=500)


def belongs(row: Row, case: Row) -> bool:
    """Whether a row is of this case, or of its order and of no case."""
    if row.get("case_id") is not None:
        return bool(row["case_id"] == case["case_id"])
    return row.get("order_id") is not None and bool(row["order_id"] == case["order_id"])


def test_a_fact_is_of_its_type_and_of_its_closed_list(
    in_worlds: Callable[..., None], tables_of: Callable[[Rows], Tables], every_ask: Callable[[Tables], Asks]
) -> None:
    arrow = {"flag": "bool", "number": "double", "word": "string"}

    def claim(rows: Rows, rng: random.Random) -> None:
        tables = tables_of(rows)
        found = facts(tables, every_ask(tables))
        assert [str(field.type) for field in found.schema] == [arrow[fact.type] for fact in FACTS]
        for fact in FACTS:
            column = found.column(fact.name)
            if fact.values:
                assert set(column.drop_null().to_pylist()) <= set(fact.values)
            if fact.type == "number":
                assert np.isfinite(column.drop_null().to_numpy()).all()

    in_worlds(claim, many=200)
