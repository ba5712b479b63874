"""Sorted (key, instant) pairs, and how many of a key's instants lie before a given one."""

import numpy as np
from numpy.typing import NDArray

from features.tables import Instants


class Timeline:
    """Instants grouped by an integer key and sorted within it.

    ``order`` (n,) sorts the rows given; ``before`` answers with a position in that order, so that the rows of
    a key before an instant are ``order[start(key):before(key, instant)]``.
    """

    def __init__(self, key: NDArray[np.int64], instant: Instants) -> None:
        self._instants = np.unique(instant)
        self._step = len(self._instants) + 1
        composite = key * self._step + np.searchsorted(self._instants, instant)
        self.order = np.argsort(composite, kind="stable")
        self._composite = composite[self.order]

    def before(self, key: NDArray[np.int64], instant: Instants, *, inclusive: bool = False) -> NDArray[np.int64]:
        """For each (key, instant) the end position of that key's rows before it, or up to it if inclusive."""
        rank = np.searchsorted(self._instants, instant, "right" if inclusive else "left")
        return np.searchsorted(self._composite, key * self._step + rank, "left")

    def start(self, key: NDArray[np.int64]) -> NDArray[np.int64]:
        """For each key the position of its first row."""
        return np.searchsorted(self._composite, key * self._step, "left")
