"""Work on several threads gives the results of work on one, in order, and runs only a little ahead."""

import time
from collections.abc import Iterator

import pytest

from features.in_order import in_order


@pytest.mark.parametrize("n", [0, 1, 2, 3, 50])
def test_results_come_in_the_order_of_what_they_were_made_of(n: int) -> None:
    def slow_at_first(given: int) -> int:
        time.sleep(0.002 * (given % 3 == 0))
        return given * given

    assert list(in_order(slow_at_first, range(n), threads=4)) == [i * i for i in range(n)]


def test_only_a_few_are_taken_before_their_results_are() -> None:
    taken: list[int] = []

    def given() -> Iterator[int]:
        for i in range(100):
            taken.append(i)
            yield i

    results = in_order(lambda i: i, given(), threads=2)
    next(results)
    assert len(taken) <= 4


def test_what_fails_is_raised() -> None:
    with pytest.raises(ZeroDivisionError):
        list(in_order(lambda i: 1 // (i - 5), range(10), threads=2))
