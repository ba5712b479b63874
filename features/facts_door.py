"""Facts of the door at which the parcel was delivered, and of what it weighed on its way."""

from typing import Final

import numpy as np

from features import door, weights
from features.fact import CARRIER, ListedFact, Telling, flag, number
from features.own_rows import supplied
from features.tables import Numbers
from features.view import View

_POSITION: Final = ("distance_m", "address_match")


def position_recorded(view: View) -> Numbers:
    """Whether a delivery scan tells its distance from the address of the order, or whether the door was the order's."""
    if not any(supplied(view.tables, f"events.{column}") for column in _POSITION):
        return np.full(len(view.asks), np.nan)
    rows = view.rows("events")
    told = ~np.isnan(rows.numbers("distance_m")) | ~np.isnan(rows.numbers("address_match"))
    return rows.any(told & rows.are("kind", "delivered"))


def _events(*columns: str, asks_for: tuple[str, ...]) -> Telling:
    return Telling(("events.kind", *(f"events.{column}" for column in columns)), CARRIER, asks_for)


_WEIGHED: Final = _events("weight_g", "weight_measured", "happened_at", asks_for=("parcel_weight_scans",))
_WHERE: Final = ("delivery_geo", "delivery_photo")

DOOR_FACTS: Final[tuple[ListedFact, ...]] = (
    flag("signed", door.delivery_signed, _events("signed", asks_for=("signature_pod",))),
    flag("door_photo", door.delivery_photo, _events("photo", asks_for=("delivery_photo",))),
    flag("zip_match", door.delivered_to_zip, _events("zip_match", asks_for=("delivered_scan",))),
    flag("address_match", door.delivered_to_address, _events("address_match", asks_for=_WHERE)),
    flag(
        "position_recorded",
        position_recorded,
        Telling(("events.kind",), CARRIER, _WHERE, also=tuple(f"events.{column}" for column in _POSITION)),
    ),
    number("door_distance_m", "metres", door.delivery_distance, _events("distance_m", asks_for=("delivery_geo",))),
    number("weighings", "scans", weights.measured_weights, _WEIGHED),
    number("weight_short_first", "share", weights.declared_weight_short, _WEIGHED),
    number("weight_drop", "share", weights.measured_weight_drop, _WEIGHED),
)
