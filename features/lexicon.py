"""The lexicons: expressions by which people admit, deny or promise something, or place it in time, by language.

They are read from ``lexicon.yaml`` once. A language that is not listed there is not covered: in it nothing can be
found, which is not the same as finding nothing.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Final

import yaml

from features.errors import TriageError

FILE: Final = "lexicon.yaml"
CELLS: Final = ("admission", "denial", "promise", "future", "past")
NEGATED: Final = ("admission", "promise", "hazard", "injury")
"""What is undone by a negator before it; a denial holds its own, and time passes either way."""

_PAUSE: Final = " . "
_BETWEEN: Final = re.compile(r"[^\w']+")


class BadLexicon(TriageError):
    """The lexicons hold something that is no list of expressions."""


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The expressions of one language by the word, or character, that they begin with, each with its cell.

    ``undone`` matches what a negator undoes, by cell.
    """

    spaced: bool
    starting: Mapping[str, tuple[tuple[str, int], ...]]
    undone: Mapping[int, re.Pattern[str]]

    def found_in(self, text: str) -> int:
        """The cells of which the text holds an expression, a bit for each."""
        plain = plainly(text, spaced=self.spaced)
        cells = self._cells(plain)
        for cell in cells & self.undone.keys():
            if cell not in self._cells(self.undone[cell].sub(_PAUSE, plain)):
                cells.remove(cell)
        return sum(1 << cell for cell in cells)

    def _cells(self, plain: str) -> set[int]:
        first = self.starting.keys() & set(plain.split() if self.spaced else plain)
        return {cell for start in first for expression, cell in self.starting[start] if expression in plain}


def plainly(text: str, *, spaced: bool) -> str:
    """A text without accents, in lower case; of a spaced language its words between blanks, with its pauses."""
    kept = text.lower().replace("’", "'")
    if not kept.isascii():
        kept = "".join(letter for letter in unicodedata.normalize("NFKD", kept) if not unicodedata.combining(letter))
    if not spaced:
        return kept
    return f" {_BETWEEN.sub(lambda gap: ' ' if gap[0].isspace() else _PAUSE, kept)} "


def language_of(tag: str) -> str:
    """The language of a tag such as ``en-US``, without its country and script."""
    return re.split("[-_]", tag.strip().lower(), maxsplit=1)[0]


@cache
def lexicons() -> Mapping[str, Lexicon]:
    """The lexicons by language, as the file says."""
    return read_lexicons(resources.files("features").joinpath(FILE).read_text("utf-8"))


def read_lexicons(text: str, cells: tuple[str, ...] = CELLS, file: str = FILE) -> Mapping[str, Lexicon]:
    """The lexicons by language, of expressions of these cells.

    Raises
    ------
    BadLexicon
        Where a language lacks a list or has another, or a list holds something else than expressions, each once.
    """
    try:
        found = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise BadLexicon(f"{file} is not YAML: {error}") from error
    if not isinstance(found, dict):
        raise BadLexicon(f"{file} must list expressions by language.")
    return {language: _lexicon(f"{file}, {language}", entries, cells) for language, entries in found.items()}


def _lexicon(where: str, entries: Any, names: tuple[str, ...]) -> Lexicon:
    if not isinstance(entries, dict) or set(entries) != {"spaced", "reach", "negators", "pauses", *names}:
        raise BadLexicon(f"{where}: expected spaced, reach, negators, pauses, {', '.join(names)}.")
    spaced, reach = entries["spaced"], entries["reach"]
    if type(spaced) is not bool or type(reach) is not int or reach < 0:
        raise BadLexicon(f"{where}: spaced must be true or false, reach a number of words.")
    negators, pauses = (_expressions(f"{where}, {of}", entries[of], spaced=spaced) for of in ("negators", "pauses"))
    cells = tuple(_expressions(f"{where}, {cell}", entries[cell], spaced=spaced) for cell in names)
    undone = {
        place: _after(negators, pauses, cell, reach) for place, cell in enumerate(cells) if names[place] in NEGATED
    }
    starting: dict[str, tuple[tuple[str, int], ...]] = {}
    for place, cell in enumerate(cells):
        for expression in cell:
            start = expression.split()[0] if spaced else expression[0]
            starting[start] = (*starting.get(start, ()), (expression, place))
    return Lexicon(spaced, starting, undone)


def _expressions(where: str, entries: Any, *, spaced: bool) -> tuple[str, ...]:
    if not isinstance(entries, list) or not all(isinstance(entry, str) and entry.strip() for entry in entries):
        raise BadLexicon(f"{where}: expected a list of expressions in quotes or letters.")
    found = tuple(plainly(entry, spaced=spaced) for entry in entries)
    if not found or len(set(found)) < len(found):
        raise BadLexicon(f"{where}: expected at least one expression, and none twice.")
    return found


def _after(
    negators: tuple[str, ...], pauses: tuple[str, ...], expressions: tuple[str, ...], reach: int
) -> re.Pattern[str]:
    """Matches an expression with a negator before it; in a spaced language each brings its blanks."""
    if not negators[0].startswith(" "):
        return re.compile(f"{_any(negators)}(?:(?!{_any(pauses)}).){{0,{reach}}}{_any(expressions)}")
    words = rf"(?:(?!{_any(pauses)}) [\w']+){{0,{reach}}}"
    return re.compile(f"{_any(n[:-1] for n in negators)}{words}{_any(expressions)}")


def _any(texts: Iterable[str]) -> str:
    """Matches any of these texts, the longest that stands there."""
    return f"(?:{'|'.join(re.escape(text) for text in sorted(texts, key=len, reverse=True))})"
