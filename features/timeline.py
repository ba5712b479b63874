"""Facts in the order of time, and by key within it: how many of a key's facts lie before an instant.

Everything rests on one sort of plain integers: a key's code in the high bits and the fact's place in time in
the low ones, so that one sorted array answers for all keys, in order of time and then of row.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from features.tables import Instants

WORD: Final = 63
"""Bits of a packed integer: its key's and its place's together."""

DIGIT: Final = 16
"""Bits sorted at a time."""

FEW: Final = 1000
"""Up to so many searches are made as they come; more are sorted first, which keeps the cache warm."""


class Clock:
    """Facts by their instants, sorted once and shared by all keys.

    ``order`` (n,) sorts the rows given; a fact's place is its position in that order.
    """

    def __init__(self, instant: Instants) -> None:
        self.order = np.argsort(instant, kind="stable")
        self.instants = instant[self.order]
        self.bits = len(instant).bit_length()

    def before(self, instant: Instants, *, inclusive: bool = False) -> NDArray[np.int64]:
        """How many facts lie before each instant, or up to it if inclusive."""
        return search(self.instants, instant, "right" if inclusive else "left")


class Ranked:
    """The facts of one kind of key by (code, place); rows with a negative code have no key and are left out."""

    def __init__(self, code: NDArray[np.int64], clock: Clock) -> None:
        by_time = code[clock.order]
        places = by_code(by_time)
        self._bits = clock.bits
        code_by_key = by_time[places]
        self._packed = (code_by_key << self._bits) | places
        self._first = _first_of_runs(code_by_key)

    def places(self, positions: NDArray[np.int64] | slice = slice(None)) -> NDArray[np.int64]:
        """The places in time of the facts at these positions of the order by key."""
        return self._packed[positions] & ((1 << self._bits) - 1)

    def find(self, code: NDArray[np.int64], place: NDArray[np.int64] | int) -> NDArray[np.int64]:
        """How many facts come before each (code, place)."""
        return search(self._packed, (code << self._bits) | place)

    def find_sorted(self, code: NDArray[np.int64], place: NDArray[np.int64]) -> NDArray[np.int64]:
        """The same for pairs that are sorted already, or in a few sorted runs."""
        return self._packed.searchsorted((code << self._bits) | place)

    def met(self, code: NDArray[np.int64], position: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Which of these codes have a fact of theirs right before the position, and where their first one is."""
        if not len(self._packed):
            return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
        before = position - 1
        there = np.flatnonzero((position > 0) & (self._packed[before] >> self._bits == code))
        return there, self._first[before[there]].astype(np.int64)


class Timeline:
    """Instants grouped by an integer key and sorted within it.

    ``order`` (n,) sorts the rows given; ``before`` answers with a position in that order, so that the rows of
    a key before an instant are ``order[start(key):before(key, instant)]``.
    """

    def __init__(self, key: NDArray[np.int64], instant: Instants) -> None:
        self._clock = Clock(instant)
        self._ranked = Ranked(key, self._clock)
        self.order = self._clock.order[self._ranked.places()]

    def before(self, key: NDArray[np.int64], instant: Instants, *, inclusive: bool = False) -> NDArray[np.int64]:
        """For each (key, instant) the end position of that key's rows before it, or up to it if inclusive."""
        return self._ranked.find(key, self._clock.before(instant, inclusive=inclusive))

    def start(self, key: NDArray[np.int64]) -> NDArray[np.int64]:
        """For each key the position of its first row."""
        return self._ranked.find(key, 0)


def _first_of_runs(code: NDArray[np.int64]) -> NDArray[np.int32]:
    """For each of these sorted codes the position of the first one equal to it."""
    starts = np.flatnonzero(np.append(True, code[1:] != code[:-1])[: len(code)]).astype(np.int32)
    return np.repeat(starts, np.diff(np.append(starts, len(code))))


def by_code(code: NDArray[np.int64]) -> NDArray[np.int64]:
    """The positions of the codes that are not negative, by code and then as they come.

    Sixteen bits are sorted at a time, from the low ones up: NumPy counts integers so short instead of comparing.
    """
    order = np.flatnonzero(code >= 0)
    for shift in range(0, int(code.max(initial=0)).bit_length(), DIGIT):
        digit = (code[order] >> shift).astype(np.uint16)  # the higher bits fall away
        order = order[np.argsort(digit, kind="stable")]
    return order


def search(among: NDArray[np.int64], wanted: NDArray[np.int64], side: str = "left") -> NDArray[np.int64]:
    """Where each value belongs in a sorted array, as ``np.searchsorted`` says, but quick for values in any order."""
    if len(wanted) <= FEW:
        return among.searchsorted(wanted, side)  # type: ignore[call-overload,no-any-return]
    order = np.argsort(wanted)
    found = np.empty(len(wanted), dtype=np.int64)
    found[order] = np.searchsorted(among, wanted[order], side)  # type: ignore[call-overload]
    return found
