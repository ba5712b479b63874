"""The words and signs of a condition: the first ring, which lets nothing through that the language does not need.

A name must be a fact's, a function's or one of a few words of SQL. There is no sign here that ends a statement, opens a
comment, reaches into a value or names anything but facts and parameters.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from models.clause_tree import FUNCTIONS, Type

LONGEST: Final = 2_000
"""Characters in one condition."""

WORDS: Final = ("AND", "OR", "NOT", "BETWEEN", "IN", "TRUE", "FALSE")

_PIECE: Final = re.compile(
    r"(?P<space>[ \t\r\n]+)"
    r"|(?P<word>[A-Za-z_][A-Za-z0-9_]*)"
    r"|(?P<parameter>:[a-z][a-z0-9_]*)"
    r"|(?P<number>[0-9]{1,15}(?:\.[0-9]{1,15})?(?![\w.]))"
    r"|(?P<text>'[^'\\]{0,80}')"
    r"|(?P<sign><=|>=|<>|[=<>+*(),]|-(?!-))"
)
_STRAY: Final[tuple[tuple[list[str], str], ...]] = (([], ","), (["("], ","), ([","], ","), ([","], ")"))
"""Commas that sqlglot passes over."""


class Refused(ValueError):
    """A condition is not one: ``said`` what is wrong, ``expected`` what may stand there, ``at`` the text at fault."""

    def __init__(self, said: str, expected: str, at: str = "") -> None:
        super().__init__(f"{said}; expected {expected}")
        self.said, self.expected, self.at = said, expected, at


@dataclass(frozen=True, slots=True)
class Known:
    """What a name stands for: its type, the closed list of its words (empty: open), and whether it is a list."""

    type: Type
    words: tuple[str, ...] = ()
    many: bool = False


def pieces_of(text: str, facts: Mapping[str, Known]) -> list[str]:
    """The words and signs of a condition over these facts, in order.

    Raises
    ------
    Refused
        Where there is anything else in it, or it is too long.
    """
    if len(text) > LONGEST:
        raise Refused(f"it has {len(text)} characters", f"at most {LONGEST}; divide the clause")
    pieces: list[str] = []
    place = 0
    while place < len(text):
        found = _PIECE.match(text, place)
        if found is None:
            at = text[place : place + 12].split("\n")[0]
            raise Refused(f"{at!a} cannot stand in a condition", "facts, :parameters, numbers, words in '…', signs", at)
        piece, place = found[0], found.end()
        if found.lastgroup == "word":
            _known_word(piece, facts)
        if found.lastgroup == "text" and not piece.isprintable():
            raise Refused("a word holds a sign that cannot be printed", "printable letters and signs", piece)
        if found.lastgroup != "space":
            # DuckDB's own sign for a parameter; a colon at the start would be read as the name of a column.
            if (pieces[-1:], piece) in _STRAY:
                raise Refused("a comma stands alone", "a value on either side of it", piece)
            pieces.append(piece.replace(":", "$") if found.lastgroup == "parameter" else piece)
    return pieces


def _known_word(word: str, facts: Mapping[str, Known]) -> None:
    if word in facts or word.upper() in WORDS or word.lower() in FUNCTIONS:
        return
    if word.lower() in facts:
        raise Refused(f"there is no fact {word}", f"{word.lower()}, in small letters", word)
    raise Refused(
        f"there is no fact {word[:60]}, and no function of that name may be used",
        f"a fact that `triage policy facts` lists, {', '.join(WORDS)}, or {', '.join(FUNCTIONS).upper()}",
        word,
    )
