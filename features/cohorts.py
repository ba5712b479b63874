"""Facts by key and by the day they belong to, counted as known before an instant: two bounds at once, for any ask.

Facts stand by key and day, each with its rank in the order of becoming known, so that what is asked for is how many
ranks below a bound stand in a range. Short ranges are looked at; long ones are counted bit by bit of the ranks, in a
wavelet matrix (Claude, Navarro and Ordóñez, "The wavelet matrix", 2015).
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from features.pairs import Codes
from features.tables import Instants
from features.timeline import Clock, Ranked, search

Counts = NDArray[np.int64]

SHORT: Final = 64
"""A range of so many facts is short; where there are few ranges, longer ones are too."""

LOOKED_AT: Final = 1 << 15
"""So many facts of all ranges together are soon looked at."""


class Cohorts:
    """Facts of many keys.

    Parameters
    ----------
    key
        (facts,) codes; a fact without a key is left out.
    day, known
        (facts,) the instant that each belongs to, and when it became known.
    """

    def __init__(self, key: Codes, day: Instants, known: Instants) -> None:
        self._clock = Clock(day)
        self._ranked = Ranked(key, self._clock)
        known = known[self._clock.order[self._ranked.places()]]
        self._known = np.sort(known)
        self._ranks = _Ranks(np.searchsorted(self._known, known))

    def between(self, key: Codes, instant: Instants, days: tuple[Instants, ...]) -> Counts:
        """How many of each key's facts known before the instant belong between neighbouring days: (days - 1, asks).

        Days ascend; a fact of a day itself is after it.
        """
        rank = search(self._known, instant)
        places = self._clock.before(np.concatenate(days))
        edges = self._ranked.find(np.tile(key, len(days)), places).reshape(len(days), len(key))
        found = np.zeros((len(days) - 1, len(key)), dtype=np.int64)
        some = np.flatnonzero((edges[0] < edges[-1]) & (rank > 0))
        if len(some):
            found[:, some] = self._ranks.between(rank[some], edges[:, some])
        return found


class _Ranks:
    """A sequence of numbers below its length, of which those below a bound are counted in any range."""

    def __init__(self, ranks: Counts) -> None:
        self._ranks = ranks
        self._bits = range(len(ranks).bit_length() - 1, -1, -1)
        self._zeros = []
        for bit in self._bits:
            zero = (ranks >> bit) & 1 == 0
            self._zeros.append(np.append(0, np.cumsum(zero)).astype(np.int32))
            ranks = np.concatenate([ranks[zero], ranks[~zero]])

    def between(self, bound: Counts, edges: Counts) -> Counts:
        """How many below each bound stand between neighbouring edges: (edges - 1, asks)."""
        long = edges[-1] - edges[0] > max(SHORT, LOOKED_AT // len(bound))
        found = np.empty((len(edges) - 1, len(bound)), dtype=np.int64)
        for which, count in ((~long, self._looked_at), (long, self._by_bits)):
            some = np.flatnonzero(which)
            if len(some):
                found[:, some] = np.diff(count(bound[some], edges[:, some]), axis=0)
        return found

    def _looked_at(self, bound: Counts, edges: Counts) -> Counts:
        """How many below each bound stand before each edge, reckoned from any place before the first one."""
        first, many = edges[0], edges[-1] - edges[0]
        shift = np.cumsum(many) - many - first
        place = np.arange(many.sum()) - np.repeat(shift, many)
        below = np.append(0, np.cumsum(self._ranks[place] < np.repeat(bound, many)))
        return np.asarray(below[edges + shift])

    def _by_bits(self, bound: Counts, edges: Counts) -> Counts:
        found = np.zeros(edges.shape, dtype=np.int64)
        for bit, zeros in zip(self._bits, self._zeros, strict=True):
            zero = zeros[edges]
            high = (bound >> bit) & 1 == 1
            found += np.where(high, zero, 0)
            edges = np.where(high, zeros[-1] + edges - zero, zero)
        return found
