"""Candidates that must not pass, and the gate that stops each."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from models.metrics import Judged
from training.gates import ALL_GATES, LIABILITY_GATES, Evidence, failed, judge

N = 3000
PRIOR = np.array([0.4, 0.6])


def evidence(**changes: Any) -> Evidence:
    """A calibrated model of two classes, weak baselines, and no champion."""
    rng = np.random.default_rng(5)
    second = 1 / (1 + np.exp(-rng.normal(0.4, 1.5, N)))
    label = (rng.random(N) < second).astype(np.int64)
    case = np.arange(N)
    half = 0.5 * second + 0.25
    found = Evidence(
        model=Judged(both(second), label, np.ones(N), case),
        case=case,
        baselines={
            "prior": np.tile(PRIOR, (N, 1)),
            "prior by category": np.tile(PRIOR, (N, 1)),
            "logistic regression": both(half),
        },
        slices={"reason even": case % 2 == 0, "reason odd": case % 2 == 1, "reason rare": case < 20},
        champion=np.empty((0, 2)),
        champion_rows=np.empty(0, dtype=np.int64),
    )
    return replace(found, **changes)


def both(second: np.ndarray) -> np.ndarray:
    return np.stack([1 - second, second], axis=1)


def answering(second: np.ndarray) -> Evidence:
    good = evidence()
    return replace(good, model=replace(good.model, probability=both(second)))


def test_a_good_calibrated_model_passes_every_gate_that_applies() -> None:
    found = {gate["code"]: gate["passed"] for gate in judge(evidence(), LIABILITY_GATES)}
    assert found == {
        "G01": True,
        "G02": True,
        "G03": True,
        "G04": True,
        "G05": True,
        "G06": None,
        "G07": True,
        "G08": True,
    }


def test_a_constant_model_does_not_beat_the_prior() -> None:
    assert "G01" in failed(judge(answering(np.full(N, 0.6)), LIABILITY_GATES))


def test_an_inverted_model_is_stopped() -> None:
    stopped = failed(judge(answering(evidence().model.probability[:, 0]), LIABILITY_GATES))
    assert {"G01", "G04", "G05"} <= set(stopped)


def test_an_overconfident_model_is_not_calibrated() -> None:
    second = evidence().model.probability[:, 1]
    sure = 1 / (1 + np.exp(-4 * np.log(second / (1 - second))))
    assert "G04" in failed(judge(answering(sure), LIABILITY_GATES))


def test_one_collapsed_slice_is_found_and_named() -> None:
    good = evidence()
    second = np.where(good.slices["reason odd"], good.model.probability[:, 0], good.model.probability[:, 1])
    gate = next(gate for gate in judge(answering(second), LIABILITY_GATES) if gate["code"] == "G05")
    assert gate["passed"] is False
    assert set(gate["figures"]) == {"reason odd"}


def test_a_slice_with_few_cases_says_nothing() -> None:
    good = evidence()
    second = np.where(good.slices["reason rare"], good.model.probability[:, 0], good.model.probability[:, 1])
    assert "G05" not in failed(judge(answering(second), LIABILITY_GATES))


@pytest.mark.parametrize(("better", "passed"), [("candidate", True), ("champion", False)])
def test_a_candidate_clearly_worse_than_the_champion_is_stopped(better: str, passed: bool) -> None:
    good, rows = evidence(), np.arange(1000, N)
    weak = np.tile(PRIOR, (N, 1))
    strong = good.model.probability
    mine, its = (strong, weak) if better == "candidate" else (weak, strong)
    found = replace(good, model=replace(good.model, probability=mine), champion=its[rows], champion_rows=rows)
    gate = next(gate for gate in judge(found, LIABILITY_GATES) if gate["code"] == "G06")
    assert gate["passed"] is passed
    assert gate["figures"]["cases"] == len(rows)


def test_a_model_that_knows_the_answer_is_too_good_to_be_true() -> None:
    label = evidence().model.label
    assert "G07" in failed(judge(answering(np.where(label == 1, 0.9999, 0.0001)), LIABILITY_GATES))


def reversed_where(second: np.ndarray, wrong: np.ndarray) -> np.ndarray:
    return np.where(wrong, 1 - second, second)


@pytest.mark.parametrize("known", ["by a champion", "by a baseline"])
def test_a_slice_ten_points_worse_is_stopped_though_all_in_all_the_candidate_is_better(known: str) -> None:
    """Worse than the champion, or, where there is none, than the best baseline."""
    good, rng = evidence(), np.random.default_rng(2)
    label, second = good.model.label, good.model.probability[:, 1]
    rival = reversed_where(second, rng.random(N) < 0.05)
    inside = np.arange(N) % 10 == 0
    right = np.flatnonzero(inside & ((second > 0.5) == (label == 1)))
    gap = int((inside & ((rival > 0.5) != (label == 1))).sum() - (inside & ((second > 0.5) != (label == 1))).sum())
    turned = np.isin(np.arange(N), rng.choice(right, gap + inside.sum() // 10, replace=False))
    found = replace(
        answering(reversed_where(second, turned)),
        slices={"reason some": inside, "reason others": ~inside},
        baselines=good.baselines | ({} if known == "by a champion" else {"logistic regression": both(rival)}),
        champion=both(rival) if known == "by a champion" else good.champion,
        champion_rows=np.arange(N) if known == "by a champion" else good.champion_rows,
    )
    gates = {gate["code"]: gate for gate in judge(found, LIABILITY_GATES)}
    assert gates["G06"]["passed"] is not False
    assert gates["G03"]["passed"]
    assert gates["G08"]["passed"] is False
    assert set(gates["G08"]["figures"]) == {"reason some"}


def test_a_candidate_without_an_answer_for_a_slice_is_stopped_and_nothing_breaks() -> None:
    second = np.where(evidence().slices["reason rare"], np.nan, evidence().model.probability[:, 1])
    gates = judge(answering(second), LIABILITY_GATES)
    assert {"G01", "G02", "G03", "G04"} <= set(failed(gates))


def test_a_slice_that_is_better_or_a_little_worse_is_not_lost() -> None:
    good = evidence()
    second = reversed_where(good.model.probability[:, 1], np.random.default_rng(1).random(N) < 0.03)
    found = replace(answering(second), champion=good.model.probability, champion_rows=np.arange(N))
    assert "G08" not in failed(judge(found, LIABILITY_GATES))


def test_copies_of_one_complaint_are_one_piece_of_evidence() -> None:
    good = evidence()
    copied = np.arange(N) // 100
    seen = replace(good.model, probability=good.model.probability[copied], label=good.model.label[copied])
    baselines = dict.fromkeys(good.baselines, np.tile(PRIOR, (N, 1)))
    alone = replace(good, model=seen, baselines=baselines)
    together = replace(alone, model=replace(seen, case=copied))
    few, many = (judge(found, LIABILITY_GATES)[0]["figures"] for found in (together, alone))
    assert few["high"] - few["low"] > 5 * (many["high"] - many["low"])


def test_every_gate_has_its_own_code_in_order() -> None:
    codes = [gate.code for gate in ALL_GATES]
    assert codes == sorted(set(codes))
