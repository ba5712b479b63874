"""What a simulated world promises: the contract's tables, no row lost in the check, equal bytes for equal seeds."""

from pathlib import Path

import pytest

from features.contract import TABLES
from features.data import read_data
from training.simulate.simulate import simulate
from training.simulate.world import World


def test_every_table_has_exactly_the_contracts_columns(simulated):
    for name, table in TABLES.items():
        extra = {c for c in simulated.table(name).column_names if not c.startswith(("attr_", "audit_"))}
        assert extra == {c.name for c in table.columns}, name


def test_the_check_drops_no_row(simulated):
    checked = read_data(simulated.data, None)
    assert checked.drops.num_rows == 0


def test_as_many_cases_are_written_as_were_asked_for(simulated):
    assert simulated.table("cases").num_rows == 2000 == simulated.table("truth").num_rows


@pytest.mark.slow
def test_the_same_seed_writes_the_same_bytes(tmp_path: Path):
    for name in ("one", "two"):
        simulate(tmp_path / name, None, World(), cases=300, seed=9, tell=lambda _: None)
    for name in TABLES:
        assert (tmp_path / "one" / f"{name}.parquet").read_bytes() == (
            tmp_path / "two" / f"{name}.parquet"
        ).read_bytes()


def test_pairs_of_the_error_floor_differ_in_truth(simulated):
    truth = [row for row in simulated.rows("truth") if row["floor_pair"]]
    by_pair: dict[str, set[str]] = {}
    for row in truth:
        by_pair.setdefault(row["floor_pair"], set()).add(row["liable"])
    assert by_pair
    assert all(len(liable) == 2 for liable in by_pair.values())
