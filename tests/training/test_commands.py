"""The commands that learn, run as people run them on a small history of six parties."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import Result

from features.data import read_data
from models.bundle import load
from models.champion import read_champion
from training.labels import after_last_outcome
from training.promotion import promotions
from training.registry import Record, Registry

Triage = Callable[..., Result]


@pytest.fixture
def home(trained_home: Any, tmp_path: Path) -> Path:
    """A home of one's own with the version that was trained."""
    return Path(shutil.copytree(trained_home.home, tmp_path / "home"))


@pytest.fixture
def two_versions(trained_home: Any, home: Path) -> Path:
    """A home whose version 2 failed no gate."""
    bundle = load(trained_home.bundle)
    Registry(home, None).register(Record(bundle.id, trained_home.bundle, {}, {}, {}, {}, ()))
    return home


def test_a_bundle_whose_gates_failed_is_written_all_the_same_and_the_exit_code_is_3(trained_home: Any) -> None:
    assert trained_home.exit_code == 3
    assert load(trained_home.bundle).heads["liability"].classes
    assert "Gates failed: G02, G03, G04" in trained_home.said


def test_a_training_says_every_gate_the_baselines_the_labels_and_the_threshold(trained_home: Any) -> None:
    said = trained_home.said
    for expected in ("G01", "G07", "prior by category", "logistic regression", "unruled", "21-60 days", "version 1"):
        assert expected in said
    assert "It names an answer from a confidence of" in said


def test_until_is_midnight_utc(trained_home: Any) -> None:
    assert load(trained_home.bundle).trained_until == 1_756_684_800_000_000


def test_the_registry_keeps_parameters_ledger_figures_pictures_and_the_bundle(trained_home: Any) -> None:
    from mlflow import MlflowClient

    client = MlflowClient(tracking_uri=f"sqlite:///{trained_home.home / 'mlflow.db'}")
    (version,) = Registry(trained_home.home, None).versions()
    run = client.get_run(version.run).data
    assert run.params["max_error"] == "0.5"
    assert run.metrics["liability.out_of_fold.model.log_loss"] < run.metrics["liability.out_of_fold.prior.log_loss"]
    assert {"liability.slices.moment opened.log_loss", "liability.slices.reason changed_mind.n"} <= set(run.metrics)
    assert {f.path for f in client.list_artifacts(version.run)} == {
        "bundle", "plots", "ledger.json", "gates.json", "figures.json",
    }  # fmt: skip
    assert len(client.list_artifacts(version.run, "plots")) == 4


def test_a_taken_place_is_refused_before_anything_is_learnt(trained_home: Any, triage: Triage, tmp_path: Path) -> None:
    found = triage("train", trained_home.data, "--out", trained_home.bundle, home=tmp_path)
    assert (found.exit_code, found.stdout) == (2, "")
    assert found.stderr == f"triage: {trained_home.bundle} exists already; name a new folder, or remove it first.\n"


def test_a_history_of_which_most_rows_break_the_contract_is_not_learnt_from(
    trained_home: Any, triage: Triage, tmp_path: Path
) -> None:
    data = Path(shutil.copytree(trained_home.data, tmp_path / "data"))
    cases = pq.read_table(data / "cases.parquet")
    pq.write_table(cases.slice(600), data / "cases.parquet")
    found = triage("train", data, "--out", tmp_path / "bundle", home=tmp_path / "home")
    assert (found.exit_code, found.stdout) == (2, "")
    assert "of 761 rows of rulings break the contract (D08" in found.stderr
    assert not (tmp_path / "bundle").exists()


