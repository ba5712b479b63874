"""What the system proposes: policy first, then the model inside what policy leaves open, and nobody when unsure.

Policy is asked twice. First whose fault it is, from what was measured, scanned or signed; then, with the fault that it
or the model found, who is entitled to what and who bears it. What neither can say stays open, with who could tell.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from features.vocabulary import LIABLE, PARTIES
from models.consequences import Consequences, consequences
from models.findings import SETTLED, WAITING, Answer, Findings
from models.opinion import NOBODY, Opinions
from models.policy import Policy

SOURCES: Final = ("policy", "model", "nobody")
"""Who names the party liable."""

WAITS: Final = "A04"
RULED_OUT: Final = "A05"
SILENT: Final = {
    WAITS: "a clause that goes before the model waits for a fact",
    RULED_OUT: "policy says that the party the model would name is not at fault",
}
"""Why nobody is named although the model may be sure; the model's own reasons stand in models/opinion.py."""

CONFLICTS: Final = {
    "K01": "policy finds one party at fault, and the model is sure of another",
    "K02": "the model is sure of a party that policy says is not at fault",
}
"""Where policy and model disagree: each is worth a look by people, and counted."""

Places = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Liability:
    """Who is proposed as liable, as columns.

    Attributes
    ----------
    liable
        (asks,) a place in LIABLE, or NOBODY.
    source
        (asks,) a place in SOURCES.
    abstained
        (asks,) the code that says why nobody is named; "" where one is.
    conflict
        (asks,) a code of CONFLICTS, or "".
    """

    liable: Places
    source: Places
    abstained: NDArray[np.str_]
    conflict: NDArray[np.str_]


@dataclass(frozen=True, slots=True)
class Proposals:
    """What is proposed for some asks: who is liable, and what follows from it.

    Attributes
    ----------
    policy
        The policy's name and version, as it is recorded.
    fault
        What policy alone answers about the fault.
    """

    policy: str
    opinions: Opinions
    fault: Answer
    liability: Liability
    follows: Consequences

    def __len__(self) -> int:
        return len(self.liability.liable)


def propose(opinions: Opinions, policy: Policy, facts: pa.Table, days: Places) -> Proposals:
    """What is proposed for each ask, from what the models think of it and the facts that policy reads.

    Parameters
    ----------
    days
        (asks,) the day of each case that the policy goes by, counted from 1970-01-01.

    Raises
    ------
    PolicyGap
        Where no clause is in force on one of the days.
    """
    findings = policy.find(facts, days)
    fault = findings.answer("fault")
    answers = opinions.answers
    liability = name_liable(findings, fault, answers.liable, answers.abstained)
    follows = consequences(policy, facts, findings, liability.liable)
    return Proposals(policy.recorded, opinions, fault, liability, follows)


def name_liable(findings: Findings, fault: Answer, otherwise: Places, abstained: NDArray[np.str_]) -> Liability:
    """Who is liable: whom policy finds, else whom others name, where policy neither waits nor rules that party out.

    Parameters
    ----------
    otherwise, abstained
        (asks,) whom the model names, or who has ruled: a place in LIABLE; or NOBODY, and the code that says why.
    """
    asks = len(otherwise)
    by_policy = np.array([*(_liable(value) for value in fault.values), NOBODY])[fault.value]
    excluded = np.stack([findings.not_fault[party] == 1 for party in PARTIES], axis=1)
    excluded = np.hstack([excluded, np.zeros((asks, len(LIABLE) - len(PARTIES)), dtype=bool)])
    by_model, sure = otherwise, otherwise != NOBODY
    out = sure & excluded[np.arange(asks), np.where(sure, by_model, 0)]
    settled, waiting = fault.state == SETTLED, fault.state == WAITING
    liable = np.where(settled, by_policy, np.where(waiting | out, NOBODY, by_model))
    silent = np.where(waiting, WAITS, np.where(out, RULED_OUT, abstained))
    conflict = np.where(settled & sure & (by_model != by_policy), "K01", np.where(~settled & out, "K02", ""))
    source = np.where(settled, 0, np.where(liable != NOBODY, 1, 2))
    return Liability(liable, source, np.where(liable != NOBODY, "", silent), conflict)


def _liable(value: object) -> int:
    return LIABLE.index(str(value) if isinstance(value, str) else "shared")
