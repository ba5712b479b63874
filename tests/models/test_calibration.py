"""Calibration keeps what holds from fold to fold, and leaves alone what does not."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.calibration import Calibration, Correction, softmax, what_held


def labelled(scores: np.ndarray, slope: float, offsets: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Labels drawn from the calibrated probabilities of scores."""
    p = softmax(slope * scores + offsets)
    drawn = (p.cumsum(axis=1) < rng.random(len(scores))[:, None]).sum(axis=1)
    return np.minimum(drawn, scores.shape[1] - 1)


@pytest.mark.parametrize("classes", [2, 4])
def test_a_miscalibration_shared_by_all_folds_is_found(classes: int) -> None:
    rng = np.random.default_rng(1)
    scores = rng.normal(scale=1.5, size=(12_000, classes))
    offsets = np.linspace(-0.5, 0.5, classes)
    label = labelled(scores, 0.6, offsets, rng)
    found = Calibration.fit(scores, label, np.ones(12_000), np.repeat(np.arange(4), 3_000))
    assert found.slope == pytest.approx(0.6, abs=0.05)
    assert np.array(found.offsets) == pytest.approx(offsets, abs=0.08)


def test_offsets_on_which_the_folds_disagree_are_left_out() -> None:
    rng = np.random.default_rng(2)
    scores = rng.normal(scale=1.5, size=(8_000, 3))
    fold = np.repeat(np.arange(4), 2_000)
    turn = np.array([1.0, -1.0, 1.0, -1.0])[fold, None] * np.array([0.8, -0.8, 0.0])
    label = labelled(scores + turn, 1.0, np.zeros(3), rng)
    found = Calibration.fit(scores, label, np.ones(8_000), fold)
    assert np.abs(found.offsets).max() < 0.05


def test_scores_that_need_nothing_are_hardly_changed() -> None:
    rng = np.random.default_rng(3)
    scores = rng.normal(size=(6_000, 4))
    label = labelled(scores, 1.0, np.zeros(4), rng)
    found = Calibration.fit(scores, label, np.ones(6_000), np.repeat(np.arange(3), 2_000))
    assert found.slope == pytest.approx(1.0, abs=0.05)
    assert np.abs(found.offsets).max() < 0.06


def test_shrinking_beats_the_plain_mean_on_later_cases_when_folds_are_noise() -> None:
    shrunk, pooled = [], []
    for seed in range(12):
        rng = np.random.default_rng(seed)
        scores = rng.normal(size=(600, 4))
        label = labelled(scores, 1.0, np.zeros(4), rng)
        later = rng.normal(size=(4_000, 4))
        truth = softmax(later)
        folds = Calibration.fit(scores, label, np.ones(600), np.repeat(np.arange(4), 150))
        single = Calibration.fit(scores, label, np.ones(600), np.zeros(600, np.int64))
        shrunk.append(-(truth * np.log(folds.probabilities(later))).sum(axis=1).mean())
        pooled.append(-(truth * np.log(single.probabilities(later))).sum(axis=1).mean())
    assert np.mean(shrunk) <= np.mean(pooled)


def test_a_class_that_a_fold_lacks_does_no_harm() -> None:
    rng = np.random.default_rng(4)
    scores = rng.normal(size=(3_000, 3)) + np.array([0.0, 0.0, -3.0])
    label = labelled(scores, 1.0, np.zeros(3), rng)
    fold = np.repeat(np.arange(3), 1_000)
    label[(fold == 1) & (label == 2)] = 0
    found = Calibration.fit(scores, label, np.ones(3_000), fold)
    assert np.isfinite([found.slope, *found.offsets]).all()
    p = found.probabilities(scores)
    truth = softmax(scores)
    assert np.abs(p - truth).mean() < 0.03


def test_a_fold_of_one_class_or_one_case_does_no_harm() -> None:
    rng = np.random.default_rng(5)
    scores = rng.normal(size=(1_001, 3))
    label = labelled(scores, 1.0, np.zeros(3), rng)
    fold = np.append(np.repeat([0, 1], 500), 2)
    label[fold == 1] = 1
    found = Calibration.fit(scores, label, np.ones(1_001), fold)
    assert np.isfinite([found.slope, *found.offsets]).all()
    assert 0.1 < found.slope < 10.0


def test_the_same_folds_give_the_same_calibration_and_weights_count_like_copies() -> None:
    rng = np.random.default_rng(6)
    scores = rng.normal(size=(2_000, 3))
    label = labelled(scores, 0.7, np.array([0.3, -0.3, 0.0]), rng)
    fold = np.repeat(np.arange(4), 500)
    found = Calibration.fit(scores, label, np.ones(2_000), fold)
    assert found == Calibration.fit(scores, label, np.ones(2_000), fold)
    twice = Calibration.fit(np.repeat(scores, 2, axis=0), np.repeat(label, 2), np.full(4_000, 0.5), np.repeat(fold, 2))
    assert twice.slope == pytest.approx(found.slope, rel=1e-3)
    assert np.array(twice.offsets) == pytest.approx(np.array(found.offsets), abs=2e-3)


def drifting(offsets: list[float], slope: float = 1.0) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Answers of some folds, each off by its own offset."""
    rng = np.random.default_rng(7)
    fold = np.repeat(np.arange(len(offsets)), 2_000)
    scores = rng.normal(scale=1.5, size=(len(fold), 2))
    turn = np.array(offsets)[fold, None] * np.array([-0.5, 0.5])
    return scores, labelled(slope * scores + turn, 1.0, np.zeros(2), rng), np.ones(len(fold)), fold


@pytest.mark.parametrize(
    ("offsets", "slope", "held"),
    [
        ([0.4, 0.4, 0.4, 0.4], 0.6, Correction.ALL),
        ([0.5, -0.5, 0.5, -0.5], 0.5, Correction.SLOPE),
        ([0.8, -0.2, -0.9, 0.3], 1.0, Correction.NOTHING),
        ([0.0, 0.0, 0.0, 0.0], 1.0, Correction.NOTHING),
    ],
)
def test_only_what_helped_from_each_fold_to_the_next_is_put_right(
    offsets: list[float], slope: float, held: Correction
) -> None:
    assert what_held(*drifting(offsets, slope)) is held


def test_nothing_is_put_right_where_nothing_held() -> None:
    scores, labels, weights, fold = drifting([0.0, 0.0])
    assert Calibration.fit(scores, labels, weights, fold, Correction.NOTHING) == Calibration.none(2)
    assert Calibration.fit(scores, labels, weights, fold, Correction.SLOPE).offsets == (0.0, 0.0)


@given(st.integers(0, 10_000), st.floats(0.1, 3.0))
@settings(max_examples=30, deadline=None)
def test_calibrated_log_odds_between_two_classes_are_a_plain_sum(seed: int, slope: float) -> None:
    rng = np.random.default_rng(seed)
    base, parts = rng.normal(size=3), rng.normal(size=(5, 3, 8))
    calibration = Calibration(slope, tuple(rng.normal(size=3).tolist()))
    p = calibration.probabilities(base + parts.sum(axis=2))
    start = calibration.log_odds(base)
    summed = start[0] - start[1] + slope * (parts[:, 0] - parts[:, 1]).sum(axis=1)
    assert np.abs(np.log(p[:, 0] / p[:, 1]) - summed).max() < 1e-9
