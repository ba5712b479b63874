"""The commands that people use, run as they run them on a small history of six parties."""

import csv
import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
import pytest
from click.testing import Result

from features.data import read_data
from features.terminal import iso
from features.vocabulary import LIABLE
from models.bundle import load
from models.champion import Champion, write_champion

Triage = Callable[..., Result]


@pytest.fixture
def asked(trained_home: Any) -> tuple[object, ...]:
    """The data and the bundle, as options."""
    return trained_home.data, "--bundle", trained_home.bundle


def test_open_cases_are_scored_as_of_the_last_known_instant_of_the_data(
    trained_home: Any, asked: tuple[object, ...], triage: Triage, tmp_path: Path
) -> None:
    found = triage("score", *asked, "--out", tmp_path / "s.parquet", home=tmp_path)
    assert found.exit_code == 0, found.stderr
    rows, tables = pq.read_table(tmp_path / "s.parquet"), read_data(trained_home.data, None).tables
    assert rows.column("as_of").cast("int64").unique().to_pylist() == [tables.last_known]
    assert set(rows.column("bundle").to_pylist()) == {load(trained_home.bundle).id}
    ruled = set(tables["rulings"].column("case_id").to_pylist())
    assert set(rows.column("case_id").to_pylist()) == set(tables.case_ids.to_pylist()) - ruled


def test_without_a_bundle_the_champion_answers_and_without_one_it_is_said(
    trained_home: Any, triage: Triage, tmp_path: Path
) -> None:
    commands = (
        ("score", trained_home.data, "--out", tmp_path / "s.csv"),
        ("explain", trained_home.data, "--case", "c5-00001"),
    )
    for command in commands:
        found = triage(*command, home=tmp_path / "home")
        assert (found.exit_code, found.stdout) == (2, "")
        assert "promote a version or name a bundle" in found.stderr
    champion = load(trained_home.bundle).id
    write_champion(tmp_path / "home", Champion(trained_home.bundle, champion, 0))
    for command in commands:
        assert triage(*command, home=tmp_path / "home").exit_code == 0


def test_counts_are_printed_and_add_up_to_all_cases(asked: tuple[object, ...], triage: Triage, tmp_path: Path) -> None:
    said = triage("score", *asked, "--as-of", "2025-06-01", "--out", tmp_path / "s.csv", home=tmp_path).stdout
    scored = len(list(csv.DictReader((tmp_path / "s.csv").open())))
    ruled, not_opened = (
        int(said.split(before)[1].split(".")[0]) for before in ("Ruled on by then: ", "Not opened by then: ")
    )
    assert f"2025-06-01T00:00:00Z: {scored} cases scored" in said
    assert scored + ruled + not_opened == 800


def test_csv_and_parquet_hold_the_same(asked: tuple[object, ...], triage: Triage, tmp_path: Path) -> None:
    for name in ("s.csv", "s.parquet"):
        assert triage("score", *asked, "--all", "--out", tmp_path / name, home=tmp_path).exit_code == 0
    text, typed = pa_csv.read_csv(tmp_path / "s.csv"), pq.read_table(tmp_path / "s.parquet")
    assert typed.num_rows == 800
    for name in ("case_id", "p_seller", "confidence", "priority", "reasons", "bundle"):
        assert text.column(name).to_pylist() == typed.column(name).to_pylist()


def test_a_case_that_breaks_the_contract_goes_to_the_rejects_and_the_others_are_scored(
    trained_home: Any, triage: Triage, tmp_path: Path
) -> None:
    data = shutil.copytree(trained_home.data, tmp_path / "data")
    cases = pq.read_table(data / "cases.parquet")
    reasons = cases.column("reason").to_pylist()
    place = cases.column_names.index("reason")
    pq.write_table(cases.set_column(place, "reason", [["=HYPERLINK()", *reasons[1:]]]), data / "cases.parquet")
    options = ("--bundle", trained_home.bundle, "--all", "--out", tmp_path / "s.csv")
    assert triage("score", data, *options, home=tmp_path).exit_code == 0
    rejects = list(csv.DictReader((tmp_path / "s.rejects.csv").open()))
    first = cases.column("case_id")[0].as_py()
    assert {(r["code"], r["table"], r["column"]) for r in rejects if r["case_id"] == first} >= {
        ("D03", "cases", "reason")
    }
    assert first not in {row["case_id"] for row in csv.DictReader((tmp_path / "s.csv").open())}
    assert "HYPERLINK" not in (tmp_path / "s.rejects.csv").read_text()


def test_attributes_that_data_and_bundle_do_not_share_are_said(
    trained_home: Any, triage: Triage, tmp_path: Path
) -> None:
    data = Path(shutil.copytree(trained_home.data, tmp_path / "data"))
    cases = pq.read_table(data / "cases.parquet")
    names = ["attr_level" if name == "attr_tier" else name for name in cases.column_names]
    pq.write_table(cases.rename_columns(names), data / "cases.parquet")
    said = triage("score", data, "--bundle", trained_home.bundle, "--out", tmp_path / "s.csv", home=tmp_path).stdout
    assert "so null throughout: attr_tier." in said
    assert "so not read: attr_level." in said


