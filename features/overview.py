"""What a history holds, on one screen: rows by table, why rows were dropped, what is missing, what may be learnt."""

from collections.abc import Iterator, Sequence

import numpy as np
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from features.check import Checked
from features.contract import TABLES
from features.leaks import Leak
from features.ledger import DROPS
from features.outcomes import MEASURES, rulings
from features.tables import Tables


def overview(checked: Checked, leaks: Sequence[Leak]) -> Group:
    """Everything that ``check`` has to say, for reading."""
    parts: list[RenderableType] = [_accounts(checked)]
    if checked.drops.num_rows:
        parts += [Text("Dropped rows", style="bold"), _reasons(checked)]
    parts += [Text("What it holds", style="bold"), *map(Text, _contents(checked.tables))]
    if checked.ledger.notes:
        parts += [Text("How it was read", style="bold"), *(Text(f"- {note}") for note in checked.ledger.notes)]
    parts += [Text(leak.sentence, style="bold red") for leak in leaks]
    return Group(*parts)


def _accounts(checked: Checked) -> Table:
    shown = Table("table", "files", title="Rows", title_justify="left", title_style="bold", box=None, pad_edge=False)
    for name in ("in files", "not taken", "in", "dropped", "kept"):
        shown.add_column(name, justify="right")
    shown.add_column("of cases", justify="right")
    for name, account in checked.ledger.tables.items():
        shown.add_row(
            name,
            ", ".join(account.source_rows) or "-",
            f"{sum(account.source_rows.values()):,}" if account.source_rows else "-",
            "?" if account.not_taken is None else f"{account.not_taken:,}",
            f"{account.rows_in:,}",
            f"{sum(account.dropped.values()):,}",
            f"{account.rows_kept:,}",
            f"{_coverage(checked.tables, name):.0%}" if checked.tables.count("cases") else "-",
        )
    return shown


def _coverage(tables: Tables, name: str) -> float:
    """The share of cases that have a row in a table, by case or else by order."""
    covered = np.zeros(tables.count("cases"), dtype=bool)
    for column in ("case_id", "order_id"):
        if tables.supplied(name, column):
            theirs, values = tables.codes("cases", column)
            there = np.isin(values, tables.array(name, column).unique().to_pylist()) if values else np.zeros(0, bool)
            covered |= np.append(there, False)[theirs]
    return float(covered.mean())


def _reasons(checked: Checked) -> Table:
    shown = Table("code", "where", "rows", "expected", "first row", box=None, pad_edge=False)
    shown.columns[2].justify = shown.columns[4].justify = "right"
    keys = ["table", "column", "code", "expected"]
    for group in (
        checked.drops.group_by(keys, use_threads=False).aggregate([("row", "count"), ("row", "min")]).to_pylist()
    ):
        where = f"{group['table']}.{group['column']}"
        shown.add_row(group["code"], where, f"{group['row_count']:,}", group["expected"], f"{group['row_min']:,}")
    codes = sorted({code for account in checked.ledger.tables.values() for code in account.dropped})
    shown.caption = "\n".join(f"{code}: {DROPS[code]}" for code in codes)
    shown.caption_justify = "left"
    return shown


def _contents(tables: Tables) -> Iterator[str]:
    made = rulings(tables)[0] if tables.supplied("rulings") else None
    named = 0 if made is None else len(np.unique(made.of[made.counts[:, MEASURES.index("merits")] == 1]))
    ruled = 0 if made is None else len(np.unique(made.of))
    yield f"{tables.count('cases'):,} cases, {ruled:,} with a final ruling, {named:,} of these on the merits."
    yield "What is ruled on the merits can be learnt from once the ruling is old enough (maturity_days)."
    opened = tables.instants("cases", "opened_at")
    if len(opened):
        first, last = (np.datetime64(int(at), "us").astype("datetime64[m]") for at in (opened.min(), opened.max()))
        known = np.datetime64(tables.last_known, "us").astype("datetime64[m]")
        yield f"Opened from {first} to {last}; the last thing known is of {known} (UTC)."
    absent = [name for name in TABLES if not tables.supplied(name)]
    yield f"Tables not handed over: {', '.join(absent) or 'none'}."
    for name in tables.names:
        lacks = [column.name for column in TABLES[name].columns if not tables.supplied(name, column.name)]
        if lacks:
            yield f"{name} comes without {', '.join(lacks)}."
