"""What the baselines would have been worth on the cases a bundle is asked about, learnt and settled at its own cut."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from threadpoolctl import threadpool_limits

from features.catalog import Catalog
from features.tables import Numbers, Tables
from models.bundle import case_hash
from models.metrics import Judged
from training.baselines import settle
from training.config import TrainingConfig
from training.dataset import Examples
from training.evaluate import Evaluation
from training.fit import Answers, Rehearsal, rehearse
from training.folds import Fold, rolling_folds
from training.prepare import prepare
from training.questions import QUESTIONS


def later_baselines(found: Evaluation, tables: Tables) -> dict[str, Judged]:
    """The calibrated answers of each baseline to the same asks.

    Nothing comes of it where ``tables`` do not hold exactly the cases that the bundle had learnt from.
    """
    with threadpool_limits(limits=1, user_api="blas"):  # as in training, and for the same reasons
        return {name: replace(found.judged, probability=answers) for name, answers in _answers(found, tables)}


def _answers(found: Evaluation, tables: Tables) -> Iterator[tuple[str, Numbers]]:
    bundle, judged = found.bundle, found.judged
    known = case_hash(tables.case_ids.to_pylist())
    if not len(judged) or not np.isin(bundle.case_hashes, known).all():
        return
    config, catalog = TrainingConfig.from_mapping(bundle.config), bundle.fitted.catalog
    (question,) = (q for q in QUESTIONS if q.name == found.head.name)
    history = replace(prepare(tables, bundle.trained_until, config, catalog), question=question)
    cases = history.past.tables.case_ids.take(np.unique(history.past.asks.case[history.examples.rows]))
    if not np.isin(case_hash(cases.to_pylist()), bundle.case_hashes).all():
        return
    rehearsals = list(rehearse(history, rolling_folds(history)))
    folds = [rehearsal.fold for rehearsal in rehearsals]
    columns = found.head.columns
    learn = found.head.seen(history.past.features(history.examples.rows, bundle.fitted).values)
    seen = Catalog(tuple(catalog.features[i] for i in columns))
    ask = Examples(np.arange(len(judged)), judged.label, judged.weight)
    fold = Fold(len(folds), bundle.trained_until, history.examples, ask, 0)
    last = Rehearsal(fold, seen, learn, found.head.seen(found.values), history.classes)
    for name, answer in settle(rehearsals).items():
        calibration = Answers.pooled(folds, [answer(rehearsal) for rehearsal in rehearsals]).calibration()
        yield name, calibration.probabilities(answer(last))
