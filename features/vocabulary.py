"""The closed lists of words that coded columns may hold.

Every word here is the field's own; a value outside its list is dropped with a code, never guessed at.
"""

from typing import Final

Codes = tuple[str, ...]

PARTIES: Final[Codes] = ("buyer", "seller", "carrier", "platform")
LIABLE: Final[Codes] = (*PARTIES, "shared", "none")
"""Fault on the merits, in the order in which every probability is reported."""
RULED: Final[Codes] = (*LIABLE, "undetermined")
ACTORS: Final[Codes] = (*PARTIES, "system", "operator")
STAGES: Final[Codes] = ("request", "inspection", "after_refund", "appeal")
MOMENTS: Final[Codes] = ("opened", "escalated", "evidence_closed")
BASES: Final[Codes] = ("merits", "default", "auto_rule", "settlement", "withdrawn")
ANSWERS: Final[Codes] = ("supplied", "refused", "unavailable", "silent")
KEY_KINDS: Final[Codes] = ("seller", "buyer", "sku", "lane", "carrier", "category")
LABEL_OWNERS: Final[Codes] = ("platform", "seller", "buyer")
REFUND_TRIGGERS: Final[Codes] = ("drop_off", "first_scan", "received", "inspected")
GRADES: Final[Codes] = ("original", "minor_damage", "severe_damage", "wrong_item", "empty")
FULFILMENTS: Final[Codes] = ("platform_shipped", "seller_shipped", "platform_fulfilled")
REMEDIES: Final[Codes] = (
    "full_refund",
    "return_and_refund",
    "partial_refund",
    "exchange",
    "reshipment",
    "reject",
)
REASONS: Final[Codes] = (
    "not_shipped",
    "inr_lost_in_transit",
    "inr_delivered_denied",
    "inr_misdelivered",
    "late_delivery",
    "delivery_failed_rts",
    "address_error",
    "damaged_item",
    "box_damaged_item_ok",
    "defective",
    "not_as_described",
    "wrong_item",
    "missing_item_parts",
    "empty_box",
    "partial_shipment",
    "counterfeit",
    "expired_spoiled",
    "fit_style",
    "changed_mind",
    "unauthorized",
    "not_fulfilled_replacement",
    "credit_not_processed",
    "return_rejected_condition",
    "return_wrong_or_empty",
    "return_not_received",
)
EVENT_KINDS: Final[Codes] = (
    "order_placed",
    "order_paid",
    "order_cancel_requested",
    "order_cancelled",
    "label_created",
    "label_voided",
    "first_scan",
    "hub_in",
    "hub_out",
    "in_transit",
    "customs",
    "out_for_delivery",
    "delivery_attempted",
    "available_for_pickup",
    "delivered",
    "exception",
    "return_to_sender",
    "tracking_expired",
    "lost_declared",
    "found",
    "address_changed",
    "listing_changed",
    "claim_opened",
    "reason_changed",
    "seller_notified",
    "deadline_set",
    "seller_responded",
    "seller_timed_out",
    "offer_made",
    "offer_accepted",
    "offer_declined",
    "evidence_requested",
    "evidence_overdue",
    "escalated",
    "refund_issued",
    "replacement_ordered",
    "return_label_issued",
    "return_dropped_off",
    "return_scan",
    "return_delivered",
    "return_inspected",
    "disposition_set",
    "carrier_trace_opened",
    "carrier_trace_closed",
    "chargeback_opened",
    "chargeback_closed",
)
EVIDENCE_KINDS: Final[Codes] = (
    "carrier_tracking_log",
    "acceptance_scan",
    "delivered_scan",
    "delivery_geo",
    "delivery_photo",
    "signature_pod",
    "pickup_otp",
    "parcel_weight_scans",
    "carrier_investigation",
    "carrier_damage_report",
    "shipping_label_image",
    "handover_receipt",
    "packing_photo",
    "packing_video",
    "pack_weight_record",
    "listing_snapshot",
    "invoice_authorisation",
    "expert_or_brand_letter",
    "item_photo",
    "unboxing_video",
    "outer_box_photo",
    "fault_video",
    "chat_transcript",
    "address_history",
    "serial_record",
    "return_inspection",
    "return_dropoff_receipt",
    "police_report_or_affidavit",
    "refund_or_replacement_proof",
)
