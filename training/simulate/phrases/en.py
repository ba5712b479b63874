"""English."""

from typing import Final

from training.simulate.phrases.en_claims import CLAIMING
from training.simulate.phrases.en_messages import WRITING
from training.simulate.phrases.language import Language

ENGLISH: Final = Language(join=" ", claiming=CLAIMING, writing=WRITING)
