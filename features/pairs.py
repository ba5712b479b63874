"""One code for two: pairs of codes that occur together, numbered densely."""

import numpy as np
from numpy.typing import NDArray

from features.timeline import search

Codes = NDArray[np.int64]


class Pairs:
    """The pairs of codes seen, each with a code of its own; none of the codes seen is negative."""

    def __init__(self, first: Codes, second: Codes) -> None:
        self._many = int(second.max(initial=0)) + 1
        self._seen, self.codes = np.unique(first * self._many + second, return_inverse=True)

    def of(self, first: Codes, second: Codes) -> Codes:
        """The code of each pair, -1 where it was not seen."""
        found = np.full(len(first), -1)
        there = np.flatnonzero((first >= 0) & (second >= 0) & (second < self._many))
        if len(there) and len(self._seen):
            wanted = first[there] * self._many + second[there]
            place = np.minimum(search(self._seen, wanted), len(self._seen) - 1)
            found[there] = np.where(self._seen[place] == wanted, place, -1)
        return found
