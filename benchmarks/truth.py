"""A bundle that learnt from the rulings of one simulated world, held against the rulings and the truth of another.

    python -m benchmarks.truth [--quick]

The practical ceiling is the same learner, taught the truth of ten times as many cases from worlds of other seeds.
"""

import json
import os
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from benchmarks.report import Report, Row, Table, publish
from features.asks import Asks
from features.build import build
from features.data import read_data
from features.tables import Numbers, Tables, positions_in
from features.vocabulary import LIABLE, MOMENTS
from models.bundle import LIABILITY, Bundle, load
from models.calibration import mean_loss, softmax
from models.trees import TrainingSet
from training.config import TrainingConfig
from training.dataset import asks_of_ruled_cases
from training.labels import labels_before
from training.questions import QUESTIONS
from training.truth import CEILING

LEARNT: Final = 100_000
ASKED: Final = 20_000
TEACHERS: Final = 10
"""Worlds of LEARNT cases each that teach the ceiling; one more says when to stop."""

PARAMS: Final = TrainingConfig(learning_rate=0.1).tree_params(10 * LEARNT, depth=7)
ROUNDS: Final = 1_000
STEP: Final = 25


@dataclass(frozen=True, slots=True)
class Taught:
    """Asks of one world with what was known at each, and the truth: (asks, features), (asks,), (asks,)."""

    values: NDArray[Any]
    truth: NDArray[np.int64]
    weights: Numbers


