"""Money as a list of lines: each says who pays whom how much and on which clause, and all of them net to zero."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from features.vocabulary import PARTIES, Codes
from models.award import Grounds
from models.cents import Cents, Flags

STATE: Final = "state"
ACCOUNTS: Final[Codes] = (*PARTIES, STATE)
"""The parties, and the state, whose sales tax the platform has collected and holds."""

Nature = Literal["paid", "withheld", "claimed"]
"""Paid as it says; set off against the refund, never collected; or claimed from the carrier, to be paid later."""


@dataclass(frozen=True, slots=True)
class LineKind:
    """One kind of line.

    Attributes
    ----------
    ground
        The question whose clause the line rests on; see GROUNDS.
    """

    code: str
    payer: str
    payee: str
    nature: Nature
    ground: str
    sentence: str


LINES: Final = (
    LineKind("L00", "platform", "buyer", "paid", "pause", "a chargeback is open: nothing is paid until it is closed"),
    LineKind("L01", "platform", "buyer", "paid", "remedy", "the price of the units concerned, or the part refunded"),
    LineKind("L02", "platform", "buyer", "paid", "shipping", "the shipping paid for them"),
    LineKind("L03", "state", "buyer", "paid", "remedy", "the tax collected on what is refunded"),
    LineKind("L04", "platform", "buyer", "paid", "remedy", "goodwill of the platform; the buyer is not entitled"),
    LineKind("L05", "buyer", "platform", "withheld", "deduction", "deducted for the condition of the item"),
    LineKind("L06", "buyer", "platform", "withheld", "cost_bearer", "the buyer's own share of the loss"),
    LineKind("L07", "buyer", "platform", "withheld", "remedy", "already refunded, of price and shipping"),
    LineKind("L08", "buyer", "state", "withheld", "remedy", "already refunded, of tax"),
    LineKind("L09", "buyer", "platform", "withheld", "label", "the buyer's share of the label, kept from the refund"),
    LineKind("L10", "seller", "platform", "paid", "cost_bearer", "the seller's share of what the buyer gets"),
    LineKind("L11", "seller", "platform", "paid", "cover", "what a claim on the carrier leaves to the seller"),
    LineKind("L12", "carrier", "platform", "claimed", "cover", "claimed from the carrier, up to its cover"),
    LineKind("L13", "carrier", "seller", "claimed", "cover", "for the seller to claim on the seller's own label"),
    LineKind("L14", "seller", "platform", "paid", "fees", "the platform's voucher for what is refunded, taken back"),
    LineKind("L15", "platform", "seller", "paid", "fees", "the referral fee for what is refunded, given back"),
    LineKind("L16", "seller", "platform", "paid", "fees", "the part of it kept for administering the refund"),
    LineKind("L17", "platform", "seller", "paid", "fees", "the creator's commission for what is refunded, given back"),
    LineKind("L20", "platform", "carrier", "paid", "label", "the label of a return or of a replacement"),
    LineKind("L21", "seller", "platform", "paid", "label", "the seller's share of the label"),
    LineKind("L22", "buyer", "platform", "paid", "label", "the buyer's share of the label, before it is issued"),
    LineKind("L23", "carrier", "platform", "paid", "actions", "an unused label, voided"),
    LineKind("L30", "platform", "seller", "paid", "actions", "what the seller had borne and need not, compensated"),
    LineKind("L31", "buyer", "platform", "paid", "actions", "refunded without being owed, charged to the buyer again"),
    LineKind("L32", "buyer", "state", "paid", "actions", "the tax on it"),
    LineKind("L33", "platform", "seller", "paid", "actions", "proceeds held back, released"),
    LineKind("L40", "buyer", "seller", "paid", "remedy", "what the replacement costs more"),
    LineKind("L41", "buyer", "state", "paid", "remedy", "the tax on that"),
    LineKind("L42", "seller", "buyer", "paid", "remedy", "what the replacement costs less"),
    LineKind("L43", "state", "buyer", "paid", "remedy", "the tax on that, given back"),
    LineKind("L44", "platform", "seller", "paid", "cost_bearer", "a second item, where others than the seller bear it"),
)  # fmt: skip
"""Every kind of line there is; who pays and who is paid never varies within one."""

PLACE: Final = {kind.code: place for place, kind in enumerate(LINES)}
FLOW: Final[Cents] = np.array([[(a == k.payee) - (a == k.payer) for a in ACCOUNTS] for k in LINES], dtype=np.int64)
"""(kinds, accounts) what one cent of a line gives to each account."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of one case."""

    code: str
    payer: str
    payee: str
    nature: Nature
    cents: int
    clause: str | None


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines of some cases, as columns.

    Attributes
    ----------
    cents
        (asks, kinds) the sum of each kind of line, in the order of LINES; nothing where it does not arise.
    remedy
        (asks,) the remedy that was priced, a place in REMEDIES.
    paused
        (asks,) a chargeback holds everything back.
    """

    cents: Cents
    remedy: Cents
    paused: Flags
    grounds: Grounds

    def __len__(self) -> int:
        return len(self.cents)

    def net(self) -> Cents:
        """What each account is paid less what it pays, claims included: (asks, accounts), adding up to nothing."""
        return np.stack([self._sum_for(account) for account in range(len(ACCOUNTS))], axis=1)

    def refund(self) -> Cents:
        """What the buyer is paid in the end, less what the buyer pays: (asks,)."""
        return self._sum_for(ACCOUNTS.index("buyer"))

    def of(self, ask: int) -> tuple[Line, ...]:
        """The lines of one case in order; a paused one has the single line that says so."""
        return tuple(self._lines(ask))

    def _sum_for(self, account: int) -> Cents:
        total = np.zeros(len(self), dtype=np.int64)
        for place in np.flatnonzero(FLOW[:, account]):
            total += FLOW[place, account] * self.cents[:, place]
        return total

    def _lines(self, ask: int) -> Iterator[Line]:
        for place, kind in enumerate(LINES):
            cents = int(self.cents[ask, place])
            if cents or (kind.code == "L00" and self.paused[ask]):
                clause = self.grounds.clause(kind.ground, ask)
                yield Line(kind.code, kind.payer, kind.payee, kind.nature, cents, clause)
