"""Facts of the case itself and of its order line: what is claimed, how far it has come, what was ordered and paid."""

from typing import Final

import numpy as np

from features import claim
from features.fact import BUYER, CARRIER, PLATFORM, SELLER, ListedFact, Telling, flag, number, word
from features.row_feature import hours_between
from features.tables import NULL_INSTANT, Numbers
from features.view import View
from features.vocabulary import ACTORS, FULFILMENTS, LABEL_OWNERS, REASONS, REMEDIES, STAGES


def claimed_cents(view: View) -> Numbers:
    """The sum the buyer asks for."""
    return view.case_numbers("claimed_cents")


def days_since_placed(view: View) -> Numbers:
    """Days from the order to now."""
    return hours_between(view.asks.as_of, view.order_instants("placed_at")) / 24


def evidence_closed(view: View) -> Numbers:
    """Whether the time for evidence has ended."""
    return _reached(view, "evidence_closed_at")


def escalated(view: View) -> Numbers:
    """Whether the case has gone to the platform."""
    return _reached(view, "escalated_at")


def _reached(view: View, column: str) -> Numbers:
    return np.where(view.case_instants(column) != NULL_INSTANT, 1.0, 0.0)


def unit_price_cents(view: View) -> Numbers:
    """The price of one unit."""
    return view.order_numbers("unit_price_cents")


def paid_cents(view: View) -> Numbers:
    """What the buyer paid for the order line."""
    return view.order_numbers("paid_cents")


def shipping_cents(view: View) -> Numbers:
    """What was paid for shipping the order line."""
    return view.order_numbers("shipping_cents")


def tax_cents(view: View) -> Numbers:
    """The tax collected for the order line."""
    return view.order_numbers("tax_cents")


def listing_changed(view: View) -> Numbers:
    """Whether the listing was changed after the order."""
    rows, placed = view.rows("events"), view.order_instants("placed_at")
    changed = rows.are("kind", "listing_changed")
    after = rows.any(changed & (rows.instants("happened_at") > placed[rows.ask]))
    return np.where((placed == NULL_INSTANT) & (rows.any(changed) == 1), np.nan, after)


def _case(column: str, *by: str) -> Telling:
    return Telling((f"cases.{column}",), by)


def _order(column: str, *by: str) -> Telling:
    return Telling((f"orders.{column}",), by)


_LISTING: Final = ("events.kind", "events.happened_at", "orders.placed_at")

CASE: Final[tuple[ListedFact, ...]] = (
    word("reason", REASONS, claim.reason_claimed, _case("reason", *BUYER)),
    word("stage", STAGES, claim.stage, _case("stage", *PLATFORM)),
    word("initiator", ACTORS, claim.initiator, _case("initiator", *PLATFORM)),
    word("remedy_asked", REMEDIES, claim.remedy_asked, _case("remedy_asked", *BUYER)),
    number("claimed_cents", "cents", claimed_cents, _case("claimed_cents", *BUYER)),
    number("hours_open", "hours", claim.hours_since_opened, _case("opened_at", *PLATFORM)),
    flag("escalated", escalated, _case("escalated_at", *PLATFORM)),
    flag("evidence_closed", evidence_closed, _case("evidence_closed_at", *PLATFORM)),
)

ORDER: Final[tuple[ListedFact, ...]] = (
    word("category", (), claim.category, _order("category", *PLATFORM, *SELLER)),
    number("days_since_placed", "days", days_since_placed, _order("placed_at", *PLATFORM)),
    word("fulfilment", FULFILMENTS, claim.fulfilment, _order("fulfilment", *PLATFORM)),
    word("label_owner", LABEL_OWNERS, claim.label_owner, _order("label_owner", *PLATFORM, *SELLER, *CARRIER)),
    number("quantity", "units", claim.quantity, _order("quantity", *PLATFORM)),
    number("unit_price_cents", "cents", unit_price_cents, _order("unit_price_cents", *PLATFORM)),
    number("paid_cents", "cents", paid_cents, _order("paid_cents", *PLATFORM)),
    number("shipping_cents", "cents", shipping_cents, _order("shipping_cents", *PLATFORM)),
    number("tax_cents", "cents", tax_cents, _order("tax_cents", *PLATFORM)),
    flag("listing_changed", listing_changed, Telling(_LISTING, PLATFORM, ("listing_snapshot",))),
)
