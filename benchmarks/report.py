"""What a benchmark found: one JSON file under results/, from which every table that shows it is made."""

import json
import os
import platform
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

RESULTS: Final = Path(__file__).parent / "results"

Cell = str | int | float | list[float] | None
Row = dict[str, Cell]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows with the same columns, what they show, and what has to be known to read them."""

    title: str
    rows: list[Row]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """All that one benchmark found, and the command that finds it again."""

    name: str
    command: str
    tables: list[Table]

    def markdown(self) -> str:
        """The tables as a page shows them."""
        parts = [part for table in self.tables for part in _table(table)]
        return "\n\n".join([*parts, f"Found by `{self.command}` on {machine()}."]) + "\n"


def publish(report: Report, *, quick: bool) -> None:
    """Print the tables and, unless it was only a quick look, keep them under results/."""
    print(report.markdown())
    if not quick:
        RESULTS.mkdir(exist_ok=True)
        found = asdict(report) | {"markdown": report.markdown()}
        text = json.dumps(found, indent=1, ensure_ascii=False)
        (RESULTS / f"{report.name}.json").write_text(text + "\n", encoding="utf-8")


def published(name: str) -> str:
    """The Markdown of a benchmark's last result."""
    found: dict[str, Any] = json.loads((RESULTS / f"{name}.json").read_text(encoding="utf-8"))
    return str(found["markdown"])


def machine() -> str:
    """What the figures were found on."""
    return f"{os.cpu_count()} cores, Python {platform.python_version()}"


def _table(table: Table) -> Iterable[str]:
    columns = list(table.rows[0])
    lines = [f"| {' | '.join(columns)} |", f"| {' | '.join('---' for _ in columns)} |"]
    lines += [f"| {' | '.join(_said(row[column]) for column in columns)} |" for row in table.rows]
    return [text for text in (f"**{table.title}**", "\n".join(lines), table.note) if text]


def _said(cell: Cell) -> str:
    if cell is None:
        return "–"
    if isinstance(cell, list):
        return " to ".join(map(_said, cell))
    if isinstance(cell, float):
        return f"{cell:.4f}" if abs(cell) < 1 else f"{cell:,.2f}" if abs(cell) < 100 else f"{cell:,.0f}"
    return f"{cell:,}" if isinstance(cell, int) else cell
