"""One case is one answer: in training, in a backlog and over HTTP its features and its odds are equal, bit for bit."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from fastapi.testclient import TestClient

from features.asks import Asks, asks_as_of
from features.build import build
from features.data import read_data
from features.history import History
from features.tables import DAY, Numbers, Tables
from features.terminal import iso
from features.vocabulary import LIABLE
from models.bundle import Bundle
from models.policy import HOUSE, load
from serving.app import create_app
from serving.backlog import find_backlog, score
from serving.settings import Settings
from training.dataset import Past

CASES = 500
ABOUT_A_CASE = ("orders", "events")


@pytest.fixture(scope="module")
def data(make_world: Callable[..., dict[str, pa.Table]], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a history of so many cases, as a team would hand it over."""
    folder = tmp_path_factory.mktemp("history")
    for name, table in make_world(cases=CASES, seed=7).items():
        pq.write_table(table, folder / f"{name}.parquet")
    return folder


@pytest.fixture(scope="module")
def tables(data: Path) -> Tables:
    return read_data(data, None).tables


@pytest.fixture(scope="module")
def asks(tables: Tables) -> Asks:
    """Each case at another age, in no order."""
    rng = np.random.default_rng(3)
    case = rng.permutation(tables.count("cases"))
    return asks_as_of(tables, case, tables.instants("cases", "opened_at")[case] + rng.integers(0, 30 * DAY, len(case)))


@pytest.fixture(scope="module")
def in_training(tables: Tables, asks: Asks, small_bundle: Bundle) -> Numbers:
    fitted = small_bundle.fitted
    past = Past(tables, asks, fitted.catalog, fitted.windows_days, fitted.history_weight)
    return past.features(np.arange(len(asks)), fitted).values


@pytest.fixture(scope="module")
def history(tables: Tables, small_bundle: Bundle) -> History:
    fitted = small_bundle.fitted
    return History(tables, tuple(dict.fromkeys(f.key for f in fitted.catalog if f.key)), fitted.windows_days)


def own_rows(tables: Tables, case: int) -> dict[str, pa.Table]:
    """What a client sends of one case: its own rows, and no outcome of it."""
    row = tables["cases"].slice(case, 1)
    order = row.column("order_id")[0]
    about = {name: tables[name].filter(pc.equal(tables[name].column("order_id"), order)) for name in ABOUT_A_CASE}
    theirs = pc.equal(tables["messages"].column("case_id"), row.column("case_id")[0])
    return {"cases": row, "messages": tables["messages"].filter(theirs), **about}


def test_five_hundred_cases_have_the_same_features_in_training_and_in_a_backlog(
    tables: Tables, asks: Asks, history: History, small_bundle: Bundle, in_training: Numbers
) -> None:
    assert len(asks) == CASES
    parts = [asks.take(slice(start, start + 37)) for start in range(0, CASES, 37)]
    backlog = [build(tables, part, small_bundle.fitted, history=history).values for part in parts]
    np.testing.assert_array_equal(np.concatenate(backlog), in_training)


def test_texts_too_have_values_to_compare(small_bundle: Bundle, in_training: Numbers) -> None:
    known = np.isfinite(in_training)
    for family in ("claim", "history", "text", "lexicon"):
        columns = [f.family == family for f in small_bundle.fitted.catalog]
        assert known[:, columns].any(axis=0).mean() > 0.5, family


@pytest.mark.parametrize("every", [5, pytest.param(1, marks=pytest.mark.slow)])
def test_a_live_case_has_the_features_that_it_has_in_training(
    tables: Tables, asks: Asks, history: History, small_bundle: Bundle, in_training: Numbers, every: int
) -> None:
    for ask in range(0, CASES, every):
        alone = Tables(own_rows(tables, int(asks.case[ask])))
        one = asks_as_of(alone, np.zeros(1, dtype=np.int64), asks.as_of[ask : ask + 1])
        found = build(alone, one, small_bundle.fitted, history=history)
        np.testing.assert_array_equal(found.values[0], in_training[ask])
        assert one.moment[0] == asks.moment[ask]


@pytest.fixture(scope="module")
def client(data: Path, small_bundle_path: Path) -> Iterator[TestClient]:
    with TestClient(create_app(Settings(data=data, bundle=small_bundle_path))) as found:
        yield found


@pytest.fixture(scope="module")
def scored(data: Path, small_bundle: Bundle, tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """Every case as a backlog scores it at the last instant of the history."""
    out, checked = tmp_path_factory.mktemp("scores") / "scores.parquet", read_data(data, None)
    backlog = find_backlog(checked.tables, checked.tables.last_known, ruled_too=True)
    score(checked, small_bundle, backlog, out, policy=load(HOUSE))
    return list(pq.read_table(out).to_pylist())


@pytest.fixture(scope="module")
def questions(tables: Tables) -> list[dict[str, Any]]:
    """The same cases as a client would send them."""

    def sent(value: Any) -> Any:
        return value.isoformat() if hasattr(value, "isoformat") else value

    as_of, found = iso(tables.last_known), []
    for case in range(tables.count("cases")):
        rows = {name: table.to_pylist() for name, table in own_rows(tables, case).items()}
        body = {name: [{c: sent(v) for c, v in row.items()} for row in kept] for name, kept in rows.items()}
        found.append(body | {"as_of": as_of})
    return found


def same(answer: dict[str, Any], row: dict[str, Any]) -> None:
    assert answer["case_id"] == row["case_id"]
    assert answer["probabilities"] == {party: row[f"p_{party}"] for party in LIABLE}
    assert answer["liable"] == row["liable"]
    assert answer["confidence"] == row["confidence"]
    assert answer["bundle"] == row["bundle"]
    ruling = answer["ruling"]
    for name in ("named_by", "remedy", "refund_cents", "senior", "policy"):
        assert ruling[name] == row[name]
    assert ruling["entitled"]["answer"] == row["entitled"]
    told = json.loads(row["reasons"])
    assert [{name: reason[name] for name in told[0]} for reason in answer["reasons"]] == told


def test_five_hundred_cases_have_the_same_odds_and_reasons_in_a_backlog_and_over_http(
    client: TestClient, questions: list[dict[str, Any]], scored: list[dict[str, Any]]
) -> None:
    answer = client.post("/v1/proposals/batch", json={"items": questions})
    items = answer.json()["items"]
    assert len(items) == len(scored) == CASES
    for item, row in zip(items, scored, strict=True):
        same(item["proposal"], row)


@pytest.mark.parametrize("every", [20, pytest.param(1, marks=pytest.mark.slow)])
def test_a_case_asked_about_alone_over_http_has_the_odds_and_reasons_that_a_backlog_gives_it(
    client: TestClient, questions: list[dict[str, Any]], scored: list[dict[str, Any]], every: int
) -> None:
    for question, row in list(zip(questions, scored, strict=True))[::every]:
        same(client.post("/v1/proposals", json=question).json(), row)