def triage(*words: object, home: Path) -> str:
    """Run the program in a process of its own; a gate that fails is told by its exit code and is no error here."""
    environment = {**os.environ, "TRIAGE_HOME": str(home), "MLFLOW_TRACKING_URI": ""}
    command = [sys.executable, "-m", "triage", *map(str, words)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode not in (0, 3):
        raise SystemExit(f"triage {words[0]} failed: {done.stderr[-500:]}")
    return done.stdout


def simulate(folder: Path, cases: int, seed: int) -> Path:
    """A world in a folder, its truth beside it."""
    triage("simulate", folder, "--cases", cases, "--seed", seed, "--truth", truth_of(folder), home=folder)
    return folder


def truth_of(folder: Path) -> Path:
    """Where the truth of a world lies."""
    return folder.with_name(f"{folder.name}_truth")


def asked_about(tables: Tables, maturity_days: float) -> tuple[Asks, Numbers]:
    """The asks that an evaluation would make, those of one case weighing 1 together."""
    asks = asks_of_ruled_cases(tables)
    label, _ = QUESTIONS[0].told(tables, asks, labels_before(tables, tables.last_known + 1, maturity_days))
    asks = asks.take(np.flatnonzero(label >= 0))
    return asks, 1.0 / np.bincount(asks.case)[asks.case]


def taught(folder: Path, bundle: Bundle) -> Taught:
    """What a world teaches about the truth, through the bundle's own features."""
    tables = read_data(folder, None).tables
    asks, weights = asked_about(tables, bundle.config["maturity_days"])
    columns = list(bundle.heads[LIABILITY].columns)
    values = build(tables, asks, bundle.fitted).values[:, columns].astype(np.float32)
    found = pq.read_table(truth_of(folder) / "truth.parquet", columns=["case_id", "liable"])
    words = np.array([LIABLE.index(word) for word in found["liable"].to_pylist()])
    place = positions_in(tables.case_ids, found["case_id"].combine_chunks())
    return Taught(values, words[place][asks.case], weights)


def _lesson(room: Path, number: int, cases: int) -> Path:
    """What one more world teaches, as a file, found in a process of its own, which gives back what memory it took."""
    world = simulate(room / f"teacher{number}", cases, 100 + number)
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as apart:
        lesson = apart.submit(_write_lesson, world, room / "bundle").result()
    print(f"{number + 1} worlds have taught the truth", file=sys.stderr, flush=True)
    return lesson


def _write_lesson(world: Path, bundle: Path) -> Path:
    found, lesson = taught(world, load(bundle)), world.with_suffix(".npz")
    np.savez(lesson, values=found.values, truth=found.truth, weights=found.weights)
    return lesson


def together(lessons: list[Path]) -> Taught:
    """All lessons as one; beside it no more than one of them is in memory."""
    counts = [len(_read(lesson, "truth")) for lesson in lessons]
    stops = np.cumsum(counts)

    def joined(name: str) -> NDArray[Any]:
        first = _read(lessons[0], name)
        whole = np.empty((stops[-1], *first.shape[1:]), first.dtype)
        for lesson, count, stop in zip(lessons, counts, stops, strict=True):
            whole[stop - count : stop] = _read(lesson, name)
        return whole

    return Taught(joined("values"), joined("truth"), joined("weights"))


def _read(lesson: Path, name: str) -> NDArray[Any]:
    with np.load(lesson) as found:
        part: NDArray[Any] = found[name]
    return part


def ceiling(bundle: Bundle, asked: Path, teachers: int, cases: int, room: Path, rounds: int) -> None:
    """Write the answers of a learner taught the truth beside the truth of the world asked about."""
    *lessons, last = [_lesson(room, number, cases) for number in range(teachers + 1)]
    all_taught, test = together(lessons), together([last])
    head, catalog = bundle.heads[LIABILITY], bundle.fitted.catalog
    categorical = tuple(i for i, c in enumerate(head.columns) if c in catalog.categorical)
    growing = TrainingSet(
        all_taught.values, all_taught.truth, all_taught.weights, classes=len(LIABLE), categorical=categorical,
        params=PARAMS, threads=os.cpu_count() or 1,
    ).start(PARAMS)  # fmt: skip
    tables = read_data(asked, None).tables
    asks, _ = asked_about(tables, bundle.config["maturity_days"])
    questions = build(tables, asks, bundle.fitted).values[:, list(head.columns)]
    both = np.concatenate([test.values.astype(np.float64), questions])
    scores, best, answers = np.zeros((len(both), len(LIABLE))), np.inf, np.zeros((len(asks), len(LIABLE)))
    for _ in range(0, rounds, STEP):
        scores = scores + growing.grow(STEP, both)
        p = softmax(scores)
        loss = mean_loss(p[: len(test.truth)], test.truth, test.weights)
        if loss > best:
            break
        best, answers = loss, p[len(test.truth) :]
    columns = {f"p_{name}": answers[:, i] for i, name in enumerate(LIABLE)}
    moments = np.array(MOMENTS)[asks.moment]
    told = pa.table({"case_id": tables.case_ids.take(pa.array(asks.case)), "moment": moments, **columns})
    pq.write_table(told, truth_of(asked) / CEILING)


def on_rulings(document: dict[str, Any]) -> list[Row]:
    """Both heads beside the baselines, on the rulings of the world asked about."""
    rows: list[Row] = []
    for name, head in document["heads"].items():
        ours = {"log-loss": head["log_loss"], "ECE": head["ece"], "its 95 % interval": head["ece_interval"]}
        rows.append({"head": name, "answers of": "model", "cases": head["n"], **ours, "ours less, 95 % interval": None})
        for rival, found in head["baselines"].items():
            theirs = {"log-loss": found["log_loss"], "ECE": found["ece"], "its 95 % interval": None}
            less = {"ours less, 95 % interval": found["ours_less"][1:]}
            rows.append({"head": name, "answers of": rival, "cases": head["n"], **theirs, **less})
    return rows


def on_truth(document: dict[str, Any]) -> list[Row]:
    """Everybody against the truth, by moment and by language."""
    truth = document["truth"]
    parts = {"all": truth["in_all"], **truth["by_moment"], **truth["by_language"]}
    return [
        {
            "asks": name,
            "cases": part["n"],
            "arbitrators right": f"{part['arbitrators']['accuracy']:.1%}",
            "model right": f"{part['model']['accuracy']:.1%}",
            **{
                f"log-loss: {who}": part[who]["log_loss"]
                for who in part
                if isinstance(part[who], dict) and who != "arbitrators"
            },
            "gap closed": f"{part['gap_closed']:.1%}",
        }
        for name, part in parts.items()
    ]


def main(arguments: list[str]) -> int:
    """Learn in one world, be judged in another."""
    quick = "--quick" in arguments
    learnt, asked, teachers, rounds = (2_000, 1_000, 1, 50) if quick else (LEARNT, ASKED, TEACHERS, ROUNDS)
    with TemporaryDirectory() as name:
        room = Path(name)
        past, later = simulate(room / "past", learnt, 1), simulate(room / "later", asked, 2)
        triage("train", past, "--out", room / "bundle", home=room / "home")
        ceiling(load(room / "bundle"), later, teachers, learnt, room, rounds)
        options = ("--bundle", room / "bundle", "--truth", truth_of(later), "--learnt-from", past, "--json")
        document = json.loads(triage("evaluate", later, *options, home=room / "home"))
    note = f"Learnt from {learnt:,} cases of seed 1, asked about {asked:,} of seed 2; arbitrators err in 5 %."
    truth = (
        f"{note} Gap closed: from the prior by reason to the ceiling, taught the truth of {teachers * learnt:,} cases."
    )
    tables = [
        Table("Two heads on rulings", on_rulings(document), note),
        Table("Against the truth", on_truth(document), truth),
    ]
    publish(Report("truth", "python -m benchmarks.truth", tables), quick=quick)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
