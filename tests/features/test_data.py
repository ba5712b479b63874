"""The one door to a history: whatever comes in through it is accounted for."""

from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pcsv
import pyarrow.parquet as pq
import pytest

from features.data import read_data

World = Callable[..., dict[str, pa.Table]]


@pytest.mark.parametrize("end", ["parquet", "csv"])
def test_a_history_in_contract_names_needs_no_mapping(make_world: World, tmp_path: Path, end: str) -> None:
    world = make_world(cases=50)
    for name, table in world.items():
        if end == "csv":
            pcsv.write_csv(table, tmp_path / f"{name}.csv")
        else:
            pq.write_table(table, tmp_path / f"{name}.parquet")
    checked = read_data(tmp_path)
    for name, table in world.items():
        account = checked.ledger.tables[name]
        assert account.source_rows == {f"{name}.{end}": table.num_rows}
        assert account.rows_kept == table.num_rows
        assert account.not_taken == 0
