"""The whole of training: a history in, the parts of a bundle and what the gates say out. Nothing is written here."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from features.build import Fitted, build
from features.tables import Numbers, Tables
from features.terminal import Tell
from models.bundle import LIABILITY, Bundle, Parts, case_hash, was_trained_on
from models.calibration import softmax
from models.head import Head
from models.metrics import Judged
from training.baselines import settle
from training.config import TrainingConfig
from training.dataset import CannotTrain
from training.figures import figures
from training.fit import Answers, Rehearsal, Trial, fit_head, rehearse, try_trees
from training.folds import History, rolling_folds
from training.gates import GATES, Evidence, judge
from training.groups import sharing_a_group
from training.prepare import FEWEST, prepare, refuse_leaks
from training.questions import QUESTIONS
from training.slices import slices
from training.tune import tune

GOLDEN_ROWS = 20

EXPLAINED = 1000
"""How many asks the summary of what moves a head is drawn from."""


@dataclass(frozen=True)
class Learnt:
    """What came of one question: its head, what it was learnt and judged from, and what the report shows of it.

    ``sample`` (asks, catalog) is what was known at some of the asks it was learnt from.
    """

    head: Head
    sample: Numbers
    history: History
    evidence: Evidence
    trial: Trial
    gates: list[dict[str, Any]]
    figures: dict[str, Any]


@dataclass(frozen=True)
class Trained:
    """What came of a training: the parts of a bundle, and what each of its heads was learnt from.

    ``notes`` are sentences; they say which questions have no head, and why.
    """

    parts: Parts
    learnt: dict[str, Learnt]
    notes: tuple[str, ...]

    @property
    def gates(self) -> list[dict[str, Any]]:
        """What the gates of all heads found."""
        return [gate for learnt in self.learnt.values() for gate in learnt.gates]

    @property
    def figures(self) -> dict[str, Any]:
        """All that the report shows, by head."""
        return {name: learnt.figures for name, learnt in self.learnt.items()}


def train(
    tables: Tables, until: int, config: TrainingConfig, *,
    champion: Bundle | None = None, trials: int = 0, threads: int = 1, tell: Tell = lambda said: None,
) -> Trained:  # fmt: skip
    """Learn from what was known before ``until`` (microseconds).

    Parameters
    ----------
    champion
        The bundle in use, which a gate compares with.
    trials
        How many ways to grow trees are tried on the rolling folds; 0 takes the configuration as it stands.
    tell
        Told in a few words what is being done.

    Raises
    ------
    CannotTrain
        Where the history holds too little.
    """
    with threadpool_limits(limits=1, user_api="blas"):
        # BLAS on several threads adds up in other orders, and waits longer than it works on sums this small.
        return _train(tables, until, config, champion, trials, threads, tell)


def _train(
    tables: Tables, until: int, config: TrainingConfig, champion: Bundle | None, trials: int, threads: int, tell: Tell
) -> Trained:
    tell("looking for columns that hold the answer")
    refuse_leaks(tables, config)
    tell("reading the history")
    history = prepare(tables, until, config)
    fitted = history.past.fit(history.examples.rows, until)
    learnt = {LIABILITY: _learn(history, fitted, champion, trials, threads, tell)}
    config = learnt[LIABILITY].history.config
    notes = []
    for question in QUESTIONS[1:]:
        other = replace(history, question=question, config=config)
        try:
            learnt[question.name] = _learn(other, fitted, champion, 0, threads, tell)
        except CannotTrain as error:
            notes.append(f"There is no head for {question.name}: {error}")
    asked = [found.history.past.asks.case[found.history.examples.rows] for found in learnt.values()]
    parts = Parts(
        fitted=fitted,
        heads={name: found.head for name, found in learnt.items()},
        config=config.to_json(),
        trained_until=until,
        case_hashes=np.unique(case_hash(_ids(history.past.tables, np.unique(np.concatenate(asked))))),
        golden=learnt[LIABILITY].sample[_evenly(GOLDEN_ROWS, len(learnt[LIABILITY].sample))],
    )
    return Trained(parts, learnt, tuple(notes))


def _evenly(wanted: int, of: int) -> NDArray[np.int64]:
    """At most so many positions, evenly taken."""
    return np.unique(np.linspace(0, of - 1, min(wanted, of)).astype(np.int64))


def _rehearse(history: History, tell: Tell) -> list[Rehearsal]:
    name, examples = history.question.name, history.examples
    asked = [np.unique(history.past.asks.case[examples.rows[examples.labels == c]]) for c in np.unique(examples.labels)]
    if name != LIABILITY and (len(asked) < 2 or min(map(len, asked)) < FEWEST):
        raise CannotTrain(f"fewer than {FEWEST} cases say either of {' and '.join(history.question.words)}.")
    tell(f"rehearsing {name} on rolling folds")
    rehearsals = list(rehearse(history, rolling_folds(history)))
    if len(rehearsals) < 2:
        raise CannotTrain(f"fewer than two rolling folds have two kinds of label for {name}; hand over more history.")
    return rehearsals


def _learn(history: History, fitted: Fitted, champion: Bundle | None, trials: int, threads: int, tell: Tell) -> Learnt:
    name = history.question.name
    rehearsals = _rehearse(history, tell)
    if trials:
        history = replace(history, config=tune(rehearsals, history.config, trials, threads=threads, tell=tell))
    tell(f"growing trees for {name}")
    trial = try_trees(rehearsals, history.config, threads=threads)
    tell(f"asking the baselines of {name}")
    rivals = _rivals(rehearsals)
    folds = [_fold_figures(rehearsal) for rehearsal in rehearsals]
    del rehearsals  # they hold most of the memory that a training needs
    tell(f"learning {name} from all labels")
    head, features = fit_head(history, trial, fitted, threads=threads)
    sample = features.values[_evenly(EXPLAINED, len(features.values))]
    del features
    tell(f"looking at the gates of {name}")
    evidence = _evidence(history, trial, rivals, champion)
    shown = {
        "labels": history.told[1],
        "labels_by_age": history.labels.by_age(),
        "depth": trial.depth,
        "rounds": trial.rounds,
        "out_of_fold": _out_of_fold(head, trial, evidence),
        "slices": {name: figures(_part(evidence, mask), head) for name, mask in evidence.slices.items() if mask.any()},
        "folds": folds,
    }
    return Learnt(head, sample, history, evidence, trial, judge(evidence, GATES[name]), shown)


def _rivals(rehearsals: Sequence[Rehearsal]) -> dict[str, Numbers]:
    folds = [rehearsal.fold for rehearsal in rehearsals]
    return {
        name: Answers.pooled(folds, [answer(rehearsal) for rehearsal in rehearsals]).probabilities()
        for name, answer in settle(rehearsals).items()
    }


def _evidence(history: History, trial: Trial, rivals: dict[str, Numbers], champion: Bundle | None) -> Evidence:
    answers, past = trial.answers, history.past
    asks = past.asks.take(answers.rows)
    rows, probabilities = np.empty(0, dtype=np.int64), np.empty((0, len(history.classes)))
    head = champion.heads.get(history.question.name) if champion is not None else None
    if champion is not None and head is not None:
        rows = _new_to(champion, history, asks.case)
        theirs = build(past.tables, asks.take(rows), champion.fitted).values
        probabilities = _in_words(head.probabilities(theirs), head.classes, history.classes)
    group = np.unique(history.group[asks.case], return_inverse=True)[1]
    return Evidence(
        model=Judged(answers.probabilities(), answers.labels, answers.weights, group),
        case=asks.case,
        baselines=rivals,
        slices=slices(past.tables, asks),
        champion=probabilities,
        champion_rows=rows,
    )


def _new_to(champion: Bundle, history: History, case: NDArray[np.int64]) -> NDArray[np.int64]:
    """The positions of the asks whose case shares no group with one the champion had learnt from."""
    tables = history.past.tables
    learnt = np.flatnonzero(was_trained_on(champion, tables.case_ids.to_pylist()))
    opened = tables.instants("cases", "opened_at")[case]
    return np.flatnonzero(~sharing_a_group(history.group, learnt)[case] & (opened >= champion.trained_until))


def _in_words(probabilities: Numbers, theirs: tuple[str, ...], ours: tuple[str, ...]) -> Numbers:
    """Probabilities of their classes (n, theirs) as those of ours; what they do not know has none."""
    found = np.zeros((len(probabilities), len(ours)))
    for i, word in enumerate(theirs):
        if word in ours:
            found[:, ours.index(word)] = probabilities[:, i]
    return found


def _out_of_fold(head: Head, trial: Trial, evidence: Evidence) -> dict[str, Any]:
    honest, case = evidence.model, evidence.case
    answers = {"model": honest.probability, "before calibration": softmax(trial.answers.scores), **evidence.baselines}
    return {name: figures(Judged.of(found, honest.label, case), head) for name, found in answers.items()}


def _part(evidence: Evidence, mask: NDArray[np.bool_]) -> Judged:
    return Judged.of(evidence.model.probability[mask], evidence.model.label[mask], evidence.case[mask])


def _fold_figures(rehearsal: Rehearsal) -> dict[str, Any]:
    fold = rehearsal.fold
    return {
        "origin": str(np.datetime64(fold.origin, "us")),
        "learnt_from": round(float(fold.learn.weights.sum())),
        "asked": round(float(fold.ask.weights.sum())),
        "left_out": fold.left_out,
    }


def _ids(tables: Tables, cases: NDArray[np.int64]) -> list[str]:
    found: list[str] = pc.take(tables.case_ids, pa.array(cases)).to_pylist()
    return found
