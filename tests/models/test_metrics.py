"""Every figure means what it says, whatever the order and the number of asks of a case."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sklearn.metrics import accuracy_score, brier_score_loss, f1_score, roc_auc_score
from sklearn.metrics import log_loss as sk_log_loss

from models import bootstrap, metrics
from models.metrics import UNSEEN, Judged


def perfect(cases: int, classes: int, seed: int) -> Judged:
    rng = np.random.default_rng(seed)
    p = rng.dirichlet(np.ones(classes), cases)
    label = (p.cumsum(axis=1) < rng.random(cases)[:, None]).sum(axis=1)
    return Judged.of(p, np.minimum(label, classes - 1), np.arange(cases))


@given(st.integers(0, 10_000), st.integers(2, 6), st.integers(2, 60))
@example(seed=5, classes=5, n=57)  # the true class at less than 1e-6, where contract §5 clips
@settings(max_examples=60, deadline=None)
def test_log_loss_brier_macro_f1_and_error_are_the_usual_ones_with_weights(seed: int, classes: int, n: int) -> None:
    rng = np.random.default_rng(seed)
    p, label = rng.dirichlet(np.ones(classes), n), rng.integers(0, classes, n)
    judged = Judged.of(p, label, rng.integers(0, n, n))
    answered, weights, names = p.argmax(axis=1), judged.weight, list(range(classes))
    surest = np.maximum(p[np.arange(n), label], metrics.CLIP)
    assert metrics.log_loss(judged) == pytest.approx(np.average(-np.log(surest), weights=weights))
    if (p > metrics.CLIP).all():
        assert metrics.log_loss(judged) == pytest.approx(sk_log_loss(label, p, sample_weight=weights, labels=names))
    usual = brier_score_loss(label, p, sample_weight=weights, labels=names, scale_by_half=False)
    assert metrics.brier(judged) == pytest.approx(usual)
    there = np.union1d(label, answered)
    usual = f1_score(label, answered, average="macro", sample_weight=weights, labels=there)
    assert metrics.macro_f1(judged) == pytest.approx(usual)
    assert metrics.error(judged) == pytest.approx(1 - accuracy_score(label, answered, sample_weight=weights))


@pytest.mark.parametrize("seed", range(5))
def test_the_ece_is_the_mean_gap_of_fifteen_bins_of_equally_many_answers(seed: int) -> None:
    judged = perfect(1_500, 4, seed)
    order = np.argsort(judged.confidence())
    bins = np.split(order, 15)
    gaps = [abs(judged.confidence()[part].mean() - judged.correct()[part].mean()) for part in bins]
    assert metrics.ece(judged) == pytest.approx(np.mean(gaps))


@given(st.integers(0, 10_000), st.integers(1, 30))
@settings(max_examples=40, deadline=None)
def test_a_point_of_the_curve_is_the_error_and_the_share_of_the_answers_at_least_as_sure(seed: int, n: int) -> None:
    rng = np.random.default_rng(seed)
    sure = np.round(rng.uniform(0.5, 1.0, n), 1)
    judged = Judged.of(np.stack([sure, 1 - sure], axis=1), rng.integers(0, 2, n), rng.integers(0, n, n))
    curve = metrics.risk_coverage(judged)
    for threshold, coverage, wrong in zip(curve.threshold, curve.coverage, curve.error, strict=True):
        kept = judged.confidence() >= threshold
        assert coverage == pytest.approx(judged.weight[kept].sum() / judged.weight.sum())
        assert wrong == pytest.approx(np.average(~judged.correct()[kept], weights=judged.weight[kept]))
        assert metrics.above(judged, threshold) == pytest.approx((coverage, wrong))


@given(st.integers(0, 10_000), st.integers(2, 60))
@settings(max_examples=60, deadline=None)
def test_auc_is_the_usual_one_with_weights_and_ties(seed: int, n: int) -> None:
    rng = np.random.default_rng(seed)
    second = np.round(rng.random(n), 1)
    label = np.append([0, 1], rng.integers(0, 2, n - 2))
    judged = Judged.of(np.stack([1 - second, second], axis=1), label, rng.integers(0, n, n))
    usual = roc_auc_score(judged.label, judged.probability[:, 1], sample_weight=judged.weight)
    assert metrics.auc(judged) == pytest.approx(usual)


def test_auc_is_not_told_for_three_classes_nor_for_one_label() -> None:
    assert np.isnan(metrics.auc(perfect(50, 3, 1)))
    assert np.isnan(metrics.auc(Judged.of(np.full((5, 2), 0.5), np.zeros(5, np.int64), np.arange(5))))


def test_the_asks_of_one_case_count_once_together() -> None:
    p = np.array([[0.9, 0.1], [0.9, 0.1], [0.9, 0.1], [0.2, 0.8]])
    judged = Judged.of(p, np.array([1, 1, 1, 1]), np.array([7, 7, 7, 9]))
    assert judged.cases == 2
    assert metrics.error(judged) == pytest.approx(0.5)
    assert metrics.log_loss(judged) == pytest.approx(-(np.log(0.1) + np.log(0.8)) / 2)
    assert metrics.above(judged, 0.85) == (pytest.approx(0.5), pytest.approx(1.0))


def test_a_class_that_was_never_taught_is_counted_and_left_out() -> None:
    p = np.array([[0.9, 0.1], [0.3, 0.7], [0.5, 0.5]])
    judged = Judged.of(p, np.array([0, UNSEEN, UNSEEN]), np.array([1, 2, 2]))
    assert (len(judged), judged.unseen) == (1, 1)
    assert metrics.log_loss(judged) == pytest.approx(-np.log(0.9))


def test_without_a_single_label_every_figure_is_nan() -> None:
    judged = Judged.of(np.zeros((0, 3)), np.zeros(0, np.int64), np.zeros(0, np.int64))
    for figure in (metrics.log_loss, metrics.brier, metrics.error, metrics.macro_f1, metrics.ece, metrics.auc):
        assert np.isnan(figure(judged))
    assert np.isnan(bootstrap.interval(metrics.ece, judged, seed=1)).all()
    assert np.isnan(metrics.above(judged, 0.5)).all()
    assert len(metrics.risk_coverage(judged).error) == 0


def test_a_certain_and_wrong_answer_costs_no_more_than_the_clip() -> None:
    judged = Judged.of(np.array([[1.0, 0.0]]), np.array([1]), np.array([0]))
    assert metrics.log_loss(judged) == pytest.approx(-np.log(1e-6))


@pytest.mark.parametrize(("cases", "shown"), [(2_000, 0.030), (10_000, 0.012)])
def test_a_perfect_four_class_model_shows_the_ece_that_chance_alone_gives(cases: int, shown: float) -> None:
    found = np.mean([metrics.ece(perfect(cases, 4, seed)) for seed in range(5)])
    assert abs(found - shown) < 0.006


def test_an_overconfident_model_has_a_high_ece_and_an_interval_around_it() -> None:
    judged = perfect(3_000, 3, 2)
    sharp = judged.probability**3
    worse = Judged.of(sharp / sharp.sum(axis=1, keepdims=True), judged.label, np.arange(3_000))
    low, high = bootstrap.interval(metrics.ece, worse, seed=1, draws=100)
    assert metrics.ece(judged) < 0.05 < low <= metrics.ece(worse) <= high
    assert (low, high) == bootstrap.interval(metrics.ece, worse, seed=1, draws=100)


@given(st.integers(0, 10_000), st.integers(1, 40))
@example(seed=307, n=10)  # an answer in the middle of a bin's edge
@settings(max_examples=40, deadline=None)
def test_the_order_of_the_answers_changes_no_figure(seed: int, n: int) -> None:
    rng = np.random.default_rng(seed)
    p = np.round(rng.dirichlet(np.ones(3), n), 1) + 0.05
    p, label, case = p / p.sum(axis=1, keepdims=True), rng.integers(0, 3, n), rng.integers(0, n, n)
    turn = rng.permutation(n)
    one, other = Judged.of(p, label, case), Judged.of(p[turn], label[turn], case[turn])
    for figure in (metrics.log_loss, metrics.brier, metrics.error, metrics.macro_f1, metrics.ece):
        assert figure(one) == pytest.approx(figure(other))


def test_answering_all_is_the_plain_error_and_coverage_never_falls() -> None:
    judged = perfect(400, 4, 3)
    curve = metrics.risk_coverage(judged)
    assert curve.error[-1] == pytest.approx(metrics.error(judged))
    assert curve.coverage[-1] == pytest.approx(1.0)
    assert (np.diff(curve.coverage) > 0).all()
    coverage, error = metrics.above(judged, float(curve.threshold[100]))
    assert (coverage, error) == (pytest.approx(curve.coverage[100]), pytest.approx(curve.error[100]))


def test_a_paired_difference_sees_a_small_gain_that_single_intervals_do_not() -> None:
    judged = perfect(2_000, 3, 4)
    rng = np.random.default_rng(5)
    one = metrics.ask_log_losses(judged)
    other = one + rng.normal(0.01, 0.05, len(one))
    found = bootstrap.paired_difference(other, one, judged, seed=1)
    assert 0.0 < found.low < found.mean < found.high < 0.02
    low, high = bootstrap.interval(metrics.log_loss, judged, seed=1)
    assert high - low > 5 * (found.high - found.low)


def test_the_paired_interval_covers_no_difference_as_often_as_it_says() -> None:
    held = 0
    for seed in range(200):
        rng = np.random.default_rng(seed)
        case = np.repeat(np.arange(60), 2)
        judged = Judged.of(np.full((120, 2), 0.5), np.zeros(120, np.int64), case)
        shared = np.repeat(rng.normal(size=60), 2)
        losses = shared + rng.normal(size=120) / 10
        found = bootstrap.paired_difference(losses, np.zeros(120), judged, seed=seed, draws=200)
        held += found.low <= 0.0 <= found.high
    assert held / 200 > 0.89
