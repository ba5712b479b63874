"""What a ruling pays, to the cent, for one case or a million alike: integers only, nothing lost in rounding.

What the buyer is owed in all comes first (models/owed.py); then who bears it, then what follows from the sale being
undone. What was moved before is set against each, so that only the difference moves now.
"""

from collections.abc import Iterator
from dataclasses import fields, replace
from typing import Any, Final, TypeVar

import numpy as np

from features.vocabulary import PARTIES
from models.award import (
    ALL_OF,
    BUYER,
    CARRIER,
    EXCHANGE,
    FULL,
    PLATFORM,
    RESHIP,
    RETURN,
    SELLER,
    Awarded,
    Grounds,
    Paid,
)
from models.cents import MOST_CENTS, WHOLE, Cents, apportioned, floor_of, rounded, share_of
from models.lines import LINES, PLACE, Lines
from models.owed import Owed, owed
from models.remedy import ACTIONS
from models.terms import Terms

SHARES: Final = ("fault", "bears", "label_shares")
WIDE: Final = {**dict.fromkeys(SHARES, len(PARTIES)), "actions": len(ACTIONS)}
"""Fields with a value for each of so many parties or actions; all others have one for each case."""

Columns = dict[str, Cents]
Priced = TypeVar("Priced", Paid, Awarded, Terms)


def price(order: Paid, award: Awarded, terms: Terms) -> Lines:
    """Every line of money that a ruling moves, in each case.

    Raises
    ------
    ValueError
        When shares do not add up, or a sum or a number of units is none.
    """
    (cases,) = np.broadcast_shapes(*(shape for each in (order, award, terms) for shape in _shapes(each)))
    order, award, terms = _spread(order, cases), _spread(award, cases), _spread(terms, cases)
    _require_sense(order, award)
    award = replace(award, remedy=_given(order, award))
    award = replace(award, bears=np.where(np.asarray(award.entitled)[:, None], award.bears, ALL_OF[PLATFORM]))
    due = owed(order, award, terms)
    columns = due.lines() | _borne(order, award, terms, due) | _replacement(order, award, terms, due)
    columns |= _labels(award, terms, due) | _actions(order, award, due)
    cents = np.zeros((len(LINES), cases), dtype=np.int64)
    for code, column in columns.items():
        cents[PLACE[code]] = column
    paused = np.asarray(order.chargeback_open) | np.asarray(award.paused)
    cents[:, paused] = 0
    return Lines(cents.T, np.asarray(award.remedy), paused, award.grounds)


def _given(order: Paid, award: Awarded) -> Cents:
    """The remedy as ordered, but that nothing is replaced twice: the second time its price is refunded."""
    again = np.asarray(order.replaced)
    refund = np.where(award.returned, RETURN, FULL)
    return np.where(again & np.isin(award.remedy, (EXCHANGE, RESHIP)), refund, award.remedy)


def _borne(order: Paid, award: Awarded, terms: Terms, due: Owed) -> Columns:
    """Who bears what the buyer gets or the second item costs, and what the seller's part of it undoes of the sale."""
    sent_again = award.remedy == RESHIP
    loss = np.where(sent_again, share_of(due.price, WHOLE - award.bears[:, BUYER]), due.target - due.target_tax)
    seller, carrier, _ = apportioned(loss, award.bears[:, SELLER:]).T
    covered = np.minimum(carrier, terms.cover_max_cents)
    left = np.where(order.own_label, carrier, share_of(carrier - covered, terms.uncovered_seller_share))
    first = np.where(sent_again, 0, np.maximum(seller - order.borne, 0))
    second = np.where(sent_again, 0, np.maximum(left - np.maximum(order.borne - seller, 0), 0))
    compensated = award.actions[:, ACTIONS.index("compensate_seller")] & ~sent_again
    return {
        "L10": first,
        "L11": second,
        "L12": np.where(order.own_label, 0, covered),
        "L13": np.where(order.own_label, covered, 0),
        "L30": np.where(compensated, np.maximum(order.borne - seller - left, 0), 0),
        "L44": np.where(sent_again, loss - seller - left, 0),
        **_undone(order, award, terms, due, floor_of(due.items_kept, first + second, loss)),
    }


