"""Digests of files: every file has its own, a stock picture that of its seller, a picture used again that of its pool.

A picture used again was saved anew: its bytes differ, what it looks like does not.
"""

from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from training.simulate.block import Block
from training.simulate.columns import Ints
from training.simulate.draws import Draws
from training.simulate.market import SHARED

POOLS: Final = 40
"""Pools of pictures per block from which dishonest buyers take theirs."""
LIMIT: Final = 2**63


class Pictures:
    """The digests of a world's files; its seed is part of all of them."""

    def __init__(self, seed: int, sellers: int) -> None:
        self._seed = seed
        self._stock = Draws(seed, SHARED).of("stock pictures").integers(0, LIMIT, (sellers, 4))

    def of(self, block: Block, number: int, case: Ints, row: Ints) -> tuple[pa.Array, pa.Array]:
        """The digest of each file's bytes, and of what it looks like."""
        handed, life = block.disputes.handed, block.disputes.seen.life
        chance = Draws(self._seed, number).of("digests")
        data, pool = chance.integers(0, LIMIT, (len(case), 4)), chance.integers(0, LIMIT, (POOLS, 1))
        looks = chance.integers(0, LIMIT, (len(case), 1))
        stock, again = handed.catalogue[row, case], handed.reused[row, case]
        data[stock] = self._stock[life.sold.seller[case[stock]]]
        looks[stock] = data[stock, :1]
        looks[again] = pool[life.sold.buyer[case[again]] % POOLS]
        return _hex(data), _hex(looks)


def _hex(numbers: NDArray[np.int64]) -> pa.Array:
    """Each row of numbers as hexadecimal text."""
    text, width = numbers.astype(">u8").tobytes().hex(), 16 * numbers.shape[1]
    return pa.array([text[i : i + width] for i in range(0, len(text), width)], pa.string())
