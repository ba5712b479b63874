"""What else could be ruled in one case, and what each would cost whom: other parties at fault, and other remedies."""

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
    remedy: str | None
    refund_cents: int
    net: dict[str, int]


def alternatives(proposals: Proposals, policy: Policy, facts: pa.Table, ask: int) -> tuple[Alternative, ...]:
    """Other parties the model thinks possible, each with the remedy that follows; then other remedies policy allows.

    ``facts`` are those of all asks. What comes to the same as the proposal, or cannot be priced, is left out.
    """
    follows = proposals.follows
    liable, remedy = int(proposals.liability.liable[ask]), int(follows.remedy[ask])
    tried = [(party, UNKNOWN) for party in _possible(proposals, ask) if party != liable]
    tried += [(liable, other) for other in range(len(REMEDIES)) if other != remedy and follows.entitled[ask] == 1]
    if not tried:
        return ()
    rows = np.full(len(tried), ask)
    parties, wanted = (np.array(column) for column in zip(*tried, strict=True))
    found = consequences(policy, facts.take(rows), follows.findings.take(rows), parties, wanted=wanted)
    kept = found.priced & ((wanted == UNKNOWN) | (found.remedy == wanted))
    refund, net = found.lines.refund(), found.lines.net()
    return tuple(
        Alternative(
            liable=None if parties[i] == UNKNOWN else LIABLE[parties[i]],
            remedy=REMEDIES[found.remedy[i]],
            refund_cents=int(refund[i]),
            net={account: int(net[i, a]) for a, account in enumerate(ACCOUNTS) if net[i, a]},
        )
        for i in np.flatnonzero(kept)
    )


def _possible(proposals: Proposals, ask: int) -> list[int]:
    """Parties that the model thinks possible and policy does not rule out, the likeliest first."""
    p = np.nan_to_num(proposals.opinions.answers.citable_probability[ask])
    not_fault = proposals.follows.findings.not_fault
    return [
        int(place)
        for place in np.argsort(-p, kind="stable")
        if p[place] >= WORTH_TELLING and (LIABLE[place] not in not_fault or not_fault[LIABLE[place]][ask] != 1)
    ]
