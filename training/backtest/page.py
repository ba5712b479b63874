"""What people read of a backtest on a terminal: what flips, what moves, who has to look, and one case of each kind."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from rich import box
from rich.table import Table

from features.terminal import printable
from models.lines import ACCOUNTS
from training.backtest.document import SHARES
from training.backtest.said import said

PARTS: Final = {"by_reason": "reason", "by_seller_size": "seller size", "by_buyer_tenure": "buyer tenure"}

WORDS: Final = {
    "flipped": "rulings that flip in anything", "flipped_fault": "… in whose fault it is",
    "flipped_entitled": "… in whether the buyer is entitled", "flipped_cost_bearer": "… in who bears the cost",
    "flipped_remedy": "… in the remedy", "flipped_amount": "… in what the buyer gets",
    "undecided_before": "undecided under the old policy", "undecided_after": "undecided under the new policy",
    "no_longer_decided": "become undecidable", "decided_now": "become decidable",
    "review_before": "people have to look, old policy", "review_after": "people have to look, new policy",
}  # fmt: skip
"""Figures in words; those of SHARES and no others."""

Found = Mapping[str, Any]


def of_backtest(document: Found) -> Iterator["str | Table"]:
    """The whole first, then by cohort, then the changes and the examples."""
    old, new = document["old"], document["new"]
    yield f"NEW {new['policy']} ({printable(new['title'])}) against OLD {old['policy']} ({printable(old['title'])})."
    yield from map(printable, (*cases_told(document), *document["notes"]))
    yield _whole(document["whole"])
    yield money(document["whole"]["moved_cents"])
    for key, title in PARTS.items():
        yield from _part(title, document[key])
    yield _changes(document["changes"])
    for example in document["examples"]:
        yield from _example(example)


def cases_told(document: Found) -> Iterator[str]:
    """How many cases were tried and why others were not, what the check dropped, and how intervals were found."""
    yield "Cases: " + ", ".join(f"{n:,} {state}" for state, n in document["cases"].items() if n) + "."
    for table, codes in document["dropped"].items():
        yield f"Rows of {table} dropped: " + ", ".join(f"{code} {n:,} times" for code, n in codes.items()) + "."
    drawn = document["intervals"]
    dealt = "" if drawn["groups"] == drawn["units"] else f", dealt into {drawn['groups']:,} groups,"
    units = f"{drawn['units']:,} {drawn['unit']}s"
    yield f"Intervals of {drawn['level']:.0%}: {units}{dealt} were drawn {drawn['draws']:,} times."


def _whole(figures: Found) -> Table:
    rows = [(WORDS[name], *cell(figures[name])) for name in SHARES]
    rows.append(("people have to look, more or less", *cell(figures["review_change"])))
    return _table("All cases", ("", "cases", "share", "95 %"), rows)


def cell(figure: Found) -> tuple[str, str, str]:
    """Cases, their share, and its interval."""
    low, high = figure["interval"]
    return f"{figure['cases']:,}", f"{figure['share']:.2%}", f"{low:.2%} to {high:.2%}"


def money(moved: Found) -> Table:
    """What each account gets more or less."""
    rows = [
        (account, dollars(moved[account]["cents"]), " to ".join(dollars(bound) for bound in moved[account]["interval"]))
        for account in ACCOUNTS
    ]
    return _table("Money moved, where both policies say what is paid", ("gets more or less", "sum", "95 %"), rows)


def dollars(cents: int) -> str:
    """Cents in units of money with two decimals, and a sign where it is not nothing."""
    whole, rest = divmod(abs(cents), 100)
    return f"{'−' if cents < 0 else '+' if cents else ''}{whole:,}.{rest:02d}"


def _part(title: str, rows: Mapping[str, Found]) -> Iterator[Table]:
    counts = [
        (
            name, f"{row['cases']:,}", f"{row['flipped']['cases']:,}", _range(row["flipped"]),
            *(f"{row[figure]['cases']:,}" for figure in ("no_longer_decided", "decided_now")),
            f"{row['review_change']['cases']:+,}", _range(row["review_change"]),
        )
        for name, row in rows.items()
    ]  # fmt: skip
    names = ("cases", "flip", "95 %", "no longer decided", "decided now", "people look", "95 %")
    yield _table(f"By {title}", (title, *names), counts)
    moved = [
        (name, *(dollars(row["moved_cents"][account]["cents"]) for account in ACCOUNTS))
        for name, row in rows.items()
        if any(account["cents"] for account in row["moved_cents"].values())
    ]
    if moved:
        yield _table(f"Money moved by {title}", (title, *ACCOUNTS), moved)


def _range(figure: Found) -> str:
    low, high = figure["interval"]
    return f"{low:.1%} to {high:.1%}" if figure["cases"] else ""


def _changes(changes: list[Found]) -> "Table | str":
    rows = [
        (change["kind"].replace("_", " "), f"{change['from']} → {change['to']}", f"{change['cases']:,}",
         printable(change["example"]))
        for change in changes
    ]  # fmt: skip
    return _table("What changes", ("", "from → to", "cases", "such as"), rows) if rows else "Nothing changes."


def _example(example: Found) -> Iterator[str]:
    yield (
        f"\n{example['kind'].replace('_', ' ')}, {example['from']} → {example['to']}: "
        f"case {printable(example['case_id'])} as known at {example['as_of']}; "
        f"the arbitrator found: {example['arbitrator_found']}."
    )
    for which in ("old", "new"):
        yield f"  {which.upper()}: {printable(said(example[which]))}"


def _table(title: str, names: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD, pad_edge=False)
    for place, name in enumerate(names):
        table.add_column(name, overflow="fold", justify="left" if place == 0 else "right")
    for row in rows:
        table.add_row(*row)
    return table