def test_a_file_of_an_unknown_kind_is_refused_before_anything_is_read(triage: Triage, tmp_path: Path) -> None:
    found = triage("score", "nowhere", "--out", tmp_path / "s.xlsx", home=tmp_path)
    assert (found.exit_code, found.stdout) == (2, "")
    assert "ends neither in .parquet nor in .csv" in found.stderr


def test_a_shard_that_fails_is_said_and_the_exit_code_is_1(
    asked: tuple[object, ...], triage: Triage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("serving.backlog.propose", lambda *said, **more: 1 // 0)
    found = triage("score", *asked, "--all", "--out", tmp_path / "s.csv", home=tmp_path)
    assert found.exit_code == 1
    assert "NOT SCORED: 800 cases" in found.stdout


def test_a_damaged_bundle_scores_nothing(trained_home: Any, triage: Triage, tmp_path: Path) -> None:
    bundle = shutil.copytree(trained_home.bundle, tmp_path / "bundle")
    (bundle / "liability.txt").write_bytes(b"tree\n")
    found = triage("score", trained_home.data, "--bundle", bundle, "--out", tmp_path / "s.csv", home=tmp_path)
    assert (found.exit_code, found.stdout) == (2, "")
    assert "it was altered" in found.stderr
    assert not list(tmp_path.glob("s*"))


def explained(triage: Triage, home: Path, *said: object) -> dict[str, Any]:
    found = triage("explain", *said, "--json", home=home)
    assert found.exit_code == 0, found.stderr
    document: dict[str, Any] = json.loads(found.stdout)
    return document


def test_an_explanation_says_what_the_backlog_says(asked: tuple[object, ...], triage: Triage, tmp_path: Path) -> None:
    triage("score", *asked, "--all", "--as-of", "2025-08-01", "--out", tmp_path / "s.parquet", home=tmp_path)
    row = pq.read_table(tmp_path / "s.parquet").to_pylist()[123]
    found = explained(triage, tmp_path, *asked, "--case", row["case_id"], "--as-of", "2025-08-01")
    assert found["probabilities"] == {party: row[f"p_{party}"] for party in LIABLE}
    assert all(found[name] == row[name] for name in ("case_id", "liable", "confidence", "bundle"))
    keys = ("code", "subject", "citable", "log_odds")
    assert [{k: r[k] for k in keys} for r in found["reasons"]] == json.loads(row["reasons"])


def test_an_explanation_is_as_of_the_last_known_instant_and_its_moment_is_the_latest_reached(
    trained_home: Any, asked: tuple[object, ...], triage: Triage, tmp_path: Path
) -> None:
    tables = read_data(trained_home.data, None).tables
    escalated = tables.instants("cases", "escalated_at")
    for case, moment in ((np.argmax(escalated), "escalated"), (np.argmin(escalated), "opened")):
        found = explained(triage, tmp_path, *asked, "--case", tables.case_ids[int(case)].as_py())
        assert (found["moment"], found["as_of"]) == (moment, iso(tables.last_known))


def test_the_page_says_who_why_and_what_was_not_known_in_an_account_that_adds_up(
    asked: tuple[object, ...], triage: Triage, tmp_path: Path
) -> None:
    said = triage("explain", *asked, "--case", "c5-00790", home=tmp_path).stdout
    found = explained(triage, tmp_path, *asked, "--case", "c5-00790")
    assert "Case c5-00790 as of" in said
    assert found["contrast"]["sentence"] in said
    assert f"Without what may not be told to a party '{found['citable']['leading']}' would lead" in said
    assert "The stage at which the dispute arose: the column it is read from was not supplied." in said
    *parts, whole = [round(float(x) * 1000) for x in re.findall(r"^ *([+-]\d+\.\d{3}) ", said, re.MULTILINE)]
    assert len(parts) == len(found["reasons"]) + 2
    assert sum(parts) == whole == round(found["contrast"]["log_odds"] * 1000)


def test_a_case_that_is_not_there_was_dropped_or_comes_later_is_said_with_what_to_do(
    trained_home: Any, triage: Triage, tmp_path: Path
) -> None:
    data = Path(shutil.copytree(trained_home.data, tmp_path / "data"))
    cases = pq.read_table(data / "cases.parquet")
    reasons = cases.column("reason").to_pylist()
    place = cases.column_names.index("reason")
    pq.write_table(cases.set_column(place, "reason", [["odd", *reasons[1:]]]), data / "cases.parquet")
    for case_id, expected in (
        ("c5-9\x1b[31m", "there is no case 'c5-9\\\\x1b[31m' in the data"),
        ("c5-00000", "row 1 of cases was dropped (D03): reason must be one of"),
        ("c5-00700", "was opened at 2025-09-"),
    ):
        options = ("--bundle", trained_home.bundle, "--case", case_id, "--as-of", "2025-06-01")
        found = triage("explain", data, *options, home=tmp_path)
        assert (found.exit_code, found.stdout) == (2, "")
        assert expected in found.stderr
