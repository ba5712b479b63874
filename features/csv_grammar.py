"""How a CSV file is cut into rows and fields, by one strict grammar: RFC 4180 with any delimiter and quote.

A field that opens with a quote ends with one, with nothing but a delimiter after it. A quote inside a bare field is
a character like any other. What does not fit is broken; no row is padded, shortened or mended.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

PLAIN: Final = '"'
"""The quote that readers are given, doubled inside a field."""

BROKEN: Final = 0
PASSED_OVER: Final = -1

_UNREADABLE: Final = re.compile("[\0\r\udc80-\udcff]")


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a CSV file marks its fields; where ``delim`` or ``header`` is None, the first row is to tell.

    ``names`` are those that its columns are given, if any.
    """

    delim: str | None = None
    quote: str = '"'
    escape: str = '"'
    header: bool | None = None
    skip: int = 0
    comment: str = ""
    encoding: str = "utf-8"
    names: tuple[str, ...] = ()


class Record(NamedTuple):
    """What lies between two ends of row: lines ``first`` to ``last`` of the file.

    ``fields`` is BROKEN where it cannot be cut, PASSED_OVER where it is preamble or comment; ``plain`` says that the
    text is written already as every reader understands it.
    """

    first: int
    last: int
    text: str
    fields: int
    plain: bool = False


class Grammar:
    """How one dialect cuts text into fields."""

    def __init__(self, dialect: Dialect) -> None:
        self.delim, self.quote, self.comment = dialect.delim or ",", dialect.quote, dialect.comment
        self.skip, self._escape = dialect.skip, dialect.escape or dialect.quote
        d, q, e = (re.escape(part) for part in (self.delim, self.quote, self._escape))
        self._usual = (self.quote, self._escape, len(self.delim)) == (PLAIN, PLAIN, 1)
        if not self.quote:
            return  # every line is a row, and every delimiter cuts
        pad = "" if self.delim == " " else " *"
        inside = rf"[^{q}]*(?:{q}{q}[^{q}]*)*" if self._escape == self.quote else rf"(?:[^{q}{e}]|{e}.)*"
        bare = rf"(?!{pad}{q})(?:(?!{d})[^\r\n])*"
        fields = rf"(?:(?:{pad}{q}{inside}{q}{pad}|{bare}){d})*"
        self._whole = re.compile(fields, re.DOTALL)
        self._open = re.compile(rf"{fields}{pad}{q}{inside}", re.DOTALL)
        self._close = re.compile(rf"{inside}{q}", re.DOTALL)
        self._field = re.compile(rf"(?:{pad}{q}(?P<quoted>{inside}){q}{pad}|(?P<bare>{bare})){d}", re.DOTALL)
        self._escaped = re.compile(rf"{e}(.)", re.DOTALL)

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
                    fields = line.count(self.delim) + 1 if _readable(line) else BROKEN
                    yield Record(number, number, line, fields, PLAIN not in line)
                elif self._usual and (fields := self._fields_of_tidy(line)):
                    yield Record(number, number, line, fields if _readable(line) else BROKEN, True)
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

    def cut(self, text: str) -> list[tuple[str, bool]]:
        """The fields of a whole record, and of each whether it stood in quotes."""
        if not self.quote or self.quote not in text:
            return [(value, False) for value in text.split(self.delim)]
        return [
            (m["bare"], False) if m["quoted"] is None else (self._escaped.sub(r"\1", m["quoted"]), True)
            for m in self._field.finditer(text + self.delim)
        ]

    def plain(self, record: Record) -> str:
        """A whole record as any reader understands it: every field that holds a quote stands in double quotes."""
        if record.plain:
            return record.text
        return self.delim.join(
            f"{PLAIN}{value.replace(PLAIN, PLAIN * 2)}{PLAIN}" if quoted or PLAIN in value else value
            for value, quoted in self.cut(record.text)
        )

    def _fields_of_tidy(self, line: str) -> int:
        """How many fields a line has in which quotes stand around whole fields only; 0 where that is not so.

        What lies outside quotes is every other piece between them: a delimiter must stand at both its ends, and
        nothing at all lies between two quotes that stand for one.
        """
        pieces = line.split(self.quote)
        outside, delim = pieces[::2], self.delim
        if len(pieces) % 2 == 0:
            return 0  # a quote is left open
        if (outside[0] and outside[0][-1] != delim) or (outside[-1] and outside[-1][0] != delim):
            return 0
        if any(piece and (piece[0] != delim or piece[-1] != delim) for piece in outside[1:-1]):
            return 0
        return "".join(outside).count(delim) + 1

    def _opens(self, line: str) -> bool:
        return self._whole.fullmatch(line + self.delim) is None and self._open.fullmatch(line) is not None

    def _record(self, first: int, last: int, text: str) -> Record:
        whole = self._whole.fullmatch(text + self.delim) is not None and _readable(text)
        return Record(first, last, text, len(self.cut(text)) if whole else BROKEN)

    def _spread(self, first: int, last: int, lines: list[str]) -> Record:
        """A record of several lines; not one that has swallowed a row whole, as a stray quote makes it."""
        found = self._record(first, last, "\n".join(lines))
        cuts = found.fields - 1
        swallowed = cuts > 1 and any(line.count(self.delim) == cuts for line in lines[1:-1])
        return found._replace(fields=BROKEN) if swallowed else found


def _readable(text: str) -> bool:
    """Whether it is text: no zero byte, no stray line end, nothing that is not of the file's encoding."""
    return (text.isascii() and "\0" not in text and "\r" not in text) or _UNREADABLE.search(text) is None
