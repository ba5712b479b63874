"""The two loops in which explaining spends its time, compiled by numba for the machine they run on.

They are plain functions over plain arrays; leaf_tables.py says what these hold. Compiled once in a process, when a
contributor is first made: importing this costs nothing. No floating-point shortcut is allowed, since those assume
that no value is unknown, and sums keep their order. Nothing is kept on disk: numba's cache is pickle.
"""

from collections.abc import Callable
from functools import cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Places = NDArray[np.int64]

BLOCK: Final = 512
"""Rows explained at a time: a table is read for all of them while it is near."""

ROOM: Final = BLOCK + 8
"""Places of a row of numbers: with a power of two the rows would fight for the same lines of the cache."""

LARGEST: Final = 12
"""The most features on the way to a leaf that tables are made for."""

ZERO: Final = float(np.float32(1e-35))
"""Where zero is a missing value, numbers no farther from it are zero too."""

NUMBER, NUMBER_OR_ZERO, CATEGORY = 0, 1, 2
"""What a split asks: of a number, of a number where zero is missing, or of a category."""

_FILL: Final = "void(i8[:,::1],i8[::1],f8[::1],i8[:,::1],f8[::1],f8[:,::1],f8[:,::1],f8[::1])"
_EXPLAIN: Final = (
    "void(f8[:,::1],i8,i8,i8[:,::1],f8[::1],u4[::1],i8[::1],i8[:,::1],i8[::1],i8[::1],i8[::1],f8[::1],f8[::1],"
    "f8[:,::1],f8[:,:,::1])"
)


def fill_tables(
    groups: Places, leaves: Places, values: Numbers, asked: Places, shares: Numbers, points: Numbers,
    weights: Numbers, tables: Numbers,
) -> None:  # fmt: skip
    """Add to each group's table what each of its leaves contributes, by feature, for every pattern of answers.

    With m whether a row satisfies a feature (0 or 1) and p the share of training cases that did, the Shapley value
    of feature j is the leaf's value times (m_j - p_j) times the integral over t from 0 to 1 of the product over
    the other features i of (m_i t + p_i (1 - t)): a polynomial, which a few points integrate exactly.
    """
    own = np.empty((1 << LARGEST, LARGEST))
    factors = np.empty(LARGEST)
    for g in range(len(groups) - 1):
        start, bits, width = groups[g, 1], groups[g, 2], groups[g, 4]
        for leaf in range(groups[g, 5], groups[g + 1, 5]):
            first = leaves[leaf]
            features = leaves[leaf + 1] - first
            for known in range(1 << features):
                own[known, :features] = 0.0
                for point in range(features // 2 + 1):
                    t = points[features, point]
                    product = values[leaf] * weights[features, point]
                    for j in range(features):
                        factors[j] = (known >> j & 1) * t + shares[first + j] * (1.0 - t)
                        product *= factors[j]
                    for j in range(features):
                        own[known, j] += ((known >> j & 1) - shares[first + j]) * (product / factors[j])
            for pattern in range(1 << bits):
                known = 0
                for j in range(features):
                    yes, no = asked[first + j, 1], asked[first + j, 2]
                    known |= int(pattern & (yes | no) == yes) << j
                place = start + pattern * width
                for j in range(features):
                    tables[place + asked[first + j, 0]] += own[known, j]
                if known == (1 << features) - 1:
                    tables[place + width - 1] += values[leaf]


def explain_rows(
    X: Numbers, start: int, stop: int, splits: Places, thresholds: Numbers, words: NDArray[np.uint32],
    classes: Places, groups: Places, bits: Places, terms: Places, columns: Places, tables: Numbers,
    constants: Numbers, log_odds: Numbers, contributions: Numbers,
) -> None:  # fmt: skip
    """Score and explain rows start to stop of X: answer all splits, then add what the tables hold for the answers."""
    features = X.shape[1]
    seen = np.empty((features, ROOM))
    left = np.empty((len(splits), BLOCK), np.uint8)
    pattern = np.empty(BLOCK, np.int64)
    sums = np.empty((features + 1, ROOM))
    for first in range(start, stop, BLOCK):
        rows = min(BLOCK, stop - first)
        for r in range(rows):
            for f in range(features):
                seen[f, r] = X[first + r, f]
        for s in range(len(splits)):
            f, kind, missing_left = splits[s, 0], splits[s, 1], splits[s, 2] != 0
            if kind == CATEGORY:
                most = 32.0 * splits[s, 4]
                for r in range(rows):
                    v = seen[f, r]
                    left[s, r] = 0
                    if -1.0 < v < most:
                        code = int(v)
                        left[s, r] = words[splits[s, 3] + (code >> 5)] >> np.uint32(code & 31) & np.uint32(1)
            elif kind == NUMBER:
                for r in range(rows):
                    v = seen[f, r]
                    left[s, r] = (v <= thresholds[s]) | ((v != v) & missing_left)
            else:
                for r in range(rows):
                    v = seen[f, r]
                    missing = (v != v) | (abs(v) <= ZERO)
                    left[s, r] = missing_left if missing else v <= thresholds[s]
        for c in range(len(constants)):
            sums[:features, :rows] = 0.0
            sums[features, :rows] = constants[c]
            for g in range(classes[c], classes[c + 1]):
                for r in range(rows):
                    pattern[r] = groups[g, 1]
                width = groups[g, 4]
                for b in range(groups[g, 2]):
                    bit = groups[g, 0] + b
                    step = width << b
                    if bits[bit + 1] - bits[bit] == 1:
                        term = terms[bits[bit]]
                        for r in range(rows):
                            pattern[r] += (left[term >> 1, r] ^ (term & 1)) * step
                    else:
                        for r in range(rows):
                            all_of = 1
                            for i in range(bits[bit], bits[bit + 1]):
                                all_of &= left[terms[i] >> 1, r] ^ (terms[i] & 1)
                            pattern[r] += all_of * step
                for j in range(width):
                    f = columns[groups[g, 3] + j]
                    for r in range(rows):
                        sums[f, r] += tables[pattern[r] + j]
            for r in range(rows):
                log_odds[first + r, c] = sums[features, r]
                for f in range(features):
                    contributions[first + r, c, f] = sums[f, r]


@cache
def compiled() -> tuple[Callable[..., None], Callable[..., None]]:
    """``fill_tables`` and ``explain_rows`` in machine code; while they run, other threads run too."""
    import numba

    options: dict[str, Any] = {"nogil": True, "fastmath": False, "error_model": "numpy", "boundscheck": False}
    fill = numba.njit(_FILL, **options)(fill_tables)
    return fill, numba.njit(_EXPLAIN, **options)(explain_rows)
