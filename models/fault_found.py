"""The one fact that no table tells: whose fault it is, as policy or the model has found it before money is asked about.

It is not known while clauses say whose fault it is, so no clause that does may read it.
"""

from typing import Final

from features.fact import PLATFORM, Fact
from features.vocabulary import LIABLE

FAULT_FOUND: Final = Fact(
    "fault_found", "word", "word", "Whose fault it is, as found so far.", (), PLATFORM, (), LIABLE
)
