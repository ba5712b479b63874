"""What is still lacking of what a claim requires, party by party, and whether it was asked for.

Nothing is lacking where evidence was not handed over at all: then nobody knows what there is.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from features.asks import Asks
from features.own_rows import supplied
from features.showing import kinds_given, needed
from features.tables import NULL_INSTANT, Tables
from features.view import View
from features.vocabulary import EVIDENCE_KINDS, PARTIES

MISSING: Final = "missing"
ASKED: Final = "asked"
WITHHELD: Final = "withheld"
UNAVAILABLE: Final = "unavailable"
LACKING: Final = (MISSING, ASKED, UNAVAILABLE, WITHHELD)
"""Required and not there: never asked for; asked for and not due yet; said not to exist; due and not given."""

_ANSWERS: Final = ("supplied", "refused", "unavailable", "silent")
_NEEDED: Final = ("evidence.kind", "evidence.party", "cases.reason", "cases.stage")


@dataclass(frozen=True, slots=True)
class Lack:
    """One thing that a party was required to show and did not: any one of these kinds would do."""

    party: str
    any_of: tuple[str, ...]
    state: str


def lacking(tables: Tables, asks: Asks) -> list[tuple[Lack, ...] | None]:
    """What each ask's case lacks, in the order of the list; None where it is not known what there is."""
    if not all(supplied(tables, column) for column in _NEEDED):
        return [None] * len(asks)
    view = View(tables, asks)
    known = view.case_words("reason").codes >= 0
    asked = _Asked(view) if tables.supplied("requests") else None
    found: list[list[Lack]] = [[] for _ in range(len(asks))]
    for party in PARTIES:
        wanted = needed(view, party)
        unmet = (wanted > 0) & (wanted & kinds_given(view, party)[:, None] == 0)
        for ask, place in zip(*np.nonzero(unmet & known[:, None]), strict=True):
            kinds = _kinds(int(wanted[ask, place]))
            state = MISSING if asked is None else asked.state(int(ask), party, kinds)
            found[ask].append(Lack(party, kinds, state))
    return [tuple(lacks) if there else None for lacks, there in zip(found, known.tolist(), strict=True)]


class _Asked:
    """The requests of some asks, and what came of each."""

    def __init__(self, view: View) -> None:
        rows = view.rows("requests")
        due, answer = rows.instants("due_at"), rows.codes("answer", _ANSWERS)
        over = (due != NULL_INSTANT) & (due <= rows.as_of)
        state = np.where(over, WITHHELD, ASKED).astype(object)
        state[answer == _ANSWERS.index("unavailable")] = UNAVAILABLE
        party, kind = rows.codes("party", PARTIES), rows.codes("kind", EVIDENCE_KINDS)
        self._found: dict[tuple[int, int, int], set[str]] = {}
        for a, p, k, s in zip(rows.ask.tolist(), party.tolist(), kind.tolist(), state.tolist(), strict=True):
            self._found.setdefault((a, p, k), set()).add(s)

    def state(self, ask: int, party: str, kinds: tuple[str, ...]) -> str:
        """The state furthest along of these kinds."""
        keys = [(ask, PARTIES.index(party), EVIDENCE_KINDS.index(kind)) for kind in kinds]
        states = set().union(*(self._found.get(key, set()) for key in keys))
        return max(states, key=LACKING.index, default=MISSING)


def _kinds(bits: int) -> tuple[str, ...]:
    return tuple(kind for place, kind in enumerate(EVIDENCE_KINDS) if bits >> place & 1)
