"""Ties between buyers: what their disputes had in common, as far as the past had told it before an instant.

Catalogue images, packing templates and carriers' own pictures are everybody's, and tie nobody.
"""

from dataclasses import dataclass

import numpy as np
import pyarrow.compute as pc

from features.across import every_opening, key_of, selves, subjects_of, text_codes
from features.keys import LACKS
from features.spells import Spells
from features.tables import DAY, NULL_INSTANT, Numbers, Tables
from features.view import View


@dataclass(frozen=True, slots=True)
class Tie:
    """Equal values of these columns in disputes of the last so many days."""

    columns: tuple[str, ...]
    days: int

    def __call__(self, past: Tables) -> "Tied":
        """The buyers of a past by what ties them so."""
        return Tied(past, self)

    def others(self, view: View) -> Numbers:
        """How many other buyers are tied so to each ask's: (asks,), NaN where it lacks a value or a buyer."""
        return view.past.once(self).others(view)


class Tied:
    """The buyers of a past by the values of a tie."""

    def __init__(self, past: Tables, tie: Tie) -> None:
        everyone = past.once(every_opening)
        self._key = key_of(past, *tie.columns)
        buyer = past.codes("cases", "buyer_id")[0]
        self._spells = Spells(self._key.codes(everyone), buyer, everyone.instant, tie.days * DAY)

    def others(self, view: View) -> Numbers:
        """How many other buyers are tied so to each ask's: (asks,), NaN where it lacks a value or a buyer."""
        code, who = self._key.codes(view.once(subjects_of)), view.once(selves)
        found = self._spells.others(code, who, view.asks.as_of)
        return np.where((code == LACKS) | (who.named == LACKS), np.nan, found)


@dataclass(frozen=True, slots=True)
class Lookalike:
    """Images that look alike, handed in by buyers in the last so many days."""

    days: int

    def __call__(self, past: Tables) -> Spells:
        """The buyers of a past by the images they handed in."""
        image, case = past.codes("evidence", "phash")[0], past.case_rows("evidence")
        since = past.clock("evidence")
        theirs = pc.fill_null(pc.equal(past.array("evidence", "party"), "buyer"), False)
        theirs = np.asarray(theirs.to_numpy(zero_copy_only=False), dtype=bool)
        theirs &= (past.numbers("evidence", "catalogue_image") != 1) & (since != NULL_INSTANT)
        buyer = np.append(past.codes("cases", "buyer_id")[0], -1)[case]
        return Spells(np.where(theirs, image, -1), buyer, since, self.days * DAY)

    def others(self, view: View) -> Numbers:
        """How many other buyers handed in an ask's own image, of several the most shared: NaN where it has no buyer."""
        rows, who = view.rows("evidence"), view.once(selves)
        theirs = rows.are("party", "buyer") & (rows.numbers("catalogue_image") != 1)
        code, values = rows.words("phash")
        image = text_codes(view.past, "evidence.phash", np.where(theirs, code, -1), values)
        others = view.past.once(self).others(image, who.of(rows.ask), rows.as_of)
        found = np.zeros(len(view.asks))
        np.maximum.at(found, rows.ask, others.astype(np.float64))
        return np.where(who.named == LACKS, np.nan, found)
