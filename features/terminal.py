"""How a command speaks: results on stdout, progress and complaints on stderr, and an exit code that says how it went.

Every command of the program stands on this; nothing here knows what any of them does.
"""

import json
import math
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from features.errors import TriageError

if TYPE_CHECKING:
    from rich.table import Table

EXIT: Final = {
    0: "done",
    1: "something unexpected failed; the traceback says where",
    2: "it cannot be done as asked; the message says what to do",
    3: "a bundle was made, but gates failed",
}
"""What the exit code of a command means."""

UNEXPECTED: Final = 1
GATES_FAILED: Final = 3

CASES_A_THREAD: Final = 4096

WIDTH: Final = 120
"""How wide a page is where stdout is not a terminal."""

Tell = Callable[[str], None]
"""Tells in a few words what is being done now."""

Data = Annotated[Path, typer.Argument(help="Folder with the history, in contract tables or as a mapping reads it.")]
Mapping = Annotated[Path | None, typer.Option(help="Folder with one .sql file per contract table.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")]


class BadInput(TriageError):
    """What was typed cannot be read: an instant, a number, a path."""


class Program(typer.core.TyperGroup):
    """A program whose expected errors are one sentence on stderr and exit code 2."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command that was asked for."""
        try:
            return super().invoke(ctx)
        except TriageError as error:
            typer.echo(f"triage: {error}", err=True)
            raise typer.Exit(2) from None


def epilog() -> str:
    """The exit codes as the last lines of ``--help``, one a line."""
    return "\b\nExit codes:\n" + "\n".join(f"  {code}  {meaning}" for code, meaning in EXIT.items())


def home() -> Path:
    """Where bundles, the promotion ledger and the registry are kept: TRIAGE_HOME, else ``.triage`` here."""
    return Path(os.environ.get("TRIAGE_HOME") or ".triage")


def instant(text: str) -> int:
    """An instant in microseconds UTC; a date alone is its midnight, a time without an offset is UTC."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise BadInput(f"{text[:40]!r} is not an instant; write 2026-03-31 or 2026-03-31T14:00:00Z.") from None
    aware = found if found.tzinfo else found.replace(tzinfo=UTC)
    return round(aware.timestamp() * 1_000_000)


def threads(cases: int) -> int:
    """How many threads are worth waking for so many cases: few cases are done before a second one is up."""
    return max(1, min(os.cpu_count() or 1, cases // CASES_A_THREAD))


def iso(instant: int) -> str:
    """An instant in microseconds as people write it: 2026-03-31T14:00:00Z."""
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=instant)).isoformat().replace("+00:00", "Z")


def printable(text: str) -> str:
    """The text with everything escaped that could move a terminal's cursor or change its colours."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)


def show(*parts: "str | Table") -> None:
    """Sentences and tables on stdout, for people: a sentence is one line however long, a table fits the width."""
    from rich.console import Console

    width = None if sys.stdout.isatty() else WIDTH
    console = Console(file=sys.stdout, width=width, markup=False, highlight=False, emoji=False)
    for part in parts:
        console.print(part, soft_wrap=isinstance(part, str))


def print_json(data: Any) -> None:
    """One JSON document on stdout; a figure that does not exist is null."""
    typer.echo(json.dumps(finite(data), ensure_ascii=False, indent=2, allow_nan=False))


def finite(data: Any) -> Any:
    """The same plain data with null for every figure that does not exist."""
    if isinstance(data, dict):
        return {key: finite(value) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [finite(value) for value in data]
    return None if isinstance(data, float) and not math.isfinite(data) else data


@contextmanager
def progress() -> Iterator[Tell]:
    """Say on stderr what is being done and for how long; a plain line each where stderr is not a terminal."""
    if not sys.stderr.isatty():
        yield lambda said: typer.echo(f"triage: {said}", err=True)
        return
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as shown:
        task = shown.add_task("starting")
        yield lambda said: shown.update(task, description=said)
