"""Facts of safety: whether the claim or the buyer's messages speak of a danger or of an injury.

They call for a second look by people and are never features. The expressions stand in ``hazards.yaml``; a text in a
language that is not listed there says nothing either way.
"""

import re
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from features.convert import mask
from features.fact import BUYER, ListedFact, Telling, either, flag
from features.lexicon import Lexicon, language_of, read_lexicons
from features.own_rows import supplied
from features.said import Positions, written
from features.tables import Numbers
from features.view import View

FILE: Final = "hazards.yaml"
CELLS: Final = ("hazard", "injury")

GAPS: Final = r"[\s\pZ\x0b\x1c-\x1f\x85]+"
"""What is one blank to the lexicon."""

_SOURCES: Final = {"claim": "cases.claim_text", "buyer_messages": "messages.text"}


@cache
def hazard_lexicons() -> Mapping[str, Lexicon]:
    """The lexicons of hazards by language, as the file says."""
    return read_lexicons(resources.files("features").joinpath(FILE).read_text("utf-8"), CELLS, FILE)


def hazard_mentioned(view: View) -> Numbers:
    """Whether the claim or a message of the buyer speaks of a danger."""
    return np.asarray(view.once(_mentioned)[CELLS.index("hazard")])


def injury_mentioned(view: View) -> Numbers:
    """Whether the claim or a message of the buyer speaks of an injury."""
    return np.asarray(view.once(_mentioned)[CELLS.index("injury")])


def _mentioned(view: View) -> Numbers:
    """Whether each cell is spoken of; NaN where only what cannot be read may do so: (cells, asks)."""
    found = np.zeros((len(CELLS), len(view.asks)))
    for source, column in _SOURCES.items():
        found = either(found, _mentioned_in(view, source, column))
    return found


def _mentioned_in(view: View, source: str, column: str) -> Numbers:
    if not supplied(view.tables, column):
        return np.full((len(CELLS), len(view.asks)), np.nan)
    ask, (text, values), (tag, names) = written(view, source)
    found = np.zeros((len(CELLS), len(view.asks)))
    languages = [language_of(name) for name in names]
    covered = np.array([*(language in hazard_lexicons() for language in languages), False])[tag]
    found[:, ask[~covered]] = np.nan
    for language in hazard_lexicons():
        own = np.array([*(name == language for name in languages), False])[tag]
        distinct, back = np.unique(text[own], return_inverse=True)
        cells = read_quickly(language, [values[place] for place in distinct.tolist()])[back]
        for cell in range(len(CELLS)):
            found[cell, ask[own][cells >> cell & 1 == 1]] = 1.0
    return found


def read_quickly(language: str, texts: list[str]) -> Positions:
    """The cells of which each text holds an expression, as the lexicon finds them, a bit for each: (texts,).

    Only texts that hold the words of an expression, as few do, are read by the lexicon.
    """
    plain = pc.utf8_lower(pc.utf8_normalize(pa.array(texts, pa.string()), form="NFKD"))
    for pattern, replacement in ((r"\p{M}", ""), (GAPS, " ")):
        plain = pc.replace_substring_regex(plain, pattern=pattern, replacement=replacement)
    found = np.zeros(len(texts), dtype=np.int64)
    for place in np.flatnonzero(mask(pc.match_substring_regex(plain, pattern=_expressions(language)))).tolist():
        found[place] = hazard_lexicons()[language].found_in(texts[place])
    return found


@cache
def _expressions(language: str) -> str:
    """Matches every expression of a language, whether as whole words or not."""
    found = (expression.strip() for those in hazard_lexicons()[language].starting.values() for expression, _ in those)
    return f"(?:{'|'.join(re.escape(expression) for expression in found)})"


_READ: Final = ("cases.claim_text", "cases.language", "messages.party", "messages.text", "messages.language")
_SAID: Final = Telling((), BUYER, ("chat_transcript",), also=_READ)

SAFETY_FACTS: Final[tuple[ListedFact, ...]] = (
    flag("hazard_mentioned", hazard_mentioned, _SAID),
    flag("injury_mentioned", injury_mentioned, _SAID),
)
