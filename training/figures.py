"""The figures of an evaluation as contract §5 names them, each with what it rests on."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models import metrics
from models.bootstrap import interval, paired_difference
from models.bundle import LIABILITY
from models.head import Head
from models.metrics import Judged, ask_log_losses
from training import slices
from training.config import TrainingConfig
from training.evaluate import Evaluation
from training.questions import QUESTIONS
from training.truth import Truth, against_truth

CURVE = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
"""Shares of answers at which the risk–coverage curve is reported."""


def to_json(
    found: Mapping[str, Evaluation], baselines: Mapping[str, Mapping[str, Judged]], truth: Truth | None = None
) -> dict[str, Any]:
    """The evaluation of all heads as plain data, contract §5's keys and no others at the top.

    The parts and the truth are the liability head's; ``baselines`` by head. A figure that does not exist is NaN,
    or null where its part does not.
    """
    liability = found[LIABILITY]
    tables, asks = liability.tables, liability.asks
    absent = [f"This bundle has no head for {q.name}." for q in QUESTIONS if q.name not in found]
    return {
        "heads": {q.name: _head(found[q.name], baselines[q.name]) if q.name in found else None for q in QUESTIONS},
        "by_reason": _by(slices.by_reason(tables, asks), liability),
        "by_moment": _by(slices.by_moment(asks), liability),
        "by_audit": {n: _by(masks, liability) for n, masks in slices.by_audit(tables, asks).items()},
        "truth": None if truth is None else against_truth(liability, baselines[LIABILITY], truth),
        "notes": [*(note for each in found.values() for note in each.notes), *absent],
        "in_sample": any(each.in_sample for each in found.values()),
    }


def _head(found: Evaluation, baselines: Mapping[str, Judged]) -> dict[str, Any] | None:
    judged = found.judged
    if not len(judged):
        return None
    return figures(judged, found.head) | {
        "ece_interval": interval(metrics.ece, judged, seed=1),
        "before_calibration": _short(found.raw) | {"ece_interval": interval(metrics.ece, found.raw, seed=1)},
        "baselines": {name: _beside(judged, answers) for name, answers in baselines.items()} or None,
        "promise": _promise(found),
        "risk_coverage": _curve(judged),
        "labels": found.counts,
        "labels_by_age": found.labels.by_age(),
        "bundle": found.bundle.id,
    }


def _beside(ours: Judged, theirs: Judged) -> dict[str, Any]:
    """A baseline's figures, and how much less than it we lose: paired, with its 95 % interval."""
    less = paired_difference(ask_log_losses(ours), ask_log_losses(theirs), ours, seed=1)
    return _short(theirs) | {"ours_less": [less.mean, less.low, less.high]}


def figures(judged: Judged, head: Head) -> dict[str, Any]:
    """The figures of one set of answers."""
    prior = np.broadcast_to(np.array(head.prior), judged.probability.shape)
    coverage, wrong = metrics.above(judged, head.act_above)
    return {
        "n": judged.cases,
        "classes": head.classes,
        "log_loss": metrics.log_loss(judged),
        "prior_log_loss": metrics.log_loss(replace(judged, probability=prior)),
        "brier": metrics.brier(judged),
        "auc": metrics.auc(judged),
        "macro_f1": metrics.macro_f1(judged),
        "ece": metrics.ece(judged),
        "coverage": coverage,
        "error_above": wrong,
    }


def _short(judged: Judged) -> dict[str, float]:
    return {"log_loss": metrics.log_loss(judged), "auc": metrics.auc(judged), "ece": metrics.ece(judged)}


def _by(masks: Mapping[str, NDArray[np.bool_]], found: Evaluation) -> dict[str, Any]:
    judged, case = found.judged, found.asks.case
    return {
        name: figures(Judged.of(judged.probability[mask], judged.label[mask], case[mask]), found.head)
        for name, mask in masks.items()
    }


def _promise(found: Evaluation) -> dict[str, Any]:
    """Whether the error above the threshold was what was promised, with its interval."""
    head = found.head
    max_error = TrainingConfig.from_mapping(found.bundle.config).max_error
    coverage, wrong = metrics.above(found.judged, head.act_above)
    if not coverage:
        return {"max_error": max_error, "act_above": head.act_above, "kept": None, "error_interval": None}
    low, high = interval(lambda judged: metrics.above(judged, head.act_above)[1], found.judged, seed=1)
    return {
        "max_error": max_error,
        "act_above": head.act_above,
        "kept": wrong <= max_error,
        "error_interval": (low, high),
    }


def _curve(judged: Judged) -> list[dict[str, float]]:
    curve = metrics.risk_coverage(judged)
    at = np.minimum(np.searchsorted(curve.coverage, CURVE), len(curve.coverage) - 1)
    return [
        {"coverage": float(curve.coverage[i]), "error": float(curve.error[i]), "confidence": float(curve.threshold[i])}
        for i in at
    ]
