"""Which fixture to choose.

``world``        about 400 checked cases of four parties with orders, events, rulings and appeals; shared, read-only
``make_world``   the same kind of world with other sizes or seeds, as raw Arrow tables
``make_case``    one case as rows by table, as a client would send it; change what the test is about
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

Rows = dict[str, list[dict[str, Any]]]
START = datetime(2025, 1, 1, tzinfo=UTC)
REASONS = ("not_shipped", "inr_lost_in_transit", "damaged_item", "not_as_described", "changed_mind")
USUAL = {  # who is usually liable for what the buyer says, so that there is something to learn
    "not_shipped": "seller",
    "inr_lost_in_transit": "carrier",
    "damaged_item": "shared",
    "not_as_described": "seller",
    "changed_mind": "none",
}


def world_rows(cases: int, seed: int) -> Rows:
    """A small marketplace: sellers and carriers that differ, late rulings, a few defaults and appeals."""
    rng = np.random.default_rng(seed)
    rows: Rows = {name: [] for name in ("cases", "orders", "events", "rulings", "appeals")}
    careless = rng.random(12) < 0.4
    for i in range(cases):
        opened = START + timedelta(days=300 * i / cases, minutes=int(rng.integers(0, 600)))
        seller, carrier, reason = int(rng.integers(12)), int(rng.integers(3)), REASONS[int(rng.integers(5))]
        case_id, order_id = f"c{seed}-{i:05d}", f"o{seed}-{i:05d}"
        placed = opened - timedelta(days=int(rng.integers(3, 20)))
        paid = int(rng.integers(500, 20000))
        ruled = opened + timedelta(days=float(rng.gamma(2.0, 4.0)) + 2.5)
        liable = USUAL[reason]
        if rng.random() < 0.35:
            liable = "seller" if careless[seller] else ("carrier" if carrier == 2 else "buyer")
        if rng.random() < 0.05:
            liable = "platform"
        rows["cases"].append(
            {
                "case_id": case_id, "opened_at": opened,
                "escalated_at": opened + timedelta(days=2) if rng.random() < 0.6 else None,
                "order_id": order_id, "line_id": "1", "buyer_id": f"b{int(rng.integers(150))}",
                "seller_id": f"s{seller}", "reason": reason, "claimed_cents": paid,
                "remedy_asked": "full_refund", "language": ["en", "zh", "es"][int(rng.integers(3))],
                "address_id": f"a{int(rng.integers(140))}", "attr_tier": ["new", "known"][int(careless[seller])],
                "attr_score": float(rng.normal()), "audit_region": ["west", "east"][int(rng.integers(2))],
                "currency": "USD",
            }
        )  # fmt: skip
        rows["orders"].append(
            {
                "order_id": order_id, "line_id": "1", "known_at": placed, "placed_at": placed,
                "ship_by_at": placed + timedelta(days=2), "promised_at": placed + timedelta(days=7),
                "category": ["beauty", "apparel", "home"][int(rng.integers(3))], "sku": f"k{int(rng.integers(40))}",
                "quantity": 1, "unit_price_cents": paid, "paid_cents": paid, "carrier": f"carrier{carrier}",
                "service": "ground", "lane": f"carrier{carrier}|CA>TX", "fulfilment": "seller_shipped",
                "label_owner": "platform", "currency": "USD",
            }
        )  # fmt: skip
        rows["events"].append(
            {
                "event_id": f"e{seed}-{i:05d}", "case_id": None, "order_id": order_id, "kind": "first_scan",
                "happened_at": placed + timedelta(days=1), "known_at": placed + timedelta(days=1, hours=5),
                "actor": "carrier", "weight_g": float(rng.integers(100, 900)), "weight_measured": True,
            }
        )  # fmt: skip
        if i > cases * 0.95:
            continue
        default = rng.random() < 0.08
        rows["rulings"].append(
            {
                "case_id": case_id, "ruled_at": ruled, "liable": "seller" if default else liable,
                "entitled": liable != "buyer", "remedy": "full_refund", "refund_cents": paid,
                "basis": "default" if default else "merits", "provisional": False, "evidence_sufficient": True,
                "arbitrator_id": f"r{int(rng.integers(5))}", "currency": "USD",
            }
        )  # fmt: skip
        if rng.random() < 0.06:
            turned = bool(rng.random() < 0.4)
            rows["appeals"].append(
                {
                    "case_id": case_id, "appealed_at": ruled + timedelta(days=3),
                    "decided_at": ruled + timedelta(days=9) if rng.random() < 0.9 else None,
                    "new_evidence": turned, "overturned": turned, "liable_after": "buyer" if turned else None,
                }
            )  # fmt: skip
    return rows


def as_arrow(rows: Rows) -> dict[str, pa.Table]:
    """The same rows as raw Arrow tables, as a file would give them."""
    return {name: pa.Table.from_pylist(found) for name, found in rows.items() if found}


@pytest.fixture(scope="session")
def make_world() -> Callable[..., dict[str, pa.Table]]:
    """Make raw Arrow tables of a small world: ``make_world(cases=400, seed=1)``."""

    def make(cases: int = 400, seed: int = 1) -> dict[str, pa.Table]:
        return as_arrow(world_rows(cases, seed))

    return make


@pytest.fixture
def make_case() -> Callable[..., Rows]:
    """One open case as rows by table; keyword arguments change columns of its ``cases`` row."""

    def make(**changes: Any) -> Rows:
        rows = world_rows(1, 99)
        rows["cases"][0].update(changes)
        return {"cases": rows["cases"], "orders": rows["orders"], "events": rows["events"]}

    return make
