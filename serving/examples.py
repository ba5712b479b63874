"""Requests that work, as the interface's own description shows them; a test posts each."""

from typing import Any, Final

BARE: Final[dict[str, Any]] = {
    "cases": [{"case_id": "C-1001", "opened_at": "2026-03-02T09:30:00Z"}],
}

FULL: Final[dict[str, Any]] = {
    "as_of": "2026-03-05T12:00:00+01:00",
    "cases": [
        {
            "case_id": "C-1002",
            "opened_at": "2026-03-02T09:30:00Z",
            "escalated_at": "2026-03-04T16:05:00Z",
            "initiator": "buyer",
            "order_id": "O-77",
            "line_id": "1",
            "buyer_id": "b-3",
            "seller_id": "s-9",
            "reason": "inr_delivered_denied",
            "claimed_cents": 4590,
            "remedy_asked": "full_refund",
            "language": "en",
            "attr_tier": "new",
        }
    ],
    "orders": [
        {
            "order_id": "O-77",
            "line_id": "1",
            "placed_at": "2026-02-20T18:00:00Z",
            "promised_at": "2026-02-27T23:59:00Z",
            "category": "home",
            "sku": "k-12",
            "quantity": 1,
            "unit_price_cents": 4590,
            "paid_cents": 4590,
            "fulfilment": "seller_shipped",
            "carrier": "carrier1",
            "label_owner": "platform",
        }
    ],
    "events": [
        {
            "event_id": "E-1",
            "order_id": "O-77",
            "kind": "delivered",
            "happened_at": "2026-02-26T14:12:00Z",
            "known_at": "2026-02-26T14:20:00Z",
            "actor": "carrier",
            "zip_match": True,
        }
    ],
}

CASES: Final = {
    "bare": {"summary": "The least that can be asked", "value": BARE},
    "full": {"summary": "A case with its order and an event, as known at an instant", "value": FULL},
}

BATCHES: Final = {"two": {"summary": "Two cases, answered each by itself", "value": {"items": [BARE, FULL]}}}
