"""The same history and seed give the same bundle, byte for byte: again, on two threads, and in another process."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from features.data import read_data
from features.tables import Tables
from models.bundle import load, save
from training.config import TrainingConfig
from training.train import train

CONFIG = TrainingConfig(
    maturity_days=5, folds=2, max_rounds=10, rounds_step=5, learning_rate=0.2, windows_days=(30, 365), depth=(2, 4)
)  # fmt: skip

WriteHistory = Callable[[dict[str, str]], Path]

FOUR_PARTIES = {"shared": "seller", "none": "buyer"}
TWO_CLASSES = {"buyer": "none", "carrier": "none", "platform": "seller", "shared": "none"}

LEARN = f"""
import sys
from pathlib import Path
from features.data import read_data
from models.bundle import save
from training.config import TrainingConfig
from training.train import train
tables = read_data(Path(sys.argv[1])).tables
config = TrainingConfig.from_mapping({CONFIG.to_json()})
save(train(tables, tables.last_known + 1, config, threads=int(sys.argv[3])).parts, Path(sys.argv[2]))
"""


@pytest.fixture(params=[FOUR_PARTIES, TWO_CLASSES], ids=["four parties", "two classes"])
def history(request: pytest.FixtureRequest, write_history: WriteHistory) -> Path:
    """A folder with a history of four parties, or of two classes."""
    return write_history(request.param)


@pytest.fixture
def two_classes(write_history: WriteHistory) -> Path:
    return write_history(TWO_CLASSES)


@pytest.fixture
def write_history(make_world: Callable[..., dict[str, pa.Table]], tmp_path: Path) -> WriteHistory:
    """Write a history to a folder, some words for fault being said by others."""
    return lambda said: _write(make_world(cases=300, seed=3), tmp_path / "history", said)


def _write(world: dict[str, pa.Table], folder: Path, instead: dict[str, str]) -> Path:
    folder.mkdir()
    for name, table in world.items():
        for column in {"liable", "liable_after"} & set(table.column_names):
            said = [instead.get(word, word) for word in table.column(column).to_pylist()]
            table = table.set_column(table.column_names.index(column), column, pa.array(said, pa.string()))
        pq.write_table(table, folder / f"{name}.parquet")
    return folder


def learnt(tables: Tables, folder: Path, threads: int) -> dict[str, bytes]:
    """Every file of the bundle that these tables make."""
    save(train(tables, tables.last_known + 1, CONFIG, threads=threads).parts, folder)
    return contents(folder)


def contents(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def test_trainings_on_one_and_two_threads_give_the_same_bytes_in_every_file(history: Path, tmp_path: Path) -> None:
    tables = read_data(history).tables
    once = learnt(tables, tmp_path / "once", 1)
    assert {"manifest.json", "id", "liability.txt", "cases.bin", "golden.json"} <= set(once)
    assert learnt(read_data(history).tables, tmp_path / "again", 1) == once
    assert learnt(tables, tmp_path / "two threads", 2) == once
    classes = load(tmp_path / "once").heads["liability"].classes
    assert classes in (("buyer", "seller", "carrier", "platform"), ("seller", "none"))


@pytest.mark.slow
def test_trainings_in_other_processes_that_hash_otherwise_give_the_same_bytes(history: Path, tmp_path: Path) -> None:
    found = []
    for number, threads in (("1", "1"), ("2", "2")):
        out = tmp_path / number
        command = [sys.executable, "-c", LEARN, str(history), str(out), threads]
        subprocess.run(command, check=True, env={**os.environ, "PYTHONHASHSEED": number, "OMP_NUM_THREADS": threads})
        found.append(contents(out))
    assert found[0] == found[1]


def test_another_seed_gives_other_trees(two_classes: Path) -> None:
    tables = read_data(two_classes).tables
    texts = {
        train(tables, tables.last_known + 1, CONFIG.changed(seed=seed)).parts.heads["liability"].trees.text
        for seed in (1, 2)
    }
    assert len(texts) == 2


def test_the_order_of_rows_of_other_tables_than_cases_changes_no_tree(two_classes: Path, tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    for file in two_classes.glob("*.parquet"):
        table = pq.read_table(file)
        rows = table.num_rows if file.stem == "cases" else rng.permutation(table.num_rows)
        order = np.arange(rows) if isinstance(rows, int) else rows
        pq.write_table(table.take(pa.array(order)), tmp_path / file.name)
    one, other = (
        train(tables, tables.last_known + 1, CONFIG).parts
        for tables in (read_data(folder).tables for folder in (two_classes, tmp_path))
    )
    assert one.heads["liability"].trees.text == other.heads["liability"].trees.text
