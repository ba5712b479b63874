"""Facts of the parcel on its way to the buyer: handed over, scanned, delivered, or come to grief.

Where it was delivered, and what it weighed, stand in ``facts_door.py``.
"""

from typing import Final

import numpy as np

from features import delivery
from features.fact import BUYER, CARRIER, PLATFORM, SELLER, ListedFact, Telling, flag, number, word
from features.own_rows import Flags
from features.scans import SCANS, any_of, last_of
from features.tables import Numbers
from features.view import View, Words
from features.vocabulary import ACTORS

NOBODY: Final = "nobody"
REFUSED: Final = ("refused",)
DAMAGED: Final = ("damaged",)
"""Codes of events, in any case, by which carriers say these things; a mapping may turn a carrier's own into them."""


def handed_over(view: View) -> Numbers:
    """Whether the parcel was scanned by anybody."""
    return any_of(view, *SCANS)


def delivered(view: View) -> Numbers:
    """Whether a delivery scan is known."""
    return any_of(view, "delivered")


def days_late(view: View) -> Numbers:
    """Days from the promised delivery to the first delivery scan; negative when in time."""
    return delivery.late_delivery(view) / 24


def days_overdue(view: View) -> Numbers:
    """Days for which the parcel has been without a delivery scan since the promised delivery; 0 once one is known."""
    return delivery.undelivered_past_promise(view) / 24


def days_after_delivery(view: View) -> Numbers:
    """Days from the last delivery scan to the opening of the case."""
    return delivery.hours_delivery_to_claim(view) / 24


def days_since_last_scan(view: View) -> Numbers:
    """Days from the last scan of the parcel to now."""
    return delivery.hours_since_last_scan(view) / 24


def transit_days(view: View) -> Numbers:
    """Days from the first scan of the parcel to its first delivery scan."""
    return delivery.hours_in_transit(view) / 24


def refused(view: View) -> Numbers:
    """Whether the carrier says, and no later delivery denies, that the parcel was refused at the door."""
    rows = view.rows("events")
    since = rows.instants("happened_at") > last_of(view, "delivered")[rows.ask]
    return _told_by_code(view, since & rows.are("kind", "delivery_attempted", "exception", "return_to_sender"), REFUSED)


def damage_noted(view: View) -> Numbers:
    """Whether the carrier reported damage to the parcel."""
    return _told_by_code(view, view.rows("events").are("kind", "exception"), DAMAGED)


def _told_by_code(view: View, which: Flags, words: tuple[str, ...]) -> Numbers:
    """Whether one of these events has such a code; NaN where none has and one has no code at all: (asks,)."""
    rows = view.rows("events")
    code, values = rows.words("code")
    said = np.array([*(value.strip().lower() in words for value in values), False])[code]
    silent = np.where(rows.any(which & (code < 0)) == 1, np.nan, 0.0)
    return np.where(rows.any(which & said) == 1, 1.0, silent)


def address_changed_by(view: View) -> Words:
    """Who changed the address last after the order, or nobody."""
    rows = view.rows("events")
    changed, at = rows.are("kind", "address_changed"), rows.instants("happened_at")
    actor = rows.codes("actor", ACTORS)
    last = changed & (actor >= 0) & rows.at(at, rows.latest(at, changed))
    by = np.nan_to_num(rows.smallest(actor.astype(np.float64), last), nan=-1.0).astype(np.int64)
    return Words(np.where(rows.any(changed) == 1, by, len(ACTORS)), [*ACTORS, NOBODY])


def _events(*columns: str, by: tuple[str, ...] = CARRIER, asks_for: tuple[str, ...] = ()) -> Telling:
    return Telling(("events.kind", *(c if "." in c else f"events.{c}" for c in columns)), by, asks_for)


_HANDED: Final = ("acceptance_scan", "handover_receipt")
_TRACKED: Final = ("carrier_tracking_log",)
_DELIVERED: Final = ("delivered_scan", *_TRACKED)
_LABELLED: Final = ("shipping_label_image",)
_SOUGHT: Final = ("carrier_investigation",)

PARCEL: Final[tuple[ListedFact, ...]] = (
    flag("handed_over", handed_over, _events(by=(*CARRIER, *SELLER), asks_for=_HANDED)),
    number(
        "hours_late_to_ship",
        "hours",
        delivery.late_dispatch,
        _events("happened_at", "orders.ship_by_at", by=(*CARRIER, *SELLER), asks_for=_HANDED),
    ),
    number(
        "hours_unscanned",
        "hours",
        delivery.unscanned_past_ship_by,
        _events("happened_at", "orders.ship_by_at", by=(*CARRIER, *SELLER), asks_for=_HANDED),
    ),
    flag("delivered", delivered, _events(asks_for=_DELIVERED)),
    number("days_late", "days", days_late, _events("happened_at", "orders.promised_at", asks_for=_DELIVERED)),
    number("days_overdue", "days", days_overdue, _events("happened_at", "orders.promised_at", asks_for=_DELIVERED)),
    number(
        "days_after_delivery",
        "days",
        days_after_delivery,
        _events("happened_at", "cases.opened_at", asks_for=_DELIVERED),
    ),
    number("days_since_last_scan", "days", days_since_last_scan, _events("happened_at", asks_for=_TRACKED)),
    number("transit_days", "days", transit_days, _events("happened_at", asks_for=_DELIVERED)),
    number("delivery_attempts", "attempts", delivery.delivery_attempts, _events(asks_for=_TRACKED)),
    flag("refused", refused, _events("happened_at", "code", asks_for=_TRACKED)),
    flag("sent_back", delivery.sent_back, _events(asks_for=_TRACKED)),
    flag("declared_lost", delivery.declared_lost, _events("happened_at", asks_for=_SOUGHT)),
    flag("found_again", delivery.found_again, _events(asks_for=_SOUGHT)),
    flag("tracking_expired", delivery.tracking_expired, _events(asks_for=_TRACKED)),
    number("parcels", "parcels", delivery.parcels, _events(by=(*SELLER, *PLATFORM), asks_for=_LABELLED)),
    number("parcels_delivered", "scans", delivery.deliveries, _events(asks_for=_DELIVERED)),
    word(
        "address_changed_by",
        (*ACTORS, NOBODY),
        address_changed_by,
        _events("happened_at", "actor", by=(*PLATFORM, *BUYER, *SELLER), asks_for=("address_history",)),
    ),
    flag("damage_noted", damage_noted, _events("code", asks_for=("carrier_damage_report",))),
)
