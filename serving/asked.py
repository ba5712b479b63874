"""What policy is asked about some asks, the facts it may read and the day of each, and what came of it."""

from dataclasses import dataclass
from typing import Final, Self

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from features.asks import Asks
from features.facts import facts
from features.own_rows import supplied
from features.tables import DAY, NULL_INSTANT, Tables
from features.view import View
from models.alternatives import Alternative, alternatives
from models.findings import Missing
from models.policy import Policy
from models.proposal import Proposals

NEEDED: Final = ("cases", "reason")
"""Without the reasons of its claims no clause of a history could be decided, so policy is not asked."""


def speaks(policy: Policy | None, tables: Tables) -> Policy | None:
    """The policy as it can be asked about cases of these tables, None where it cannot be at all."""
    if policy is None or not tables.supplied(*NEEDED):
        return None
    return policy.heard(lambda column: supplied(tables, column))


Told = tuple[pa.Table, NDArray[np.int64]]
"""The facts of some asks, and the day of each, counted from 1970: (asks,)."""


def told(policy: Policy, tables: Tables, asks: Asks, *, past: Tables | None = None) -> Told:
    """What a policy is told of these asks; it goes by the day of opening where a case has no other day."""
    view, name = View(tables, asks, past), policy.head.day
    opened = view.case_instants("opened_at")
    at = view.order_instants(name) if name == "placed_at" else view.case_instants(name)
    return facts(tables, asks, past=past), np.where(at == NULL_INSTANT, opened, at) // DAY


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
