"""The promise of the threshold: the error above it exceeds max_error in at most one of twenty histories."""

import numpy as np
import pytest

from models.abstention import ALWAYS_ABSTAIN, lowest_safe_confidence

RESPLITS = 400
SLACK = 0.05 + 2.6 * np.sqrt(0.05 * 0.95 / RESPLITS)
"""One in twenty, and what chance adds in so many resplits (99.5 %)."""


def broken(error_at: object, cases: int, asks: int = 1) -> float:
    """In how many resplits of one world the promise is broken, knowing each confidence's true error."""
    world = np.linspace(0.0, 1.0, 20_001)[1:]
    error = np.array([error_at(c) for c in world])  # type: ignore[operator]
    above = np.cumsum(error[::-1])[::-1] / np.arange(len(world), 0, -1)
    times = 0
    for seed in range(RESPLITS):
        rng = np.random.default_rng(seed)
        drawn = rng.integers(0, len(world), cases)
        correct = rng.random(cases) >= error[drawn]
        found = lowest_safe_confidence(
            np.repeat(world[drawn], asks), np.repeat(correct, asks), np.full(cases * asks, 1 / asks), max_error=0.1
        )
        times += found <= 1.0 and above[np.searchsorted(world, found)] > 0.1
    return times / RESPLITS


@pytest.mark.parametrize("cases", [150, 1_000, 3_000])
def test_the_promise_holds_where_every_answer_is_just_too_wrong(cases: int) -> None:
    assert broken(lambda _: 0.101, cases) <= SLACK


@pytest.mark.parametrize("cases", [300, 1_000])
def test_the_promise_holds_where_the_error_falls_with_confidence(cases: int) -> None:
    assert broken(lambda c: 0.45 * (1 - c) ** 2 + 0.02, cases) <= SLACK


def test_the_promise_holds_where_the_surest_answers_are_the_worst() -> None:
    assert broken(lambda c: 0.3 if c > 0.9 else 0.09, 1_000) <= SLACK


def test_the_promise_holds_when_the_asks_of_a_case_are_wrong_together() -> None:
    assert broken(lambda _: 0.101, 500, asks=3) <= SLACK


def test_a_good_model_is_allowed_to_speak() -> None:
    rng = np.random.default_rng(1)
    confidence = rng.random(4_000)
    correct = rng.random(4_000) >= 0.5 * (1 - confidence)
    found = lowest_safe_confidence(confidence, correct, np.ones(4_000), max_error=0.1)
    assert 0.55 < found < 0.7  # the true error above 0.6 is 10 %


def test_a_perfect_model_always_speaks_and_a_tiny_history_never_does() -> None:
    confidence = np.linspace(0.4, 0.9, 200)
    assert lowest_safe_confidence(confidence, np.ones(200, bool), np.ones(200), max_error=0.1) == 0.4
    assert lowest_safe_confidence(confidence[:20], np.ones(20, bool), np.ones(20), max_error=0.1) == ALWAYS_ABSTAIN
    assert lowest_safe_confidence(confidence[:0], np.ones(0, bool), np.ones(0), max_error=0.1) == ALWAYS_ABSTAIN


def test_answers_of_equal_confidence_are_kept_or_left_together() -> None:
    confidence = np.repeat([0.9, 0.5], 500)
    correct = np.append(np.ones(500, bool), np.zeros(500, bool))
    assert lowest_safe_confidence(confidence, correct, np.ones(1_000), max_error=0.1) == 0.9
