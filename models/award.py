"""What is priced: what was paid for the units concerned, and what a ruling orders about it.

Every field is one number for all cases, or an array with one for each; sums are cents, shares hundredths of a percent.
Entitlement, fault and who bears the cost are three separate inputs.
"""

from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from features.vocabulary import PARTIES, REMEDIES, Codes
from models.cents import WHOLE, Cents, Flags
from models.remedy import ACTIONS
from models.terms import Amount

Truth = Flags | bool
BY_SHARE: Final = -1

BUYER, SELLER, CARRIER, PLATFORM = range(len(PARTIES))
FULL, RETURN, PART, EXCHANGE, RESHIP, REJECT = range(len(REMEDIES))

GROUNDS: Final[Codes] = (
    "remedy",
    "deduction",
    "shipping",
    "cost_bearer",
    "label",
    "cover",
    "fees",
    "actions",
    "pause",
)
"""The questions that a line of money may rest on; a clause answers each, or nobody but the arbitrator."""


def _all_of(party: int) -> Cents:
    shares = np.where(np.arange(len(PARTIES)) == party, WHOLE, 0)
    shares.flags.writeable = False
    return shares


NOBODY: Final = _all_of(-1)
ALL_OF: Final = tuple(_all_of(party) for party in range(len(PARTIES)))
"""Shares (parties,) where one party has all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paid:
    """What was paid for the order's line, and what has been moved since.

    Attributes
    ----------
    paid, shipping, tax
        What the buyer paid for the whole line, after every discount.
    platform_discount
        What the platform added to the seller's proceeds for the line.
    quantity, affected, settled
        Units of the line; units of this case; units that earlier cases were about.
    refunded
        What the buyer has already had back in this matter, a chargeback that was lost included.
    refunded_elsewhere
        What the buyer has had back for other units of the line.
    borne
        How much of ``refunded``, tax aside, the seller has already borne.
    referral_fee, commission
        What the seller paid to the platform for the sale, and through it to a creator, for the whole line.
    held
        Proceeds that the platform still holds for the seller.
    label
        What an unused label cost that may be voided.
    replaced
        The units concerned were replaced once already.
    own_label
        The parcel went out on the seller's own label.
    chargeback_open
        The buyer's bank has the matter: nothing moves until it has closed it.
    """

    paid: Amount
    shipping: Amount = 0
    tax: Amount = 0
    platform_discount: Amount = 0
    quantity: Amount = 1
    affected: Amount = 1
    settled: Amount = 0
    refunded: Amount = 0
    refunded_elsewhere: Amount = 0
    borne: Amount = 0
    referral_fee: Amount = 0
    commission: Amount = 0
    held: Amount = 0
    label: Amount = 0
    replaced: Truth = False
    own_label: Truth = False
    chargeback_open: Truth = False


@dataclass(frozen=True, slots=True)
class Grounds:
    """On which clause each question was answered.

    Attributes
    ----------
    clauses
        Ids of clauses.
    places
        For each question of GROUNDS that a clause answered: (asks,) a place in ``clauses``, or -1.
    """

    clauses: Codes = ()
    places: dict[str, NDArray[np.int64]] = field(default_factory=dict)

    @classmethod
    def all_on(cls, **clauses: str) -> "Grounds":
        """The same clause for every ask, by question."""
        names = tuple(dict.fromkeys(clauses.values()))
        return cls(names, {question: np.array(names.index(name)) for question, name in clauses.items()})

    def clause(self, question: str, ask: int) -> str | None:
        """The clause that answered a question in one ask, if any."""
        found = self.places.get(question)
        place = -1 if found is None else int(found if found.ndim == 0 else found[ask])
        return None if place < 0 else self.clauses[place]


@dataclass(frozen=True, slots=True, kw_only=True)
class Awarded:
    """What a ruling orders.

    Attributes
    ----------
    remedy
        A place in REMEDIES; what was replaced once already is refunded instead of being replaced again.
    bears
        (asks, parties) who bears what the buyer gets, adding up to one; the buyer's share is not refunded.
    entitled
        What is given to a buyer who is not entitled is goodwill: the platform alone bears it.
    fault
        (asks, parties) adding up to one, or all nothing where nobody is at fault.
    refund_share
        How much of the price a partial refund gives.
    refund_cents
        What a partial refund gives exactly, tax in it, whatever the share; BY_SHARE where no sum was agreed.
    deduct_share
        How much of the price is deducted for the condition of the item; never from an agreed sum.
    returned
        The item comes back.
    own_return
        It comes back, or came, at a label that the platform did not buy, and need not pay.
    label_shares
        (asks, parties) who owes the labels; the carrier never does.
    price_difference
        How much more the replacement costs than the units it replaces, before tax; below nothing: how much less.
    actions
        (asks, actions) what is ordered beside the remedy, in the order of ACTIONS.
    paused
        A clause holds everything back.
    """

    remedy: Amount
    bears: Cents
    entitled: Truth = True
    fault: Cents = field(default_factory=lambda: NOBODY)
    refund_share: Amount = WHOLE
    refund_cents: Amount = BY_SHARE
    deduct_share: Amount = 0
    returned: Truth = False
    own_return: Truth = False
    label_shares: Cents = field(default_factory=lambda: ALL_OF[PLATFORM])
    price_difference: Amount = 0
    actions: Flags = field(default_factory=lambda: np.zeros(len(ACTIONS), dtype=np.bool_))
    paused: Truth = False
    grounds: Grounds = field(default_factory=Grounds)
