"""Which lines of a CSV file are whole rows: counted and named by number before any reader sees the file.

Readers can be told to pad, skip or guess, and then keep a broken line with its values silently shifted. So no
reader decides here what a row is. A row is whole when it has as many fields as the header, or, without a header,
as most rows; only whole rows are copied to where a reader may look. Everything else is counted and named.
"""

import gzip
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import IO, Final

from features.errors import TriageError

GUESSED: Final = (",", ";", "\t", "|")
"""Where no delimiter is given, it is the one of these that cuts the first row into most fields."""

BROKEN: Final = 0
PASSED_OVER: Final = -1

_LOOK_AHEAD: Final = 10_000
_UNREADABLE: Final = re.compile("[\0\r\udc80-\udcff]")


class BadFile(TriageError):
    """A file of the history cannot be read, or not as its reader was told to."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a CSV file marks its fields; ``delim`` None means that the first row is to tell."""

    delim: str | None = None
    quote: str = '"'
    escape: str = '"'
    header: bool = True
    skip: int = 0
    comment: str = ""
    encoding: str = "utf-8"


@dataclass(frozen=True, slots=True)
class Record:
    """What lies between two ends of row: lines ``first`` to ``last``; ``fields`` is BROKEN where it cannot be cut."""

    first: int
    last: int
    text: str
    fields: int


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
            lines = "line" if self.broken_lines == 1 else "lines"
            yield (
                f"{name}: {self.broken_lines} {lines} cannot be cut into {self.width} fields and were left out: "
                f"{lines} {first}{more}. Check the quote and the delimiter"
            )
        if self.spread:
            yield f"{name}: {self.spread} rows span several lines because a quoted field holds a line break"
        if self.passed_over:
            yield f"{name}: {self.passed_over} lines were passed over as a preamble or comment, as the reader was told"


class _Grammar:
    """How one dialect cuts text into fields."""

    def __init__(self, dialect: Dialect) -> None:
        self.delim, self.quote, self.comment = dialect.delim or ",", dialect.quote, dialect.comment
        self.skip = dialect.skip
        d, q, e = (re.escape(part) for part in (self.delim, dialect.quote, dialect.escape))
        if not self.quote:
            return
        inside = rf"(?:[^{q}]|{q}{q})*" if dialect.escape in ("", dialect.quote) else rf"(?:[^{q}{e}]|{e}.)*"
        quoted, bare = rf" *{q}{inside}{q} *", rf"(?! *{q})(?:(?!{d})[^\r\n])*"
        self._whole = re.compile(rf"(?:(?:{quoted}|{bare}){d})*(?:{quoted}|{bare})", re.DOTALL)
        self._open = re.compile(rf"(?:(?:{quoted}|{bare}){d})* *{q}{inside}", re.DOTALL)
        self._close = re.compile(rf"{inside}{q}", re.DOTALL)
        self._quoted = re.compile(rf"(?:^|(?<={d})){quoted}", re.DOTALL)

    def records(self, lines: Iterable[str]) -> Iterator[Record]:
        """The records of a file's lines; a blank line is none."""
        pending: list[str] = []
        first = number = 0
        for number, ended in enumerate(lines, 1):
            line = ended.removesuffix("\n").removesuffix("\r")
            if not pending:
                if not line:
                    continue
                if number <= self.skip or (self.comment and line.startswith(self.comment)):
                    yield Record(number, number, "", PASSED_OVER)
                elif not self.quote or self.quote not in line:
                    yield Record(number, number, line, line.count(self.delim) + 1)
                elif self._opens(line):
                    pending, first = [line], number
                else:
                    yield self._record(number, number, line)
                continue
            pending.append(line)
            if self.quote not in line:
                continue
            closed = self._close.match(line)
            if closed is None or self._opens(self.quote * 2 + line[closed.end() :]):
                continue
            yield self._spread(first, number, pending)
            pending = []
        if pending:
            yield Record(first, number, "", BROKEN)

    def _opens(self, line: str) -> bool:
        return self._whole.fullmatch(line) is None and self._open.fullmatch(line) is not None

    def _record(self, first: int, last: int, text: str) -> Record:
        whole = self._whole.fullmatch(text) is not None
        return Record(first, last, text, self._quoted.sub("", text).count(self.delim) + 1 if whole else BROKEN)

    def _spread(self, first: int, last: int, lines: list[str]) -> Record:
        """A record of several lines; not one that has swallowed a row whole, as a stray quote makes it."""
        found = self._record(first, last, "\n".join(lines))
        cuts = found.fields - 1
        swallowed = cuts > 1 and any(line.count(self.delim) == cuts for line in lines[1:-1])
        return replace(found, fields=BROKEN) if swallowed else found


