"""An evaluation held against the truth: everybody on the same asks, and only where the truth is about these cases."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import Result

from features.data import read_data
from models.bundle import LIABILITY, load
from training.evaluate import Evaluation, evaluate
from training.truth import NoTruth, Truth, against_truth

Triage = Callable[..., Result]


@pytest.fixture(scope="module")
def found(trained_home: Any) -> Evaluation:
    return evaluate(read_data(trained_home.data, None).tables, load(trained_home.bundle))[LIABILITY]


def truth_of(found: Evaluation, liable: Callable[[str, int], str] = lambda ruled, case: ruled) -> Truth:
    """A truth about every case: what was ruled, or what ``liable`` makes of it."""
    ruled = np.array(["none"] * found.tables.count("cases"), dtype=object)
    ruled[found.asks.case] = np.array(found.head.classes)[found.judged.label]
    cases = pa.table(
        {
            "case_id": found.tables.case_ids,
            "liable": [liable(word, case) for case, word in enumerate(ruled)],
            "language": ["en", "zh"] * (len(ruled) // 2),
            "seller_size": ["small"] * len(ruled),
        }
    )
    tags = pa.table({"case_id": found.tables.case_ids.slice(0, 700), "tag": ["early"] * 700})
    return Truth(cases, tags, None)


def test_arbitrators_are_right_in_all_cases_where_the_truth_is_what_they_ruled(found: Evaluation) -> None:
    told = against_truth(found, {}, truth_of(found))["in_all"]
    assert told["arbitrators"]["accuracy"] == 1.0
    assert told["model"]["accuracy"] == pytest.approx(np.average(found.judged.correct(), weights=found.judged.weight))


def test_arbitrators_who_always_err_are_never_right(found: Evaluation) -> None:
    turned = truth_of(found, lambda ruled, case: "buyer" if ruled != "buyer" else "seller")
    assert against_truth(found, {}, turned)["in_all"]["arbitrators"]["accuracy"] == 0.0


def test_a_part_holds_the_asks_of_its_cases_and_no_others(found: Evaluation) -> None:
    told = against_truth(found, {}, truth_of(found))
    assert told["by_language"]["en"]["n"] + told["by_language"]["zh"]["n"] == told["in_all"]["n"]
    early = np.unique(found.asks.case[found.asks.case < 700])
    assert ("early" in told["by_tag"]) == bool(len(early))


def test_the_gap_to_a_ceiling_that_the_model_itself_set_is_closed(found: Evaluation) -> None:
    rows = {f"p_{name}": found.judged.probability[:, i] for i, name in enumerate(found.head.classes)}
    ids = found.tables.case_ids.take(pa.array(found.asks.case))
    moments = np.array(["opened", "escalated", "evidence_closed"])[found.asks.moment]
    truth = truth_of(found)
    ceiling = pa.table({"case_id": ids, "moment": moments, **rows})
    prior = np.broadcast_to(np.array(found.head.prior), found.judged.probability.shape)
    rival = {"prior by category": type(found.judged)(prior, found.judged.label, found.judged.weight, found.judged.case)}
    told = against_truth(found, rival, Truth(truth.cases, truth.tags, ceiling))
    assert told["in_all"]["gap_closed"] == pytest.approx(1.0)


def test_a_truth_about_other_cases_is_refused(found: Evaluation) -> None:
    truth = truth_of(found)
    with pytest.raises(NoTruth, match="another world"):
        against_truth(found, {}, Truth(truth.cases.slice(0, 10), truth.tags, None))


def test_the_program_tells_the_truth_beside_baselines_learnt_from_data_of_its_own(
    trained_home: Any, found: Evaluation, triage: Triage, tmp_path: Path
) -> None:
    truth = truth_of(found)
    pq.write_table(truth.cases, tmp_path / "truth.parquet")
    pq.write_table(truth.tags, tmp_path / "tags.parquet")
    options = ("--bundle", trained_home.bundle, "--truth", tmp_path, "--learnt-from", trained_home.data)
    said = triage("evaluate", trained_home.data, *options, "--json", home=trained_home.home)
    told = json.loads(said.stdout)["truth"]
    assert set(told) == {"in_all", "by_tag", "by_reason", "by_moment", "by_language", "by_seller_size"}
    assert set(told["in_all"]) >= {"n", "arbitrators", "model", "prior", "prior by category", "logistic regression"}
    assert "Against the truth" in triage("evaluate", trained_home.data, *options, home=trained_home.home).stdout


def test_a_folder_without_truth_is_refused_by_name(trained_home: Any, triage: Triage, tmp_path: Path) -> None:
    said = triage("evaluate", trained_home.data, "--truth", tmp_path, home=trained_home.home)
    assert said.exit_code == 2
    assert "truth.parquet" in said.stderr
