"""What can have happened, story by story: in whose custody its cause lay, and what a buyer may say of it.

A story is recognised from what physically happened (``happenings.py``), and fault is derived from who held the
parcel, or who acted, where the cause lay. Nothing here gives a party a share of a reason.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from features.vocabulary import LIABLE, REASONS
from training.simulate.columns import Flags, Ints

CUSTODY: Final = {
    "nobody": "none",
    "doorstep": "none",
    "seller": "seller",
    "warehouse": "platform",
    "carrier": "carrier",
    "household": "buyer",
    "buyer": "buyer",
    "platform": "platform",
    "return carrier": "carrier",
    "return node": "platform",
}
"""Places where a cause can lie, and whose fault it then is on the merits."""

PACKER: Final = "packer"
"""Stands for the seller, or for the warehouse where the platform packed."""


@dataclass(frozen=True, slots=True)
class Story:
    """One true story: where its cause lies, since when a buyer may complain, and of what."""

    name: str
    says: str
    cause: str
    clock: str
    reasons: dict[str, float]
    second: str = ""
    honest: bool = True
    stage: str = "request"


def _story(name: str, says: str, cause: str, clock: str, **reasons: float) -> Story:
    return Story(name, says, cause, clock, reasons)


def _lie(name: str, says: str, clock: str, **reasons: float) -> Story:
    return Story(name, says, "buyer", clock, reasons, honest=False)


def _back(name: str, says: str, cause: str, honest: bool, **reasons: float) -> Story:
    return Story(name, says, cause, "returned", reasons, honest=honest, stage="inspection")


def _both(name: str, says: str, cause: str, second: str, clock: str, **reasons: float) -> Story:
    return Story(name, says, cause, clock, reasons, second=second)


STORIES: Final = (
    _story("all_well", "nothing went wrong", "nobody", "delivered", changed_mind=1),
    _story(
        "never_shipped", "the seller never handed it over", "seller", "ship_by", not_shipped=8, inr_lost_in_transit=2
    ),
    _story(
        "lost_unscanned",
        "handed over, then lost before any scan",
        "carrier",
        "ship_by",
        not_shipped=6,
        inr_lost_in_transit=4,
    ),
    _story("lost", "lost on the way", "carrier", "promise", inr_lost_in_transit=18, late_delivery=1, not_shipped=1),
    _story(
        "lost_then_found",
        "declared lost, then it turned up",
        "carrier",
        "promise",
        inr_lost_in_transit=18,
        late_delivery=2,
    ),
    _story(
        "stolen",
        "taken from the porch after a proper delivery",
        "doorstep",
        "delivered",
        inr_delivered_denied=19,
        inr_misdelivered=1,
    ),
    _story("taken_in", "somebody of the household has it", "household", "delivered", inr_delivered_denied=1),
    _story(
        "misdelivered",
        "the driver left it at another door",
        "carrier",
        "delivered",
        inr_delivered_denied=6,
        inr_misdelivered=4,
    ),
    _story(
        "seller_mislabelled",
        "the seller wrote another house number",
        "seller",
        "delivered",
        inr_delivered_denied=5,
        inr_misdelivered=2,
        address_error=3,
    ),
    _story(
        "platform_mislabelled",
        "the platform's address check changed the door",
        "platform",
        "delivered",
        inr_delivered_denied=5,
        address_error=5,
    ),
    _story(
        "buyer_address",
        "the buyer gave a wrong address",
        "buyer",
        "delivered",
        address_error=5,
        inr_delivered_denied=3,
        delivery_failed_rts=2,
    ),
    _story(
        "decoy",
        "a nearly empty envelope was sent to another door",
        "seller",
        "delivered",
        inr_delivered_denied=6,
        empty_box=4,
    ),
    _story("refused", "nobody took it in", "household", "promise", delivery_failed_rts=8, inr_lost_in_transit=2),
    _story(
        "not_attempted",
        "sent back without an attempt",
        "carrier",
        "promise",
        delivery_failed_rts=8,
        inr_lost_in_transit=2,
    ),
    _story("late_dispatch", "handed over late", "seller", "promise", late_delivery=9, inr_lost_in_transit=1),
    _story(
        "late_carrier",
        "handed over in time, carried late",
        "carrier",
        "promise",
        late_delivery=9,
        inr_lost_in_transit=1,
    ),
    _both("late_both", "handed over late, and carried late", "seller", "carrier", "promise", late_delivery=1),
    _story(
        "impatient",
        "complained of before it was due",
        "nobody",
        "before_promise",
        late_delivery=6,
        inr_lost_in_transit=4,
    ),
    _story("crushed", "well packed and crushed on the way", "carrier", "delivered", damaged_item=1),
    _story("unpadded", "broke for want of padding", PACKER, "delivered", damaged_item=9, defective=1),
    _both("crushed_unpadded", "crushed, and without padding", "carrier", PACKER, "delivered", damaged_item=1),
    _lie("broken_by_buyer", "the buyer dropped it", "delivered", damaged_item=7, defective=3),
    _story("box_only", "a dented box, the piece whole", "carrier", "delivered", box_damaged_item_ok=8, damaged_item=2),
    _story("faulty", "the piece does not work", "seller", "used", defective=9, not_as_described=1),
    _story("misused", "the buyer used it wrongly", "buyer", "used", defective=1),
    _story(
        "mislisted", "the listing says what the piece is not", "seller", "delivered", not_as_described=19, counterfeit=1
    ),
    _story("flaw_told", "the flaw stood in the listing", "buyer", "delivered", not_as_described=9, defective=1),
    _story("expected_more", "as listed, yet not as hoped", "nobody", "delivered", not_as_described=8, defective=2),
    _story(
        "wrong_item", "another product or variant was packed", PACKER, "delivered", wrong_item=9, not_as_described=1
    ),
    _story("short", "a part was not packed", PACKER, "delivered", missing_item_parts=1),
    _story(
        "pilfered", "somebody on the way took something out", "carrier", "delivered", missing_item_parts=7, empty_box=3
    ),
    _story("empty_by_mistake", "an empty box was sealed", PACKER, "delivered", empty_box=8, missing_item_parts=2),
    _story(
        "second_coming",
        "the second parcel was not yet due",
        "nobody",
        "delivered",
        partial_shipment=6,
        missing_item_parts=4,
    ),
    _story("second_lost", "the second parcel was lost", "carrier", "promise", partial_shipment=8, missing_item_parts=2),
    _story(
        "second_never",
        "the second parcel was never shipped",
        "seller",
        "promise",
        partial_shipment=8,
        missing_item_parts=2,
    ),
    _story("fake", "a counterfeit was sold", "seller", "used", counterfeit=8, not_as_described=2),
    _story("doubted", "genuine, but the buyer doubts it", "nobody", "used", counterfeit=1),
    _story("stale", "packed past or close to its date", PACKER, "delivered", expired_spoiled=1),
    _story("spoiled", "spoiled because it was carried late", "carrier", "delivered", expired_spoiled=1),
    _story("wrong_chart", "the size chart is wrong", "seller", "delivered", fit_style=8, not_as_described=2),
    _story("does_not_fit", "it does not fit", "nobody", "delivered", fit_style=1),
    _story("changed_mind", "no longer wanted", "nobody", "delivered", changed_mind=1),
    _lie(
        "disguised_remorse",
        "unwanted or worn, sent back under a reason that ships free",
        "used",
        defective=4,
        not_as_described=4,
        damaged_item=1,
        wrong_item=1,
    ),
    _story("account_taken", "somebody else ordered with the account", "platform", "used", unauthorized=1),
    _story("family_order", "somebody of the family ordered", "household", "used", unauthorized=1),
    _story(
        "replacement_unsent", "the promised replacement was never sent", "seller", "used", not_fulfilled_replacement=1
    ),
    _lie("false_denial", "the buyer has it and says not", "delivered", inr_delivered_denied=9, inr_misdelivered=1),
    _lie("false_empty", "the buyer has all of it and says not", "delivered", missing_item_parts=6, empty_box=4),
    _lie(
        "false_fault",
        "nothing is wrong with it, the buyer says so to be paid",
        "delivered",
        defective=3,
        damaged_item=4,
        not_as_described=3,
        wrong_item=1,
    ),
    _lie("false_fake", "genuine, called a counterfeit to be paid", "delivered", counterfeit=1),
    _back("used_return", "sent back used or damaged by the buyer", "buyer", False, return_rejected_condition=1),
    _back("hurt_on_return", "damaged on its way back", "return carrier", True, return_rejected_condition=1),
    _back(
        "rejected_wrongly",
        "the seller rejected a good return",
        "seller",
        True,
        return_rejected_condition=9,
        credit_not_processed=1,
    ),
    _back("misgraded", "the warehouse graded it wrongly", "return node", True, return_rejected_condition=1),
    _back("switched", "the buyer sent back something else", "buyer", False, return_wrong_or_empty=1),
    _back("tote_swapped", "two returns changed places in a tote", "return node", True, return_wrong_or_empty=1),
    _back("switch_invented", "the seller says it got something else", "seller", True, return_wrong_or_empty=1),
    _back("pilfered_return", "emptied on its way back", "return carrier", True, return_wrong_or_empty=1),
    _back(
        "never_dropped", "the buyer never sent it back", "buyer", False, return_not_received=6, credit_not_processed=4
    ),
    _back(
        "lost_on_return", "lost on its way back", "return carrier", True, return_not_received=7, credit_not_processed=3
    ),
    _back(
        "mislaid", "mislaid in the return warehouse", "return node", True, return_not_received=5, credit_not_processed=5
    ),
    _back(
        "altered_label",
        "the buyer sent an envelope to another door under an altered label",
        "buyer",
        False,
        return_not_received=5,
        credit_not_processed=5,
    ),
    _back(
        "receipt_denied",
        "the seller has it and denies it",
        "seller",
        True,
        return_not_received=6,
        credit_not_processed=4,
    ),
    _back("refund_withheld", "the seller has it and does not pay", "seller", True, credit_not_processed=1),
    _back("refund_stuck", "the platform's own refund run failed", "platform", True, credit_not_processed=1),
)

NAMES: Final = tuple(s.name for s in STORIES)
STORY: Final = {name: place for place, name in enumerate(NAMES)}
HONEST: Final = np.array([s.honest for s in STORIES])
RETURN: Final = np.array([s.clock == "returned" for s in STORIES])
CLOCKS: Final = tuple(dict.fromkeys(s.clock for s in STORIES))
CLOCK: Final = np.array([CLOCKS.index(s.clock) for s in STORIES])
REASON_WEIGHTS: Final = np.array([[s.reasons.get(r, 0.0) for r in REASONS] for s in STORIES])
CAUSES: Final = tuple(CUSTODY)


def is_one_of(story: Ints, *names: str) -> Flags:
    """Of each case whether its story is one of those named."""
    return np.isin(story, [STORY[name] for name in names])


def causes(story: Ints, by_platform: Flags) -> tuple[Ints, Ints]:
    """Where the cause of each story lay, and where a second one, -1 without: positions in CAUSES."""
    first, second = _places("cause"), _places("second")
    packer = np.where(by_platform, CAUSES.index("warehouse"), CAUSES.index("seller"))
    return tuple(np.where(p[story] == -2, packer, p[story]) for p in (first, second))  # type: ignore[return-value]


def fault(first: Ints, second: Ints) -> Ints:
    """Whose fault it is: the one who held the parcel where the cause lay, shared where two did; places in LIABLE."""
    holder = np.array([LIABLE.index(CUSTODY[c]) for c in CAUSES] + [-1])
    both = (second >= 0) & (holder[first] != holder[second])
    return np.where(both, LIABLE.index("shared"), holder[first])


def _places(column: str) -> NDArray[np.int64]:
    named = [getattr(s, column) for s in STORIES]
    return np.array([-2 if c == PACKER else CAUSES.index(c) if c else -1 for c in named])
