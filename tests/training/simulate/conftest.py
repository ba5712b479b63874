"""``simulated``  a world of 2,000 disputes with its truth, written once per session; read-only."""

from dataclasses import dataclass
from pathlib import Path

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

    def rows(self, name: str) -> list[dict[str, object]]:
        return self.table(name).to_pylist()


def write(folder: Path, *, cases: int = 2000, seed: int = 5, world: World | None = None) -> Written:
    """A world written to a folder of its own."""
    written = Written(folder / "data", folder / "truth")
    simulate(written.data, written.truth, world or World(), cases=cases, seed=seed, tell=lambda _: None)
    return written


@pytest.fixture(scope="session")
def simulated(tmp_path_factory: pytest.TempPathFactory) -> Written:
    return write(tmp_path_factory.mktemp("simulated"))
