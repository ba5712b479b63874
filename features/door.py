"""What delivery scans tell of the door: whose it was, how far from the order's, who signed, whether a photo shows it.

The right ZIP code is necessary and never sufficient: another door in it is the trick of altered labels and decoys.
"""

from typing import Final

from features.own_rows import Flags, OwnRows
from features.row_feature import RowFeature
from features.scans import event_feature
from features.tables import Numbers
from features.view import View


def delivered_to_address(view: View) -> Numbers:
    """Whether every delivery scan that tells was at the door of the order."""
    rows, values, delivered = _told_at_delivery(view, "address_match")
    return rows.smallest(values, delivered)


def delivered_to_zip(view: View) -> Numbers:
    """Whether every delivery scan that tells was in the ZIP code of the order."""
    rows, values, delivered = _told_at_delivery(view, "zip_match")
    return rows.smallest(values, delivered)


def delivery_distance(view: View) -> Numbers:
    """The longest distance of a delivery scan from the address of the order, in metres."""
    rows, values, delivered = _told_at_delivery(view, "distance_m")
    return rows.largest(values, delivered)


def delivery_signed(view: View) -> Numbers:
    """Whether somebody signed at a delivery."""
    rows, values, delivered = _told_at_delivery(view, "signed")
    return rows.largest(values, delivered)


def delivery_photo(view: View) -> Numbers:
    """Whether a photo was taken at a delivery."""
    rows, values, delivered = _told_at_delivery(view, "photo")
    return rows.largest(values, delivered)


def _told_at_delivery(view: View, column: str) -> tuple[OwnRows, Numbers, Flags]:
    rows = view.rows("events")
    return rows, rows.numbers(column), rows.are("kind", "delivered")


DOOR: Final[tuple[RowFeature, ...]] = (
    event_feature(delivered_to_address, "flag", "R45", "address_match"),
    event_feature(delivered_to_zip, "flag", "R45", "zip_match"),
    event_feature(delivery_distance, "metres", "R45", "distance_m"),
    event_feature(delivery_signed, "flag", "R46", "signed"),
    event_feature(delivery_photo, "flag", "R46", "photo"),
)
