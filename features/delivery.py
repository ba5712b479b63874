"""The delivery family: what the scans of the parcel say, set against what was promised.

What was seen at the door stands in ``door.py``, what the parcel weighed in ``weights.py``.
"""

from typing import Final

import numpy as np

from features.door import DOOR
from features.row_feature import RowFeature, hours_between
from features.scans import SCANS, any_of, count_of, event_feature, first_of, last_of
from features.tables import NULL_INSTANT, Instants, Numbers
from features.view import View
from features.weights import WEIGHTS


def late_dispatch(view: View) -> Numbers:
    """Hours from the time to ship by to the first scan of the parcel; negative when in time."""
    return hours_between(first_of(view, *SCANS), view.order_instants("ship_by_at"))


def unscanned_past_ship_by(view: View) -> Numbers:
    """Hours for which the parcel has been without any scan since the time to ship by; 0 once one is known."""
    return _still_open(view, view.order_instants("ship_by_at"), first_of(view, *SCANS))


def late_delivery(view: View) -> Numbers:
    """Hours from the promised delivery to the first delivery scan; negative when in time."""
    return hours_between(first_of(view, "delivered"), view.order_instants("promised_at"))


def undelivered_past_promise(view: View) -> Numbers:
    """Hours for which the parcel has been without a delivery scan since the promised delivery; 0 once one is known."""
    return _still_open(view, view.order_instants("promised_at"), first_of(view, "delivered"))


def _still_open(view: View, due: Instants, done: Instants) -> Numbers:
    """Hours since something was due, 0 before and once it is done."""
    overdue = np.maximum(hours_between(view.asks.as_of, due), 0.0)
    return np.where(np.isnan(overdue) | (done == NULL_INSTANT), overdue, 0.0)


def hours_delivery_to_claim(view: View) -> Numbers:
    """Hours from the last delivery scan to the opening of the case."""
    return hours_between(view.case_instants("opened_at"), last_of(view, "delivered"))


def hours_in_transit(view: View) -> Numbers:
    """Hours from the first scan of the parcel to its first delivery scan."""
    return hours_between(first_of(view, "delivered"), first_of(view, *SCANS))


def scans(view: View) -> Numbers:
    """How many scans of the parcel are known."""
    return count_of(view, *SCANS)


def hours_since_last_scan(view: View) -> Numbers:
    """Hours from the last scan of the parcel to now."""
    return hours_between(view.asks.as_of, last_of(view, *SCANS))


def longest_scan_gap(view: View) -> Numbers:
    """The longest time between one scan of the parcel and the next, in hours."""
    rows = view.rows("events")
    scanned = rows.are("kind", *SCANS)
    ask, at = rows.ask[scanned], rows.instants("happened_at")[scanned]
    order = np.lexsort((at, ask))
    ask, at = ask[order], at[order]
    found = np.full(len(view.asks), np.nan)
    same = ask[1:] == ask[:-1]
    np.fmax.at(found, ask[1:][same], hours_between(at[1:], at[:-1])[same])
    return found


def upload_lag(view: View) -> Numbers:
    """The longest time from a scan of the parcel until it became known, in hours."""
    rows = view.rows("events")
    scanned = rows.are("kind", *SCANS)
    return rows.largest(hours_between(rows.since, rows.instants("happened_at")), scanned)


def scans_told_after_claim(view: View) -> Numbers:
    """How many scans from before the claim became known only after it."""
    rows = view.rows("events")
    scanned = rows.are("kind", *SCANS)
    opened = view.case_instants("opened_at")[rows.ask]
    return rows.count(scanned & (rows.instants("happened_at") <= opened) & (rows.since > opened))


def deliveries(view: View) -> Numbers:
    """How many delivery scans are known."""
    return count_of(view, "delivered")


def delivery_attempts(view: View) -> Numbers:
    """How many failed attempts at delivery are known."""
    return count_of(view, "delivery_attempted")


def exceptions(view: View) -> Numbers:
    """How many exceptions the carrier reported."""
    return count_of(view, "exception")


def sent_back(view: View) -> Numbers:
    """Whether the carrier sent the parcel back to the sender."""
    return any_of(view, "return_to_sender")


def address_changes(view: View) -> Numbers:
    """How often the address was changed after the order."""
    return count_of(view, "address_changed")


def parcels(view: View) -> Numbers:
    """How many shipping labels were created and not voided."""
    return count_of(view, "label_created") - count_of(view, "label_voided")


def declared_lost(view: View) -> Numbers:
    """Whether the carrier declared the parcel lost and nothing was found since."""
    lost, found = last_of(view, "lost_declared"), last_of(view, "found")
    return np.where((lost != NULL_INSTANT) & (found < lost), 1.0, 0.0)


def found_again(view: View) -> Numbers:
    """Whether the carrier found the parcel again."""
    return any_of(view, "found")


def tracking_expired(view: View) -> Numbers:
    """Whether tracking ended without news."""
    return any_of(view, "tracking_expired")


DELIVERY: Final[tuple[RowFeature, ...]] = (
    event_feature(late_dispatch, "hours", "R40", "happened_at", "orders.ship_by_at"),
    event_feature(unscanned_past_ship_by, "hours", "R40", "happened_at", "orders.ship_by_at"),
    event_feature(late_delivery, "hours", "R41", "happened_at", "orders.promised_at"),
    event_feature(undelivered_past_promise, "hours", "R41", "happened_at", "orders.promised_at"),
    event_feature(hours_delivery_to_claim, "hours", "R42", "happened_at", "cases.opened_at"),
    event_feature(deliveries, "scans", "R42"),
    event_feature(hours_in_transit, "hours", "R43", "happened_at"),
    event_feature(scans, "scans", "R43"),
    event_feature(hours_since_last_scan, "hours", "R43", "happened_at"),
    event_feature(longest_scan_gap, "hours", "R43", "happened_at"),
    event_feature(upload_lag, "hours", "R44", "happened_at", "known_at"),
    event_feature(scans_told_after_claim, "scans", "R44", "happened_at", "known_at", "cases.opened_at"),
    *DOOR,
    *WEIGHTS,
    event_feature(delivery_attempts, "attempts", "R48"),
    event_feature(exceptions, "exceptions", "R48"),
    event_feature(sent_back, "flag", "R48"),
    event_feature(address_changes, "changes", "R48"),
    event_feature(parcels, "parcels", "R48"),
    event_feature(declared_lost, "flag", "R49", "happened_at"),
    event_feature(found_again, "flag", "R49"),
    event_feature(tracking_expired, "flag", "R49"),
)
