"""From what policy finds to what is priced: the sums of the order, what is ordered, and the terms of each case's day.

A sum that nobody has told counts as nothing, but for what was paid: without it nothing can be priced.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from features.vocabulary import GRADES, LIABLE, PARTIES, REMEDIES
from models.award import ALL_OF, BY_SHARE, PLATFORM, Awarded, Grounds, Paid
from models.award import NOBODY as NO_SHARES
from models.cents import MOST_CENTS, WHOLE, Cents, Flags, floor_of, whole_points
from models.findings import SETTLED, Answer, Findings
from models.remedy import ACTIONS, FINDS_KEYS, REFUND_SUMS
from models.terms import Terms

Places = NDArray[np.int64]

_SUMS: Final = {
    "paid": "paid_cents",
    "shipping": "shipping_cents",
    "tax": "tax_cents",
    "platform_discount": "platform_discount_cents",
    "refunded": "refunded_cents",
    "referral_fee": "referral_fee_cents",
    "commission": "commission_cents",
    "borne": "borne_cents",
}
"""Fields of Paid and the facts that tell them."""

READ: Final = (
    *_SUMS.values(), "quantity", "label_owner", "chargeback_open", "claimed_cents", "offer_accepted", "offer_cents",
    "return_grade", "return_label_owner",
)  # fmt: skip
"""The facts that the sums of an order are read from."""

_GROUND: Final = {
    "remedy": "entitled",
    "cost_bearer": "cost_bearer",
    "label": "label_payer",
    "deduction": "deduct_share",
    "shipping": "shipping_share",
    "cover": "cover_max_cents",
    "pause": "pause",
}
"""Which answer of policy each ground of a line is."""


_OTHERS: Final = np.array([*(party in ("seller", "carrier", "platform") for party in LIABLE), False])
"""By the place of who is liable whether it is another than the buyer alone: the buyer pays for no wear of theirs."""

_FOUND: Final = frozenset(key.name for key in FINDS_KEYS)


@dataclass(frozen=True, slots=True)
class Order:
    """The sums of the order, and whether what was paid is known and no sum beyond what can be priced: (asks,) each.

    ``sums`` are those of REFUND_SUMS, BY_SHARE where one is not known; ``grade`` is how a return was graded, else -1;
    ``own_return`` whether somebody else than the platform bought the label of a return.
    """

    paid: Paid
    known: Flags
    sums: Mapping[str, Cents]
    grade: Places
    own_return: Flags


def ordered(facts: pa.Table) -> Order:
    """The sums of each ask's order line, from facts."""
    quantity = np.maximum(_cents(facts, "quantity"), 1)
    sums: dict[str, Any] = {field: _cents(facts, fact) for field, fact in _SUMS.items()}
    beyond = np.logical_or.reduce([_beyond(facts, name) for name in (*_SUMS.values(), *REFUND_SUMS, "quantity")])
    paid = Paid(
        **sums,
        quantity=quantity,
        affected=quantity,
        own_label=_is(facts, "label_owner", "seller"),
        chargeback_open=_is(facts, "chargeback_open", True),
    )
    return Order(
        paid=paid,
        known=_known(facts, "paid_cents") & ~beyond,
        sums={name: np.where(_known(facts, name), _cents(facts, name), BY_SHARE) for name in REFUND_SUMS},
        grade=_places(facts, "return_grade", GRADES),
        own_return=_is(facts, "return_label_owner", "seller") | _is(facts, "return_label_owner", "buyer"),
    )


@dataclass(frozen=True, slots=True)
class Ordered:
    """What would be ordered, at the terms of each case's day, and whether it is known who bears how much: (asks,)."""

    award: Awarded
    terms: Terms
    told: Flags


def award(findings: Findings, order: Order, liable: Places, entitled: Places, remedy: Places) -> Ordered:
    """What policy orders in each ask, given who is liable, who is entitled, and the remedy (places, -1: not known)."""
    answers = _Answers(findings, len(liable))
    terms = _terms(answers, findings)
    bears, told = answers.bears()
    told |= remedy == REMEDIES.index("reject")
    exactly, known = answers.sum_said(order.sums)
    told &= known | (remedy != REMEDIES.index("partial_refund"))
    awarded = Awarded(
        remedy=np.where(remedy >= 0, remedy, REMEDIES.index("reject")),
        bears=np.where(bears.any(axis=1, keepdims=True), bears, ALL_OF[PLATFORM]),
        entitled=entitled == 1,
        fault=_fault(answers, liable),
        refund_share=answers.points("refund_share", _claimed_share(order)),
        refund_cents=exactly,
        deduct_share=np.where(_OTHERS[liable], 0, answers.points("deduct_share", terms.deduction(order.grade))),
        returned=~answers.says("return", "never"),
        own_return=order.own_return,
        label_shares=_labels(answers),
        actions=np.stack([findings.ordered[action] == 1 for action in ACTIONS], axis=1),
        paused=answers.says("pause", True),
        grounds=answers.grounds(),
    )
    return Ordered(awarded, terms, told)


