"""What a simulated world promises: the contract's tables, no row lost in the check, equal bytes for equal seeds."""

import re

import pytest

from features.contract import TABLES
from features.data import read_data
from features.leaks import leaks

IDS = {"cases": "case_id", "orders": "order_id", "events": "event_id", "evidence": "evidence_id", "ledger": "entry_id"}


def test_every_table_has_exactly_the_contracts_columns(simulated):
    for name, table in TABLES.items():
        found = {c for c in simulated.table(name).column_names if not c.startswith(("attr_", "audit_"))}
        assert found == {c.name for c in table.columns}, name


def test_the_check_drops_no_row(simulated):
    assert read_data(simulated.data, None).drops.num_rows == 0


def test_no_attribute_gives_the_answer_away(simulated):
    assert leaks(read_data(simulated.data, None).tables) == ()


def test_as_many_cases_are_written_as_were_asked_for(simulated):
    assert simulated.table("cases").num_rows == 2000 == simulated.table("truth").num_rows


def test_every_table_has_rows(simulated):
    assert all(simulated.table(name).num_rows for name in TABLES)


def test_every_id_bears_the_seed(simulated):
    for name, column in IDS.items():
        assert all(re.fullmatch(r"w5-[a-z]\d+", found) for found in simulated.column(name, column)), name


def test_open_cases_are_left_at_the_worlds_end(simulated):
    assert len(set(simulated.column("cases", "case_id")) - set(simulated.column("rulings", "case_id"))) > 5


@pytest.mark.slow
def test_the_same_seed_writes_the_same_bytes(write_world):
    one, two = (write_world(cases=300, seed=9) for _ in range(2))
    for name in TABLES:
        assert (one.data / f"{name}.parquet").read_bytes() == (two.data / f"{name}.parquet").read_bytes(), name


@pytest.mark.slow
def test_worlds_of_two_seeds_share_no_id(simulated, write_world):
    other = write_world(cases=300, seed=6)
    for name, column in (
        *IDS.items(),
        ("cases", "buyer_id"),
        ("cases", "seller_id"),
        ("orders", "sku"),
        ("evidence", "phash"),
    ):
        shared = set(simulated.column(name, column)) & set(other.column(name, column))
        assert not shared - {None}, (name, column)
