"""What the buyer is owed: price, shipping and tax of the units concerned, less deductions and what was refunded."""

from dataclasses import dataclass

import numpy as np

from models.award import BUYER, FULL, PART, RETURN, SELLER, Awarded, Paid
from models.cents import WHOLE, Cents, Flags, floor_of, rounded, share_of
from models.terms import Amount, Terms


@dataclass(frozen=True, slots=True)
class Owed:
    """What the buyer is owed in each case, (asks,) each.

    Attributes
    ----------
    order
        What was paid, as arrays.
    refunds, whole, entitled
        The remedy pays money; it undoes the sale of the units concerned; the buyer has a right to it.
    price, tax_collected, taxed, paid_in_all
        Of the units concerned: their price, the tax collected on them and the sum it was collected on; and all that
        was paid for the line.
    items, condition, shipping, own, tax
        The price refunded before deductions, what is deducted for the condition, the shipping refunded, the buyer's
        own share of both, and the tax on what remains.
    items_kept
        What remains of the price: items - condition - the buyer's own share of it.
    owed, target, target_tax
        All of it; the same capped by what was paid and not refunded for other units; and the tax in that.
    pay
        What is to be paid now: the target less what was already refunded.
    """

    order: Paid
    refunds: Flags
    whole: Flags
    entitled: Flags
    price: Cents
    tax_collected: Cents
    taxed: Cents
    paid_in_all: Cents
    items: Cents
    condition: Cents
    shipping: Cents
    own: Cents
    tax: Cents
    items_kept: Cents
    owed: Cents
    target: Cents
    target_tax: Cents
    pay: Cents

    def units(self, cents: Amount) -> Cents:
        """The part of a sum for the whole line that belongs to the units concerned."""
        return units(self.order, cents)

    def lines(self) -> dict[str, Cents]:
        """The lines between the buyer and whoever pays first."""
        before = self.target - self.pay
        tax_paid = self.target_tax - floor_of(before, self.target_tax, self.target)
        taken, taken_tax = self.owed - self.pay, self.tax - tax_paid
        return {
            "L01": np.where(self.entitled, self.items, 0),
            "L02": self.shipping,
            "L03": self.tax,
            "L04": np.where(self.entitled, 0, self.items),
            "L05": self.condition,
            "L06": self.own,
            "L07": taken - taken_tax,
            "L08": taken_tax,
        }


def owed(order: Paid, award: Awarded, terms: Terms) -> Owed:
    """What the buyer is owed in all, and what of it is still to pay; every field is an array."""
    refunds = np.isin(award.remedy, (FULL, RETURN, PART))
    whole, entitled = refunds & (award.remedy != PART), np.asarray(award.entitled)
    price, shipped, tax_collected = (units(order, each) for each in (order.paid, order.shipping, order.tax))
    taxed = price + share_of(shipped, terms.shipping_taxed_share)
    agreed, agreed_tax = _agreed(award, entitled, price, rounded(tax_collected, price, taxed))
    fixed = (award.remedy == PART) & (agreed >= 0)
    part = np.where(fixed, agreed - agreed_tax, _partial(price, award, terms))
    items = np.where(whole, price, np.where(refunds, part, 0))
    condition = np.where(fixed, 0, share_of(items, np.minimum(award.deduct_share, terms.deduct_share_max)))
    own_items = np.where(fixed, 0, share_of(items - condition, award.bears[:, BUYER]))
    shipping = np.where(whole & entitled, share_of(shipped, _shipping_share(award, terms)), 0)
    own_shipping = share_of(shipping, award.bears[:, BUYER])
    items_kept = items - condition - own_items
    undone = items_kept + share_of(shipping - own_shipping, terms.shipping_taxed_share)
    tax = rounded(tax_collected, np.where(taxed > 0, undone, whole), np.maximum(taxed, 1))
    tax = np.where(fixed, agreed_tax, np.where(entitled, tax, 0))
    in_all = items_kept + shipping - own_shipping + tax
    paid_in_all = order.paid + order.shipping + order.tax
    target = np.minimum(in_all, np.maximum(paid_in_all - order.refunded_elsewhere, 0))
    return Owed(
        order=order,
        refunds=refunds,
        whole=whole,
        entitled=entitled,
        price=price,
        tax_collected=tax_collected,
        taxed=taxed,
        paid_in_all=np.asarray(paid_in_all),
        items=items,
        condition=condition,
        shipping=shipping,
        own=own_items + own_shipping,
        tax=tax,
        items_kept=items_kept,
        owed=in_all,
        target=target,
        target_tax=floor_of(target, tax, in_all),
        pay=np.maximum(target - order.refunded, 0),
    )


def units(order: Paid, cents: Amount) -> Cents:
    """The part of a sum for the whole line that belongs to the units concerned; all cases together give all of it."""
    upto = floor_of(cents, np.asarray(order.settled) + order.affected, order.quantity)
    return upto - floor_of(cents, order.settled, order.quantity)


def _agreed(award: Awarded, entitled: Flags, price: Cents, tax: Cents) -> tuple[Cents, Cents]:
    """The sum agreed on for a partial refund and the tax in it, at most price and tax; below nothing where none was."""
    agreed = np.minimum(award.refund_cents, price + tax)
    return agreed, np.where(entitled, floor_of(np.maximum(agreed, 0), tax, price + tax), 0)


def _partial(price: Cents, award: Awarded, terms: Terms) -> Cents:
    """The part of the price that a partial refund gives, inside the bands of share and sum."""
    share = np.clip(award.refund_share, terms.refund_share_min, terms.refund_share_max)
    return np.minimum(price, np.clip(share_of(price, share), terms.refund_min_cents, terms.refund_max_cents))


def _shipping_share(award: Awarded, terms: Terms) -> Cents:
    """All of the shipping where someone other than the buyer is at fault, else what the policy gives."""
    return np.where(award.fault[:, SELLER:].any(axis=1), WHOLE, terms.shipping_share)
