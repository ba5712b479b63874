"""Chance in separate streams, one per mechanism, so that switching one mechanism on leaves all others as they were."""

from zlib import crc32

import numpy as np


class Draws:
    """The streams of one block of the world; the same seed, block and name always give the same numbers."""

    def __init__(self, seed: int, block: int) -> None:
        self._path = (seed, block)

    def of(self, mechanism: str) -> np.random.Generator:
        """The stream of a mechanism, from its beginning."""
        return np.random.Generator(np.random.SFC64([*self._path, crc32(mechanism.encode())]))
