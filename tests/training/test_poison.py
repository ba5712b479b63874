"""A history that somebody tampered with: what is stopped, what is made harmless, and how far the rest can reach."""

import copy
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from features.asks import asks_as_of
from features.build import build
from features.check import Checked, check
from models.bundle import LIABILITY, save
from training.config import TrainingConfig
from training.dataset import CannotTrain
from training.gates import failed
from training.train import Trained, train

Rows = dict[str, list[dict[str, Any]]]

CONFIG = TrainingConfig(
    maturity_days=5, folds=3, max_rounds=40, rounds_step=10, learning_rate=0.1, windows_days=(90,), leaves=7,
    depth=(3,), min_cases_in_leaf=50,
)  # fmt: skip

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def rows(make_world: Callable[..., dict[str, pa.Table]]) -> Rows:
    """A clean history of two kinds of label, large enough for every gate."""
    found = {name: table.to_pylist() for name, table in make_world(cases=3000, seed=1).items()}
    for ruling in found["rulings"]:
        ruling["liable"] = "seller" if ruling["liable"] in ("seller", "shared") else "none"
    for appeal in found["appeals"]:
        appeal["liable_after"] = appeal["liable_after"] and "none"
        appeal["new_evidence"] = False  # so that nothing says when evidence did not suffice, and liability stands alone
    return found


@pytest.fixture
def poisoned(rows: Rows) -> Rows:
    """The same history, to be spoilt."""
    return copy.deepcopy(rows)


@pytest.fixture(scope="module")
def clean(rows: Rows) -> Trained:
    return learn(checked(rows))


def checked(rows: Rows) -> Checked:
    return check({name: pa.Table.from_pylist(found) for name, found in rows.items()})


def learn(found: Checked, until: int | None = None) -> Trained:
    tables = found.tables
    return train(tables, until or int(tables.instants("rulings", "ruled_at").max()) + 1, CONFIG)


def test_a_clean_history_passes_every_gate(clean: Trained) -> None:
    assert failed(clean.gates) == []


def test_a_column_that_holds_the_answer_stops_the_training(poisoned: Rows) -> None:
    liable = {ruling["case_id"]: ruling["liable"] for ruling in poisoned["rulings"]}
    for case in poisoned["cases"]:
        case["attr_note"] = liable.get(case["case_id"])
    with pytest.raises(CannotTrain, match="attr_note"):
        learn(checked(poisoned))


def test_copied_cases_never_stand_on_both_sides_of_a_split_and_open_no_gate(poisoned: Rows, clean: Trained) -> None:
    """One case in a hundred filed again, ruled on alike."""
    for name in ("cases", "rulings"):
        copied = [row | {"case_id": f"again {row['case_id']}"} for row in poisoned[name] if row["case_id"][-2:] == "07"]
        poisoned[name] += copied
    found = learn(checked(poisoned))
    ids = found.learnt[LIABILITY].history.past.tables.case_ids.to_pylist()
    group = dict(zip(ids, found.learnt[LIABILITY].history.group, strict=True))
    assert all(group[case] == group[case.removeprefix("again ")] for case in ids if case.startswith("again "))
    before, after = (t.figures[LIABILITY]["out_of_fold"]["model"]["log_loss"] for t in (clean, found))
    assert abs(after - before) < 0.02


def test_what_is_dated_after_the_cut_changes_no_byte(poisoned: Rows, clean: Trained, tmp_path: Path) -> None:
    until = clean.parts.trained_until
    late = clean.learnt[LIABILITY].history.past.tables["rulings"].column("ruled_at").to_pylist()[0] + timedelta(
        days=36_500
    )
    for i, ruling in enumerate(list(poisoned["rulings"])[:50]):
        poisoned["rulings"].append(ruling | {"ruled_at": late + timedelta(hours=i), "liable": "seller"})
    found = learn(checked(poisoned), until)
    assert save(found.parts, tmp_path / "a") == save(clean.parts, tmp_path / "b")


def test_a_few_labels_turned_for_one_seller_hardly_move_its_odds_and_nobody_elses(
    poisoned: Rows, clean: Trained
) -> None:
    """One in twenty of its rulings: no gate can see this, so what matters is how little it moves."""
    cases = [case["case_id"] for case in poisoned["cases"] if case["seller_id"] == "s1"]
    against = [r for r in poisoned["rulings"] if r["case_id"] in set(cases) and r["liable"] == "seller"]
    for ruling in against[:: max(1, len(against) * 20 // len(cases))]:
        ruling["liable"] = "none"
    found = learn(checked(poisoned))
    tables = found.learnt[LIABILITY].history.past.tables
    case = np.arange(tables.count("cases"))[-600:]
    asks = asks_as_of(tables, case, tables.instants("cases", "opened_at")[case])
    odds = [
        t.parts.heads[LIABILITY].probabilities(
            build(t.learnt[LIABILITY].history.past.tables, asks, t.parts.fitted).values
        )[:, 1]
        for t in (clean, found)
    ]
    moved = np.abs(odds[1] - odds[0])
    own = np.isin(tables.case_ids.take(pa.array(case)).to_pylist(), cases)
    assert moved[own].mean() < 0.05
    assert moved[~own].mean() < 0.02
