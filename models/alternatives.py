"""What else could be ruled in a case, and what each would cost whom: other parties at fault, and other remedies."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa

from features.vocabulary import LIABLE, REMEDIES
from models.consequences import UNKNOWN, consequences
from models.lines import ACCOUNTS
from models.policy import Policy
from models.proposal import Proposals

WORTH_TELLING: Final = 0.05
"""A party is an alternative from this probability on."""


@dataclass(frozen=True, slots=True)
class Alternative:
    """One other ruling: who is liable, the remedy, and by account what it is paid less what it pays, in cents."""

    liable: str | None
    remedy: str
    refund_cents: int
    net: dict[str, int]


def alternatives(proposals: Proposals, policy: Policy, facts: pa.Table) -> list[tuple[Alternative, ...]]:
    """For each ask other parties the model thinks possible, with what follows; then other remedies policy allows.

    Those that come to the same as the proposal or cannot be priced are left out. All are priced together.
    """
    tried = [(ask, *other) for ask in range(len(proposals)) for other in _others(proposals, ask)]
    found: list[list[Alternative]] = [[] for _ in range(len(proposals))]
    if tried:
        rows, parties, wanted = (np.array(column, dtype=np.int64) for column in zip(*tried, strict=True))
        told = proposals.follows.findings.take(rows)
        then = consequences(policy, facts.take(rows), told, parties, wanted=wanted)
        refund, net = then.lines.refund(), then.lines.net()
        for i in np.flatnonzero(then.priced & ((wanted == UNKNOWN) | (then.remedy == wanted))):
            found[rows[i]].append(
                Alternative(
                    liable=None if parties[i] == UNKNOWN else LIABLE[parties[i]],
                    remedy=REMEDIES[then.remedy[i]],
                    refund_cents=int(refund[i]),
                    net={account: int(net[i, a]) for a, account in enumerate(ACCOUNTS) if net[i, a]},
                )
            )
    return [tuple(others) for others in found]


def _others(proposals: Proposals, ask: int) -> list[tuple[int, int]]:
    """Pairs of a party and a remedy, either as it follows (UNKNOWN), that differ from what is proposed."""
    follows, liable = proposals.follows, int(proposals.liability.liable[ask])
    p = np.nan_to_num(proposals.opinions.answers.citable_probability[ask])
    likely = [int(place) for place in np.argsort(-p, kind="stable") if p[place] >= WORTH_TELLING]
    excluded = {party for party, ruled_out in follows.findings.not_fault.items() if ruled_out[ask] == 1}
    others = [(party, UNKNOWN) for party in likely if party != liable and LIABLE[party] not in excluded]
    if follows.entitled[ask] == 1:
        others += [(liable, remedy) for remedy in range(len(REMEDIES)) if remedy != follows.remedy[ask]]
    return others
