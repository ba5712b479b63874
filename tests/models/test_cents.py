"""Integer arithmetic on sums and shares is exact up to the largest sum there may be."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.cents import MOST_CENTS, WHOLE, apportioned, floor_of, rounded, share_of, whole_points

sums = st.one_of(st.integers(0, 100_000), st.integers(0, 3 * MOST_CENTS))


@given(sums, st.data())
def test_a_part_of_a_sum_is_what_exact_integers_say(cents: int, data: st.DataObject) -> None:
    whole = data.draw(sums)
    part = data.draw(st.integers(0, whole))
    assert floor_of(cents, part, whole) == (cents * part // whole if whole else 0)
    assert rounded(cents, part, whole) == ((2 * cents * part + whole) // (2 * whole) if whole else 0)


def test_a_part_of_nothing_is_nothing() -> None:
    assert floor_of(5, 3, 0) == 0
    assert rounded(5, 3, 0) == 0


@given(sums, st.lists(st.integers(0, WHOLE), min_size=1, max_size=5))
def test_parts_add_up_to_the_sum_and_none_is_a_cent_off(cents: int, weights: list[int]) -> None:
    parts = apportioned(np.array([cents]), np.array([weights]))[0]
    assert parts.sum() == cents
    if sum(weights):
        assert all(
            abs(p * sum(weights) - cents * w) < sum(weights) for p, w in zip(parts.tolist(), weights, strict=True)
        )


def test_equal_remainders_give_the_last_cent_to_the_first() -> None:
    assert apportioned(np.array([100]), np.array([[1, 1, 1]])).tolist() == [[34, 33, 33]]


def test_where_nobody_has_a_share_the_last_has_all() -> None:
    assert apportioned(np.array([100]), np.array([[0, 0, 0]])).tolist() == [[0, 0, 100]]


def test_half_a_cent_counts_as_one() -> None:
    assert share_of(np.array([1, 1]), np.array([5_000, 4_999])).tolist() == [1, 0]


def test_a_share_is_a_whole_number_of_hundredths_of_a_percent() -> None:
    assert whole_points([0.1, 0.3333, 1.0]).tolist() == [1_000, 3_333, 10_000]


@pytest.mark.parametrize("share", [1 / 3, -0.1, 1.01, float("nan")])
def test_a_share_that_is_finer_or_outside_is_refused(share: float) -> None:
    with pytest.raises(ArithmeticError, match=r"steps of 0\.0001"):
        whole_points(share)
