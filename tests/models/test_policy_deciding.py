"""Where conditions run: DuckDB over a table of facts, which can reach nothing else whatever it is told to run."""

import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pytest

from models.deciding import decide
from models.policy import Policy

FACTS = pa.table({"delivered": [True, None, False]})


def test_a_condition_is_decided_for_every_row_in_order() -> None:
    many = pa.table({"n": np.arange(300_000, dtype=np.float64)})
    found = decide(['"n" < 150000e0', '"n" >= 150000e0'], many)
    assert found[:, 0].tolist() == [1] * 150_000 + [0] * 150_000
    assert (found.sum(axis=1) == 1).all()


def test_no_conditions_and_no_rows_are_no_decisions() -> None:
    assert decide([], FACTS).shape == (3, 0)
    assert decide(['"delivered"'], FACTS.slice(0, 0)).shape == (0, 1)


@pytest.mark.parametrize("reach", [
    "EXISTS (FROM read_text('{file}'))", "EXISTS (FROM '{file}')", "EXISTS (FROM read_csv('{file}'))",
    "EXISTS (FROM glob('{file}'))", "EXISTS (FROM other)", "EXISTS (FROM many)", "getenv('HOME') = 'a'",
])  # fmt: skip
def test_even_sql_of_ours_could_reach_no_file_and_no_other_table(tmp_path: Path, reach: str) -> None:
    file = tmp_path / "secret.csv"
    file.write_text("a\n1\n")
    with pytest.raises(duckdb.Error):
        decide([reach.format(file=file)], FACTS)


@pytest.mark.parametrize("statement", [
    "SET enable_external_access = true", "SET lock_configuration = false", "SET threads = 1", "INSTALL httpfs",
    "ATTACH '{file}' AS a", "COPY (SELECT 1) TO '{file}'", "LOAD httpfs",
])  # fmt: skip
def test_a_second_statement_is_refused_by_the_lock(tmp_path: Path, statement: str) -> None:
    file = tmp_path / "out.csv"
    with pytest.raises(duckdb.Error):
        decide(
            [f'TRUE AS TINYINT), 0) FROM facts; {statement.format(file=file)}; SELECT coalesce(CAST("delivered"'], FACTS
        )
    assert not file.exists()


def test_what_one_caller_asks_another_does_not_see(small_policy: Policy, facts_of: Callable[..., pa.Table]) -> None:
    days = np.array([19_500])
    together = threading.Barrier(4)

    def find(asked: int) -> list[int]:
        together.wait()
        rows = [{"reason": "inr_delivered_denied", "delivered": True, "signed": bool(asked % 2)}] * (asked + 1)
        found = small_policy.find(facts_of(*rows), np.repeat(days, asked + 1))
        return [int(v) for v in found.applies[:, 1]]

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(find, range(16)))
    assert found == [[asked % 2] * (asked + 1) for asked in range(16)]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no processes are forked here")
def test_a_child_opens_a_database_of_its_own() -> None:
    assert decide(['"delivered"'], FACTS)[:, 0].tolist() == [1, -1, 0]
    child = os.fork()
    if child == 0:
        os._exit(0 if decide(['"delivered"'], FACTS)[:, 0].tolist() == [1, -1, 0] else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
