"""Scoring a backlog: every open case gets a row, shard by shard, by the same path as a single answer.

History is prepared once; a shard needs memory for its own rows only. A shard that fails is said, its cases go to
the rejects, and the others go on.
"""

import logging
import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from features.asks import asks_as_of
from features.build import build
from features.check import Checked
from features.history import History
from features.tables import NULL_INSTANT, Tables
from features.terminal import Tell
from models.bundle import Bundle
from models.hearing import speaks, told
from models.opinion import opinions
from models.policy import Policy
from models.proposal import propose
from serving.queue import priority, usual_amount
from serving.scores import SCORES, rows
from serving.sheet import whole_file

SHARD: Final = 1 << 14
"""Cases scored at a time."""

SHARD_FAILED: Final = "B01"
"""The code of a case whose shard failed; the log says why. All other codes of rejects are the ledger's."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Backlog:
    """The cases to be scored at an instant, rows of ``cases`` (n,); how many more are ruled on, or not opened yet."""

    as_of: int
    cases: NDArray[np.int64]
    ruled: int
    not_opened: int


@dataclass(frozen=True, slots=True)
class Done:
    """What became of a backlog; ``failed`` cases were in shards that failed, ``rejected`` rows broke the contract."""

    scored: int
    named: int
    failed: int
    rejected: int
    rejects: Path


def find_backlog(tables: Tables, as_of: int, *, ruled_too: bool = False) -> Backlog:
    """The cases opened by then without a final ruling by then; with ``ruled_too`` those that have one as well."""
    opened = tables.instants("cases", "opened_at") <= as_of
    ruled = opened & _ruled(tables, as_of)
    taken = opened if ruled_too else opened & ~ruled
    return Backlog(as_of, np.flatnonzero(taken), int(ruled.sum()), int((~opened).sum()))


def _ruled(tables: Tables, as_of: int) -> NDArray[np.bool_]:
    found = np.zeros(tables.count("cases"), dtype=bool)
    if tables.supplied("rulings"):
        at, case = tables.instants("rulings", "ruled_at"), tables.case_rows("rulings")
        final = np.nan_to_num(tables.numbers("rulings", "provisional")) == 0
        found[case[(case >= 0) & final & (at != NULL_INSTANT) & (at <= as_of)]] = True
    return found


def score(
    checked: Checked, bundle: Bundle, backlog: Backlog, out: Path, *, policy: Policy | None = None, threads: int = 1,
    tell: Tell = lambda said: None,
) -> Done:  # fmt: skip
    """Write a row for each case of the backlog to ``out``, and what was rejected to a file of its own beside it."""
    rejects = out.with_name(f"{out.stem}.rejects{out.suffix}")
    scored = named = failed = 0
    with whole_file(out, SCORES) as write, whole_file(rejects, checked.drops.schema) as reject:
        for batch in checked.drops.to_batches():
            reject(batch)
        for found in _shards(checked.tables, bundle, speaks(policy, checked.tables), backlog, threads, tell):
            if isinstance(found, pa.RecordBatch):
                write(found)
                scored += len(found)
                named += len(found) - found.column("liable").null_count
            else:
                failed += len(found)
                reject(_failed(checked, found))
    return Done(scored, named, failed, checked.drops.num_rows, rejects)


def _shards(
    tables: Tables, bundle: Bundle, policy: Policy | None, backlog: Backlog, threads: int, tell: Tell
) -> Iterator["pa.RecordBatch | NDArray[np.int64]"]:
    """For each shard its rows as SCORES says; or, of one that failed, its cases."""
    tell("preparing the history")
    keys = dict.fromkeys(f.key for f in bundle.fitted.catalog if f.family == "history")
    history = History(tables, tuple(keys), bundle.fitted.windows_days)
    usual = usual_amount(tables, backlog.as_of)
    for start in range(0, len(backlog.cases), SHARD):
        cases = backlog.cases[start : start + SHARD]
        tell(f"scoring cases {start + 1:,} to {start + len(cases):,} of {len(backlog.cases):,}")
        asks = asks_as_of(tables, cases, np.full(len(cases), backlog.as_of))
        try:
            found = opinions(bundle, build(tables, asks, bundle.fitted, history=history), threads=threads)
            proposed = None if policy is None else propose(found, policy, *told(policy, tables, asks))
            urgency = priority(tables, asks, found.answers.confidence, usual)
            yield rows(tables, asks, found, proposed, urgency, bundle)
        except Exception as error:  # noqa: BLE001 - the edge of a shard: whatever fails here, the others go on
            # The message of an error may hold a value of a case; where it arose does not.
            name, where = type(error).__name__, "".join(traceback.format_tb(error.__traceback__))
            log.error("%s: a shard of %d cases failed; the others go on.\n%s", name, len(cases), where)
            yield cases


def _failed(checked: Checked, cases: NDArray[np.int64]) -> pa.RecordBatch:
    n, ids = len(cases), checked.tables.case_ids.take(pa.array(cases))
    known = {"code": SHARD_FAILED, "table": "cases", "expected": "an answer; the log says why there is none"}
    given = {"case_id": ids} | {name: pa.repeat(said, n) for name, said in known.items()}
    schema = checked.drops.schema
    return pa.RecordBatch.from_arrays([given.get(f.name, pa.nulls(n, f.type)) for f in schema], schema=schema)
