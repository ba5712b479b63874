"""Which cases are open at an instant, and that a backlog is answered as single cases are."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from features.asks import Asks, asks_as_of
from features.build import build
from features.check import Checked
from features.ledger import Ledger
from features.rows import Rows
from features.tables import Tables
from features.vocabulary import LIABLE
from models.bundle import Bundle
from models.opinion import NOBODY, opinions
from serving import backlog
from serving.backlog import find_backlog, score
from serving.scores import SCORES


@pytest.fixture(scope="module")
def checked(small_asks: tuple[Tables, Asks]) -> Checked:
    return Checked(small_asks[0], Ledger({}), Rows.no_drops(), "USD")


def test_open_are_the_cases_opened_by_then_that_no_final_ruling_had_closed_by_then(checked: Checked) -> None:
    tables = checked.tables
    as_of = int(np.quantile(tables.instants("cases", "opened_at"), 0.5))
    found = find_backlog(tables, as_of)
    closed = set(tables.case_rows("rulings")[tables.instants("rulings", "ruled_at") <= as_of].tolist())
    opened = set(np.flatnonzero(tables.instants("cases", "opened_at") <= as_of).tolist())
    assert set(found.cases.tolist()) == opened - closed
    assert (found.ruled, found.not_opened) == (len(closed), tables.count("cases") - len(opened))
    assert set(find_backlog(tables, as_of, ruled_too=True).cases.tolist()) == opened


def test_a_case_ruled_on_at_the_very_instant_is_not_open_and_one_provisionally_ruled_on_is(checked: Checked) -> None:
    tables = checked.tables
    case, at = int(tables.case_rows("rulings")[0]), int(tables.instants("rulings", "ruled_at")[0])
    assert case not in find_backlog(tables, at).cases
    assert case in find_backlog(tables, at - 1).cases
    rulings = tables["rulings"]
    place = rulings.column_names.index("provisional")
    provisional = rulings.set_column(place, "provisional", pa.array([True] * rulings.num_rows))
    assert case in find_backlog(Tables({"cases": tables["cases"], "rulings": provisional}), at).cases


def test_without_rulings_every_opened_case_is_open(checked: Checked) -> None:
    only = Tables({"cases": checked.tables["cases"]})
    assert len(find_backlog(only, only.last_known).cases) == only.count("cases")


def scored(checked: Checked, bundle: Bundle, out: Path) -> pa.Table:
    whole = find_backlog(checked.tables, checked.tables.last_known, ruled_too=True)
    score(checked, bundle, whole, out)
    return pq.read_table(out)


def test_a_backlog_says_value_for_value_what_single_answers_say(
    checked: Checked, small_bundle: Bundle, tmp_path: Path
) -> None:
    rows = scored(checked, small_bundle, tmp_path / "x.parquet").to_pylist()
    tables = checked.tables
    assert [row["case_id"] for row in rows] == tables.case_ids.to_pylist()
    for case in range(0, len(rows), 25):
        ask = asks_as_of(tables, np.array([case]), np.array([tables.last_known]))
        alone, row = opinions(small_bundle, build(tables, ask, small_bundle.fitted)), rows[case]
        liable = alone.answers.liable[0]
        assert [row[f"p_{party}"] for party in LIABLE] == np.round(alone.answers.probability[0], 6).tolist()
        assert row["liable"] == (None if liable == NOBODY else LIABLE[liable])
        assert row["confidence"] == round(float(alone.answers.confidence[0]), 6)
        assert json.loads(row["reasons"]) == [
            {"code": r.code, "subject": r.subject, "citable": r.citable, "log_odds": round(r.log_odds, 6)}
            for r in alone.reasons(0)
        ]
        assert row["bundle"] == small_bundle.id
        assert row["p_sufficient"] == round(float(alone.sufficiency.enough.probability[0]), 6)


def test_shards_change_nothing(
    checked: Checked, small_bundle: Bundle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = scored(checked, small_bundle, tmp_path / "whole.parquet")
    monkeypatch.setattr(backlog, "SHARD", 37)
    assert scored(checked, small_bundle, tmp_path / "parts.parquet").equals(whole)
    assert whole.schema.equals(SCORES)


def test_a_class_that_was_not_trained_has_a_null_probability(
    checked: Checked, small_bundle: Bundle, tmp_path: Path
) -> None:
    rows = scored(checked, replace(small_bundle, heads={}), tmp_path / "x.parquet").to_pylist()
    assert {row[f"p_{party}"] for row in rows for party in LIABLE} == {None}
    assert {(row["liable"], row["confidence"], row["reasons"]) for row in rows} == {(None, None, "[]")}
    assert all(row["priority"] >= 0 for row in rows)


def test_a_shard_that_fails_is_rejected_with_a_code_and_the_others_go_on(
    checked: Checked, small_bundle: Bundle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backlog, "SHARD", 100)
    shards = iter([opinions, None, *[opinions] * 10])
    monkeypatch.setattr(backlog, "opinions", lambda *said, **more: next(shards)(*said, **more))
    everything = find_backlog(checked.tables, checked.tables.last_known, ruled_too=True)
    done = score(checked, small_bundle, everything, tmp_path / "x.parquet")
    assert (done.scored, done.failed) == (len(everything.cases) - 100, 100)
    rejects = pq.read_table(done.rejects)
    assert rejects.column("case_id").to_pylist() == checked.tables.case_ids.to_pylist()[100:200]
    assert set(rejects.column("code").to_pylist()) == {"B01"}


def test_of_a_shard_that_fails_the_log_says_what_failed_and_where_but_no_value_of_a_case(
    checked: Checked,
    small_bundle: Bundle,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    private = checked.tables.array("cases", "buyer_id")[0].as_py()

    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError(f"of {private}")

    monkeypatch.setattr(backlog, "opinions", fail)
    scored(checked, small_bundle, tmp_path / "x.parquet")
    assert "ZeroDivisionError: a shard of 500 cases failed" in caplog.text
    assert "in fail" in caplog.text
    assert f"of {private}" not in caplog.text
