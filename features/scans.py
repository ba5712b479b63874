"""What the scans of a parcel are, and how features look at the events of their own case.

Only events known by then count, whenever they happened.
"""

from typing import Final

from features.row_feature import Compute, RowFeature, needs_all, row_feature
from features.tables import Instants, Numbers
from features.view import View

SCANS: Final = (
    "first_scan", "hub_in", "hub_out", "in_transit", "customs", "out_for_delivery", "delivery_attempted",
    "available_for_pickup", "delivered", "exception", "return_to_sender",
)  # fmt: skip
"""Events at which somebody held the parcel on its way to the buyer."""


def first_of(view: View, *kinds: str) -> Instants:
    """When the first of these events happened, NULL_INSTANT where none is known: (asks,)."""
    rows = view.rows("events")
    return rows.earliest(rows.instants("happened_at"), rows.are("kind", *kinds))


def last_of(view: View, *kinds: str) -> Instants:
    """When the last of these events happened, NULL_INSTANT where none is known: (asks,)."""
    rows = view.rows("events")
    return rows.latest(rows.instants("happened_at"), rows.are("kind", *kinds))


def count_of(view: View, *kinds: str) -> Numbers:
    """How many of these events are known: (asks,)."""
    rows = view.rows("events")
    return rows.count(rows.are("kind", *kinds))


def any_of(view: View, *kinds: str) -> Numbers:
    """Whether one of these events is known, as 0 and 1: (asks,)."""
    rows = view.rows("events")
    return rows.any(rows.are("kind", *kinds))


def event_feature(compute: Compute, unit: str, reason: str, *columns: str) -> RowFeature:
    """List a function that looks at events as a feature of the delivery family."""
    reads = ("events.kind", *(c if "." in c else f"events.{c}" for c in columns))
    return needs_all(row_feature(compute, family="delivery", unit=unit, reads=reads, reason=reason))
