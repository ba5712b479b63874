"""What of a statement each reader is told: a party never the other's history, nor what a model reckons of anybody.

An arbitrator is told everything. A clause that reads what belongs to one party is not named to the other.
"""

from collections.abc import Iterable
from typing import Final

from models.lines import Line
from models.plan import Step
from models.reasons import Reason
from serving.reader import Audience

OWN: Final = {
    "buyer_claims_90d": "buyer",
    "buyer_faults_365d": "buyer",
    "buyer_file_reused": "buyer",
    "buyer_scored": "buyer",
    "buyer_synthetic": "buyer",
    "seller_defaults_90d": "seller",
    "seller_file_reused": "seller",
    "seller_scored": "seller",
    "seller_synthetic": "seller",
    "platform_discount_cents": "seller",
    "referral_fee_cents": "seller",
    "commission_cents": "seller",
    "borne_cents": "seller",
}
"""Facts that belong to one party: its history, doubts about its files, and its own account with the platform."""

RECKONED: Final = frozenset({"buyer_synthetic", "seller_synthetic"})
"""Likelihoods that a model made up: no party is told one, not even of itself."""

CONCERNS: Final = {
    "buyer": frozenset({"S00", "S10", "S20", "S24", "S25", "S26", "S27", "S30", "S31", "S40", "S41", "S51", "S52"}),
    "seller": frozenset({"S00", "S22", "S24", "S25", "S27", "S28", "S40", "S42", "S50", "S54", "S55", "S56"}),
}
"""Steps of others that a party is told of, beside its own."""


def may_read(audience: Audience, reads: Iterable[str]) -> bool:
    """Whether a reader may be told of a clause that reads these facts."""
    return audience == "arbitrator" or all(OWN.get(fact, audience) == audience for fact in reads)


def may_know(audience: Audience, fact: str) -> bool:
    """Whether a reader who may be told of a clause may be told what a fact is that it reads."""
    return audience == "arbitrator" or fact not in RECKONED


def may_hear(audience: Audience, reason: Reason) -> bool:
    """Whether a reader may be told a reason of the model: a party what may be cited and speaks for the outcome."""
    return audience == "arbitrator" or (reason.citable and reason.log_odds > 0.0)


def concerns(audience: Audience, line: Line) -> bool:
    """Whether a line of money is a reader's: a party pays it or is paid."""
    return audience in ("arbitrator", line.payer, line.payee)


def follows(audience: Audience, step: Step) -> bool:
    """Whether a reader is told of a step of the plan."""
    return audience in ("arbitrator", step.owner) or step.code in CONCERNS[audience]
