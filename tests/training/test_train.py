"""A whole training on a small world of six parties: what it may know, and that it is always the same."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from features.asks import Asks
from features.build import build
from features.catalog import Catalog, Feature
from features.contract import TABLES
from features.tables import DAY, Tables
from features.vocabulary import LIABLE
from models.bundle import LIABILITY, load, save, was_trained_on
from training.config import BadConfig, TrainingConfig
from training.dataset import CannotTrain, Examples, known_before
from training.evaluate import evaluate
from training.figures import to_json
from training.fit import Ground
from training.folds import rolling_folds
from training.gates import LIABILITY_GATES
from training.labels import after_last_outcome, labels_before
from training.later import later_baselines
from training.prepare import prepare
from training.train import Trained, train

CONFIG = TrainingConfig(maturity_days=5, folds=3, max_rounds=20, rounds_step=5, learning_rate=0.2, windows_days=(90,))


@pytest.fixture(scope="module")
def tables(small_asks: tuple[Tables, Asks]) -> Tables:
    return small_asks[0]


@pytest.fixture(scope="module")
def until(tables: Tables) -> int:
    """A cut after three quarters of the rulings."""
    return int(np.quantile(tables.instants("rulings", "ruled_at"), 0.75)) // DAY * DAY


@pytest.fixture(scope="module")
def trained(tables: Tables, until: int) -> Trained:
    return train(tables, until, CONFIG)


def test_nothing_known_at_or_after_the_cut_reaches_a_bundle(
    tables: Tables, until: int, trained: Trained, tmp_path: Path
) -> None:
    cut = train(told_by(tables, until), until, CONFIG)
    assert save(trained.parts, tmp_path / "all") == save(cut.parts, tmp_path / "before")


def test_a_history_without_a_word_of_text_makes_a_bundle_all_the_same(
    tables: Tables, until: int, tmp_path: Path
) -> None:
    cases = tables["cases"].drop_columns([n for n in ("claim_text",) if n in tables["cases"].column_names])
    silent = Tables({**{n: tables[n] for n in tables.names if n != "messages"}, "cases": cases})
    save(train(silent, until, CONFIG).parts, tmp_path / "silent")
    assert load(tmp_path / "silent").fitted.texts == ()


def told_by(tables: Tables, until: int) -> Tables:
    """The rows there were before an instant, without the values that came later: an escalation, a decision."""
    found = {}
    for name in tables.names:
        table = tables[name].filter(pa.array(tables.clock(name) < until))
        kept = Tables({name: table})
        for column in TABLES[name].columns:
            if column.known_from and kept.supplied(name, column.name):
                came = pa.array(kept.instants(name, column.known_from) < until)
                values = pc.if_else(came, kept.array(name, column.name), pa.scalar(None))
                table = table.set_column(table.column_names.index(column.name), column.name, values)
        found[name] = table
    return Tables(found)


def test_a_history_holds_values_that_come_only_after_the_cut(tables: Tables, until: int) -> None:
    later, before = known_before(tables, until), told_by(tables, until)
    for name, column in (("cases", "escalated_at"), ("appeals", "decided_at")):
        assert later[name].column(column).null_count < before[name].column(column).null_count


def test_an_audited_column_changes_nothing_that_is_learnt(
    tables: Tables, until: int, trained: Trained, tmp_path: Path
) -> None:
    cases = tables["cases"]
    liable = dict(zip(*(tables["rulings"].column(name).to_pylist() for name in ("case_id", "liable")), strict=True))
    answer = pa.array([liable.get(case) for case in cases.column("case_id").to_pylist()])
    audited = cases.set_column(cases.column_names.index("audit_region"), "audit_region", answer)
    told = Tables({name: audited if name == "cases" else tables[name] for name in tables.names})
    assert save(trained.parts, tmp_path / "a") == save(train(told, until, CONFIG).parts, tmp_path / "b")


def test_a_bundle_knows_which_cases_it_learnt_from(
    tables: Tables, until: int, trained: Trained, tmp_path: Path
) -> None:
    save(trained.parts, tmp_path / "b")
    learnt = was_trained_on(load(tmp_path / "b"), tables.case_ids.to_pylist())
    known = known_before(tables, until)
    labelled = labels_before(known, until, CONFIG.maturity_days).cases
    assert set(tables.case_ids.filter(pa.array(learnt)).to_pylist()) == {known.case_ids[i].as_py() for i in labelled}


def test_features_in_training_equal_features_built_alone(trained: Trained) -> None:
    past, rows = trained.learnt[LIABILITY].history.past, trained.learnt[LIABILITY].history.examples.rows[:60]
    shared = past.features(rows, trained.parts.fitted)
    alone = build(past.tables, past.asks.take(rows), trained.parts.fitted)
    assert np.array_equal(shared.values, alone.values, equal_nan=True)


def test_every_gate_is_looked_at_once_in_order(trained: Trained) -> None:
    assert [gate["code"] for gate in trained.gates] == [gate.code for gate in LIABILITY_GATES]
    assert all(gate["sentence"] for gate in trained.gates)


def test_the_asks_of_a_case_weigh_one_together(trained: Trained) -> None:
    examples, asks = trained.learnt[LIABILITY].history.examples, trained.learnt[LIABILITY].history.past.asks
    weight = np.bincount(asks.case[examples.rows], examples.weights)
    assert np.allclose(weight[weight > 0], 1.0)
    assert np.all(
        asks.as_of[examples.rows] < trained.learnt[LIABILITY].history.labels.ruled_at[asks.case[examples.rows]]
    )


def test_no_fold_is_asked_about_what_it_had_learnt_or_what_was_opened_before(trained: Trained) -> None:
    history = trained.learnt[LIABILITY].history
    past, group = history.past, history.group
    opened = past.tables.instants("cases", "opened_at")
    folds = list(rolling_folds(history))
    assert len(folds) == CONFIG.folds
    for fold in folds:
        learnt, asked = past.asks.case[fold.learn.rows], past.asks.case[fold.ask.rows]
        then = labels_before(past.tables, fold.origin, CONFIG.maturity_days)
        assert not np.isin(group[asked], group[learnt]).any()
        assert np.all(opened[asked] >= fold.origin)
        assert np.all(past.asks.as_of[fold.learn.rows] < fold.origin)
        assert np.array_equal(then.liable[learnt], fold.learn.labels)


def test_a_history_without_two_kinds_of_label_is_refused_and_told_why(tables: Tables, until: int) -> None:
    rulings = tables["rulings"]
    everyone = pa.array(["seller"] * rulings.num_rows)
    alike = rulings.set_column(rulings.column_names.index("liable"), "liable", everyone)
    only = Tables({"cases": tables["cases"], "rulings": alike})
    with pytest.raises(CannotTrain, match="every label says 'seller'"):
        prepare(only, until, CONFIG)


def test_a_history_that_is_too_short_is_refused_and_told_why(tables: Tables) -> None:
    early = int(tables.instants("cases", "opened_at").min()) + 20 * DAY
    with pytest.raises(CannotTrain, match="cases have a label"):
        prepare(tables, early, CONFIG)


def test_a_column_to_leave_out_must_exist(tables: Tables, until: int) -> None:
    with pytest.raises(BadConfig, match="attr_teir"):
        prepare(tables, until, CONFIG.changed(leave_out=("attr_teir",)))
    left = prepare(tables, until, CONFIG.changed(leave_out=("attr_tier",))).past.catalog.names
    assert not [name for name in left if "attr_tier" in name]


def test_evaluation_takes_the_cases_opened_since_the_cut_and_no_other(
    tables: Tables, until: int, trained: Trained, tmp_path: Path
) -> None:
    save(trained.parts, tmp_path / "b")
    found = evaluate(tables, load(tmp_path / "b"))[LIABILITY]
    opened = tables.instants("cases", "opened_at")
    assert np.all(opened[found.cases] >= until)
    assert not found.in_sample
    document = to_json({LIABILITY: found}, {LIABILITY: later_baselines(found, found.tables)})
    assert document["heads"]["liability"]["n"] == len(found.cases)
    assert document["heads"]["sufficiency"] is None
    assert set(document["heads"]["liability"]["baselines"]) == {"prior", "prior by category", "logistic regression"}
    assert set(document["by_moment"]) == {"opened", "escalated"}
    assert sum(part["n"] for part in document["by_reason"].values()) == len(found.cases)
    assert set(document["by_audit"]) == {"audit_region"}


def test_asking_about_cases_that_were_learnt_from_is_said(tables: Tables, trained: Trained, tmp_path: Path) -> None:
    save(trained.parts, tmp_path / "b")
    document = to_json(evaluate(tables, load(tmp_path / "b"), 0), {LIABILITY: {}})
    assert document["in_sample"]
    assert "IN SAMPLE" in document["notes"][0]


def test_where_nothing_was_learnt_from_these_cases_all_are_asked(
    tables: Tables, trained: Trained, tmp_path: Path
) -> None:
    other = replace(trained.parts, case_hashes=np.zeros(1, dtype=np.uint64))
    save(other, tmp_path / "b")
    found = evaluate(tables, load(tmp_path / "b"))[LIABILITY]
    labels = labels_before(tables, tables.last_known + 1, CONFIG.maturity_days)
    assert len(found.cases) == len(labels.cases)


def test_without_later_cases_the_head_is_null_and_a_note_says_so(
    tables: Tables, trained: Trained, tmp_path: Path
) -> None:
    save(trained.parts, tmp_path / "b")
    document = to_json(evaluate(tables, load(tmp_path / "b"), tables.last_known + DAY), {LIABILITY: {}})
    assert document["heads"]["liability"] is None
    assert any("No case with a label" in note for note in document["notes"])


def test_the_default_cut_lies_just_after_the_last_outcome(tables: Tables) -> None:
    last = max(tables.instants("rulings", "ruled_at").max(), tables.instants("appeals", "decided_at").max())
    assert after_last_outcome(tables) == last + 1


def test_classes_keep_the_order_of_the_contract(trained: Trained) -> None:
    places = [LIABLE.index(word) for word in trained.learnt[LIABILITY].history.classes]
    assert places == sorted(places)


def test_training_stops_before_fitting_where_a_column_holds_the_answer(tables: Tables, until: int) -> None:
    answer = dict(zip(*(tables.array("rulings", name).to_pylist() for name in ("case_id", "liable")), strict=True))
    told = pa.array([answer.get(case) for case in tables.case_ids.to_pylist()], pa.string())
    leaking = Tables({n: tables[n] for n in tables.names} | {"cases": tables["cases"].append_column("attr_told", told)})
    with pytest.raises(CannotTrain, match="attr_told leaks the answer"):
        train(leaking, until, CONFIG)
    prepare(leaking, until, replace(CONFIG, leave_out=("attr_told",)))


def test_a_first_look_keeps_what_tells_most_and_drops_what_never_varies(tables: Tables, until: int) -> None:
    """The columns before the useful one are constant, so that a place among those that vary is no place among all."""
    rng = np.random.default_rng(1)
    X = np.concatenate([np.full((400, 3), np.nan), np.ones((400, 2)), rng.normal(size=(400, 6))], axis=1)
    labels = (X[:, 9] > 0).astype(np.int64)
    examples = Examples(np.arange(400), labels, np.ones(400))
    catalog = Catalog(
        tuple(Feature(f"f{i}", "claim", "number", "A number.", "things", (), "R01") for i in range(X.shape[1]))
    )
    config = CONFIG.changed(most_features=2, min_cases_in_leaf=5)
    found = Ground.of(X, examples, catalog, ("seller", "none"), config).columns.tolist()
    assert 9 in found
    assert len(found) == 2
    assert min(found) >= 5


@pytest.mark.parametrize(("cases", "features"), [(16, 8), (100, 20), (10_000, 30)])
def test_few_cases_are_learnt_from_by_few_features(cases: int, features: int) -> None:
    X = np.random.default_rng(1).normal(size=(cases, 40))
    examples = Examples(np.arange(cases), (X[:, 0] > 0).astype(np.int64), np.ones(cases))
    catalog = Catalog(tuple(Feature(f"f{i}", "claim", "number", "A number.", "things", (), "R01") for i in range(40)))
    config = CONFIG.changed(most_features=30, min_cases_in_leaf=1)
    assert len(Ground.of(X, examples, catalog, ("seller", "none"), config).columns) == features
