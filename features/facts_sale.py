"""Facts of the sale that a ruling may undo: what the platform added and took, and what of a refund the seller bore.

Ledger entries are known by the words below; a mapping may turn a team's own words into them.
"""

from collections.abc import Callable
from typing import Final

import numpy as np

from features.fact import PLATFORM, ListedFact, Telling, number
from features.tables import Numbers
from features.view import View

REFERRAL_FEE: Final = "referral_fee"
COMMISSION: Final = "creator_commission"
REFUND_BORNE: Final = "refund_borne"


def platform_discount_cents(view: View) -> Numbers:
    """What the platform added to the seller's proceeds as a voucher."""
    return view.order_numbers("platform_discount_cents")


def referral_fee_cents(view: View) -> Numbers:
    """What the seller paid the platform for the sale."""
    return _paid_by_seller(view, REFERRAL_FEE)


def commission_cents(view: View) -> Numbers:
    """What the seller paid a creator for the sale."""
    return _paid_by_seller(view, COMMISSION)


def borne_cents(view: View) -> Numbers:
    """What the seller has borne by now of what the buyer got back."""
    return _paid_by_seller(view, REFUND_BORNE)


def _paid_by_seller(view: View, kind: str) -> Numbers:
    rows = view.rows("ledger")
    theirs = rows.are("kind", kind) & rows.are("payer", "seller")
    return np.bincount(rows.ask[theirs], rows.numbers("cents")[theirs], len(view.asks)).astype(np.float64)


def _from_ledger(compute: Callable[[View], Numbers]) -> ListedFact:
    told = Telling(("ledger.kind", "ledger.payer", "ledger.cents"), PLATFORM)
    return number(compute.__name__, "cents", compute, told)


SALE_FACTS: Final[tuple[ListedFact, ...]] = (
    number(
        "platform_discount_cents",
        "cents",
        platform_discount_cents,
        Telling(("orders.platform_discount_cents",), PLATFORM),
    ),
    _from_ledger(referral_fee_cents),
    _from_ledger(commission_cents),
    _from_ledger(borne_cents),
)
