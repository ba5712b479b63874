"""From a history to a head: how many trees, how honest, when to keep silent, and then all labels once more.

The number of trees, the calibration and the threshold are measured on the rolling folds, on cases that the trees
had not learnt from; what ships learns from every label and carries those measurements.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from features.build import FeatureTable, Fitted
from features.catalog import Catalog
from features.tables import Numbers
from models.abstention import lowest_safe_confidence
from models.calibration import Calibration, Correction, mean_loss, softmax, what_held
from models.head import Head, liability_columns
from models.trees import Trees
from training.config import TrainingConfig
from training.dataset import Examples
from training.folds import Fold, History

NAME = "liability"


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """One fold with the features that may influence liability: ``learn`` and ``ask`` are (asks, features)."""

    fold: Fold
    catalog: Catalog
    learn: Numbers
    ask: Numbers
    classes: tuple[str, ...]

    def spread(self, scores: Numbers, present: NDArray[np.int64]) -> Numbers:
        """Scores of the classes present (asks, present) as scores of all; an absent one gets half a case's worth."""
        if len(present) == len(self.classes):
            return scores
        absent = float(np.log(0.5 / self.fold.learn.weights.sum()))
        spread = np.full((len(scores), len(self.classes)), absent)
        spread[:, present] = np.log(np.clip(softmax(scores), 1e-300, 1.0))
        return spread


def rehearse(history: History, folds: Iterable[Fold]) -> Iterator[Rehearsal]:
    """The folds with their features, each fitted on what it learns from."""
    past = history.past
    columns = liability_columns(past.catalog)
    seen = Catalog(tuple(past.catalog.features[i] for i in columns))
    for fold in folds:
        fitted = past.fit(fold.learn.rows)
        learn, ask = (past.features(rows, fitted).values[:, columns] for rows in (fold.learn.rows, fold.ask.rows))
        yield Rehearsal(fold, seen, learn, ask, history.classes)


@dataclass(frozen=True, slots=True)
class Answers:
    """Scores of asks that nothing had been learnt from, pooled over the folds.

    ``rows`` (n,) are positions among all asks, ``scores`` (n, classes) uncalibrated.
    """

    rows: NDArray[np.int64]
    labels: NDArray[np.int64]
    weights: Numbers
    folds: NDArray[np.int64]
    scores: Numbers

    @classmethod
    def pooled(cls, folds: Iterable[Fold], scores: Iterable[Numbers]) -> "Answers":
        """The answers of all folds, one after the other."""
        asked = [(f.ask.rows, f.ask.labels, f.ask.weights, np.full(len(f.ask), f.number)) for f in folds]
        rows, labels, weights, numbers = (np.concatenate(column) for column in zip(*asked, strict=True))
        return cls(rows, labels, weights, numbers, np.concatenate(list(scores)))

    def correction(self) -> Correction:
        """How much of what these answers show to be miscalibrated held from fold to fold."""
        return what_held(self.scores, self.labels, self.weights, self.folds)

    def calibration(self) -> Calibration:
        """What these answers say about how far scores can be believed."""
        return Calibration.fit(self.scores, self.labels, self.weights, self.folds, self.correction())

    def probabilities(self) -> Numbers:
        """Honest probabilities (n, classes): each fold calibrated by the others, as later cases will be."""
        found = np.empty_like(self.scores)
        correction = self.correction()
        for fold in np.unique(self.folds):
            here = self.folds == fold
            calibration = Calibration.none(self.scores.shape[1])
            if not here.all():
                others = ~here
                calibration = Calibration.fit(
                    self.scores[others], self.labels[others], self.weights[others], self.folds[others], correction
                )
            found[here] = calibration.probabilities(self.scores[here])
        return found


@dataclass(frozen=True, slots=True)
class Trial:
    """What the rolling folds said about a way to grow trees: answers at the best depth and number of rounds."""

    depth: int
    rounds: int
    loss: float
    answers: Answers


