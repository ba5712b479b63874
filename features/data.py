"""The one door to a history: files, or a mapping over them, become checked tables with an account of every row."""

from dataclasses import replace
from pathlib import Path

from features.check import Checked, check
from features.ledger import Ledger
from features.mapping import read_raw
from features.terminal import Tell


def read_data(data: Path, mapping: Path | None = None, tell: Tell = lambda said: None) -> Checked:
    """Read a history from the folder ``data``, through a mapping where one is given, and check it.

    Raises
    ------
    BadMapping
        Where files or mapping cannot be used. A row that breaks the contract is no error: it is dropped and counted.
    """
    raw = read_raw(data, mapping, tell)
    tell("checking every row")
    checked = check({name: found.table for name, found in raw.items()})
    accounts = {
        name: replace(account, source_rows=raw[name].source_rows, not_taken=raw[name].not_taken)
        for name, account in checked.ledger.tables.items()
    }
    notes = tuple(dict.fromkeys(note for found in raw.values() for note in found.notes))
    return checked.with_ledger(Ledger(accounts, (*notes, *checked.ledger.notes)))
