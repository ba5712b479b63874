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
from features.vocabulary import LIABLE
from models.bundle import Bundle, was_trained_on
from models.calibration import softmax
from models.metrics import UNSEEN, Judged
from training.config import TrainingConfig
from training.dataset import Past, asks_of_ruled_cases
from training.fit import NAME
from training.groups import groups, sharing_a_group
from training.labels import Labels, labels_before


@dataclass(frozen=True)
class Evaluation:
    """Answers to later cases beside the truth, and what had to be left out.

    ``judged`` covers all asks; ``raw`` is the same before calibration; ``values`` (asks, features) are what was
    known. ``notes`` are sentences.
    """

    tables: Tables
    bundle: Bundle
    asks: Asks
    values: Numbers
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
        since = bundle.trained_until if learnt.any() else -NEVER
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
    notes = unmatched_attributes(tables, fitted.catalog)
    notes += _notes(labels, len(wanted) - len(cases), judged.unseen, int(learnt[cases].sum()))
    if not len(judged):
        asked = f"opened from {iso(since)} on" if since > -NEVER else "there"
        notes = (*notes, f"No labelled case was {asked}, so there is no figure.")
    return Evaluation(
        tables=tables,
        bundle=bundle,
        asks=asks.take(np.flatnonzero(known)),
        values=values[known],
        judged=judged,
        raw=replace(judged, probability=softmax(scores[known])),
        labels=labels,
        cases=np.unique(asks.case[known]),
        in_sample=bool(learnt[cases].any()),
        notes=notes,
    )


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
