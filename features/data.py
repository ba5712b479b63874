"""The one door to a history: files, or a mapping over them, become checked tables with an account of every row."""

from collections.abc import Callable, Set
from dataclasses import replace
from pathlib import Path

from features.check import Checked, judge, settle
from features.contract import TABLES
from features.ledger import Ledger
from features.mapping import raw_tables
from features.terminal import Tell

Wanted = Callable[[str], Set[str] | None]
"""Which columns of a table are wanted; None: all of them."""


def read_data(
    data: Path, mapping: Path | None = None, tell: Tell = lambda said: None, *, wanted: Wanted = lambda table: None
) -> Checked:
    """Read a history from the folder ``data``, through a mapping where one is given, and check it.

    Every row is judged by all its columns, whichever are wanted of it afterwards.

    Raises
    ------
    BadMapping
        Where files or mapping cannot be used. A row that breaks the contract is no error: it is dropped and counted.
    """
    raw, found = {}, {}
    for table in raw_tables(data, mapping, tell):
        found[table.name] = judge(TABLES[table.name], table.batches, keep=wanted(table.name))
        raw[table.name] = table
    tell("checking rows against each other")
    checked = settle({name: found.pop(name) for name in TABLES if name in found})
    accounts = {
        name: replace(account, source_rows=raw[name].source_rows, not_taken=raw[name].not_taken(account.rows_in))
        for name, account in checked.ledger.tables.items()
    }
    notes = tuple(dict.fromkeys(note for table in raw.values() for note in table.notes))
    return checked.with_ledger(Ledger(accounts, (*notes, *checked.ledger.notes)))
