"""Tables that convert only the rows asked for answer as others do; a fact reads what it says it reads and no more."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from features.asks import Asks, asks_as_of
from features.contract import TABLES
from features.data import read_data
from features.facts import FACTS, facts
from features.sparing import SparingTables
from features.tables import Tables
from training.simulate.simulate import simulate
from training.simulate.world import World


@pytest.fixture(scope="module")
def market(tmp_path_factory: pytest.TempPathFactory) -> Tables:
    folder = tmp_path_factory.mktemp("market")
    simulate(folder / "data", folder / "truth", World(), cases=1000, seed=8, tell=lambda _: None)
    return read_data(folder / "data").tables


def asks_of(tables: Tables) -> Asks:
    opened = tables.instants("cases", "opened_at")
    return asks_as_of(tables, np.arange(0, len(opened), 5), opened[::5] + 6 * 86_400_000_000)


def test_sparing_tables_tell_the_same_facts(market: Tables) -> None:
    sparing = SparingTables({name: market[name] for name in market.names})
    assert facts(sparing, asks_of(market)).equals(facts(market, asks_of(market)))


def test_a_fact_reads_no_column_but_those_it_says_it_reads(market: Tables) -> None:
    whole = facts(market, asks_of(market))
    for reads in sorted({fact.reads for fact in FACTS}):
        names = [fact.name for fact in FACTS if fact.reads == reads]
        few = Tables({name: market[name].select(_found_by(name, reads)) for name in market.names})
        assert facts(few, asks_of(market), names=names).equals(whole.select(names)), names


def _found_by(table: str, reads: tuple[str, ...]) -> list[str]:
    """The columns of a table that are read, and those by which rows are found and dated."""
    contract = TABLES[table]
    read = {column.partition(".")[2] for column in reads if column.startswith(f"{table}.")}
    known = {column.known_from for column in contract.columns if column.name in read}
    own = {
        "case_id",
        "order_id",
        "line_id",
        contract.clock,
        contract.clock_default,
        "escalated_at",
        "evidence_closed_at",
    }
    return [column.name for column in contract.columns if column.name in read | known | own]


def test_a_history_of_which_columns_are_wanted_has_those_alone_and_the_same_account(
    make_world: Callable[..., dict[str, pa.Table]], tmp_path: Path
) -> None:
    world = make_world(cases=60)
    world["rulings"] = pa.concat_tables([world["rulings"], world["rulings"].slice(0, 2)])
    for name, table in world.items():
        pq.write_table(table, tmp_path / f"{name}.parquet")
    few = read_data(tmp_path, wanted=lambda table: frozenset({"case_id", "ruled_at", "liable"}))
    whole = read_data(tmp_path)
    assert few.ledger == whole.ledger
    assert few.drops.equals(whole.drops)
    assert few.tables["rulings"].column_names == ["case_id", "ruled_at", "liable"]
    assert few.tables["rulings"]["liable"].to_pylist() == whole.tables["rulings"]["liable"].to_pylist()