def scan(path: Path, name: str, dialect: Dialect, copy: Path) -> Scan:
    """Copy the whole rows of a CSV file, as UTF-8 with plain line ends, and account for the rest.

    Raises
    ------
    BadFile
        Where the file is not there, is empty, or breaks more rows than it keeps when cut like this.
    """
    try:
        dialect = _with_delimiter(path, dialect)
        ahead = [r.fields for r in islice(_records(path, dialect), _LOOK_AHEAD) if r.fields != PASSED_OVER]
        if not ahead:
            raise BadFile(f"{name} is empty; hand over a file with rows, or none.")
        counts = Counter(fields for fields in ahead[: 1 if dialect.header else None] if fields != BROKEN)
        if not counts:
            raise BadFile(f"{name}: the first row cannot be cut into fields; check its quote and delimiter.")
        with copy.open("w", encoding="utf-8", newline="") as out:
            found = _copy_whole(_records(path, dialect), Scan(dialect, counts.most_common(1)[0][0]), out)
    except (OSError, EOFError, LookupError, UnicodeError) as error:
        raise BadFile(f"{name} cannot be read as {dialect.encoding} text ({type(error).__name__}).") from error
    if found.broken_lines > found.whole:
        raise BadFile(
            f"{name}: cut like this, {found.broken_lines} of {found.rows} lines do not have the {found.width} fields "
            f"of the {'header' if dialect.header else 'other rows'}; check its delimiter, quote and header."
        )
    return found


def _copy_whole(records: Iterator[Record], start: Scan, out: IO[str]) -> Scan:
    whole, passed_over, spread, longest, broken = 0, 0, 0, 0, []
    for record in records:
        if record.fields == PASSED_OVER:
            passed_over += 1
        elif record.fields != start.width or not _readable(record.text):
            broken.append((record.first, record.last))
        else:
            out.write(record.text + "\n")
            whole += 1
            spread += record.last > record.first
            longest = max(longest, len(record.text))
    return replace(
        start, whole=whole - start.dialect.header, passed_over=passed_over, spread=spread,
        longest=4 * longest, broken=tuple(broken),
    )  # fmt: skip


def _readable(text: str) -> bool:
    return (text.isascii() and "\0" not in text and "\r" not in text) or _UNREADABLE.search(text) is None


def _with_delimiter(path: Path, dialect: Dialect) -> Dialect:
    if dialect.delim is not None:
        return dialect
    tried = [replace(dialect, delim=delim) for delim in GUESSED]
    first = [next((r.fields for r in _records(path, each) if r.fields != PASSED_OVER), BROKEN) for each in tried]
    return tried[first.index(max(first))]


def _records(path: Path, dialect: Dialect) -> Iterator[Record]:
    with _opened(path, dialect.encoding) as text:
        yield from _Grammar(dialect).records(text)


def _opened(path: Path, encoding: str) -> IO[str]:
    of = "utf-8-sig" if encoding == "utf-8" else encoding
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding=of, errors="surrogateescape", newline="\n")
    return path.open(encoding=of, errors="surrogateescape", newline="\n")
