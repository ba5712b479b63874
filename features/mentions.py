"""Whether texts of a case speak of something that a lexicon lists, as far as they are in a language that is listed.

Most texts speak of none of it, and are set aside by one pattern for all expressions before the lexicon reads the rest.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from features.convert import mask
from features.lexicon import Lexicon, language_of
from features.own_rows import supplied
from features.said import written
from features.tables import Numbers
from features.view import View

GAPS: Final = r"[\s\pZ\x0b\x1c-\x1f\x85]+"
"""What is one blank to a lexicon."""

TEXT: Final = {"claim": "cases.claim_text", "buyer_messages": "messages.text", "seller_messages": "messages.text"}


@dataclass(frozen=True, slots=True)
class Sought:
    """What texts are searched for: the expressions of one cell of some lexicons."""

    lexicons: Callable[[], Mapping[str, Lexicon]]
    cell: int

    def mentioned(self, view: View, source: str) -> Numbers:
        """Whether a text of the source speaks of it; NaN where only one that cannot be read may do so: (asks,)."""
        n = len(view.asks)
        if not supplied(view.tables, TEXT[source]):
            return np.full(n, np.nan)
        ask, (text, values), (tag, names) = written(view, source)
        languages = [language_of(name) for name in names]
        found = np.zeros(n)
        found[ask[~_are(languages, self.lexicons())[tag]]] = np.nan
        for language in self.lexicons():
            own = _are(languages, (language,))[tag]
            distinct, back = np.unique(text[own], return_inverse=True)
            holds = self.holding(language, [values[place] for place in distinct.tolist()])
            found[ask[own][holds[back]]] = 1.0
        return found

    def holding(self, language: str, texts: list[str]) -> NDArray[np.bool_]:
        """Which texts hold one of the expressions, as the lexicon of their language finds them: (texts,)."""
        plain = pc.utf8_lower(pc.utf8_normalize(pa.array(texts, pa.string()), form="NFKD"))
        for pattern, replacement in ((r"\p{M}", ""), ("’", "'"), (GAPS, " ")):
            plain = pc.replace_substring_regex(plain, pattern=pattern, replacement=replacement)
        holds = mask(pc.match_substring_regex(plain, pattern=_expressions(self, language)))
        lexicon = self.lexicons()[language]
        for place in np.flatnonzero(holds).tolist():
            holds[place] = lexicon.found_in(texts[place]) >> self.cell & 1
        return holds


@cache
def _expressions(sought: Sought, language: str) -> str:
    """Matches every expression sought in a language, whether as whole words or not."""
    listed = (pair for pairs in sought.lexicons()[language].starting.values() for pair in pairs)
    found = sorted({expression.strip() for expression, cell in listed if cell == sought.cell})
    return f"(?:{'|'.join(re.escape(expression) for expression in found)})"


def _are(languages: list[str], among: Mapping[str, Lexicon] | tuple[str, ...]) -> NDArray[np.bool_]:
    """Which languages are among these, and False for none that is named."""
    return np.array([*(language in among for language in languages), False])
