"""Conditions that two policies have in common are decided once for the same cases."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from models.deciding import decide


class DecidedOnce:
    """Decides conditions about so many cases, and remembers what each is for all of them.

    A condition about some of the cases alone is decided anew, since which they are is not known here.
    """

    def __init__(self, cases: int) -> None:
        self._cases = cases
        self._found: dict[str, NDArray[np.int8]] = {}

    def __call__(self, conditions: Sequence[str], facts: pa.Table) -> NDArray[np.int8]:
        """What each condition is for each row of facts: (rows, conditions)."""
        if facts.num_rows != self._cases:
            return decide(conditions, facts)
        fresh = [condition for condition in dict.fromkeys(conditions) if condition not in self._found]
        self._found.update(zip(fresh, decide(fresh, facts).T, strict=True))
        found = np.empty((self._cases, len(conditions)), dtype=np.int8, order="F")
        for place, condition in enumerate(conditions):
            found[:, place] = self._found[condition]
        return found