def _undone(order: Paid, award: Awarded, terms: Terms, due: Owed, borne: Cents) -> Columns:
    """What the seller gets back of fees and gives back of vouchers, as far as the seller now bears the price."""
    free = due.price == 0  # paid for by a voucher alone
    part = np.where(free, np.where(due.whole, award.bears[:, SELLER], 0), borne)
    whole = np.where(free, WHOLE, due.price)
    fee = rounded(due.units(order.referral_fee), part, whole)
    return {
        "L14": rounded(due.units(order.platform_discount), part, whole),
        "L15": fee,
        "L16": share_of(fee, terms.refund_admin_share),
        "L17": rounded(due.units(order.commission), part, whole),
    }


def _replacement(order: Paid, award: Awarded, terms: Terms, due: Owed) -> Columns:
    """What an exchange for a dearer or a cheaper item moves, with its tax; never more back than was paid."""
    more = np.where(award.remedy == EXCHANGE, award.price_difference, 0)
    dearer, cheaper = np.maximum(more, 0), np.maximum(-more, 0)
    tax = rounded(due.tax_collected, cheaper, due.taxed)
    back = np.minimum(cheaper + tax, np.maximum(due.paid_in_all - order.refunded - order.refunded_elsewhere, 0))
    tax_back = floor_of(back, tax, cheaper + tax)
    return {
        "L40": dearer,
        "L41": rounded(due.tax_collected, dearer, due.taxed),
        "L42": back - tax_back,
        "L43": tax_back,
    }


def _labels(award: Awarded, terms: Terms, due: Owed) -> Columns:
    """What labels cost and who owes them; the buyer's share is kept from a refund, or paid where there is none."""
    comes_back = np.asarray(award.returned) & ~np.asarray(award.own_return) & np.isin(award.remedy, (RETURN, EXCHANGE))
    sent_back = award.actions[:, ACTIONS.index("send_back")]
    sent_out = np.isin(award.remedy, (EXCHANGE, RESHIP))
    cost = (comes_back.astype(np.int64) + sent_back) * terms.return_label_cents
    cost = cost + sent_out * terms.replacement_label_cents
    shares = apportioned(cost, award.label_shares)
    buyer = shares[:, BUYER]
    return {
        "L09": np.where(due.refunds, np.minimum(buyer, due.pay), 0),
        "L20": cost,
        "L21": shares[:, SELLER],
        "L22": np.where(due.refunds, 0, buyer),
    }


def _actions(order: Paid, award: Awarded, due: Owed) -> Columns:
    """What is ordered beside the remedy: charging again, releasing proceeds, voiding a label."""
    ordered = dict(zip(ACTIONS, award.actions.T, strict=True))
    excess = np.where(ordered["recharge_buyer"], np.maximum(order.refunded - due.target, 0), 0)
    tax_refunded = floor_of(order.refunded, order.tax, due.paid_in_all)
    tax = np.clip(tax_refunded - due.target_tax, 0, excess)
    return {
        "L23": np.where(ordered["void_label"], order.label, 0),
        "L31": excess - tax,
        "L32": tax,
        "L33": np.where(ordered["release_payout"] & ~ordered["hold_payout"], order.held, 0),
    }


def _shapes(columns: Paid | Awarded | Terms) -> Iterator[tuple[int, ...]]:
    """The shape (cases,) of each field; one case where all are plain numbers."""
    yield (1,)
    for f in fields(columns):
        value = getattr(columns, f.name)
        if not isinstance(value, Grounds):
            yield np.shape(value)[:-1] if f.name in WIDE else np.shape(value)


def _spread(columns: Priced, cases: int) -> Priced:
    """The same with every field an array (cases,) or (cases, parties)."""
    found: dict[str, Any] = {}
    for f in fields(columns):
        value = getattr(columns, f.name)
        if not isinstance(value, Grounds):
            shape = (cases, WIDE[f.name]) if f.name in WIDE else (cases,)
            found[f.name] = np.broadcast_to(np.asarray(value), shape)
    return replace(columns, **found)


def _require_sense(order: Paid, award: Awarded) -> None:
    for f in fields(order):
        value = np.asarray(getattr(order, f.name))
        if not bool(((value >= 0) & (value <= MOST_CENTS)).all()):
            raise ValueError(f"{f.name} must be from 0 to {MOST_CENTS}")
    if not bool((np.asarray(order.settled) + order.affected <= order.quantity).all()):
        raise ValueError("more units are concerned than the line has")
    for name in SHARES:
        sums = getattr(award, name).sum(axis=1)
        if not bool(((sums == WHOLE) | ((sums == 0) & (name == "fault"))).all()):
            raise ValueError(f"the shares of {name} must add up to {WHOLE}")
    if bool(award.label_shares[:, CARRIER].any()):
        raise ValueError("the carrier is paid for labels and owes none")
