"""Write a world: all tables of N disputes, selected out of as many orders as that takes, block by block."""

from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from features.contract import TABLES
from features.terminal import Tell
from training.simulate.block import Block, simulate_block
from training.simulate.cases import cases_table, orders_table
from training.simulate.decisions import appeals_table, rulings_table
from training.simulate.draws import Draws
from training.simulate.events import events_table
from training.simulate.evidence import evidence_table, messages_table, requests_table, returns_table
from training.simulate.ledger import ledger_table
from training.simulate.market import market
from training.simulate.pictures import Pictures
from training.simulate.pilot import practise
from training.simulate.rows import Ids
from training.simulate.tally import Tally
from training.simulate.truth import tags_table, truth_table
from training.simulate.volumes import Volumes
from training.simulate.words import Words
from training.simulate.world import World

TRUTH = ("truth", "tags")


def simulate(out: Path, truth: Path | None, world: World, *, cases: int, seed: int, tell: Tell) -> Tally:
    """Write a world of so many disputes to ``out``, and its truth to a folder of its own if one is named."""
    tally = Tally()
    shared = market(world, seed, cases)
    tell("letting arbitrators practise")
    practice = practise(world, shared, seed)
    volumes, ids, end = Volumes(shared), Ids(seed), shared.calendar.end
    pictures = Pictures(world, seed, len(shared.sellers))
    with ExitStack() as open_files:
        written = _Folder(out, tuple(TABLES), open_files)
        hidden = _Folder(truth, TRUTH, open_files) if truth else None
        number, done = 0, 0
        while done < cases:
            block = simulate_block(world, shared, practice, seed, number, cases - done)
            volumes.add(block)
            tally.add(block)
            written.write(
                _tables(world, block, ids, end, pictures, seed, number) | {"volumes": volumes.buyers_table(block, ids)}
            )
            if hidden:
                hidden.write({"truth": truth_table(block, ids), "tags": tags_table(block, ids)})
            number, done = number + 1, done + len(block.pair)
            tell(f"simulated {done:,} disputes")
        written.write({"volumes": volumes.shared_table(ids)})
    return tally


def _tables(
    world: World, block: Block, ids: Ids, end: int, pictures: Pictures, seed: int, number: int
) -> dict[str, pa.Table]:
    said = Words(world, block, Draws(seed, number))
    return {
        "cases": cases_table(block, ids, end, said.claims()),
        "orders": orders_table(block, ids, end),
        "events": events_table(block, ids, end),
        "evidence": evidence_table(block, ids, end, pictures, number),
        "messages": messages_table(block, ids, end, said.messages()),
        "requests": requests_table(block, ids, end),
        "returns": returns_table(block, ids, end),
        "ledger": ledger_table(block, ids, end),
        "rulings": rulings_table(block, ids, end),
        "appeals": appeals_table(block, ids, end),
    }


class _Folder:
    """Parquet files that grow block by block."""

    def __init__(self, path: Path, names: tuple[str, ...], open_files: ExitStack) -> None:
        path.mkdir(parents=True, exist_ok=True)
        self._path, self._open_files = path, open_files
        self._names = names
        self._writers: dict[str, pq.ParquetWriter] = {}

    def write(self, tables: Mapping[str, pa.Table]) -> None:
        """Add rows to some tables."""
        for name, table in tables.items():
            if name not in self._writers:
                writer = pq.ParquetWriter(self._path / f"{name}.parquet", table.schema, compression="zstd")
                self._writers[name] = self._open_files.enter_context(writer)
            self._writers[name].write_table(table)
