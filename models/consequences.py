"""What follows from a fault once it is found: who is entitled, the remedy, who bears it, and every line of money.

The same whether the fault is proposed, tried as an alternative, or was ruled on.
"""

from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from features.vocabulary import LIABLE
from models.award import Awarded
from models.awarding import award, ordered
from models.fault_found import FAULT_FOUND
from models.findings import SETTLED, Answer, Findings
from models.lines import Lines
from models.policy import Policy
from models.price import price
from models.remedy_choice import choose_remedy
from models.terms import Terms

UNKNOWN = -1

Places = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Consequences:
    """What follows in some asks, as columns.

    Attributes
    ----------
    entitled
        (asks,) 1, 0, or UNKNOWN.
    remedy
        (asks,) a place in REMEDIES, or UNKNOWN.
    priced
        (asks,) whether enough is known to say what is paid; only there are there lines.
    """

    findings: Findings
    entitled: Places
    remedy: Places
    award: Awarded
    terms: Terms
    priced: NDArray[np.bool_]
    lines: Lines


def consequences(
    policy: Policy, facts: pa.Table, found: Findings, liable: Places, *, wanted: Places | None = None
) -> Consequences:
    """What follows where these are liable (places in LIABLE, UNKNOWN for nobody).

    Parameters
    ----------
    found
        What policy finds before it is told whose fault it is.
    wanted
        (asks,) the remedy to be given to who is entitled, a place in REMEDIES; UNKNOWN, or no array: as policy and
        the buyer's wish have it. What policy rules out is not given.
    """
    words = pa.array(np.array([*LIABLE, None], dtype=object)[liable], pa.string())
    findings = policy.with_fact(found, FAULT_FOUND.name, words)
    entitled = _flag(findings.answer("entitled"))
    remedy = choose_remedy(findings, facts, entitled, wanted)
    order = ordered(facts)
    ruled = award(findings, order, liable, entitled, remedy)
    priced = ruled.told & order.known & (remedy != UNKNOWN)
    lines = price(order.paid, ruled.award, ruled.terms)
    lines = replace(lines, cents=np.where(priced[:, None], lines.cents, 0), paused=lines.paused & priced)
    return Consequences(findings, entitled, remedy, ruled.award, ruled.terms, priced, lines)


def _flag(answer: Answer) -> Places:
    values = np.array([*(int(bool(value)) for value in answer.values), UNKNOWN])[answer.value]
    return np.where(answer.state == SETTLED, values, UNKNOWN)
