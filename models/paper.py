"""How much paper a text in Markdown takes: A4 upright, margins of 20 mm, ten points of a plain face, lines of thirteen.

Widths are those of Helvetica, by kinds of letters, each rounded up, so that what is told is never less than what a
printer takes; a test holds them against the metrics of the face itself.
"""

import re
from collections.abc import Iterable, Iterator
from math import ceil
from typing import Final

POINT: Final = 10.0
LEADING: Final = 13.0
WIDE: Final = (210 - 2 * 20) / 25.4 * 72
TALL: Final = (297 - 2 * 20) / 25.4 * 72
"""What a page holds between its margins, in points."""

LINES: Final = int(TALL / LEADING)
"""Lines of a page."""

_KINDS: Final = (("ijlI|'.,;:!/ \\[]()`ft-", 0.335), ("mwMW%@\u2192", 1.0), ("ABCDEFGHJKLNOPQRSTUVXYZ&", 0.78))
_EM: Final = {letter: width for letters, width in _KINDS for letter in letters}
_OTHER: Final = 0.56
_INDENT: Final = 18.0
_HEADING: Final = 2.5
"""Lines that a heading takes with the space around it."""

_LINK: Final = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_MARKS: Final = re.compile(r"\*\*|(?<!\w)\*|\*(?!\w)|`")
_LIST: Final = re.compile(r"\s*(?:[-*]|\d+\.) ")


def pages(markdown: str) -> float:
    """How many pages a text takes, where it begins at the top of one."""
    return sum(_lines(paragraphs(markdown.splitlines()))) / LINES


def width(text: str) -> float:
    """How wide a text is on one line, in points, its marks and the targets of its links left out."""
    plain = _MARKS.sub("", _LINK.sub(r"\1", text))
    return POINT * sum(_EM.get(letter, _OTHER) for letter in plain)


def paragraphs(lines: Iterable[str]) -> Iterator[str]:
    """Lines that run on as one; a blank one stands for itself."""
    running = ""
    for line in lines:
        quoted, plain = line.startswith(">"), line.removeprefix(">").strip()
        begins = not plain or plain.startswith(("#", "|")) or bool(_LIST.match(plain))
        if begins and running:
            yield running
        running = (
            ""
            if begins and not plain
            else f"{'> ' if quoted else ''}{plain}"
            if begins or not running
            else (f"{running} {plain}")
        )
        if not plain:
            yield ""
    if running:
        yield running


def _lines(running: Iterable[str]) -> Iterator[float]:
    for paragraph in running:
        plain = paragraph.removeprefix("> ")
        if not plain:
            yield 0.5
        elif plain.startswith("#"):
            yield _HEADING
        elif plain.startswith("|"):
            yield max(ceil(width(cell) / (WIDE / plain.count("|"))) for cell in plain.strip("|").split("|"))
        else:
            indent = _INDENT * (paragraph.startswith("> ") + bool(_LIST.match(plain)))
            yield ceil(1.02 * width(plain) / (WIDE - indent))
