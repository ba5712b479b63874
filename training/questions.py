"""What a head is taught to answer: its words, and where in what was known before an instant the labels of asks are."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from features.asks import Asks
from features.catalog import Catalog
from features.tables import Tables
from features.vocabulary import LIABLE
from models.bundle import ENOUGH, LIABILITY, SUFFICIENCY
from models.head import liability_columns, sufficiency_columns
from training.labels import Labels
from training.sufficiency import sufficiency

Told = tuple[NDArray[np.int64], dict[str, int]]
"""For each ask a position in the question's words, -1 for none, (asks,); and what became of all of them, counted."""


@dataclass(frozen=True, slots=True)
class Question:
    """One question.

    ``told`` finds the labels of asks in the rulings ``labels`` as known before an instant; ``columns`` says which
    features of a catalog the head may see.
    """

    name: str
    words: tuple[str, ...]
    told: Callable[[Tables, Asks, Labels], Told]
    columns: Callable[[Catalog], tuple[int, ...]]


def _liable(tables: Tables, asks: Asks, labels: Labels) -> Told:
    """Whose fault it was, at every ask before the ruling that says so."""
    label = np.where(asks.as_of < labels.ruled_at[asks.case], labels.liable[asks.case], -1)
    return label, labels.counts()


QUESTIONS: Final = (
    Question(LIABILITY, LIABLE, _liable, liability_columns),
    Question(SUFFICIENCY, ENOUGH, sufficiency, sufficiency_columns),
)
"""The heads of a bundle; without the first there is none."""
