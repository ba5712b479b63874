"""The commands that people use, run as they run them on a small history of six parties."""

import csv
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
import pytest
from click.testing import Result

from features.data import read_data
from models.bundle import load

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
