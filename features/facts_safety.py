"""Facts of safety: whether the claim or the buyer's messages speak of a danger or of an injury.

They call for a second look by people and are never features. The expressions stand in ``hazards.yaml``; a text in a
language that is not listed there says nothing either way.
"""

from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Final

from features.fact import BUYER, ListedFact, Telling, either, flag
from features.lexicon import Lexicon, read_lexicons
from features.mentions import Sought
from features.tables import Numbers
from features.view import View

FILE: Final = "hazards.yaml"
CELLS: Final = ("hazard", "injury")


@cache
def hazard_lexicons() -> Mapping[str, Lexicon]:
    """The lexicons of hazards by language, as the file says."""
    return read_lexicons(resources.files("features").joinpath(FILE).read_text("utf-8"), CELLS, FILE)


HAZARD, INJURY = (Sought(hazard_lexicons, cell) for cell in range(len(CELLS)))


def hazard_mentioned(view: View) -> Numbers:
    """Whether the claim or a message of the buyer speaks of a danger."""
    return either(HAZARD.mentioned(view, "claim"), HAZARD.mentioned(view, "buyer_messages"))


def injury_mentioned(view: View) -> Numbers:
    """Whether the claim or a message of the buyer speaks of an injury."""
    return either(INJURY.mentioned(view, "claim"), INJURY.mentioned(view, "buyer_messages"))


_READ: Final = ("cases.claim_text", "cases.language", "messages.party", "messages.text", "messages.language")
_SAID: Final = Telling((), BUYER, ("chat_transcript",), also=_READ)

SAFETY_FACTS: Final[tuple[ListedFact, ...]] = (
    flag("hazard_mentioned", hazard_mentioned, _SAID),
    flag("injury_mentioned", injury_mentioned, _SAID),
)
