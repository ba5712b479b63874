"""What policy is asked about some asks: the facts it may read, and the day of each case that it goes by."""

from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from features.asks import Asks
from features.facts import facts
from features.tables import DAY, NULL_INSTANT, Tables
from features.view import View
from models.policy import Policy

NEEDED: Final = ("cases", "reason")
"""Without the reasons of its claims no clause of a history could be decided, so policy is not asked."""


def speaks(policy: Policy | None, tables: Tables) -> Policy | None:
    """The policy, where it can be asked about cases of these tables."""
    return policy if policy is not None and tables.supplied(*NEEDED) else None


Told = tuple[pa.Table, NDArray[np.int64]]
"""The facts of some asks, and the day of each, counted from 1970: (asks,)."""


def told(policy: Policy, tables: Tables, asks: Asks, *, past: Tables | None = None) -> Told:
    """What a policy is told of these asks; it goes by the day of opening where a case has no other day."""
    view, name = View(tables, asks, past), policy.head.day
    opened = view.case_instants("opened_at")
    at = view.order_instants(name) if name == "placed_at" else view.case_instants(name)
    return facts(tables, asks, past=past), np.where(at == NULL_INSTANT, opened, at) // DAY