def try_trees(rehearsals: Sequence[Rehearsal], config: TrainingConfig, *, threads: int = 1) -> Trial:
    """The depth and the number of rounds that lose least over all folds together; of equals the shallower."""
    trials = [_try_depth(rehearsals, config, depth, threads) for depth in sorted(config.depth)]
    return min(trials, key=lambda trial: trial.loss)


def _try_depth(rehearsals: Sequence[Rehearsal], config: TrainingConfig, depth: int, threads: int) -> Trial:
    staged = []
    stages = range(config.rounds_step, config.max_rounds + config.rounds_step, config.rounds_step)
    for rehearsal in rehearsals:
        trees, present = _grow(
            rehearsal.learn, rehearsal.fold.learn, rehearsal.catalog, rehearsal.classes, config,
            depth=depth, rounds=config.max_rounds, threads=threads,
        )  # fmt: skip
        scores = [s for _, s in trees.staged_scores(rehearsal.ask, config.rounds_step, threads=threads)]
        scores += scores[-1:] * (len(stages) - len(scores))  # trees that found nothing more to split stay as they are
        staged.append([rehearsal.spread(s, present) for s in scores])
    folds = [rehearsal.fold for rehearsal in rehearsals]
    pooled = [Answers.pooled(folds, scores) for scores in zip(*staged, strict=True)]
    losses = [mean_loss(softmax(answers.scores), answers.labels, answers.weights) for answers in pooled]
    best = int(np.argmin(losses))
    return Trial(depth, min(stages[best], config.max_rounds), losses[best], pooled[best])


def fit_head(history: History, trial: Trial, *, threads: int = 1) -> tuple[Head, FeatureTable, Fitted]:
    """The head that ships, refitted on all labels with what the trial measured, and what it learnt from."""
    config, examples, answers = history.config, history.examples, trial.answers
    fitted = history.past.fit(examples.rows)
    features = history.past.features(examples.rows, fitted)
    columns = liability_columns(features.catalog)
    seen = Catalog(tuple(features.catalog.features[i] for i in columns))
    trees, _ = _grow(
        features.values[:, columns], examples, seen, history.classes, config,
        depth=trial.depth, rounds=trial.rounds, threads=threads,
    )  # fmt: skip
    by_class = np.bincount(examples.labels, weights=examples.weights, minlength=len(history.classes))
    prior = tuple(float(share) for share in by_class / by_class.sum())
    honest = answers.probabilities()
    right = honest.argmax(axis=1) == answers.labels
    act_above = lowest_safe_confidence(honest.max(axis=1), right, answers.weights, max_error=config.max_error)
    head = Head(NAME, history.classes, prior, columns, trees, answers.calibration(), act_above)
    return head, features, fitted


def _grow(
    X: Numbers, examples: Examples, catalog: Catalog, classes: tuple[str, ...], config: TrainingConfig, *,
    depth: int, rounds: int, threads: int,
) -> tuple[Trees, NDArray[np.int64]]:  # fmt: skip
    """Trees for the classes that the examples have, and which of all classes those are."""
    present, compact = np.unique(examples.labels, return_inverse=True)
    trees = Trees.fit(
        X, compact.astype(np.int64), examples.weights, classes=len(present), rounds=rounds,
        categorical=catalog.categorical, params=config.tree_params(len(examples), depth),
        directions=_directions(catalog, tuple(classes[i] for i in present)), threads=threads,
    )  # fmt: skip
    return trees, present


def _directions(catalog: Catalog, classes: tuple[str, ...]) -> tuple[int, ...]:
    """Of two classes, the oftener one was found in a key's past, the likelier it is: never the other way round.

    Among several classes no such sign is meaningful, since what makes one likelier than a second may still make
    it less likely than a third.
    """
    if len(classes) != 2:
        return ()
    sign = {classes[0]: -1, classes[1]: 1}
    return tuple(sign.get(feature.measure, 0) for feature in catalog)
