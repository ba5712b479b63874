"""Texts as sets of hashed character n-grams, the same whatever else is hashed with them.

A text is normalised (NFKC, lower case, every digit the same), set between blanks, and cut into all runs of three and
of four characters; each run falls into one of BUCKETS by its hash. How often a run occurs in a text does not count.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final
from unicodedata import normalize

import numpy as np
from numpy.typing import NDArray

BUCKETS: Final = 1 << 12
SIZES: Final = (3, 4)

ROOM: Final = 1 << 16
"""Characters hashed at a time: few enough to stay in the cache."""

AT_ONCE: Final = 1 << 12
"""Texts whose weights are added up at a time."""

_PLACES: Final = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0xD6E8FEB86659FD93], np.uint64)
"""An odd number by place in a run, so that the same characters in another order hash otherwise."""
_MIX: Final = np.uint64(0xFF51AFD7ED558CCD)

Positions = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Grams:
    """The buckets of some texts: those of text i are ``bucket[start[i]:start[i + 1]]``, each once, in order."""

    start: Positions
    bucket: NDArray[np.uint16]

    def __len__(self) -> int:
        return len(self.start) - 1

    @property
    def sizes(self) -> Positions:
        """How many buckets each text has: (texts,)."""
        return np.diff(self.start)

    def take(self, texts: Positions) -> "Grams":
        """The buckets of these texts, in the order given."""
        sizes = self.sizes[texts]
        start = _starts(sizes)
        place = np.arange(start[-1]) + np.repeat(self.start[texts] - start[:-1], sizes)
        return Grams(start, self.bucket[place])

    def followed_by(self, more: "Grams") -> "Grams":
        """These texts, then more."""
        start = np.append(self.start, more.start[1:] + self.start[-1])
        return Grams(start, np.concatenate([self.bucket, more.bucket]))

    def sums(self, weights: NDArray[np.int8]) -> Positions:
        """For each text the sums of its buckets' weights (kinds, BUCKETS), exact: (kinds, texts)."""
        found = np.empty((len(weights), len(self)), dtype=np.int64)
        for first in range(0, len(self), AT_ONCE):
            start = self.start[first : first + AT_ONCE + 1]
            bucket = self.bucket[start[0] : start[-1]]
            running = np.zeros((len(weights), len(bucket) + 1), dtype=np.int64)
            np.cumsum(weights[:, bucket], axis=1, out=running[:, 1:])
            found[:, first : first + AT_ONCE] = np.diff(running[:, start - start[0]])
        return found


def grams(texts: Sequence[str]) -> Grams:
    """The buckets of each text."""
    padded = [f" {normalize('NFKC', text).lower()} " for text in texts]
    sizes = np.array([len(text) for text in padded], dtype=np.int64)
    found = [_hashed(padded[first:end], sizes[first:end]) for first, end in _parts(sizes)]
    start = _starts(np.concatenate([many for many, _ in found]))
    return Grams(start, np.concatenate([bucket for _, bucket in found]))


def _parts(sizes: Positions) -> Iterator[tuple[int, int]]:
    """Ranges of texts of about ROOM characters together."""
    part = _starts(sizes)[:-1] // ROOM
    edges = [0, *(np.flatnonzero(np.diff(part)) + 1).tolist(), len(sizes)]
    yield from pairwise(edges)


def _hashed(texts: list[str], sizes: Positions) -> tuple[Positions, NDArray[np.uint16]]:
    """How many buckets each text has, and these, text by text."""
    points = np.frombuffer("".join(texts).encode("utf-32-le"), dtype=np.uint32)
    points = np.where((points >= ord("0")) & (points <= ord("9")), np.uint32(ord("0")), points).astype(np.uint64)
    text = np.repeat(np.arange(len(sizes), dtype=np.int32), sizes)
    keys = []
    for size in SIZES:
        runs = max(len(points) - size + 1, 0)
        hashed = np.full(runs, size, dtype=np.uint64)
        for place in range(size):
            hashed += points[place : place + runs] * _PLACES[place]
        hashed = (hashed ^ (hashed >> np.uint64(29))) * _MIX
        bucket = (hashed >> np.uint64(52)).astype(np.int32)
        inside = text[:runs] == text[size - 1 : size - 1 + runs]
        keys.append((text[:runs] * BUCKETS + bucket)[inside])
    ranked = np.sort(np.concatenate(keys), kind="stable")
    distinct = ranked[np.append(True, ranked[1:] != ranked[:-1])[: len(ranked)]]
    return np.bincount(distinct // BUCKETS, minlength=len(sizes)), (distinct % BUCKETS).astype(np.uint16)


def _starts(sizes: NDArray[np.integer]) -> Positions:
    """Where each of some runs of these sizes begins, and where the last one ends."""
    found = np.zeros(len(sizes) + 1, dtype=np.int64)
    np.cumsum(sizes, out=found[1:])
    return found
