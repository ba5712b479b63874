"""Settled cases asked about one at a time, as a live answer is: the case's own rows in tables of their own, set against
the history, and the policy's word put before what the arbitrator found.
"""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from features.asks import Asks
from features.contract import TABLES
from features.tables import Tables
from models.account import Account
from models.hearing import told
from models.opinion import Answers, Enough, Opinions, Sufficiency
from models.policy import Policy
from models.proposal import Proposals, propose
from models.reasons import Grouping
from training.backtest.backtest import Backtest


def proposals(found: Backtest, policy: Policy, rows: NDArray[np.int64]) -> Iterator[Proposals]:
    """What would be proposed for each of these cases alone, were the model sure of what the arbitrator found."""
    alone = _Alone(found.tables, found.asks.case[rows])
    for row in rows:
        own, at = alone.tables(int(found.asks.case[row])), found.asks.take(np.array([row]))
        asks = Asks(np.zeros(1, dtype=np.int64), at.as_of, at.moment)
        facts, days = told(policy, own, asks, past=found.tables)
        yield propose(_sure_of(found.liable[[row]]), policy, facts, days)


class _Alone:
    """The rows of some cases, taken out of the history once."""

    def __init__(self, tables: Tables, cases: NDArray[np.int64]) -> None:
        self._all = tables
        chosen = tables["cases"].take(pa.array(np.unique(cases)))
        self._some = {name: _belonging(tables[name], name, chosen) for name in tables.names if name != "volumes"}

    def tables(self, case: int) -> Tables:
        """The tables of one case alone, with every column of the history."""
        one = self._all["cases"].slice(case, 1)
        return Tables({name: _belonging(table, name, one) for name, table in self._some.items()})


def _belonging(table: pa.Table, name: str, cases: pa.Table) -> pa.Table:
    """The rows of a table that belong to some cases, or to their orders."""
    keys = [key for key in ("case_id", "order_id") if key in table.column_names and key in cases.column_names]
    if name == "cases" or "case_id" in TABLES[name].key:
        keys = ["case_id"]
    there = [pc.is_in(table[key], value_set=cases[key].combine_chunks()) for key in keys]
    return table.filter(there[0] if len(there) == 1 else pc.or_(*there))


def _sure_of(liable: NDArray[np.int64]) -> Opinions:
    n = len(liable)
    unknown, nobody = np.full((n, 6), np.nan), np.full(n, -1)
    answers = Answers(unknown, unknown, liable, nobody, liable, liable, np.full(n, ""), np.ones(n))
    nothing = Sufficiency(Enough.none(n), Account.none(n), Grouping((), ()), None)  # type: ignore[arg-type]
    return Opinions(answers, Account.none(n), Grouping((), ()), None, nothing)  # type: ignore[arg-type]


def differing(found: Backtest, rows: NDArray[np.int64]) -> list[str]:
    """The ids of those of these cases for which either policy pays another cent, or names another party, alone."""
    wrong = []
    for policy, outcomes in ((found.old, found.before), (found.new, found.after)):
        for row, one in zip(rows, proposals(found, policy, rows), strict=True):
            same = one.liability.liable[0] == outcomes.fault[row] and one.follows.remedy[0] == outcomes.remedy[row]
            if not (same and np.array_equal(one.follows.lines.net()[0] * outcomes.decided[row], outcomes.net[row])):
                wrong.append(str(found.tables.case_ids[int(found.asks.case[row])].as_py()))
    return wrong
