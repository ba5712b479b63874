"""The command that tries a policy: what it prints, what it writes, and what it says when it cannot."""

import json
import re
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import Result

Changed = Callable[[Mapping[str, str]], Path]
Backtest = Callable[..., Result]
CHEAPER = {"value: 75000": "value: 2500"}


@pytest.fixture
def try_on(triage: Callable[..., Result], tmp_path: Path) -> Backtest:
    def run(data: Path, policy: Path, *options: object) -> Result:
        return triage("policy", "backtest", data, "--policy", policy, *options, home=tmp_path)

    return run


def document(found: Result) -> dict[str, Any]:
    assert found.exit_code == 0, found.stderr
    said: dict[str, Any] = json.loads(found.stdout)
    return said


def test_the_document_tells_flips_money_and_people_with_intervals(
    try_on: Backtest, market_path: Path, changed: Changed
) -> None:
    found = document(try_on(market_path, changed(CHEAPER), "--json"))
    assert found["whole"]["cases"] == found["cases"]["tried again"]
    flipped = found["whole"]["flipped"]
    assert 0 < flipped["interval"][0] <= flipped["share"] <= flipped["interval"][1] < 1
    assert sum(account["cents"] for account in found["whole"]["moved_cents"].values()) == 0
    assert set(found) >= {"by_reason", "by_seller_size", "by_buyer_tenure", "changes", "examples", "notes", "dropped"}
    assert found["intervals"]["unit"] == "seller"


def test_an_example_says_which_clause_decides_on_which_values(
    try_on: Backtest, market_path: Path, changed: Changed
) -> None:
    found = document(try_on(market_path, changed(CHEAPER), "--json"))
    kinds = [example["kind"] for example in found["examples"]]
    assert kinds == list(dict.fromkeys(change["kind"] for change in found["changes"]))
    entitled = found["examples"][kinds.index("entitled")]
    assert entitled["new"]["clauses"]["entitled"] == "DEL-SIG"
    assert entitled["new"]["only_here"]["DEL-SIG"]["signed"] is False
    assert 2500 <= entitled["new"]["only_here"]["DEL-SIG"]["paid_cents"] < 75000
    assert "DEL-SIG" not in entitled["old"]["values"] | entitled["old"]["only_here"]


def test_the_page_says_what_the_document_says(try_on: Backtest, market_path: Path, changed: Changed) -> None:
    policy = changed(CHEAPER)
    flipped = document(try_on(market_path, policy, "--json"))["whole"]["flipped"]
    said = try_on(market_path, policy).stdout
    assert f"{flipped['share']:.2%}" in said
    for expected in (
        "become undecidable",
        "Money moved",
        "By seller size",
        "What changes",
        "DEL-SIG",
        "sellers were drawn",
    ):
        assert expected in said


def test_the_report_draws_charts_without_a_script_or_anything_fetched(
    try_on: Backtest, market_path: Path, changed: Changed, tmp_path: Path
) -> None:
    assert try_on(market_path, changed(CHEAPER), "--out", tmp_path / "report.html").exit_code == 0
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert page.count("<svg") == page.count("</svg>") == 8
    assert not re.search(r"<script|src=|href=|url\(|nan", page)


def test_what_a_policy_is_called_is_shown_as_text(
    try_on: Backtest, market_path: Path, changed: Changed, tmp_path: Path
) -> None:
    policy = changed({"title: House policy for a US marketplace": "title: <b>ours</b>"})
    assert try_on(market_path, policy, "--out", tmp_path / "report.html").exit_code == 0
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "&lt;b&gt;ours" in page
    assert "<b>" not in page


def test_two_policies_that_go_by_different_days_are_told_with_the_cases(
    try_on: Backtest, market_path: Path, changed: Changed
) -> None:
    (note,) = document(try_on(market_path, changed({"day: opened_at": "day: placed_at"}), "--json"))["notes"]
    assert re.match(r"The old policy goes by opened_at, the new one by placed_at: two days in [\d,]+ cases", note)


def test_cases_on_whose_day_a_policy_is_silent_are_left_out_and_told(
    try_on: Backtest, market_path: Path, changed: Changed
) -> None:
    late = changed({"in_force_from: 2023-01-01": "in_force_from: 2025-09-30"})
    found = document(try_on(market_path, late, "--json"))
    silent = found["no_clause_in_force"]["new"]
    assert found["whole"]["cases"] == found["cases"]["tried again"] - silent > 0
    assert any(f"{silent:,} settled cases no clause of the new policy" in note for note in found["notes"])


def test_a_policy_that_is_silent_throughout_is_refused(try_on: Backtest, market_path: Path, changed: Changed) -> None:
    ten_years_later = {": 202": ": 203"}
    found = try_on(market_path, changed(ten_years_later))
    assert found.exit_code == 2
    assert "no clause of house_us is in force" in found.stderr


def test_a_span_without_rulings_is_refused_with_what_there_is(
    try_on: Backtest, market_path: Path, changed: Changed
) -> None:
    found = try_on(market_path, changed(CHEAPER), "--from", "2031-01-01")
    assert found.exit_code == 2
    assert "ruled on outside the days asked for" in found.stderr


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--from", "yesterday"), "is not an instant"),
        (("--from", "2026-01-02", "--to", "2026-01-01"), "is not before"),
        (("--out", "no/such/folder/report.html"), "there is no folder"),
        (("--against", "no/such/policy"), "there is no policy here"),
    ],
)
def test_what_cannot_be_is_said_before_the_history_is_read(
    try_on: Backtest, market_path: Path, changed: Changed, options: tuple[str, ...], said: str
) -> None:
    found = try_on(market_path, changed(CHEAPER), *options)
    assert found.exit_code == 2
    assert said in found.stderr
    assert "reading" not in found.stderr


def test_rows_that_the_check_drops_are_counted(
    try_on: Backtest, market_path: Path, changed: Changed, tmp_path: Path
) -> None:
    data = Path(shutil.copytree(market_path, tmp_path / "data"))
    rulings = pq.read_table(data / "rulings.parquet")
    pq.write_table(pa.concat_tables([rulings, rulings.slice(0, 3)]), data / "rulings.parquet")
    assert document(try_on(data, changed(CHEAPER), "--json"))["dropped"] == {"rulings": {"D07": 3}}
    assert "Rows of rulings dropped: D07 3 times." in try_on(data, changed(CHEAPER)).stdout


def test_a_history_without_reasons_is_refused(
    try_on: Backtest, market_path: Path, changed: Changed, tmp_path: Path
) -> None:
    data = Path(shutil.copytree(market_path, tmp_path / "data"))
    pq.write_table(pq.read_table(data / "cases.parquet").drop_columns(["reason"]), data / "cases.parquet")
    found = try_on(data, changed(CHEAPER))
    assert found.exit_code == 2
    assert "no column reason" in found.stderr


def test_clauses_whose_facts_nobody_records_are_named(
    try_on: Backtest, market_path: Path, changed: Changed, tmp_path: Path
) -> None:
    data = Path(shutil.copytree(market_path, tmp_path / "data"))
    (data / "returns.parquet").unlink()
    found = document(try_on(data, changed(CHEAPER), "--json"))
    assert found["new"]["not_asked"]
    assert any("these clauses of the new policy read" in note for note in found["notes"])
