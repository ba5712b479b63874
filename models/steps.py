"""Every step a ruling may take, as one table that reads like a procedure: who does it, by when, after what, and else.

A step is in a plan where all of its ``when`` is true of the ruling; a step that has no ``when`` is there only to take
the place of one that was not done in time.
"""

from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from features.vocabulary import Codes

TRIGGER: Final = "TRIGGER"
"""Stands for the step of a return that sets the refund or the replacement off."""
TRIGGERED_BY: Final = MappingProxyType({"drop_off": "S22", "first_scan": "S23", "received": "S24", "inspected": "S26"})

LAPSES: Final = MappingProxyType(
    {
        "remedy": "the remedy lapses and nothing is paid",
        "claim": "the claim on the carrier lapses",
        "label": "the label can no longer be voided",
        "appeal": "the ruling is final",
    }
)
"""What ends where a step is not done in time and nothing takes its place."""


@dataclass(frozen=True, slots=True)
class StepKind:
    """One kind of step.

    Attributes
    ----------
    clock
        The field of Clocks that says how long it may take; "" where it takes as long as it takes.
    since
        The instant from which that counts. "needs": from the last of what it needs, or from the ruling; "missed": from
        when the step that it stands in for was not done.
    needs
        Steps that must come before it, where they are in the plan.
    fallback
        The step that takes its place where it is not done in time.
    lapse
        What ends instead; see LAPSES.
    """

    code: str
    owner: str
    sentence: str
    when: Codes = ()
    clock: str = ""
    since: str = "needs"
    needs: Codes = ()
    fallback: str | None = None
    lapse: str | None = None


STEPS: Final = (
    StepKind("S00", "platform", "wait until the chargeback is closed", ("paused",)),
    StepKind("S01", "platform", "price the ruling anew, less what the bank gave back",
             ("paused",), "settle_within_days", needs=("S00",)),
    StepKind("S10", "seller", "say whether the replacement is in stock, one for each item",
             ("replacement",), "stock_check_within_hours", fallback="S41"),
    StepKind("S11", "buyer", "pay what is due before anything is sent",
             ("buyer_pays_first",), "difference_within_hours", needs=("S10",), fallback="S41"),
    StepKind("S20", "platform", "issue a return label", ("return",), "label_within_hours", fallback="S21"),
    StepKind("S21", "buyer", "send the item back by own means and give its tracking number",
             (), "drop_off_within_days", "missed", lapse="remedy"),
    StepKind("S22", "buyer", "hand the item in", ("return",), "drop_off_within_days", needs=("S20",), lapse="remedy"),
    StepKind("S23", "carrier", "scan the return for the first time",
             ("return",), "first_return_scan_within_days", needs=("S22",), fallback="S25"),
    StepKind("S24", "carrier", "deliver the return",
             ("return",), "return_arrives_within_days", needs=("S22",), fallback="S25"),
    StepKind("S25", "platform", "reconcile what was handed in; a shown drop-off counts as arrived",
             (), "settle_within_days", "missed", needs=("S22",)),
    StepKind("S26", "seller", "grade what came back, with pictures",
             ("return",), "grade_within_hours", needs=("S24",), fallback="S27"),
    StepKind("S27", "platform", "take the item as come back in its original state",
             (), "settle_within_days", "missed", needs=("S24",)),
    StepKind("S28", "buyer", "destroy the item and show it",
             ("destroy", "kept"), "destroy_within_days", lapse="remedy"),
    StepKind("S30", "seller", "send the replacement: its first scan counts",
             ("replacement",), "first_scan_within_hours", needs=("S10", "S11", TRIGGER, "S28"), fallback="S41"),
    StepKind("S31", "seller", "send the item back to the buyer",
             ("send_back",), "send_back_within_days", needs=("S11", "S26"), fallback="S41"),
    StepKind("S40", "platform", "pay the refund", ("refund",), "refund_within_days", needs=(TRIGGER, "S28")),
    StepKind("S41", "platform", "refund the buyer, since what was due was not sent in time",
             (), "refund_within_days", "missed", needs=(TRIGGER, "S28")),
    StepKind("S42", "platform", "charge and credit the parties line by line",
             ("settlement",), "settle_within_days", needs=("S26", "S30", "S40")),
    StepKind("S43", "platform", "claim on the carrier",
             ("platform_claims",), "claim_within_days", "first_scan", fallback="S45", lapse="claim"),
    StepKind("S44", "seller", "claim on the carrier for the seller's own label",
             ("seller_claims",), "claim_within_days", "first_scan", lapse="claim"),
    StepKind("S45", "platform", "bear what the carrier does not pay", (), "settle_within_days", "missed"),
    StepKind("S49", "platform", "hear whoever appeals in time",
             ("ruled",), "appeal_within_days", "ruled", lapse="appeal"),
    StepKind("S50", "platform", "compensate the seller", ("compensate_seller",), "settle_within_days"),
    StepKind("S51", "platform", "announce the charge to the buyer and hear objections",
             ("recharge_buyer",), "recharge_notice_days", "ruled"),
    StepKind("S52", "platform", "charge the buyer again",
             ("recharge_buyer",), "settle_within_days", needs=("S51",), fallback="S53"),
    StepKind("S53", "platform", "bear what cannot be collected from the buyer", (), "settle_within_days", "missed"),
    StepKind("S54", "platform", "hold the seller's payout until appeals are over",
             ("hold_payout",), "appeal_within_days", "ruled"),
    StepKind("S55", "platform", "release the seller's payout",
             ("release_payout",), "settle_within_days", needs=("S42", "S54")),
    StepKind("S56", "platform", "void the unused label",
             ("void_label",), "void_label_within_days", "label_issued", lapse="label"),
    StepKind("S57", "seller", "destroy what came back and show it",
             ("destroy", "return"), "destroy_within_days", needs=("S26",)),
)  # fmt: skip
"""Every step there is, in the order in which plans list them."""
