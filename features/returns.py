"""The returns family: whose label, how far the way back was seen, and what the inspection found.

A grade is known from its inspection; one without a date of inspection, from the final ruling, which rested on it. A
missing first scan says little where the item itself was scanned at the counter.
"""

from typing import Final

import numpy as np

from features.own_rows import Flags, OwnRows
from features.row_feature import Compute, RowFeature, hours_between, needs_all, row_feature, share_of
from features.tables import NULL_INSTANT, Instants, Numbers
from features.view import View, Words
from features.vocabulary import GRADES, LABEL_OWNERS, REFUND_TRIGGERS
from features.weights import weighed_anew


def returns_known(view: View) -> Numbers:
    """How many parcels sent back, or to be sent back, are known."""
    rows = view.rows("returns")
    return rows.count(_all(rows))


def return_label_owner(view: View) -> Words:
    """Who bought the return label; of several returns the first in the order of the contract."""
    return _first_of(view, "label_owner", LABEL_OWNERS)


def refund_trigger(view: View) -> Words:
    """What sets off the refund; of several returns the earliest trigger."""
    return _first_of(view, "refund_trigger", REFUND_TRIGGERS)


def return_grade(view: View) -> Words:
    """What the inspection of the return found; of several returns the worst."""
    rows = view.rows("returns")
    codes = rows.codes("grade", GRADES)
    return _words(rows.largest(codes.astype(np.float64), codes >= 0), GRADES)


def return_dropped_off(view: View) -> Numbers:
    """Whether a return was dropped off."""
    return _seen(view, "dropped_off_at")


def return_item_scanned(view: View) -> Numbers:
    """Whether the item itself was scanned where a return was dropped off."""
    rows = view.rows("returns")
    return rows.largest(rows.numbers("item_scanned"), _all(rows))


def return_scanned(view: View) -> Numbers:
    """Whether the carrier scanned a return."""
    return _seen(view, "first_scan_at")


def return_received(view: View) -> Numbers:
    """Whether a return arrived."""
    return _seen(view, "received_at")


def days_since_drop_off(view: View) -> Numbers:
    """Days from the last drop-off of a return to now."""
    return hours_between(view.asks.as_of, _last(view, "dropped_off_at")) / 24


def days_since_received(view: View) -> Numbers:
    """Days from the last arrival of a return to now."""
    return hours_between(view.asks.as_of, _last(view, "received_at")) / 24


def return_travel_days(view: View) -> Numbers:
    """Days from the last drop-off of a return to the last arrival of one."""
    return hours_between(_last(view, "received_at"), _last(view, "dropped_off_at")) / 24


def return_to_address(view: View) -> Numbers:
    """Whether every return delivery scan that tells was at the door of the return address."""
    rows = view.rows("events")
    return rows.smallest(rows.numbers("address_match"), rows.are("kind", "return_delivered"))


def return_weight_short(view: View) -> Numbers:
    """By what share the lightest measured return is below the declared weight of the order; negative when above."""
    rows = view.rows("events")
    weight = rows.numbers("weight_g")
    declared = rows.largest(weight, rows.are("kind", "label_created"))
    back = rows.smallest(weight, weighed_anew(rows) & rows.are("kind", "return_scan"))
    return share_of(declared - back, declared)


def _all(rows: OwnRows) -> Flags:
    return np.ones(len(rows.ask), dtype=bool)


def _seen(view: View, column: str) -> Numbers:
    rows = view.rows("returns")
    return rows.any(rows.instants(column) != NULL_INSTANT)


def _last(view: View, column: str) -> Instants:
    rows = view.rows("returns")
    return rows.latest(rows.instants(column), _all(rows))


def _first_of(view: View, column: str, among: tuple[str, ...]) -> Words:
    rows = view.rows("returns")
    codes = rows.codes(column, among)
    return _words(rows.smallest(codes.astype(np.float64), codes >= 0), among)


def _words(place: Numbers, among: tuple[str, ...]) -> Words:
    return Words(np.where(np.isnan(place), -1, np.nan_to_num(place)).astype(np.int64), list(among))


def _returned(compute: Compute, unit: str, reason: str, *columns: str) -> RowFeature:
    reads = tuple(c if "." in c else f"returns.{c}" for c in columns)
    return needs_all(row_feature(compute, family="returns", unit=unit, reads=reads, reason=reason))


_WEIGHED: Final = ("events.kind", "events.weight_g", "events.weight_measured")

RETURNS: Final[tuple[RowFeature, ...]] = (
    _returned(returns_known, "returns", "R60", "dropped_off_at"),
    _returned(return_label_owner, "category", "R60", "label_owner"),
    _returned(refund_trigger, "category", "R60", "refund_trigger"),
    _returned(return_dropped_off, "flag", "R61", "dropped_off_at"),
    _returned(return_item_scanned, "flag", "R61", "dropped_off_at", "item_scanned"),
    _returned(return_scanned, "flag", "R61", "first_scan_at"),
    _returned(days_since_drop_off, "days", "R62", "dropped_off_at"),
    _returned(return_received, "flag", "R63", "received_at"),
    _returned(days_since_received, "days", "R63", "received_at"),
    _returned(return_travel_days, "days", "R63", "dropped_off_at", "received_at"),
    _returned(return_to_address, "flag", "R64", "events.kind", "events.address_match"),
    _returned(return_grade, "category", "R65", "grade", "graded_at"),
    _returned(return_weight_short, "share", "R66", *_WEIGHED),
)
