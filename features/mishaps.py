"""Claims of one kind about parcels with something in common on their way, by the day of the order.

A claim is known from when its case was opened, and tells of the order as then known.
"""

from dataclasses import dataclass

import numpy as np

from features.across import every_opening, key_of, selves, subjects_of
from features.cohorts import Cohorts, Counts
from features.pairs import Codes, Pairs
from features.tables import NULL_INSTANT, Instants, Tables
from features.view import View


@dataclass(frozen=True, slots=True)
class Mishaps:
    """Claims for these reasons about parcels that are equal in these columns; with none, about any."""

    reasons: tuple[str, ...]
    columns: tuple[str, ...]

    def __call__(self, past: Tables) -> "Met":
        """The mishaps of a past."""
        return Met(past, self)

    def of_others(self, view: View, days: tuple[Instants, ...]) -> tuple[Codes, Counts]:
        """Each ask's key, and other buyers' mishaps of it known before it, by day: (days - 1, asks) between these."""
        return view.past.once(self).of_others(view, days)


class Met:
    """The mishaps of a past by what the parcels had in common, and by buyer."""

    def __init__(self, past: Tables, mishaps: Mishaps) -> None:
        everyone = past.once(every_opening)
        self._key = key_of(past, *mishaps.columns)
        codes, values = past.codes("cases", "reason")
        wanted = np.array([*(value in mishaps.reasons for value in values), False])[codes]
        ordered = np.append(past.instants("orders", "placed_at"), NULL_INSTANT)[everyone.order_rows]
        key, buyer = self._key.codes(everyone), past.codes("cases", "buyer_id")[0]
        told = np.flatnonzero(wanted & (key >= 0) & (buyer >= 0) & (ordered != NULL_INSTANT))
        key, ordered, known = key[told], ordered[told], everyone.instant[told]
        self._of_one = Pairs(key, buyer[told])
        self._all, self._own = Cohorts(key, ordered, known), Cohorts(self._of_one.codes, ordered, known)

    def of_others(self, view: View, days: tuple[Instants, ...]) -> tuple[Codes, Counts]:
        """Each ask's key, and other buyers' mishaps of it known before it, by day: (days - 1, asks) between these."""
        key, who = self._key.codes(view.once(subjects_of)), view.once(selves)
        found = self._all.between(key, view.asks.as_of, days)
        for buyer in who:
            pair = self._of_one.of(key, buyer)
            own = np.flatnonzero(pair >= 0)
            if len(own):
                found[:, own] -= self._own.between(pair[own], view.asks.as_of[own], tuple(day[own] for day in days))
        return key, found