@pytest.mark.slow
def test_without_options_all_outcomes_are_learnt_from_and_the_bundle_lies_under_home_by_its_id(
    trained_home: Any, home: Path, triage: Triage, tmp_path: Path
) -> None:
    (tmp_path / "few.toml").write_text("folds = 2\nmax_rounds = 4\nrounds_step = 2\nwindows_days = []\n")
    assert triage("train", trained_home.data, "--config", tmp_path / "few.toml", home=home).exit_code in (0, 3)
    newest = Registry(home, None).versions()[0]
    bundle = load(home / "bundles" / newest.bundle)
    assert (newest.version, bundle.id) == (2, newest.bundle)
    assert bundle.trained_until == after_last_outcome(read_data(trained_home.data, None).tables)


def test_a_version_that_failed_its_gates_is_not_promoted_and_the_message_says_what_to_do(
    home: Path, triage: Triage
) -> None:
    found = triage("promote", 1, home=home)
    assert found.exit_code == 2
    assert "version 1 failed G02, G03" in found.stderr
    assert "--force --why" in found.stderr
    assert promotions(home) == []


def test_a_forced_promotion_keeps_its_reason_and_the_alias_follows(home: Path, triage: Triage) -> None:
    assert triage("promote", 1, "--force", "--why", "there is no other", home=home).exit_code == 0
    (version,) = Registry(home, None).versions()
    assert version.failed
    assert version.is_champion
    assert [(p.version, p.failed, p.why) for p in promotions(home)] == [(1, version.failed, "there is no other")]
    assert read_champion(home).id == promotions(home)[0].bundle


def test_a_rollback_brings_the_earlier_version_back_and_the_alias_follows(two_versions: Path, triage: Triage) -> None:
    assert triage("promote", 1, "--force", "--why", "first", home=two_versions).exit_code == 0
    assert triage("promote", 2, home=two_versions).exit_code == 0
    found = triage("rollback", home=two_versions)
    assert found.exit_code == 0
    assert "Version 1 is in use again" in found.stdout
    assert [v.version for v in Registry(two_versions, None).versions() if v.is_champion] == [1]
    assert triage("rollback", home=two_versions).exit_code == 2


def test_versions_are_listed_with_the_gates_they_failed_and_the_one_in_use(two_versions: Path, triage: Triage) -> None:
    triage("promote", 2, home=two_versions)
    second, first = [
        line for line in triage("models", home=two_versions).stdout.splitlines() if "2026" in line or "G04" in line
    ][:2]
    assert "none" in second
    assert "since" in second
    assert "G04" in first
    assert "since" not in first


def test_where_no_version_is_registered_it_is_said(triage: Triage, tmp_path: Path) -> None:
    assert triage("models", home=tmp_path).stdout == "No version is registered yet; triage train makes one.\n"


def test_which_version_was_in_use_at_an_instant_is_answered(two_versions: Path, triage: Triage) -> None:
    triage("promote", 2, home=two_versions)
    at = promotions(two_versions)[0].at
    assert "Version 2 was in use" in triage("models", "--at", at, home=two_versions).stdout
    assert "No version was in use then." in triage("models", "--at", "2020-01-01", home=two_versions).stdout


def test_evaluation_prints_one_json_document_with_the_keys_of_the_contract(trained_home: Any, triage: Triage) -> None:
    found = triage("evaluate", trained_home.data, "--bundle", trained_home.bundle, "--json", home=trained_home.home)
    document = json.loads(found.stdout)
    assert set(document) == {"heads", "by_reason", "by_moment", "by_audit", "truth", "notes", "in_sample"}
    assert set(document["heads"]) == {"liability", "sufficiency"}
    assert set(document["heads"]["liability"]) >= {
        "n", "classes", "log_loss", "prior_log_loss", "brier", "auc", "macro_f1", "ece", "coverage", "error_above",
    }  # fmt: skip
    assert document["in_sample"] is False


def test_evaluation_reads_as_tables_with_the_promise_said_honestly(trained_home: Any, triage: Triage) -> None:
    found = triage("evaluate", trained_home.data, "--bundle", trained_home.bundle, home=trained_home.home)
    for expected in (
        "before calibration",
        "logistic regression",
        "Liability by moment",
        "Liability by audit_region",
        "The promise was",
    ):
        assert expected in found.stdout


