"""The words of a printed procedure, held against the facts and the vocabulary: a slip in them stops everything."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final

import yaml

from features.vocabulary import EVIDENCE_KINDS, REASONS

FILE: Final = "phrases.yaml"


@dataclass(frozen=True, slots=True)
class Phrases:
    """How facts, evidence, reasons and words are called.

    Attributes
    ----------
    flags
        By fact what is so where it holds, and where it does not.
    numbers
        By fact a phrase with {} for the number.
    words
        By fact a phrase with {} for the words, where it is one of them (says) and where not (not).
    whole
        By a whole expression, with all parentheses but the outermost, what it says.
    """

    flags: Mapping[str, tuple[str, str]]
    numbers: Mapping[str, str]
    words: Mapping[str, Mapping[str, str]]
    values: Mapping[str, str]
    whole: Mapping[str, str]
    kinds: Mapping[str, str]
    reasons: Mapping[str, str]

    def value(self, code: str) -> str:
        """A word of the vocabulary as people say it."""
        return self.values.get(code, code.replace("_", " "))


@cache
def phrases() -> Phrases:
    """The words as they stand in the file beside this one.

    Raises
    ------
    ValueError
        Where a kind of evidence or a reason has no words, or another has.
    """
    text = resources.files("models").joinpath(FILE).read_text("utf-8")
    found = yaml.safe_load(text)
    found["flags"] = {name: (so, not_so) for name, (so, not_so) in found["flags"].items()}
    made = Phrases(**found)
    if set(made.kinds) != set(EVIDENCE_KINDS) or set(made.reasons) != set(REASONS):
        raise ValueError(f"{FILE} must name every kind of evidence and every reason, and no other")
    return made