class _Answers:
    """What policy answers about money, each question once."""

    def __init__(self, findings: Findings, asks: int) -> None:
        self._findings, self._asks = findings, asks
        self._found: dict[str, Answer] = {}

    def answer(self, key: str) -> Answer:
        if key not in self._found:
            self._found[key] = self._findings.answer(key)
        return self._found[key]

    def says(self, key: str, value: object) -> Flags:
        """Whether policy answers just that."""
        found = self.answer(key)
        return np.array([*(given == value for given in found.values), False])[found.value]

    def numbers(self, key: str, otherwise: Cents | int) -> Cents:
        """The answer as whole numbers, and where there is none what stands otherwise."""
        found = self.answer(key)
        values = np.array([*(int(value) for value in found.values), 0], dtype=np.int64)[found.value]  # type: ignore[arg-type]
        return np.where(found.state == SETTLED, values, otherwise)

    def points(self, key: str, otherwise: Cents | int) -> Cents:
        """The answer as a share, and where there is none what stands otherwise."""
        found = self.answer(key)
        values = np.array([*(int(whole_points(value)) for value in found.values), 0], dtype=np.int64)[found.value]  # type: ignore[arg-type]
        return np.where(found.state == SETTLED, values, otherwise)

    def sum_said(self, sums: Mapping[str, Cents]) -> tuple[Cents, Flags]:
        """(asks,) the sum that policy says is refunded exactly, BY_SHARE without one, and whether that one is known."""
        found, said = np.full(self._asks, BY_SHARE, dtype=np.int64), np.zeros(self._asks, dtype=bool)
        for name, cents in sums.items():
            here = self.says("refund_sum", name)
            found, said = np.where(here, cents, found), said | here
        return found, ~said | (found != BY_SHARE)

    def shares(self, key: str, among: str) -> tuple[Cents, Flags]:
        """(asks, parties) who has which share, one party or as ``among`` says, and where that is answered."""
        found, split = self.answer(key), self.answer(among)
        whole = np.array([*(_shares(value) for value in found.values), NO_SHARES])[found.value]
        parts = np.array([*(_shares(value) for value in split.values), NO_SHARES])[split.value]
        shares = np.where(self.says(key, "shared")[:, None], parts, whole)
        return shares, (found.state == SETTLED) & shares.any(axis=1)

    def bears(self) -> tuple[Cents, Flags]:
        """(asks, parties) who bears the cost, a shared one as the fault is shared where nothing else is said."""
        shares, told = self.shares("cost_bearer", "cost_shares")
        fault, _ = self.shares("fault", "fault")
        as_fault = self.says("cost_bearer", "shared") & ~told & fault.any(axis=1)
        return np.where(as_fault[:, None], fault, shares), told | as_fault

    def grounds(self) -> Grounds:
        """On which clause each ground of a line rests."""
        places = {ground: self.answer(key).clause.astype(np.int64) for ground, key in _GROUND.items()}
        return Grounds(tuple(clause.id for clause in self._findings.clauses), places)


def _terms(answers: _Answers, findings: Findings) -> Terms:
    """The parameters of each case's day; what a clause finds stands in the place of one."""
    reigns = {
        reign: Terms.of({n: v[0] for n, v in given.items() if len(v) == 1}) for reign, given in findings.reigns.items()
    }
    keys, place = np.unique(findings.reign, return_inverse=True)
    found: dict[str, Any] = {}
    for field in fields(Terms):
        column = np.array([getattr(reigns[int(key)], field.name) for key in keys], dtype=np.int64)[place]
        if field.name in _FOUND:
            column = (answers.points if field.metadata["unit"] == "share" else answers.numbers)(field.name, column)
        found[field.name] = column
    for by, share in (("seller", WHOLE), ("platform", 0)):
        said = answers.says("uncovered_by", by)
        found["uncovered_seller_share"] = np.where(said, share, found["uncovered_seller_share"])
    return Terms(**found)


def _fault(answers: _Answers, liable: Places) -> Cents:
    """(asks, parties) the fault as found: of a shared one as policy shares it, else nobody knows how."""
    evenly = np.full(len(PARTIES), WHOLE // len(PARTIES))
    by_party = np.array([*ALL_OF, evenly, NO_SHARES, NO_SHARES])[liable]
    shares, told = answers.shares("fault", "fault")
    return np.where(told[:, None], shares, by_party)


def _labels(answers: _Answers) -> Cents:
    """(asks, parties) who owes the labels; the platform where policy does not say."""
    shares, told = answers.shares("label_payer", "label_shares")
    return np.where(told[:, None], shares, ALL_OF[PLATFORM])


def _claimed_share(order: Order) -> Cents:
    """How much of all that was paid the buyer asks for: (asks,)."""
    whole = np.asarray(order.paid.paid + order.paid.shipping + order.paid.tax)
    return np.minimum(floor_of(WHOLE, np.maximum(order.sums["claimed_cents"], 0), np.maximum(whole, 1)), WHOLE)


def _shares(value: object) -> Cents:
    """(parties,) the shares that one answer gives."""
    if isinstance(value, tuple):
        given = dict(value)
        return np.array([int(whole_points(given.get(party, 0.0))) for party in PARTIES], dtype=np.int64)
    return ALL_OF[PARTIES.index(str(value))] if value in PARTIES else NO_SHARES


def _cents(facts: pa.Table, name: str) -> Cents:
    return np.asarray(np.minimum(np.nan_to_num(facts[name].to_numpy(), nan=0.0), MOST_CENTS), dtype=np.int64)


def _beyond(facts: pa.Table, name: str) -> Flags:
    return np.asarray(facts[name].to_numpy() > MOST_CENTS)


def _known(facts: pa.Table, name: str) -> Flags:
    return np.asarray(pc.is_valid(facts[name]).to_numpy(), dtype=bool)


def _is(facts: pa.Table, name: str, value: object) -> Flags:
    return np.asarray(pc.fill_null(pc.equal(facts[name], value), False).to_numpy(), dtype=bool)


def _places(facts: pa.Table, name: str, among: Sequence[str]) -> Places:
    found = pc.index_in(facts[name], pa.array(among, pa.string()))
    return np.asarray(pc.fill_null(found, -1).to_numpy(), dtype=np.int64)
