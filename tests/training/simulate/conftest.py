"""Which fixture to choose.

``simulated``    a world of 2,000 disputes with its truth, written once per session; read-only
``write_world``  writes another one, with other sizes, seeds or numbers
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from training.simulate.simulate import simulate
from training.simulate.world import World


@dataclass(frozen=True, slots=True)
class Written:
    """Where a world was written, and its tables."""

    data: Path
    truth: Path

    def table(self, name: str) -> pa.Table:
        folder = self.truth if name in ("truth", "tags") else self.data
        return pq.read_table(folder / f"{name}.parquet")

    def rows(self, name: str) -> list[dict[str, Any]]:
        return self.table(name).to_pylist()

    def column(self, name: str, column: str) -> list[Any]:
        return self.table(name).column(column).to_pylist()


WriteWorld = Callable[..., Written]


@pytest.fixture(scope="session")
def write_world(tmp_path_factory: pytest.TempPathFactory) -> WriteWorld:
    def write(*, cases: int, seed: int, **numbers: Any) -> Written:
        folder = tmp_path_factory.mktemp("world")
        written = Written(folder / "data", folder / "truth")
        world = World().changed(numbers)
        simulate(written.data, written.truth, world, cases=cases, seed=seed, tell=lambda _: None)
        return written

    return write


@pytest.fixture(scope="session")
def simulated(write_world: WriteWorld) -> Written:
    return write_world(cases=2000, seed=5)
