"""``triage check``: one document for machines, one screen for people, and one sentence where it cannot be done."""

import json
from pathlib import Path

import pyarrow as pa
import pytest
from typer.testing import CliRunner

from features.ledger import DROPS
from triage import app


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A history of three cases, one of which breaks the contract, with a line that is not whole."""
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "cases.csv").write_text(
        "case_id,opened_at,reason\nc1,2025-01-01,defective\nc2,2025-01-01,broken\nc3,2025-01-02,defective\nc4,x,y,z\n"
    )
    (folder / "rulings.csv").write_text("case_id,ruled_at,liable\nc1,2025-02-01,seller\nc2,2025-02-01,buyer\n")
    return folder


def test_json_is_one_document_that_adds_up(data: Path) -> None:
    result = CliRunner().invoke(app, ["check", str(data), "--json"])
    assert result.exit_code == 0
    found = json.loads(result.stdout)
    assert set(found) == {"tables", "notes"}
    assert found["tables"]["cases"] == {
        "source_rows": {"cases.csv": 4}, "rows_in": 3, "rows_kept": 2, "dropped": {"D03": 1}, "not_taken": 1,
    }  # fmt: skip
    assert found["tables"]["rulings"] == {
        "source_rows": {"rulings.csv": 2}, "rows_in": 2, "rows_kept": 1, "dropped": {"D08": 1}, "not_taken": 0,
    }  # fmt: skip
    assert any("line 5" in note for note in found["notes"])


def test_a_person_sees_rows_reasons_and_what_is_missing(data: Path) -> None:
    result = CliRunner().invoke(app, ["check", str(data)])
    assert result.exit_code == 0
    shown = " ".join(result.stdout.split())
    assert "cases cases.csv 4 1 3 1 2" in shown
    assert f"D03: {DROPS['D03']}" in shown
    assert "2 cases, 1 with a final ruling, 1 of these on the merits" in shown
    assert "Tables not handed over: orders, events" in shown
    assert "cases comes without escalated_at" in shown


def test_a_leak_is_reported_to_people_and_machines(data: Path) -> None:
    rows = [f"c{i},2025-01-01,{'' if i > 50 else 'x'}" for i in range(60)]
    (data / "cases.csv").write_text("\n".join(["case_id,opened_at,attr_late", *rows]) + "\n")
    rulings = [f"c{i},2025-02-01,seller" for i in range(51)]
    (data / "rulings.csv").write_text("\n".join(["case_id,ruled_at,liable", *rulings]) + "\n")
    for options in ([], ["--json"]):
        assert "attr_late leaks the answer" in CliRunner().invoke(app, ["check", str(data), *options]).stdout


def test_what_cannot_be_read_is_one_sentence_and_exit_code_2(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["check", str(tmp_path)])
    assert result.exit_code == 2
    assert result.stdout == ""
    assert "has no cases.parquet or cases.csv; hand them over" in result.stderr


def test_a_history_without_rows_can_be_looked_at(data: Path) -> None:
    (data / "cases.csv").write_text("case_id,opened_at\n")
    (data / "rulings.csv").unlink()
    result = CliRunner().invoke(app, ["check", str(data)])
    assert result.exit_code == 0
    assert "0 cases" in result.stdout


def test_a_table_of_nulls_has_no_answer_to_leak(data: Path) -> None:
    import pyarrow.parquet as pq

    (data / "cases.csv").unlink()
    pq.write_table(
        pa.table({"case_id": ["c1", "c2"], "opened_at": ["2025-01-01"] * 2, "attr_x": pa.nulls(2)}),
        data / "cases.parquet",
    )
    assert CliRunner().invoke(app, ["check", str(data)]).exit_code == 0
