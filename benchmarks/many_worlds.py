"""Many worlds, and arbitrators of several skills: how far from the truth a learner ends that only ever saw rulings.

    python -m benchmarks.many_worlds [--quick]

In each world two learners see the same cases through the same features: one is taught the rulings, the other the truth.
Both are asked about later cases of another seed, and held against the truth of those.
"""

import sys
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from itertools import product, repeat
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from benchmarks.report import Report, Row, Table, publish
from features.asks import Asks
from features.build import Fitted
from features.data import read_data
from features.tables import Numbers, Tables, positions_in
from features.vocabulary import LIABLE
from models import metrics
from models.head import Head
from models.metrics import Judged
from training.config import TrainingConfig
from training.dataset import Past, asks_of_ruled_cases
from training.fit import fit_head, rehearse, try_trees
from training.folds import History, rolling_folds
from training.labels import Labels, after_last_outcome, labels_before
from training.prepare import prepare
from training.questions import QUESTIONS, Told
from training.simulate.simulate import simulate
from training.simulate.worlds import another_world

WORLDS: Final = 20
ERRORS: Final = (0.05, 0.10, 0.20)
LEARNT: Final = 20_000
ASKED: Final = 5_000
CONFIG: Final = TrainingConfig(
    windows_days=(365,),
    folds=2,
    depth=(5,),
    leaves=15,
    learning_rate=0.1,
    max_rounds=200,
    rounds_step=20,
    most_features=64,
)


@dataclass(frozen=True, slots=True)
class Found:
    """One world at one level of error: log-loss and error against the truth of the two learners and the rulings."""

    world: int
    error: float
    learnt_loss: float
    reference_loss: float
    learnt_error: float
    rulings_error: float


def try_world(world: int, error: float, learnt: int, asked: int) -> Found:
    """Simulate a world, teach both learners, and ask them about later cases."""
    with TemporaryDirectory() as name:
        folder, numbers = Path(name), another_world(world, arbitrator_error=error)
        for part, cases, seed in (("past", learnt, 2 * world), ("later", asked, 2 * world + 1)):
            simulate(folder / part, folder / f"{part}_truth", numbers, cases=cases, seed=seed, tell=lambda said: None)
        tables, later = (read_data(folder / part, None).tables for part in ("past", "later"))
        truth, later_truth = (_truth(folder / f"{part}_truth") for part in ("past", "later"))
    rulings = prepare(tables, after_last_outcome(tables), CONFIG)
    taught_truth = replace(rulings, question=replace(QUESTIONS[0], told=partial(_true_labels, truth)))
    fitted = rulings.past.fit(rulings.examples.rows, rulings.labels.until)
    asks, values, ruled = _later(later, fitted)
    label = _of(later_truth, later)[asks.case]
    learner, reference = (_answers(_taught(h, fitted), values) for h in (rulings, taught_truth))
    judged = [Judged.of(p, label, asks.case) for p in (learner, reference, np.eye(len(LIABLE))[ruled])]
    loss = [metrics.log_loss(found) for found in judged[:2]]
    wrong = [metrics.error(found) for found in judged]
    return Found(world, error, loss[0], loss[1], wrong[0], wrong[2])


def _truth(folder: Path) -> pa.Table:
    """Who was truly liable in each case, by its id."""
    return pq.read_table(folder / "truth.parquet", columns=["case_id", "liable"])


def _of(truth: pa.Table, tables: Tables) -> NDArray[np.int64]:
    """The truth of each case of some tables, as a position in LIABLE: (cases,)."""
    words = np.array([LIABLE.index(word) for word in truth["liable"].to_pylist()])
    return words[positions_in(tables.case_ids, truth["case_id"].combine_chunks())]


def _true_labels(truth: pa.Table, tables: Tables, asks: Asks, labels: Labels) -> Told:
    """The truth, at the very asks that have a ruling for a label; ``tables`` are those that were known by then."""
    label, counts = QUESTIONS[0].told(tables, asks, labels)
    return np.where(label >= 0, _of(truth, tables)[asks.case], -1), counts


def _taught(history: History, fitted: Fitted) -> Head:
    rehearsals = list(rehearse(history, rolling_folds(history)))
    return fit_head(history, try_trees(rehearsals, history.config), fitted)[0]


def _later(tables: Tables, fitted: Fitted) -> tuple[Asks, Numbers, NDArray[np.int64]]:
    """Later asks whose rulings are labels, the features of each, and what was ruled."""
    labels = labels_before(tables, tables.last_known + 1, CONFIG.maturity_days)
    past = Past(tables, asks_of_ruled_cases(tables), fitted.catalog, fitted.windows_days, fitted.history_weight)
    each = past.examples(QUESTIONS[0].told(tables, past.asks, labels)[0])
    return past.asks.take(each.rows), past.features(each.rows, fitted).values, each.labels


def _answers(head: Head, values: Numbers) -> Numbers:
    """A head's probabilities in the order of LIABLE."""
    found = np.zeros((len(values), len(LIABLE)))
    found[:, [LIABLE.index(name) for name in head.classes]] = head.probabilities(values)
    return found


def report(found: list[Found], learnt: int, asked: int) -> Report:
    """What came out, by level of the arbitrators' error."""
    rows: list[Row] = []
    for error in sorted({one.error for one in found}):
        ones = [one for one in found if one.error == error]
        apart = np.array([one.learnt_loss - one.reference_loss for one in ones])
        closer = np.mean([one.learnt_error < one.rulings_error for one in ones])
        rows.append(
            {
                "arbitrators err in": f"{error:.0%}",
                "worlds": len(ones),
                "mean distance to the reference, log-loss": float(apart.mean()),
                "worst": float(apart.max()),
                "mean loss of the reference": float(np.mean([one.reference_loss for one in ones])),
                "model wrong": f"{np.mean([one.learnt_error for one in ones]):.1%}",
                "rulings wrong": f"{np.mean([one.rulings_error for one in ones]):.1%}",
                "worlds where the model is closer to the truth than the rulings": f"{closer:.0%}",
            }
        )
    note = (
        f"Learnt from {learnt:,} cases, asked about {asked:,} of another seed at all their moments. Reference: the "
        "same learner, taught the truth of the same cases. It is a quick one: one depth, two folds, one window."
    )
    return Report("many_worlds", "make worlds", [Table("Learning from rulings that err", rows, note)])


def main(arguments: list[str]) -> int:
    """Try all worlds at all levels, two at a time."""
    quick = "--quick" in arguments
    worlds, learnt, asked = (1, 2_000, 1_000) if quick else (WORLDS, LEARNT, ASKED)
    tried = list(product(range(1, worlds + 1), ERRORS))
    found = []
    with ProcessPoolExecutor(2, mp_context=get_context("spawn"), max_tasks_per_child=len(ERRORS)) as pool:
        for one in pool.map(try_world, *zip(*tried, strict=True), repeat(learnt), repeat(asked)):
            found.append(one)
            print(f"{len(found)} of {len(tried)}: {one}", file=sys.stderr, flush=True)
    publish(report(found, learnt, asked), quick=quick)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
