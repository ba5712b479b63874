"""What the parcel weighed on its way, where somebody weighed it.

A weight counts only where it was measured anew: one that equals a declared weight was copied, however it is marked.
"""

from typing import Final

import numpy as np

from features.own_rows import Flags, OwnRows
from features.row_feature import RowFeature, share_of
from features.scans import SCANS, event_feature
from features.tables import Numbers
from features.view import View


def measured_weights(view: View) -> Numbers:
    """How many scans of the parcel measured its weight independently of the declared one."""
    rows = view.rows("events")
    return rows.count(_measured(rows))


def declared_weight_short(view: View) -> Numbers:
    """By what share the first measured weight is below the declared one; negative when above."""
    rows = view.rows("events")
    declared = rows.largest(rows.numbers("weight_g"), rows.are("kind", "label_created"))
    return share_of(declared - _first(rows), declared)


def measured_weight_drop(view: View) -> Numbers:
    """By what share the last measured weight is below the first; of two measurements or more."""
    rows = view.rows("events")
    measured, at = _measured(rows), rows.instants("happened_at")
    last = rows.smallest(rows.numbers("weight_g"), measured & rows.at(at, rows.latest(at, measured)))
    first = _first(rows)
    return np.where(rows.count(measured) > 1, share_of(first - last, first), np.nan)


def _first(rows: OwnRows) -> Numbers:
    """The first weight measured on the way, the larger one of two at one instant: (asks,)."""
    measured, at = _measured(rows), rows.instants("happened_at")
    return rows.largest(rows.numbers("weight_g"), measured & rows.at(at, rows.earliest(at, measured)))


def _measured(rows: OwnRows) -> Flags:
    """The scans on the way that measured a weight anew."""
    return weighed_anew(rows) & rows.are("kind", *SCANS)


def weighed_anew(rows: OwnRows) -> Flags:
    """Which events measured a weight that no label of their case declares."""
    return rows.once(_weighed_anew)


def _weighed_anew(rows: OwnRows) -> Flags:
    weight = rows.numbers("weight_g")
    known = np.flatnonzero(~np.isnan(weight))
    values, code = np.unique(weight[known], return_inverse=True)
    weight_of_ask = rows.ask[known] * len(values) + code
    declared = np.isin(weight_of_ask, weight_of_ask[rows.are("kind", "label_created")[known]])
    found = np.zeros(len(weight), dtype=bool)
    found[known] = ~declared & (weight[known] > 0)
    return np.asarray(found & (rows.numbers("weight_measured") == 1))


WEIGHTS: Final[tuple[RowFeature, ...]] = (
    event_feature(measured_weights, "scans", "R47", "weight_g", "weight_measured"),
    event_feature(declared_weight_short, "share", "R47", "weight_g", "weight_measured", "happened_at"),
    event_feature(measured_weight_drop, "share", "R47", "weight_g", "weight_measured", "happened_at"),
)
