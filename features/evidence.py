"""The evidence family: what each party was required to show, what it showed, and what it held back.

An item is missing only where the list requires it, and withheld only where it was asked for, could be given and was
due: who answered that there is none withholds nothing. Sellers cannot upload video in some places.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from features import reuse
from features.own_rows import Flags, OwnRows, supplied
from features.row_feature import RowFeature, needs_all, row_feature
from features.showing import kinds_given, needed
from features.tables import NULL_INSTANT, Numbers
from features.view import View
from features.vocabulary import EVIDENCE_KINDS

GIVERS: Final = ("buyer", "seller", "carrier")
"""The parties whose evidence is told."""

Measure = Callable[[View, str], Numbers]


def evidence_required(view: View, party: str) -> Numbers:
    """How many things the claim requires the {party} to show."""
    return _told(view, needed(view, party) != 0)


def evidence_there(view: View, party: str) -> Numbers:
    """How many of the things required of the {party} were shown."""
    return _told(view, needed(view, party) & kinds_given(view, party)[:, None] != 0)


def evidence_missing(view: View, party: str) -> Numbers:
    """How many of the things required of the {party} are missing."""
    return evidence_required(view, party) - evidence_there(view, party)


def evidence_withheld(view: View, party: str) -> Numbers:
    """How many items the {party} was asked for and could have given, but did not give when they were due."""
    rows, given = view.rows("requests"), kinds_given(view, party)
    due = rows.instants("due_at")
    overdue = rows.are("party", party) & (due != NULL_INSTANT) & (due <= rows.as_of)
    kind = rows.codes("kind", EVIDENCE_KINDS)
    there = (given[rows.ask] >> np.maximum(kind, 0)) & 1 == 1
    return rows.count(overdue & ~rows.are("answer", "supplied", "unavailable") & ~there)


def evidence_given(view: View, party: str) -> Numbers:
    """How many items of evidence the {party} gave."""
    rows = view.rows("evidence")
    return rows.count(rows.are("party", party))


def evidence_for_claim(view: View, party: str) -> Numbers:
    """How many items of the {party} agree with the claim, as a machine read them."""
    return _where(view, party, "supports_claim", 1.0)


def evidence_against_claim(view: View, party: str) -> Numbers:
    """How many items of the {party} contradict the claim, as a machine read them."""
    return _where(view, party, "supports_claim", 0.0)


def evidence_late(view: View, party: str) -> Numbers:
    """How many items of the {party} came after they were due, or after the time for evidence had ended."""
    rows, asked = view.rows("evidence"), view.rows("requests")
    both = np.concatenate([_ask_and_kind(rows), _ask_and_kind(asked)])
    keys, place = np.unique(both, return_inverse=True)
    items, requests = place[: len(rows.ask)], place[len(rows.ask) :]
    due = np.full(len(keys), NULL_INSTANT)
    theirs = asked.are("party", party)
    np.maximum.at(due, requests[theirs], asked.instants("due_at")[theirs])
    limit, closed = due[items], view.case_instants("evidence_closed_at")[rows.ask]
    late = ((limit != NULL_INSTANT) & (rows.since > limit)) | ((closed != NULL_INSTANT) & (rows.since > closed))
    return rows.count(rows.are("party", party) & late)


def files_used_elsewhere(view: View, party: str) -> Numbers:
    """How many files of the {party} had been handed in for another case before."""
    return _used(view, party, "sha256", reuse.files_used_elsewhere)


def images_used_elsewhere(view: View, party: str) -> Numbers:
    """How many images of the {party} look like one that had been handed in for another case before."""
    return _used(view, party, "phash", reuse.images_used_elsewhere)


def evidence_synthetic(view: View, party: str) -> Numbers:
    """How likely the most suspect item of the {party} was made by a machine, from 0 to 1."""
    rows = view.rows("evidence")
    return rows.largest(rows.numbers("synthetic_score"), rows.are("party", party))


def evidence_unlinked(view: View, party: str) -> Numbers:
    """How many items of the {party} do not show the order or parcel number."""
    return _where(view, party, "linked", 0.0)


def evidence_illegible(view: View, party: str) -> Numbers:
    """How many items of the {party} cannot be read."""
    return _where(view, party, "legible", 0.0)


def _where(view: View, party: str, column: str, value: float) -> Numbers:
    rows = view.rows("evidence")
    return rows.count(rows.are("party", party) & (rows.numbers(column) == value))


def _used(view: View, party: str, column: str, elsewhere: Callable[[View], Flags]) -> Numbers:
    if not supplied(view.past, f"evidence.{column}"):
        return np.full(len(view.asks), np.nan)
    rows = view.rows("evidence")
    return rows.count(rows.are("party", party) & view.once(elsewhere))


def _told(view: View, requirements: Flags) -> Numbers:
    """How many of each ask's requirements these are, NaN where the claim names no reason: (asks,)."""
    return np.where(view.case_words("reason").codes >= 0, requirements.sum(axis=1), np.nan)


def _ask_and_kind(rows: OwnRows) -> NDArray[np.int64]:
    return np.asarray(rows.ask * len(EVIDENCE_KINDS) + rows.codes("kind", EVIDENCE_KINDS))


def _of_party(measure: Measure, party: str, unit: str, reason: str, columns: tuple[str, ...]) -> RowFeature:
    def compute(view: View) -> Numbers:
        return measure(view, party)

    compute.__name__ = f"{party}_{measure.__name__}"
    compute.__doc__ = (measure.__doc__ or "").format(party=party)
    reads = ("evidence.kind", "evidence.party", *(c if "." in c else f"evidence.{c}" for c in columns))
    feature, made = row_feature(compute, family="evidence", unit=unit, reads=reads, reason=reason)
    return needs_all((replace(feature, subject=party), made))


_ASKED: Final = ("requests.kind", "requests.party", "requests.due_at")

_MEASURES: Final[tuple[tuple[Measure, str, str, tuple[str, ...]], ...]] = (
    (evidence_required, "things", "R50", ("cases.reason", "cases.stage")),
    (evidence_there, "things", "R50", ("cases.reason", "cases.stage")),
    (evidence_missing, "things", "R50", ("cases.reason", "cases.stage")),
    (evidence_withheld, "items", "R51", (*_ASKED, "requests.answer", "requests.answered_at")),
    (evidence_given, "items", "R52", ()),
    (evidence_for_claim, "items", "R53", ("supports_claim",)),
    (evidence_against_claim, "items", "R53", ("supports_claim",)),
    (evidence_late, "items", "R54", (*_ASKED, "cases.evidence_closed_at")),
    (files_used_elsewhere, "files", "R55", ("sha256", "catalogue_image")),
    (images_used_elsewhere, "images", "R55", ("phash", "catalogue_image")),
    (evidence_synthetic, "share", "R56", ("synthetic_score",)),
    (evidence_unlinked, "items", "R57", ("linked",)),
    (evidence_illegible, "items", "R57", ("legible",)),
)

EVIDENCE: Final[tuple[RowFeature, ...]] = tuple(
    _of_party(measure, party, unit, reason, columns) for measure, unit, reason, columns in _MEASURES for party in GIVERS
)
