"""What one policy makes of cases that were ruled on: the fault it finds, else the arbitrator's, and what follows.

Where a policy settles whose fault it is, that stands; where it says nothing, what the arbitrator found does. Where it
waits for a fact, or says that the party found is not at fault, the case cannot be decided by it.
"""

from dataclasses import dataclass, fields
from typing import Self

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from features.vocabulary import PARTIES, REMEDIES
from models.cents import Cents, Flags
from models.consequences import UNKNOWN, Consequences, consequences
from models.findings import Findings
from models.policy import Policy
from models.proposal import Liability, name_liable

Places = NDArray[np.int64]
Few = NDArray[np.int8]

BEARERS = (*PARTIES, "shared", "nobody")
"""Who bears what is given; nobody, where nothing is."""

_REJECT = REMEDIES.index("reject")


@dataclass(frozen=True, slots=True)
class Ruled:
    """What follows from one policy in some cases, with what it found: one part of many."""

    findings: Findings
    liability: Liability
    follows: Consequences


@dataclass(frozen=True, slots=True)
class Outcomes:
    """What one policy rules, as columns (asks,); a place in a list of words is UNKNOWN where nothing is known.

    Attributes
    ----------
    fault, remedy, bearer
        Places in LIABLE, REMEDIES and BEARERS.
    entitled
        1, 0, or UNKNOWN.
    bears
        (asks, parties) who bears it, in shares.
    decided
        Whether policy, with the arbitrator's finding where it is silent, answers all of these.
    priced
        Whether the order's sums are known as well, so that money is told.
    net
        (asks, accounts) what each is paid less what it pays, cents.
    senior
        Whether a senior is to look for certain.
    """

    fault: Few
    entitled: Few
    remedy: Few
    bearer: Few
    bears: NDArray[np.int16]
    decided: Flags
    priced: Flags
    net: Cents
    senior: Flags

    @classmethod
    def of(cls, ruled: Ruled, facts: pa.Table) -> Self:
        """The outcomes of some asks, whose facts these are."""
        follows, fault = ruled.follows, ruled.liability.liable
        told = follows.priced | ~np.asarray(pc.is_valid(facts["paid_cents"]).to_numpy(), dtype=bool)
        decided = (fault != UNKNOWN) & (follows.entitled != UNKNOWN) & (follows.remedy != UNKNOWN) & told
        given = decided & (follows.remedy != _REJECT)
        bears = np.where(given[:, None], follows.award.bears, 0)
        some = bears > 0
        alone = np.where(some.sum(axis=1) > 1, BEARERS.index("shared"), some.argmax(axis=1))
        bearer = np.where(given, alone, np.where(decided, BEARERS.index("nobody"), UNKNOWN))
        priced = follows.priced & decided
        net = np.where(priced[:, None], follows.lines.net(), 0)
        senior = ruled.findings.senior == 1
        return cls(
            fault=fault.astype(np.int8),
            entitled=follows.entitled.astype(np.int8),
            remedy=follows.remedy.astype(np.int8),
            bearer=bearer.astype(np.int8),
            bears=bears.astype(np.int16),
            decided=decided,
            priced=priced,
            net=net,
            senior=senior,
        )

    @classmethod
    def blank(cls, asks: int, like: Self) -> Self:
        """Room for the outcomes of so many asks."""
        given = (getattr(like, field.name) for field in fields(cls))
        return cls(*(np.empty((asks, *column.shape[1:]), dtype=column.dtype) for column in given))

    def put(self, rows: Places, part: Self) -> None:
        """Fill in the outcomes of some asks."""
        for field in fields(self):
            getattr(self, field.name)[rows] = getattr(part, field.name)

    @property
    def review(self) -> Flags:
        """Which cases people have to look at: a senior is to, or policy does not decide."""
        return self.senior | ~self.decided


def rule(policy: Policy, facts: pa.Table, findings: Findings, liable: Places) -> Ruled:
    """What a policy rules in some asks, from what it found and whose fault the arbitrator found: (asks,) places."""
    liability = name_liable(findings, findings.answer("fault"), liable, np.full(len(liable), ""))
    return Ruled(findings, liability, consequences(policy, facts, findings, liability.liable))
