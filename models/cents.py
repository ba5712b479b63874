"""Money is whole cents and shares are whole hundredths of a percent: integers in, integers out, no cent lost.

Every function works on arrays of any one shape, or on plain numbers that stand for arrays of it.
"""

from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

Cents = NDArray[np.int64]
Flags = NDArray[np.bool_]

WHOLE: Final = 10_000
"""A share of one, in hundredths of a percent."""
MOST_CENTS: Final = 2**39
"""The largest sum there may be: five billion in a currency with cents."""
LIMB: Final = 20
"""Factors are split into halves of twenty bits, so that no product of two sums leaves 64 bits."""


def whole_points(share: ArrayLike) -> Cents:
    """A share from 0 to 1 in hundredths of a percent; ArithmeticError where it is finer than that, or outside."""
    exact = np.asarray(share, dtype=np.float64) * WHOLE
    points = np.rint(exact)
    if not bool(((np.abs(exact - points) < 1e-6) & (points >= 0) & (points <= WHOLE)).all()):
        raise ArithmeticError(f"a share goes from 0 to 1 in steps of 0.0001; this one does not: {share!r}")
    return points.astype(np.int64)


def floor_of(cents: ArrayLike, part: ArrayLike, whole: ArrayLike) -> Cents:
    """``part`` of ``whole`` of a sum, cut to whole cents; nothing where the whole is nothing."""
    return _divided(cents, part, whole)[0]


def share_of(cents: ArrayLike, points: ArrayLike) -> Cents:
    """A share of a sum, to the nearest cent; half a cent counts as one."""
    halved_up = np.asarray(cents, dtype=np.int64) * np.asarray(points, dtype=np.int64) + WHOLE // 2
    return np.asarray(halved_up // WHOLE)


def rounded(cents: ArrayLike, part: ArrayLike, whole: ArrayLike) -> Cents:
    """``part`` of ``whole`` of a sum, to the nearest cent; nothing where the whole is nothing."""
    cut, left = _divided(cents, part, whole)
    return cut + ((2 * left >= np.asarray(whole)) & (left > 0))


def apportioned(cents: Cents, shares: Cents) -> Cents:
    """A sum split by shares (..., parts) so that the parts are the sum: the largest remainders get the last cents.

    Shares are hundredths of a percent and need not add up to one; where all are nothing the last part gets all.
    """
    last = np.arange(shares.shape[-1]) == shares.shape[-1] - 1
    weights = np.where(~shares.any(axis=-1, keepdims=True) & last, 1, shares)
    cut, left = np.divmod(cents[..., None] * weights, weights.sum(axis=-1, keepdims=True))
    over = cents - cut.sum(axis=-1)
    rank = np.argsort(np.argsort(-left, axis=-1, kind="stable"), axis=-1, kind="stable")
    return np.asarray(cut + (rank < over[..., None]), dtype=np.int64)


def _divided(cents: ArrayLike, part: ArrayLike, whole: ArrayLike) -> tuple[Cents, Cents]:
    """Quotient and remainder of cents x part by whole, by long division in two halves of the part."""
    a, b = np.asarray(cents, dtype=np.int64), np.asarray(part, dtype=np.int64)
    c = np.maximum(np.asarray(whole, dtype=np.int64), 1)
    b = np.where(np.asarray(whole) > 0, b, 0)
    high, rest = np.divmod(a * (b >> LIMB), c)
    low, left = np.divmod((rest << LIMB) + a * (b & ((1 << LIMB) - 1)), c)
    return (high << LIMB) + low, left
