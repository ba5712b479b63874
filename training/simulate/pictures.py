"""Digests of files: every file has its own, a stock picture that of its seller, a picture used again that of its pool.

Most pictures used again were saved anew: their bytes differ, what they look like does not.
"""

from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from training.simulate.block import Block
from training.simulate.columns import Ints
from training.simulate.district import RING
from training.simulate.draws import Draws
from training.simulate.market import SHARED
from training.simulate.world import World

POOL: Final = 60
"""Pictures that go round among dishonest buyers of a world, some far more often than others."""
LIMIT: Final = 2**63


class Pictures:
    """The digests of a world's files; its seed is part of all of them."""

    def __init__(self, world: World, seed: int, sellers: int) -> None:
        self._same_file, self._seed = world.same_file, seed
        chance = Draws(seed, SHARED).of("stock pictures")
        self._stock = chance.integers(0, LIMIT, (sellers, 4))
        self._pool = chance.integers(0, LIMIT, (POOL, 4))

    def of(self, block: Block, number: int, case: Ints, row: Ints) -> tuple[pa.Array, pa.Array]:
        """The digest of each file's bytes, and of what it looks like."""
        handed, life = block.disputes.handed, block.disputes.seen.life
        chance = Draws(self._seed, number).of("digests")
        data, looks = chance.integers(0, LIMIT, (len(case), 4)), chance.integers(0, LIMIT, (len(case), 1))
        stock, again = handed.stock[row, case], handed.reused[row, case]
        data[stock] = self._stock[life.sold.seller[case[stock]]]
        looks[stock] = data[stock, :1]
        drawn = (POOL * chance.random(len(case)) ** 2.5).astype(np.int64)
        of_ring = life.buyer.kind[case] == RING  # the accounts of a ring pass theirs on
        picture = self._pool[np.where(of_ring, life.buyer.payment[case] % POOL, drawn)]
        looks[again] = picture[again, :1]
        same = again & (chance.random(len(case)) < self._same_file)
        data[same] = picture[same]
        return _hex(data), _hex(looks)


def _hex(numbers: NDArray[np.int64]) -> pa.Array:
    """Each row of numbers as hexadecimal text."""
    text, width = numbers.astype(">u8").tobytes().hex(), 16 * numbers.shape[1]
    return pa.array([text[i : i + width] for i in range(0, len(text), width)], pa.string())
