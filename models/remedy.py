"""What a ruling may order, and which findings of a clause say how much, who pays for it and by when."""

from dataclasses import dataclass
from typing import Final, Literal

from features.vocabulary import PARTIES, REFUND_TRIGGERS, Codes

ACTIONS: Final[Codes] = (
    "compensate_seller",
    "recharge_buyer",
    "send_back",
    "hold_payout",
    "release_payout",
    "void_label",
    "destroy",
)
"""What a ruling may order beside a remedy; ``remedies`` of a clause allows or rules out these words too."""

LABEL_PAYERS: Final[Codes] = ("buyer", "seller", "platform", "shared")
REFUND_SUMS: Final[Codes] = ("offer_cents", "claimed_cents")
RETURNS: Final[Codes] = ("required", "never")
UNCOVERED_BY: Final[Codes] = ("seller", "platform")

Kind = Literal["share", "cents", "days", "hours", "flag", "word", "words", "shares"]
"""A share is a number from 0 to 1 in steps of one hundredth of a percent; shares give one to each of some parties.

Wherever a number stands, ``:name`` of a parameter of the same unit may stand instead.
"""


@dataclass(frozen=True, slots=True)
class FindsKey:
    """One key that ``finds`` of a clause may hold about the remedy.

    Attributes
    ----------
    codes
        For a word and for words the closed list; for shares the parties who may have one.
    """

    name: str
    kind: Kind
    meaning: str
    codes: Codes = ()


FINDS_KEYS: Final = (
    FindsKey("refund_share", "share", "how much of the price of the items concerned is refunded"),
    FindsKey("refund_share_min", "share", "a partial refund is at least this much of the price"),
    FindsKey("refund_share_max", "share", "a partial refund is at most this much of the price"),
    FindsKey("refund_min_cents", "cents", "a partial refund of the price is at least this sum"),
    FindsKey("refund_max_cents", "cents", "a partial refund of the price is at most this sum"),
    FindsKey("refund_sum", "word", "a partial refund gives exactly this known sum, tax in it", REFUND_SUMS),
    FindsKey("shipping_share", "share", "how much of the shipping is refunded where nobody but the buyer is at fault"),
    FindsKey("deduct_share", "share", "how much of the price is deducted for the condition of the item"),
    FindsKey("deduct_share_max", "share", "at most this much of the price may be deducted for the condition"),
    FindsKey("cost_shares", "shares", "with cost_bearer: shared, who bears what; else as the fault is shared", PARTIES),
    FindsKey("label_payer", "word", "who owes the label of a return or of a replacement", LABEL_PAYERS),
    FindsKey("label_shares", "shares", "with label_payer: shared, who owes how much", ("buyer", "seller", "platform")),
    FindsKey("return", "word", "whether the item must come back first, or never does", RETURNS),
    FindsKey("refund_at", "word", "what of a return sets the refund off", REFUND_TRIGGERS),
    FindsKey("drop_off_within_days", "days", "how long the buyer has to hand the item in, from the label on"),
    FindsKey("first_scan_within_hours", "hours", "how long a replacement may take to its first scan"),
    FindsKey("cover_max_cents", "cents", "the carrier answers up to this sum"),
    FindsKey("claim_within_days", "days", "how long a claim on the carrier may be made, from the first scan on"),
    FindsKey("uncovered_by", "word", "who bears what the carrier's cover does not reach", UNCOVERED_BY),
    FindsKey("actions", "words", "what is ordered beside the remedy", ACTIONS),
    FindsKey("pause", "flag", "nothing is paid until an open chargeback is closed"),
)
"""Every key of ``finds`` that concerns remedies; the others (entitled, fault, shares, ...) are the policy's own."""
