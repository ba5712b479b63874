"""Facts of what each party showed: whether it met its burden, held something back, or used what it should not.

What each kind of evidence tells stands in ``facts_kinds.py``.
"""

from collections.abc import Callable
from typing import Final

import numpy as np

from features import evidence
from features.fact import ListedFact, Telling, flag, number
from features.facts_kinds import CHECKED, HASHED, admissible, by_kind
from features.showing import needed
from features.tables import Numbers
from features.view import View
from features.vocabulary import EVIDENCE_KINDS


def burden_met(view: View, party: str) -> Numbers:
    """Whether the {party} has admissibly shown all that the claim requires of it."""
    shown = by_kind(view, view.rows("evidence").are("party", party)) @ (1 << np.arange(len(EVIDENCE_KINDS)))
    wanted = needed(view, party)
    met = ((wanted == 0) | (wanted & shown[:, None] != 0)).all(axis=1)
    return np.where(view.case_words("reason").codes >= 0, met.astype(np.float64), np.nan)


def withheld(view: View, party: str) -> Numbers:
    """Whether the {party} was asked for something it could have given, and did not give it when it was due."""
    return (evidence.evidence_withheld(view, party) > 0).astype(np.float64)


def file_reused(view: View, party: str) -> Numbers:
    """Whether a file of the {party}, or an image like it, had been handed in for another case before."""
    used = np.fmax(evidence.files_used_elsewhere(view, party), evidence.images_used_elsewhere(view, party))
    return np.where(np.isnan(used), np.nan, np.minimum(used, 1.0))


def scored(view: View, party: str) -> Numbers:
    """Whether an item of the {party} was checked for having been made by a machine."""
    rows = view.rows("evidence")
    return rows.any(rows.are("party", party) & ~np.isnan(rows.numbers("synthetic_score")))


def evidence_conflicts(view: View) -> Numbers:
    """Whether an admissible item of the buyer agrees with the claim and one of the seller or carrier contradicts it."""
    rows, may = view.rows("evidence"), view.once(admissible)
    said = rows.numbers("supports_claim")
    agrees = rows.any(may & rows.are("party", "buyer") & (said == 1))
    return agrees * rows.any(may & rows.are("party", "seller", "carrier") & (said == 0))


def _of_party(measure: Callable[[View, str], Numbers], party: str) -> Callable[[View], Numbers]:
    def compute(view: View) -> Numbers:
        return measure(view, party)

    compute.__doc__ = (measure.__doc__ or "").format(party=party)
    return compute


def _party_facts(party: str) -> tuple[ListedFact, ...]:
    given = ("evidence.kind", "evidence.party")
    burden = Telling((*given, "cases.reason", "cases.stage"), (party,), also=CHECKED)
    asked = Telling((*given, "requests.kind", "requests.party", "requests.due_at"), (party,), also=_ANSWERED)
    return (
        flag(f"{party}_burden_met", _of_party(burden_met, party), burden),
        flag(f"{party}_withheld", _of_party(withheld, party), asked),
    )


def _file_facts(party: str) -> tuple[ListedFact, ...]:
    given = ("evidence.kind", "evidence.party")
    score = Telling((*given, "evidence.synthetic_score"), (party,))
    return (
        flag(f"{party}_file_reused", _of_party(file_reused, party), Telling(given, (party,), also=HASHED)),
        flag(f"{party}_scored", _of_party(scored, party), score),
        number(f"{party}_synthetic", "share", _of_party(evidence.evidence_synthetic, party), score),
    )


_ANSWERED: Final = ("requests.answer", "requests.answered_at")

EVIDENCE_FACTS: Final[tuple[ListedFact, ...]] = (
    *(fact for party in evidence.GIVERS for fact in _party_facts(party)),
    *(fact for party in ("buyer", "seller") for fact in _file_facts(party)),
    flag(
        "evidence_conflicts",
        evidence_conflicts,
        Telling(("evidence.kind", "evidence.party", "evidence.supports_claim"), evidence.GIVERS, also=CHECKED),
    ),
)
