"""The lexicon family: who admits, denies or promises something in the case, and of which time they speak.

What is found is what the lexicons list. A text in a language that they do not cover, or in none that is named, says
nothing either way: where there is nothing else to read, the feature is null and not nought. What a party said may be
told to it; the tense it said it in may not.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

import numpy as np
from numpy.typing import NDArray

from features.lexicon import CELLS, language_of, lexicons
from features.row_feature import RowFeature, needs_all, row_feature, share_of
from features.tables import Numbers, Tables
from features.view import View

Positions = NDArray[np.int64]
Texts = tuple[Positions, list[str]]
"""Texts as positions in a list of values, -1 where null."""

UNREAD: Final = -1
"""Stands for the cells of a text in a language that is not covered."""

_READS: Final = {
    "claim": ("cases.claim_text", "cases.language"),
    "buyer_messages": ("messages.party", "messages.text", "messages.language"),
    "seller_messages": ("messages.party", "messages.text", "messages.language"),
}


@dataclass(frozen=True, slots=True)
class Heard:
    """How many texts of one source each ask has by then, in a language that is covered or not: (asks,).

    ``holding`` (cells, asks) says how many of those that can be read hold an expression of each cell.
    """

    read: Numbers
    unread: Numbers
    holding: Numbers

    @classmethod
    def of(cls, asks: int, ask: Positions, cells: Positions) -> "Heard":
        """Count texts by ask from the cells of each as bits."""
        covered = cells != UNREAD
        unread = np.bincount(ask[~covered], minlength=asks)
        ask, place = ask[covered], np.arange(len(CELLS))[:, None]
        holds = cells[covered] >> place & 1
        holding = np.bincount((place * asks + ask).ravel(), holds.ravel(), len(CELLS) * asks).astype(np.float64)
        read = np.bincount(ask, minlength=asks)
        return cls(read.astype(np.float64), unread.astype(np.float64), holding.reshape(len(CELLS), asks))


def _many(heard: Heard, cell: str) -> Numbers:
    return np.where((heard.read > 0) | (heard.unread == 0), heard.holding[CELLS.index(cell)], np.nan)


def _share(heard: Heard, cell: str) -> Numbers:
    return share_of(heard.holding[CELLS.index(cell)], heard.read)


class _Reader:
    """Reads each text of some tables once."""

    def __init__(self, tables: Tables) -> None:
        self._found: dict[tuple[str, str], int] = {}

    def cells(self, texts: Texts, tags: Texts) -> Positions:
        """The cells of each text as bits, UNREAD where its language is not covered."""
        (text, values), (tag, names) = texts, tags
        languages = [language_of(name) for name in names]
        covered = np.array([*(language in lexicons() for language in languages), False])[tag]
        pairs, place = np.unique(text[covered] * len(names) + tag[covered], return_inverse=True)
        read = [self._read(languages[pair % len(names)], values[pair // len(names)]) for pair in pairs.tolist()]
        found = np.full(len(text), UNREAD)
        found[covered] = np.array(read, dtype=np.int64)[place]
        return found

    def _read(self, language: str, text: str) -> int:
        key = (language, text)
        if key not in self._found:
            self._found[key] = lexicons()[language].found_in(text)
        return self._found[key]


def written(view: View, source: str) -> tuple[Positions, Texts, Texts]:
    """The texts of one source that are known by then: whose ask each is for, the texts, and their languages."""
    if source == "claim":
        claims, languages = view.case_words("claim_text"), view.case_words("language")
        ask, text, tag = np.arange(len(view.asks)), claims.codes, languages.codes
        values, names = claims.values, languages.values
    else:
        rows = view.rows("messages")
        (text, values), (tag, names) = rows.words("text"), rows.words("language")
        theirs = rows.are("party", source.removesuffix("_messages"))
        ask, text, tag = rows.ask[theirs], text[theirs], tag[theirs]
    there = text >= 0
    return ask[there], (text[there], values), (tag[there], names)


def _heard(source: str, view: View) -> Heard:
    ask, texts, tags = written(view, source)
    return Heard.of(len(view.asks), ask, view.tables.once(_Reader).cells(texts, tags))


_HEARD: Final = {source: partial(_heard, source) for source in _READS}

Tell = Callable[[Heard, str], Numbers]


def _said(source: str, cell: str, verb: str, sentence: str, *, tell: Tell, unit: str, reason: str) -> RowFeature:
    def compute(view: View) -> Numbers:
        return tell(view.once(_HEARD[source]), cell)

    compute.__name__ = f"{source.removesuffix('_messages')}_{verb}"
    compute.__doc__ = sentence
    feature, made = row_feature(
        compute, family="lexicon", unit=unit, reads=_READS[source], reason=reason, citable=reason != TENSE
    )
    return needs_all((replace(feature, subject=source), made))


TENSE: Final = "R74"

_CELLS: Final = (
    ("admission", "admits", "admit a fault or a mistake", "R71"),
    ("denial", "denies", "deny something", "R72"),
    ("promise", "promises", "promise something", "R73"),
    ("future", "looks_ahead", "speak of what is to come", TENSE),
    ("past", "looks_back", "speak of what was", TENSE),
)


def _features(source: str) -> tuple[RowFeature, ...]:
    party = source.removesuffix("_messages")
    found = []
    for cell, verb, said, reason in _CELLS:
        if source == "claim":
            sentence, tell, unit = f"Whether words of the claim {said}.", _share, "flag"
        elif reason == TENSE:
            sentence, tell, unit = f"The share of the {party}'s messages that {said}.", _share, "share"
        else:
            sentence, tell, unit = f"How many messages of the {party} {said}.", _many, "messages"
        found.append(_said(source, cell, verb, sentence, tell=tell, unit=unit, reason=reason))
    return tuple(found)


SAID: Final[tuple[RowFeature, ...]] = tuple(feature for source in _READS for feature in _features(source))
