"""Which items of evidence and which events of a case its facts and reasons rest on, by their ids."""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from features.facts_parcel import DAMAGED, REFUSED
from features.own_rows import Flags, OwnRows
from features.scans import SCANS
from features.tables import Instants
from features.view import View
from features.vocabulary import EVIDENCE_KINDS, PARTIES, Codes
from serving.sentence import Anchor, AnchorKind, Anchors

MOST: Final = 6
"""So many rows are named at most, the first of them."""

_DELIVERED: Final = ("delivered",)
_BACK: Final = ("return_scan",)

EVENTS: Final[Mapping[str, Codes]] = {
    **dict.fromkeys(
        (
            "handed_over", "hours_late_to_ship", "hours_unscanned", "days_since_last_scan", "weighings",
            "weight_short_first", "weight_drop", "late_dispatch", "unscanned_past_ship_by", "scans",
            "hours_since_last_scan", "longest_scan_gap", "upload_lag", "scans_told_after_claim", "measured_weights",
            "measured_weight_drop",
        ),
        SCANS,
    ),
    **dict.fromkeys(
        (
            "delivered", "days_late", "days_overdue", "days_after_delivery", "parcels_delivered", "signed",
            "door_photo", "zip_match", "address_match", "position_recorded", "door_distance_m", "late_delivery",
            "undelivered_past_promise", "hours_delivery_to_claim", "deliveries", "delivered_to_address",
            "delivered_to_zip", "delivery_distance", "delivery_signed", "delivery_photo",
        ),
        _DELIVERED,
    ),
    **dict.fromkeys(("transit_days", "hours_in_transit"), ("first_scan", "delivered")),
    **dict.fromkeys(("return_weighings", "return_weight_short"), _BACK),
    **dict.fromkeys(("refunded_cents", "refund_issued"), ("refund_issued",)),
    **dict.fromkeys(("address_changed_by", "address_changes"), ("address_changed",)),
    **dict.fromkeys(("damage_noted", "exceptions"), ("exception",)),
    **dict.fromkeys(("weight_short_first", "declared_weight_short"), ("label_created", *SCANS)),
    "refused": ("delivery_attempted", "exception", "return_to_sender"),
    "listing_changed": ("listing_changed",),
    "delivery_attempts": ("delivery_attempted",),
    "sent_back": ("return_to_sender",),
    "declared_lost": ("lost_declared", "found"),
    "found_again": ("found",),
    "tracking_expired": ("tracking_expired",),
    "parcels": ("label_created", "label_voided"),
    "seller_answer": ("seller_responded",),
    "seller_timed_out": ("seller_timed_out",),
    "offer_accepted": ("offer_accepted",),
    "offer_cents": ("offer_made",),
    "return_to_address": ("return_delivered",),
    "chargeback_open": ("chargeback_opened", "chargeback_closed"),
}  # fmt: skip
"""The kinds of events that each fact and each feature of events is read from."""

FIRST: Final = frozenset({"handed_over", "hours_late_to_ship", "hours_unscanned", "late_dispatch", "delivered"})
LAST: Final = frozenset({"days_since_last_scan", "hours_since_last_scan", "seller_answer", "offer_cents"})
CODED: Final[Mapping[str, Codes]] = {"refused": REFUSED, "damage_noted": DAMAGED}
"""Of those events the first or the last alone counts, or those with one of these codes."""

_OF_EVERY_EVENT: Final = frozenset({"kind", "happened_at", "known_at", "actor", "code", "weight_measured"})


_SHOWS_NOTHING: Final = ("withheld", "missing", "required")
"""What a feature of evidence is called that is about what is not there."""


class Sources:
    """The rows of one ask, known by then, that its facts and reasons were read from."""

    def __init__(self, view: View, ask: int) -> None:
        self._view, self._ask = view, ask

    def of(self, name: str, reads: Sequence[str]) -> Anchors:
        """What a fact or a feature rests on, given the columns it reads; nothing where no row of the case bears it."""
        tables = {read.partition(".")[0] for read in reads}
        if "events" in tables and name in EVENTS:
            return self._events(name, reads)
        if "evidence" in tables and not name.endswith(_SHOWS_NOTHING):
            return self._evidence(name, reads)
        return ()

    def _events(self, name: str, reads: Sequence[str]) -> Anchors:
        rows = self._view.rows("events")
        which = rows.are("kind", *EVENTS[name]) & (rows.ask == self._ask)
        payload = [read.removeprefix("events.") for read in reads if read.startswith("events.")]
        told = [~np.isnan(rows.numbers(column)) for column in payload if column not in _OF_EVERY_EVENT]
        if told:
            which = which & np.logical_or.reduce(told)
        if name in CODED:
            code, values = rows.words("code")
            which = which & np.array([*(value.strip().lower() in CODED[name] for value in values), False])[code]
        found = _anchors("event", rows, which, rows.instants("happened_at"))
        if name in FIRST:
            return found[:1]
        return found[-1:] if name in LAST else found[:MOST]

    def _evidence(self, name: str, reads: Sequence[str]) -> Anchors:
        rows = self._view.rows("evidence")
        which: Flags = rows.ask == self._ask
        kind, party = name.rpartition("_")[0], name.partition("_")[0]
        if kind in EVIDENCE_KINDS:
            which = which & rows.are("kind", kind)
        elif party in PARTIES:
            which = which & rows.are("party", party)
        if "evidence.supports_claim" in reads:
            which = which & ~np.isnan(rows.numbers("supports_claim"))
        return _anchors("evidence", rows, which, rows.since)[:MOST]


def _anchors(kind: AnchorKind, rows: OwnRows, which: Flags, when: Instants) -> Anchors:
    """These rows by their ids, in the order of when, then of their ids."""
    codes, values = rows.words(f"{kind}_id")
    found = sorted((int(when[row]), values[codes[row]]) for row in np.flatnonzero(which & (codes >= 0)))
    return tuple(Anchor(kind, name) for _, name in found)