def test_a_column_that_leaks_but_that_the_bundle_never_saw_does_not_stop_an_evaluation(
    trained_home: Any, triage: Triage, tmp_path: Path
) -> None:
    data = Path(shutil.copytree(trained_home.data, tmp_path / "data"))
    cases, rulings = (pq.read_table(data / f"{name}.parquet") for name in ("cases", "rulings"))
    answer = dict(zip(rulings.column("case_id").to_pylist(), rulings.column("liable").to_pylist(), strict=True))
    told = [answer.get(case_id) for case_id in cases.column("case_id").to_pylist()]
    pq.write_table(cases.append_column("attr_told", pa.array(told)), data / "cases.parquet")
    options = ("--bundle", trained_home.bundle, "--json")
    assert triage("train", data, home=tmp_path).exit_code == 2
    with_leak, without = (triage("evaluate", where, *options, home=tmp_path) for where in (data, trained_home.data))
    found, expected = json.loads(with_leak.stdout), json.loads(without.stdout)
    assert found["notes"] == ["Not known to the bundle, so not read: attr_told.", *expected["notes"]]
    assert found["heads"] == expected["heads"]


def test_without_a_bundle_the_champion_is_asked_and_without_one_it_is_said(
    trained_home: Any, home: Path, triage: Triage
) -> None:
    found = triage("evaluate", trained_home.data, home=home)
    assert found.exit_code == 2
    assert "promote a version or name a bundle" in found.stderr
    triage("promote", 1, "--force", "--why", "there is no other", home=home)
    found = triage("evaluate", trained_home.data, "--from", "2025-10-01", "--json", home=home)
    assert json.loads(found.stdout)["heads"]["liability"]["bundle"] == read_champion(home).id


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (("train", "nowhere", "--until", "soon"), "'soon' is not an instant; write 2026-03-31"),
        (("train", "nowhere", "--config", "nowhere.toml"), "there is no training configuration nowhere.toml"),
        (("promote", 7), "there is no version 7; `triage models` lists them."),
        (("rollback",), "no version was in use before this one"),
    ],
)
def test_what_cannot_be_done_is_one_sentence_on_stderr_and_exit_code_2(
    home: Path, triage: Triage, said: tuple[object, ...], expected: str
) -> None:
    found = triage(*said, home=home)
    assert (found.exit_code, found.stdout) == (2, "")
    assert expected in found.stderr
    assert "Traceback" not in found.stderr


def test_where_only_serving_is_installed_the_commands_say_what_to_install(
    home: Path, triage: Triage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("training.extra.LIBRARIES", ("mlflow", "a_library_nobody_has"))
    for said in (("train", "x"), ("evaluate", "x"), ("models",), ("promote", 1), ("rollback",)):
        found = triage(*said, home=home)
        assert found.exit_code == 2
        assert "a_library_nobody_has is not installed here; install the training extra" in found.stderr


def test_a_registry_that_cannot_be_reached_is_said_in_one_sentence(home: Path, triage: Triage) -> None:
    nobody = {"MLFLOW_TRACKING_URI": "http://127.0.0.1:9", "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "0"}
    found = triage("models", home=home, **nobody)
    assert found.exit_code == 2
    assert "see that MLFLOW_TRACKING_URI is right and reachable" in found.stderr


def test_the_installed_program_answers_with_its_exit_code_and_a_clean_stdout(home: Path) -> None:
    installed = Path(sys.executable).with_name("triage")
    environment = {**os.environ, "TRIAGE_HOME": str(home)}
    said = [installed, "train", "nowhere", "--until", "soon"]
    found = subprocess.run(said, env=environment, capture_output=True, text=True, check=False)
    assert (found.returncode, found.stdout) == (2, "")
    assert found.stderr.startswith("triage: 'soon' is not an instant;")
