"""What a policy is told of some asks: the facts it may read, and the day of each by which its clauses are chosen."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from features.asks import Asks
from features.facts import FACTS, facts
from features.own_rows import supplied
from features.tables import DAY, NULL_INSTANT, Tables
from features.view import View
from models import awarding, remedy_choice
from models.policy import Policy

NEEDED: Final = ("cases", "reason")
"""Without the reasons of its claims no clause of a history could be decided, so policy is not asked."""

Told = tuple[pa.Table, NDArray[np.int64]]
"""The facts of some asks, and the day of each, counted from 1970: (asks,)."""


def speaks(policy: Policy | None, tables: Tables) -> Policy | None:
    """The policy as it can be asked about cases of these tables, None where it cannot be at all."""
    if policy is None or not tables.supplied(*NEEDED):
        return None
    return policy.heard(lambda column: supplied(tables, column))


def read_by(*policies: Policy) -> tuple[str, ...]:
    """The facts that these policies, and what follows from their findings, read; no others change an answer."""
    read = {*awarding.READ, *remedy_choice.READ}
    read.update(name for policy in policies for name in policy.reads(policy.clauses))
    return tuple(fact.name for fact in FACTS if fact.name in read)


def told(policy: Policy, tables: Tables, asks: Asks, *, past: Tables | None = None) -> Told:
    """What a policy is told of these asks, every fact there is."""
    return facts(tables, asks, past=past), days_of(policy, View(tables, asks, past))


def told_what_is_read(
    policies: Sequence[Policy], tables: Tables, asks: Asks
) -> tuple[pa.Table, list[NDArray[np.int64]]]:
    """The facts that these policies read of these asks and no others, and by each policy the day of every ask."""
    view = View(tables, asks)
    return facts(tables, asks, names=read_by(*policies)), [days_of(policy, view) for policy in policies]


def days_of(policy: Policy, view: View) -> NDArray[np.int64]:
    """The day of each ask by which a policy goes: that of opening where a case has no other day."""
    name, opened = policy.head.day, view.case_instants("opened_at")
    at = view.order_instants(name) if name == "placed_at" else view.case_instants(name)
    return np.where(at == NULL_INSTANT, opened, at) // DAY
