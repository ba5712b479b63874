"""The incidents family: whether other people's parcels on the same way came to grief in the same days.

Compared are the claims of other buyers about parcels ordered within a few days of this one. How many are usual follows
from the way's part in all such claims of the months before: what befalls all ways alike, as a busy season does, is no
incident, and neither are claims that come in late.
"""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from features.across import selves
from features.keys import LACKS
from features.mishaps import Mishaps
from features.own_rows import Flags, supplied
from features.row_feature import RowFeature, needs_all, row_feature
from features.tables import DAY, NULL_INSTANT, Instants, Numbers
from features.view import View

NEAR: Final = 7
"""Parcels ordered at most so many days apart were under way together."""

BEFORE: Final = 90
"""What is usual is counted over so many days before those."""

USUAL: Final = 1.0
"""Claims and what is usual are compared as if so many usual ones were added to both."""

LOST: Final = ("inr_lost_in_transit", "inr_misdelivered", "late_delivery")
DAMAGED: Final = ("damaged_item", "box_damaged_item_ok")

ROUTE: Final = ("orders.lane",)
FROM: Final = ("orders.carrier", "orders.origin")
TO: Final = ("orders.carrier", "orders.destination")


@dataclass(frozen=True, slots=True)
class _Near:
    """Claims by others about parcels of one way: of the same days, and of the months before."""

    reasons: tuple[str, ...]
    columns: tuple[str, ...]

    def __call__(self, view: View) -> tuple[Numbers, Numbers, Flags]:
        """Both numbers, and which asks lack the way: (asks,) each."""
        key, counted = Mishaps(self.reasons, self.columns).of_others(view, view.once(_days))
        before, near = counted.astype(np.float64)
        return near, before, key == LACKS


def _days(view: View) -> tuple[Instants, Instants, Instants]:
    """Where the months before, the days near the order of each ask, and what comes later begin: (asks,) each."""
    ordered = view.order_instants("placed_at")
    day = np.where(ordered == NULL_INSTANT, 0, ordered)
    return day - (NEAR + BEFORE) * DAY, day - NEAR * DAY, day + NEAR * DAY + 1


def _lacking(view: View) -> Flags:
    """Which asks have no order or no buyer: (asks,)."""
    return np.asarray((view.order_instants("placed_at") == NULL_INSTANT) | (view.once(selves).named == LACKS))


def _beyond_usual(view: View, reasons: tuple[str, ...], columns: tuple[str, ...]) -> Numbers:
    """The log of claims over those usual, NaN where nothing is there to compare."""
    near, before, lacking = view.once(_Near(reasons, columns))
    all_near, all_before, _ = view.once(_Near(reasons, ()))
    known = ~lacking & ~view.once(_lacking) & (all_before > 0)
    expected = all_near * before / np.where(known, all_before, 1.0)
    return np.where(known, np.log((near + USUAL) / (expected + USUAL)), np.nan)


def _incident(name: str, where: str, grief: str, reasons: tuple[str, ...], columns: tuple[str, ...]) -> RowFeature:
    reads = ("cases.buyer_id", "cases.reason", "orders.placed_at", *columns)

    def compute(view: View) -> Numbers:
        told = all(supplied(view.past, column) for column in reads)
        return _beyond_usual(view, reasons, columns) if told else np.full(len(view.asks), np.nan)

    compute.__name__ = name
    compute.__doc__ = (
        f"How much oftener than usual other buyers' parcels {where} in the same days were said to {grief}."
    )
    feature, made = row_feature(compute, family="incidents", unit="log ratio", reads=reads, reason="R85")
    return needs_all((replace(feature, subject=name.split("_")[0]), made))


_LOSSES: Final = "be lost, late or misdelivered"

INCIDENTS: Final[tuple[RowFeature, ...]] = (
    _incident("losses_on_route", "on the same route", _LOSSES, LOST, ROUTE),
    _incident("losses_from_region", "of the same carrier from the same region", _LOSSES, LOST, FROM),
    _incident("losses_to_region", "of the same carrier to the same region", _LOSSES, LOST, TO),
    _incident("damage_on_route", "on the same route", "be damaged", DAMAGED, ROUTE),
)
