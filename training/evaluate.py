"""A bundle asked about cases that came after it, and what became of them.

Cases the bundle had learnt from are not among them, nor cases that share a group with one, unless they are asked
for by name of a date before its cut; then it is said.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from features.asks import Asks
from features.attributes import unmatched_attributes
from features.tables import NEVER, Numbers, Tables
from features.terminal import iso
from models.bundle import LIABILITY, Bundle, was_trained_on
from models.calibration import softmax
from models.head import Head
from models.metrics import UNSEEN, Judged
from training.config import TrainingConfig
from training.dataset import Past, asks_of_ruled_cases
from training.groups import groups, sharing_a_group
from training.labels import Labels, labels_before
from training.questions import QUESTIONS, Question


@dataclass(frozen=True)
class Evaluation:
    """One head's answers to later cases beside the truth, and what had to be left out.

    ``judged`` covers all asks; ``raw`` is the same before calibration; ``values`` (asks, features) are what was
    known. ``counts`` says what became of each case, or ask, as a label. ``notes`` are sentences.
    """

    tables: Tables
    bundle: Bundle
    head: Head
    asks: Asks
    values: Numbers
    judged: Judged
    raw: Judged
    labels: Labels
    counts: dict[str, int]
    cases: NDArray[np.int64]
    in_sample: bool
    notes: tuple[str, ...]


def evaluate(tables: Tables, bundle: Bundle, since: int | None = None, *, threads: int = 1) -> dict[str, Evaluation]:
    """Ask each head about the labelled cases opened from ``since`` (microseconds) on, at each of their moments.

    Without ``since``: those opened from the bundle's training cut on, or all, if it learnt from none of these cases.
    """
    config, fitted = TrainingConfig.from_mapping(bundle.config), bundle.fitted
    labels = labels_before(tables, tables.last_known + 1, config.maturity_days)
    learnt = was_trained_on(bundle, tables.case_ids.to_pylist())
    if since is None:
        since = bundle.trained_until if learnt.any() else -NEVER
    wanted = tables.instants("cases", "opened_at") >= since
    met = sharing_a_group(groups(tables), np.flatnonzero(learnt)) & ~learnt
    asks = asks_of_ruled_cases(tables)
    asks = asks.take(np.flatnonzero((wanted & ~met)[asks.case]))
    past = Past(tables, asks, fitted.catalog, fitted.windows_days, fitted.history_weight)
    found = {}
    for question in (q for q in QUESTIONS if q.name in bundle.heads):
        answered = _answer(past, bundle, question, labels, threads)
        left_out = np.unique(_labelled(tables, question, labels, np.flatnonzero(wanted & met)))
        notes = _notes(answered, len(left_out), int(learnt[answered.cases].sum()))
        if not len(answered.judged):
            asked = f"opened from {iso(since)} on" if since > -NEVER else "there"
            notes = (*notes, f"No case with a label for {question.name} was {asked}, so there is no figure.")
        if question.name == LIABILITY:
            notes = (*unmatched_attributes(tables, fitted.catalog), *notes)
        found[question.name] = replace(answered, in_sample=bool(learnt[answered.cases].any()), notes=notes)
    return found


def _answer(past: Past, bundle: Bundle, question: Question, labels: Labels, threads: int) -> Evaluation:
    head = bundle.heads[question.name]
    label, counts = question.told(past.tables, past.asks, labels)
    each = past.examples(label)
    values, asks = past.features(each.rows, bundle.fitted).values, past.asks.take(each.rows)
    place = np.array([head.classes.index(w) if w in head.classes else UNSEEN for w in question.words])
    scores = head.trees.scores(head.seen(values), threads=threads)
    judged = Judged.of(head.calibration.probabilities(scores), place[each.labels], asks.case)
    known = place[each.labels] != UNSEEN
    return Evaluation(
        tables=past.tables,
        bundle=bundle,
        head=head,
        asks=asks.take(np.flatnonzero(known)),
        values=values[known],
        judged=judged,
        raw=replace(judged, probability=softmax(scores[known])),
        labels=labels,
        counts=counts,
        cases=np.unique(asks.case[known]),
        in_sample=False,
        notes=(),
    )


def _labelled(tables: Tables, question: Question, labels: Labels, cases: NDArray[np.int64]) -> NDArray[np.int64]:
    """Which of these cases have a label at any ask."""
    asks = asks_of_ruled_cases(tables)
    asks = asks.take(np.flatnonzero(np.isin(asks.case, cases)))
    return asks.case[question.told(tables, asks, labels)[0] >= 0]


def _notes(found: Evaluation, met: int, learnt: int) -> tuple[str, ...]:
    said, about = [], found.head.name
    if learnt:
        said.append(f"IN SAMPLE: the bundle had learnt from {learnt} of these cases; the figures flatter it.")
    if met:
        said.append(f"{met} cases were left out because a case of their group had been learnt from.")
    if found.judged.unseen:
        said.append(f"{found.judged.unseen} cases were left out because the bundle was never taught their class.")
    what = "cases" if about == LIABILITY else "asks"
    said += [f"{n} {what}: {name}." for name, n in found.counts.items() if n and name != "label"]
    return tuple(f"{about.capitalize()}: {sentence}" for sentence in said)
