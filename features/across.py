"""How an ask finds others in the past: by the text of what they have in common, whichever tables it came in.

A case never counts as another: whoever its buyer is, as it says itself or as the past says of it, is not another buyer.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from features.keys import UNSEEN, Key, Subjects
from features.spells import Selves
from features.tables import Tables
from features.view import View

Codes = NDArray[np.int64]

OF_OTHERS_ALONE: Final[dict[str, tuple[str, ...]]] = {"links": (), "incidents": ("cases.reason",)}
"""The families that read the same columns of other cases as of the ask's own; and what they read of others alone."""


@dataclass(frozen=True)
class AskedSubjects(Subjects):
    """The cases of a view, as known and as supposed for each ask."""

    view: View

    def column(self, name: str) -> tuple[Codes, list[str]]:
        """Each one's value of a column ``table.column`` as a position in a list of values, -1 where null."""
        table, column = name.split(".")
        words = self.view.case_words(column) if table == "cases" else self.view.order_words(column)
        return words.codes, words.values


def subjects_of(view: View) -> AskedSubjects:
    """The asks of a view as subjects whose values of a key are asked for."""
    return AskedSubjects(view.tables, view.asks.case, view.asks.as_of, view)


def every_opening(past: Tables) -> Subjects:
    """Each case of the past, when it was opened."""
    return Subjects(past, np.arange(past.count("cases")), past.instants("cases", "opened_at"))


def key_of(past: Tables, *columns: str) -> Key:
    """What the cases of the past have in common in these columns; its codes are dense."""
    return Key(past, columns, (past.once(every_opening),), 0)


def text_codes(past: Tables, name: str, code: Codes, values: list[str]) -> Codes:
    """Positions of texts among those of a column of the past; UNSEEN where it has not that text, -1 where null."""
    table, column = name.split(".")
    if values is past.codes(table, column)[1]:
        return code
    places = past.places(table, column)
    distinct, back = np.unique(code, return_inverse=True)
    found = [-1 if c < 0 else places.get(values[c], UNSEEN) for c in distinct.tolist()]
    return np.array(found, dtype=np.int64)[back]


def selves(view: View) -> Selves:
    """Who the asks are about, as codes of the past's buyers."""
    buyer = view.case_words("buyer_id")
    named = text_codes(view.past, "cases.buyer_id", buyer.codes, buyer.values)
    if view.tables is view.past:
        return Selves(named, np.full_like(named, -1))
    rows = view.past.places("cases", "case_id")
    ids = view.tables.case_ids.take(view.asks.case).to_pylist()
    row = np.array([rows.get(i, -1) for i in ids], dtype=np.int64)
    recorded = np.append(view.past.codes("cases", "buyer_id")[0], -1)[row]
    return Selves(named, np.where(recorded == named, -1, recorded))
