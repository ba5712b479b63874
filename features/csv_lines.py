"""Which lines of a CSV file are whole rows: counted and named by number before any reader sees the file.

Readers can be told to pad, skip or guess, and then keep a broken line with its values silently shifted. So no
reader decides here what a row is. A row is whole when it has as many fields as the header, or, without a header,
as most rows. A reader sees a copy that holds whole rows only, written so that it can be cut in one way only;
everything else is counted and named.
"""

import gzip
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import IO, Final

from features.csv_grammar import BROKEN, PASSED_OVER, Dialect, Grammar, Record
from features.duck import BadMapping
from features.ledger import many

GUESSED: Final = (",", ";", "\t", "|")
"""Where no delimiter is given, it is the one of these that cuts the first row into most fields."""

_LOOK_AHEAD: Final = 10_000
_DATA: Final = re.compile(r"[+-]?\d+([.,]\d+)?|\d{4}-\d\d-\d\d.*")
"""A number or an instant: no header names a column so."""


@dataclass(frozen=True, slots=True)
class Scan:
    """What a file holds: its rows as they stand, those that are whole, and the lines that are not.

    ``rows`` counts whole rows, every line of broken ones, and lines passed over; not the header. ``longest`` is the
    length of the longest whole row in bytes, ``spread`` how many whole rows span several lines.
    """

    dialect: Dialect
    width: int
    whole: int = 0
    passed_over: int = 0
    spread: int = 0
    longest: int = 0
    broken: tuple[tuple[int, int], ...] = ()

    @property
    def rows(self) -> int:
        """How many rows the file has as it stands."""
        return self.whole + self.passed_over + self.broken_lines

    @property
    def broken_lines(self) -> int:
        """How many lines are part of no whole row."""
        return sum(last - first + 1 for first, last in self.broken)

    def told(self, name: str) -> Iterator[str]:
        """What should be known about this file, in sentences."""
        if self.broken:
            first = ", ".join(str(a) if a == b else f"{a} to {b}" for a, b in self.broken[:20])
            more = f" and {len(self.broken) - 20} more places" if len(self.broken) > 20 else ""
            yield (
                f"{name}: {many(self.broken_lines, 'line')} left out that cannot be cut into "
                f"{many(self.width, 'field')}: line {first}{more}. Check the quote and the delimiter"
            )
        if self.spread:
            yield f"{name}: {many(self.spread, 'row')} on several lines, because a quoted field holds a line break"
        if self.passed_over:
            yield f"{name}: {many(self.passed_over, 'line')} passed over as preamble or comment, as the reader was told"


def scan(path: Path, name: str, dialect: Dialect, copy: Path) -> Scan:
    """Copy the whole rows of a CSV file, as UTF-8 with plain line ends and quotes, and account for the rest.

    Raises
    ------
    BadMapping
        Where the file is not there, is empty, or breaks more rows than it keeps when cut like this.
    """
    try:
        dialect = _settled(path, name, dialect)
        ahead = (record.fields for record in islice(_records(path, dialect), _LOOK_AHEAD))
        counts = Counter(islice((n for n in ahead if n > 0), 1 if dialect.header else None))
        if not counts:
            raise BadMapping(f"{name}: no row can be cut into fields; check its quote and delimiter.")
        with copy.open("w", encoding="utf-8", newline="") as out:
            found = _copy_whole(path, Scan(dialect, counts.most_common(1)[0][0]), out)
    except (OSError, EOFError, LookupError, UnicodeError) as error:
        raise BadMapping(f"{name} cannot be read as {dialect.encoding} text ({type(error).__name__}).") from error
    if found.broken_lines > found.whole:
        raise BadMapping(
            f"{name}: cut like this, {found.broken_lines} of {found.rows} lines do not have the {found.width} fields "
            f"of the {'header' if dialect.header else 'other rows'}; check its delimiter, quote and header."
        )
    return found


def _copy_whole(path: Path, start: Scan, out: IO[str]) -> Scan:
    grammar = Grammar(start.dialect)
    whole, passed_over, spread, longest, broken = 0, 0, 0, 0, []
    for record in _records(path, start.dialect):
        if record.fields == PASSED_OVER:
            passed_over += 1
        elif record.fields != start.width:
            broken.append((record.first, record.last))
        else:
            out.write(grammar.plain(record) + "\n")
            whole += 1
            spread += record.last > record.first
            longest = max(longest, len(record.text))
    return replace(
        start, whole=whole - bool(start.dialect.header), passed_over=passed_over, spread=spread,
        longest=4 * longest, broken=tuple(broken),
    )  # fmt: skip


def _settled(path: Path, name: str, dialect: Dialect) -> Dialect:
    """The dialect with what the first row tells: its delimiter, and whether it is a header."""
    tried = [replace(dialect, delim=delim) for delim in (GUESSED if dialect.delim is None else (dialect.delim,))]
    first = [next((r for r in _records(path, each) if r.fields != PASSED_OVER), None) for each in tried]
    there = [record for record in first if record is not None]
    if not there:
        raise BadMapping(f"{name} is empty; hand over a file with rows, or none.")
    place = max(range(len(there)), key=lambda i: there[i].fields)
    found = tried[place]
    if found.header is None:
        cells = [text.strip().casefold() for text, _ in Grammar(found).cut(there[place].text)]
        named = cells[: len(found.names)] == [name.casefold() for name in found.names]
        found = replace(found, header=named if found.names else not any(map(_DATA.fullmatch, cells)))
    if found.header and there[place].fields == BROKEN:
        raise BadMapping(f"{name}: its header cannot be cut into fields; check its quote, delimiter and encoding.")
    return found


def _records(path: Path, dialect: Dialect) -> Iterator[Record]:
    with _opened(path, dialect.encoding) as text:
        yield from Grammar(dialect).records(text)


def _opened(path: Path, encoding: str) -> IO[str]:
    of = "utf-8-sig" if encoding == "utf-8" else encoding
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding=of, errors="surrogateescape", newline="\n")
    return path.open(encoding=of, errors="surrogateescape", newline="\n")
