"""Which remedy is proposed: what was asked for, where policy leaves it open; else the first in order that it leaves.

A buyer who is not entitled gets none, and where entitlement is not known nothing is proposed. What never came, or does
not come back, is not asked for: whoever wants to send it back is refunded without.
"""

from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from features.vocabulary import REMEDIES
from models.findings import SETTLED, Findings

Places = NDArray[np.int64]

ORDER: Final = ("return_and_refund", "full_refund", "partial_refund", "reshipment", "exchange")
"""In which order remedies are looked at where the one asked for is ruled out or none was asked for."""

KEPT: Final = ("full_refund", "partial_refund", "reshipment", "exchange", "return_and_refund")
"""The same where the item does not come back: there is nothing to send, or policy says that it stays."""

READ: Final = ("remedy_asked", "delivered")
"""The facts that a remedy is chosen by, beside what policy finds."""

RETURN: Final = REMEDIES.index("return_and_refund")
REJECT: Final = REMEDIES.index("reject")
NONE: Final = -1


def choose_remedy(findings: Findings, facts: pa.Table, entitled: Places, wanted: Places | None = None) -> Places:
    """A place in REMEDIES for each ask, NONE where entitlement is not known: (asks,).

    ``wanted`` (asks,) goes before what the buyer asked for, where it is not NONE.
    """
    asked = _asked(facts)
    asked = asked if wanted is None else np.where(wanted == NONE, asked, wanted)
    open_to = np.stack([findings.ruled_out[remedy] != 1 for remedy in REMEDIES], axis=1)
    open_to[:, REJECT] = False
    rows = np.arange(len(asked))
    kept = _kept(findings, facts)
    asked = np.where(kept & (asked == RETURN), NONE, asked)
    first = np.where(kept, _first(open_to, KEPT), _first(open_to, ORDER))
    wanted = np.where((asked >= 0) & open_to[rows, np.maximum(asked, 0)], asked, first)
    return np.where(entitled == 1, wanted, np.where(entitled == 0, REJECT, NONE))


def _asked(facts: pa.Table) -> Places:
    found = pc.index_in(facts["remedy_asked"], pa.array(REMEDIES))
    return np.asarray(pc.fill_null(found, NONE).to_numpy(), dtype=np.int64)


def _first(open_to: NDArray[np.bool_], order: tuple[str, ...]) -> Places:
    places = np.array([REMEDIES.index(remedy) for remedy in order])
    left = open_to[:, places]
    return np.where(left.any(axis=1), places[left.argmax(axis=1)], NONE)


def _kept(findings: Findings, facts: pa.Table) -> NDArray[np.bool_]:
    """Whether the item stays where it is: it never came, or policy says that it does not come back."""
    answer = findings.answer("return")
    never = np.array([*(value == "never" for value in answer.values), False])[answer.value]
    came = pc.fill_null(facts["delivered"], False).to_numpy()
    return np.asarray(((answer.state == SETTLED) & never) | ~came)
