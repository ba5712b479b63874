"""What came of asking policy about some asks."""

from dataclasses import dataclass
from typing import Self

import pyarrow as pa

from models.alternatives import Alternative, alternatives
from models.findings import Missing
from models.policy import Policy
from models.proposal import Proposals


@dataclass(frozen=True, slots=True)
class Ruling:
    """What is proposed about some asks once policy was asked.

    Attributes
    ----------
    others, missing
        For each ask what else could be ruled, and by clause the facts that are waited for.
    """

    proposals: Proposals
    policy: Policy
    others: list[tuple[Alternative, ...]]
    missing: list[Missing]

    @classmethod
    def of(cls, proposals: Proposals, policy: Policy, facts: pa.Table) -> Self:
        """The proposals about the asks of these facts, with all that is told of each."""
        others = alternatives(proposals, policy, facts)
        return cls(proposals, policy, others, proposals.follows.findings.missing_each())
