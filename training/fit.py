"""From a history to a head: how many trees, how honest, when to keep silent, and then all labels once more.

The number of trees, the calibration and the threshold are measured on the rolling folds, on cases that the trees
had not learnt from; what ships learns from every label and carries those measurements.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import repeat
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from features.build import FeatureTable, Fitted
from features.catalog import Catalog
from features.tables import Numbers
from models.abstention import lowest_safe_confidence
from models.calibration import Calibration, Correction, mean_loss, softmax, what_held
from models.head import Head, seen_of
from models.trees import Growing, TrainingSet, hush
from training.config import TrainingConfig
from training.dataset import Examples
from training.folds import Fold, History

PATIENCE: Final = 4
"""Trees grow on while one of the last so many stages lost less than all before."""

FEATURES_PER_ROOT: Final = 2
"""Trees are grown on at most so many features times the square root of the cases: few cases make many look useful."""

LOOK_ROUNDS, LOOK_DEPTH, LOOK_RATE = 20, 3, 0.1
"""How a first look is taken at all features, to find those that are worth growing trees on."""


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
    columns = history.question.columns(past.catalog)
    seen = Catalog(tuple(past.catalog.features[i] for i in columns))
    for fold in folds:
        fitted = past.fit(fold.learn.rows, fold.origin)
        learn, ask = (seen_of(past.features(rows, fitted).values, columns) for rows in (fold.learn.rows, fold.ask.rows))
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


@dataclass(frozen=True, slots=True)
class Ground:
    """Examples made ready to grow trees on: for the classes they have, with the features a first look finds useful.

    ``present`` are the positions of those classes among all, ``columns`` those of the features; all of them vary.
    """

    data: TrainingSet
    present: NDArray[np.int64]
    columns: NDArray[np.int64]

    @classmethod
    def of(
        cls, X: Numbers, examples: Examples, catalog: Catalog, classes: tuple[str, ...], config: TrainingConfig, *,
        threads: int = 1,
    ) -> Self:  # fmt: skip
        """Make examples ready; X is (examples, catalog)."""
        present, compact = np.unique(examples.labels, return_inverse=True)
        directions = _directions(catalog, tuple(classes[i] for i in present))
        params = config.tree_params(len(examples), min(config.depth))

        def ready(columns: NDArray[np.int64]) -> TrainingSet:
            return TrainingSet(
                X[:, columns], compact.astype(np.int64), examples.weights, classes=len(present), params=params,
                categorical=tuple(np.flatnonzero(np.isin(columns, catalog.categorical)).tolist()),
                directions=tuple(directions[i] for i in columns) if directions else (), threads=threads,
            )  # fmt: skip

        columns = np.flatnonzero(~((X[0] == X) | (np.isnan(X) & np.isnan(X[0]))).all(axis=0))
        most = min(config.most_features, math.ceil(FEATURES_PER_ROOT * math.sqrt(examples.weights.sum())))
        if len(columns) > most:
            first = ready(columns).start(replace(params, depth=LOOK_DEPTH, learning_rate=LOOK_RATE))
            first.grow(LOOK_ROUNDS, X[:0])
            useful = np.argsort(-first.trees().importance(), kind="stable")[:most]
            columns = columns[np.sort(useful)]
        return cls(ready(columns), present, columns)


def _directions(catalog: Catalog, classes: tuple[str, ...]) -> tuple[int, ...]:
    """Of two classes, the oftener one was found in a key's past, the likelier it is: never the other way round.

    Among several classes no such sign is meaningful, since what makes one likelier than a second may still make
    it less likely than a third.
    """
    if len(classes) != 2:
        return ()
    sign = {classes[0]: -1, classes[1]: 1}
    return tuple(sign.get(feature.measure, 0) for feature in catalog)


def try_trees(rehearsals: Sequence[Rehearsal], config: TrainingConfig, *, threads: int = 1) -> Trial:
    """The depth and the number of rounds that lose least over all folds together; of equals the shallower."""
    with ThreadPoolExecutor(threads, initializer=hush) as pool:
        grounds = list(pool.map(lambda r: Ground.of(r.learn, r.fold.learn, r.catalog, r.classes, config), rehearsals))
        trials: list[Trial] = []
        for depth in sorted(config.depth, reverse=True):
            to_beat = min((trial.loss for trial in trials), default=np.inf)
            trials.append(_try_depth(rehearsals, grounds, config, depth, pool, to_beat))
    return min(reversed(trials), key=lambda trial: trial.loss)


def _try_depth(
    rehearsals: Sequence[Rehearsal], grounds: Sequence[Ground], config: TrainingConfig, depth: int, pool: Executor,
    to_beat: float,
) -> Trial:  # fmt: skip
    """Let the trees of all folds grow side by side, until growing has not helped them together for a while.

    Growing also ends where it will not come down to the loss ``to_beat`` any more.
    """
    folds = [rehearsal.fold for rehearsal in rehearsals]
    growing = [g.data.start(config.tree_params(len(f.learn), depth)) for g, f in zip(grounds, folds, strict=True)]
    asked = [r.ask[:, g.columns] for r, g in zip(rehearsals, grounds, strict=True)]
    scores = [np.zeros((len(X), len(g.present))) for X, g in zip(asked, grounds, strict=True)]
    stages: list[Trial] = []
    for grown in range(0, config.max_rounds, config.rounds_step):
        rounds = min(config.rounds_step, config.max_rounds - grown)
        grew = pool.map(Growing.grow, growing, repeat(rounds), asked)
        scores = [s + more for s, more in zip(scores, grew, strict=True)]
        spread = [r.spread(s, g.present) for r, s, g in zip(rehearsals, scores, grounds, strict=True)]
        answers = Answers.pooled(folds, spread)
        loss = mean_loss(softmax(answers.scores), answers.labels, answers.weights)
        stages.append(Trial(depth, grown + rounds, loss, answers))
        losses = [stage.loss for stage in stages]
        if int(np.argmin(losses)) + PATIENCE < len(stages) or _out_of_reach(losses, config, to_beat):
            break
    return min(stages, key=lambda stage: stage.loss)


def _out_of_reach(losses: list[float], config: TrainingConfig, to_beat: float) -> bool:
    """Whether losses by stage would not come down to one to beat if all stages left gained as much as the last two.

    Later stages gain less than earlier ones, so that depth has lost already.
    """
    if len(losses) < 3:
        return False
    left = -(-config.max_rounds // config.rounds_step) - len(losses)
    gain = max(losses[-3] - losses[-2], losses[-2] - losses[-1], 0.0)
    return losses[-1] - left * gain > to_beat


def fit_head(history: History, trial: Trial, fitted: Fitted, *, threads: int = 1) -> tuple[Head, FeatureTable]:
    """The head that ships, refitted on all labels with what the trial measured, and what it learnt from."""
    config, examples, answers = history.config, history.examples, trial.answers
    features = history.past.features(examples.rows, fitted)
    columns = history.question.columns(features.catalog)
    seen = Catalog(tuple(features.catalog.features[i] for i in columns))
    values = seen_of(features.values, columns)
    ground = Ground.of(values, examples, seen, history.classes, config, threads=threads)
    growing = ground.data.start(config.tree_params(len(examples), trial.depth))
    growing.grow(trial.rounds, values[:0, ground.columns])
    by_class = np.bincount(examples.labels, weights=examples.weights, minlength=len(history.classes))
    prior = tuple(float(share) for share in by_class / by_class.sum())
    honest = answers.probabilities()
    right = honest.argmax(axis=1) == answers.labels
    act_above = lowest_safe_confidence(honest.max(axis=1), right, answers.weights, max_error=config.max_error)
    kept = tuple(columns[i] for i in ground.columns)
    name, trees, calibration = history.question.name, growing.trees(), answers.calibration()
    return Head(name, history.classes, prior, kept, trees, calibration, act_above), features
