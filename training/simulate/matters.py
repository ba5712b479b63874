"""What a case is about in the words people use for it, by reason and by story."""

from typing import Final

OF_REASON: Final = {
    "absent": ("inr_delivered_denied", "inr_misdelivered"),
    "underway": ("not_shipped", "inr_lost_in_transit"),
    "late": ("late_delivery", "partial_shipment"),
    "damage": ("damaged_item", "box_damaged_item_ok"),
    "quality": ("defective", "expired_spoiled", "not_fulfilled_replacement"),
    "promised": ("not_as_described", "counterfeit", "fit_style"),
    "contents": ("missing_item_parts", "empty_box", "wrong_item"),
    "used": ("return_rejected_condition",),
    "other": ("return_wrong_or_empty",),
    "gone": ("return_not_received", "credit_not_processed"),
}
OF_STORY: Final = {
    "found": ("taken_in", "false_denial"),
    "broke": ("broken_by_buyer", "false_fault"),
    "misuse": ("misused",),
    "address": ("buyer_address",),
    "family": ("family_order",),
    "told": ("flaw_told",),
    "worn": ("disguised_remorse", "used_return"),
    "late": ("late_dispatch", "late_both"),
    "stock": ("never_shipped", "second_never", "replacement_unsent"),
    "label": ("seller_mislabelled",),
    "damage": ("unpadded", "crushed_unpadded"),
    "contents": ("wrong_item", "short", "empty_by_mistake", "stale"),
    "quality": ("faulty",),
    "promised": ("mislisted", "wrong_chart", "fake"),
    "withheld": ("refund_withheld",),
    "put aside": ("receipt_denied",),
    "looked again": ("rejected_wrongly", "switch_invented"),
}
LOOKS_LIKE: Final = {
    "lost_unscanned": "never_shipped",
    "lost_then_found": "lost",
    "taken_in": "misdelivered",
    "late_both": "late_dispatch",
    "crushed_unpadded": "unpadded",
    "empty_by_mistake": "short",
    "rejected_wrongly": "hurt_on_return",
    "mislaid": "lost_on_return",
    "receipt_denied": "lost_on_return",
    "switch_invented": "tote_swapped",
    "misused": "faulty",
    "buyer_address": "misdelivered",
    "platform_mislabelled": "misdelivered",
}
"""Stories that look to the buyer like another one."""
INVENTED: Final = {
    "inr_delivered_denied": ("stolen", "misdelivered"),
    "inr_misdelivered": ("misdelivered",),
    "damaged_item": ("crushed", "unpadded"),
    "defective": ("faulty",),
    "not_as_described": ("mislisted",),
    "wrong_item": ("wrong_item",),
    "missing_item_parts": ("short", "pilfered"),
    "empty_box": ("pilfered",),
    "counterfeit": ("fake",),
    "return_wrong_or_empty": ("tote_swapped",),
    "return_not_received": ("lost_on_return",),
    "return_rejected_condition": ("hurt_on_return",),
    "credit_not_processed": ("lost_on_return",),
}
"""What those who invent a detail make use of."""
_REASON: Final = {reason: matter for matter, reasons in OF_REASON.items() for reason in reasons}
_STORY: Final = {story: matter for matter, stories in OF_STORY.items() for story in stories}


def matter_of_claim(reason: str) -> str:
    """What a claim of this reason is about; empty where it is about nothing in particular."""
    return _REASON.get(reason, "")


def matter_of_admission(story: str) -> str:
    """What somebody who admits this story would speak of."""
    return _STORY.get(story, "")


def detail_of(story: str, honest: bool, reason: str, luck: int) -> str:
    """The story from which somebody takes a detail: the own one, or one that would do; empty where none would."""
    if honest:
        return LOOKS_LIKE.get(story, story)
    among = INVENTED.get(reason, ("",))
    return among[luck % len(among)]
