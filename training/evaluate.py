"""How a bundle does on cases that came after it: the figures of contract §5, each with what it rests on.

Cases the bundle had learnt from are not among them, nor cases that share a group with one, unless they are asked
for by name of a date before its cut; then it is said.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from features.asks import Asks
from features.tables import Numbers, Tables
from features.vocabulary import LIABLE
from models import metrics
from models.bootstrap import interval
from models.bundle import Bundle, was_trained_on
from models.calibration import softmax
from models.head import Head
from models.metrics import UNSEEN, Judged
from training import slices
from training.config import TrainingConfig
from training.dataset import Past, asks_of_ruled_cases
from training.fit import NAME
from training.groups import groups, sharing_a_group
from training.labels import Labels, labels_before

CURVE = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
"""Shares of answers at which the risk–coverage curve is reported."""


@dataclass(frozen=True)
class Evaluation:
    """Answers to later cases beside the truth, and what had to be left out.

    ``judged`` covers all asks; ``raw`` is the same before calibration. ``notes`` are sentences.
    """

    tables: Tables
    bundle: Bundle
    asks: Asks
    judged: Judged
    raw: Judged
    labels: Labels
    cases: NDArray[np.int64]
    in_sample: bool
    notes: tuple[str, ...]


def evaluate(tables: Tables, bundle: Bundle, since: int | None = None, *, threads: int = 1) -> Evaluation:
    """Ask the bundle about the labelled cases opened from ``since`` (microseconds) on, at each of their moments.

    Without ``since``: those opened from the bundle's training cut on, or all, if it learnt from none of these cases.
    """
    config, head = TrainingConfig.from_mapping(bundle.config), bundle.heads[NAME]
    labels = labels_before(tables, tables.last_known + 1, config.maturity_days)
    learnt = was_trained_on(bundle, tables.case_ids.to_pylist())
    if since is None:
        since = bundle.trained_until if learnt.any() else np.iinfo(np.int64).min
    opened = tables.instants("cases", "opened_at")[labels.cases]
    wanted = labels.cases[opened >= since]
    met = sharing_a_group(groups(tables), np.flatnonzero(learnt)) & ~learnt
    cases = wanted[~met[wanted]]

    fitted = bundle.fitted
    asks = asks_of_ruled_cases(tables)
    asks = asks.take(np.flatnonzero(np.isin(asks.case, cases)))
    past = Past(tables, asks, fitted.catalog, fitted.windows_days, fitted.history_weight)
    each = past.examples(labels, cases, np.arange(len(LIABLE)))
    values = past.features(each.rows, fitted).values
    asks = past.asks.take(each.rows)
    place = np.array([head.classes.index(w) if w in head.classes else UNSEEN for w in LIABLE])
    scores = head.trees.scores(head.seen(values), threads=threads)
    judged = Judged.of(head.calibration.probabilities(scores), place[each.labels], asks.case)
    known = place[each.labels] != UNSEEN
    in_sample = bool(learnt[cases].any())
    notes = _notes(labels, len(wanted) - len(cases), judged.unseen, int(learnt[cases].sum()))
    if not len(judged):
        notes = (*notes, f"No labelled case was opened from {np.datetime64(since, 'us')} on.")
    return Evaluation(
        tables, bundle, asks.take(np.flatnonzero(known)), judged, replace(judged, probability=softmax(scores[known])),
        labels, np.unique(asks.case[known]), in_sample, notes,
    )  # fmt: skip


def _notes(labels: Labels, met: int, unseen: int, learnt: int) -> tuple[str, ...]:
    said = []
    if learnt:
        said.append(f"IN SAMPLE: the bundle had learnt from {learnt} of these cases; the figures flatter it.")
    if met:
        said.append(f"{met} cases were left out because a case of their group had been learnt from.")
    if unseen:
        said.append(f"{unseen} cases were left out because the bundle was never taught their class.")
    counts = labels.counts()
    said += [f"{counts[name]} cases have no label: {name}." for name in counts if counts[name] and name != "label"]
    return tuple(said)


def to_json(found: Evaluation) -> dict[str, Any]:
    """The evaluation as plain data; a figure that does not exist is NaN."""
    head, judged = found.bundle.heads[NAME], found.judged
    parts: dict[str, Any] = {
        "by_reason": _by(slices.by_reason(found.tables, found.asks), found, head),
        "by_moment": _by(slices.by_moment(found.asks), found, head),
        "by_audit": {n: _by(m, found, head) for n, m in slices.by_audit(found.tables, found.asks).items()},
    }
    liability = None
    if len(judged):
        liability = figures(judged, head) | {
            "ece_interval": interval(metrics.ece, judged, seed=1),
            "before_calibration": {
                "log_loss": metrics.log_loss(found.raw),
                "ece": metrics.ece(found.raw),
                "ece_interval": interval(metrics.ece, found.raw, seed=1),
            },
            "promise": _promise(found, head),
            "risk_coverage": _curve(judged),
        }
    return {
        "heads": {NAME: liability, "sufficiency": None},
        **parts,
        "truth": None,
        "notes": [*found.notes, "This bundle has no head for sufficiency."],
        "in_sample": found.in_sample,
        "labels": found.labels.counts(),
        "labels_by_age": found.labels.by_age(),
        "bundle": found.bundle.id,
    }


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


def _by(masks: Mapping[str, NDArray[np.bool_]], found: Evaluation, head: Head) -> dict[str, Any]:
    judged, case = found.judged, found.asks.case
    return {
        name: figures(Judged.of(judged.probability[mask], judged.label[mask], case[mask]), head)
        for name, mask in masks.items()
    }


def _promise(found: Evaluation, head: Head) -> dict[str, Any]:
    """Whether the error above the threshold was what was promised, with its interval."""
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


def in_words(probabilities: Numbers, theirs: tuple[str, ...], ours: tuple[str, ...]) -> Numbers:
    """Probabilities of their classes (n, theirs) as those of ours; what they do not know has none."""
    found = np.zeros((len(probabilities), len(ours)))
    for i, word in enumerate(theirs):
        if word in ours:
            found[:, ours.index(word)] = probabilities[:, i]
    return found
