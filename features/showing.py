"""What each ask's claim requires of a party, and which kinds of evidence the party gave: a bit for each kind."""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from features.required import required_evidence
from features.view import View
from features.vocabulary import EVIDENCE_KINDS, REASONS, STAGES

Bits = NDArray[np.int64]


def needed(view: View, party: str) -> Bits:
    """The kinds that meet each of an ask's requirements, 0 where there is none: (asks, requirements)."""
    return _requirements(party)[_places(view, "reason", REASONS), _places(view, "stage", STAGES)]


def kinds_given(view: View, party: str) -> Bits:
    """The kinds of evidence that a party gave: (asks,)."""
    rows = view.rows("evidence")
    kind = rows.codes("kind", EVIDENCE_KINDS)
    theirs = rows.are("party", party) & (kind >= 0)
    found = np.zeros(len(view.asks), dtype=np.int64)
    np.bitwise_or.at(found, rows.ask[theirs], np.left_shift(1, kind[theirs]))
    return found


def _places(view: View, column: str, among: tuple[str, ...]) -> NDArray[np.int64]:
    """A text of the case as a position in ``among``, the one after the last where it is null."""
    words = view.case_words(column)
    return np.array([*(among.index(value) for value in words.values), len(among)])[words.codes]


@cache
def _requirements(party: str) -> Bits:
    """By reason and stage the kinds that meet each requirement: (reasons + 1, stages + 1, requirements).

    At a stage that is not known only what every stage requires is required.
    """
    most = max(len(entries) for entries in required_evidence().values())
    found = np.zeros((len(REASONS) + 1, len(STAGES) + 1, most), dtype=np.int64)
    for reason, entries in required_evidence().items():
        for place, entry in enumerate(entries):
            stages = [STAGES.index(stage) for stage in entry.stages]
            stages += [len(STAGES)] * (entry.stages == STAGES)
            if entry.party == party:
                found[REASONS.index(reason), stages, place] = sum(1 << EVIDENCE_KINDS.index(k) for k in entry.any_of)
    return found
