"""The named facts that policy reads, of many asks at once; what is not known by then is null.

A table that was not supplied makes its facts null; one without a row for the case makes what it would show false or 0;
an attribute of something that is not there is null again. To add a fact, write it in a file named below and list it.
"""

from collections.abc import Collection
from typing import Final

import numpy as np
import pyarrow as pa

from features.asks import Asks
from features.fact import Fact
from features.facts_answers import ANSWER_FACTS
from features.facts_case import CASE, ORDER
from features.facts_door import DOOR_FACTS
from features.facts_evidence import EVIDENCE_FACTS
from features.facts_kinds import KIND_FACTS
from features.facts_money import MONEY_FACTS
from features.facts_parcel import PARCEL
from features.facts_past import PAST_FACTS
from features.facts_returns import RETURN_FACTS
from features.facts_safety import SAFETY_FACTS
from features.facts_sale import SALE_FACTS
from features.tables import Numbers, Tables
from features.view import View, Words

__all__ = ("FACTS", "Fact", "facts")

_LISTED: Final = (
    *CASE, *ORDER, *PARCEL, *DOOR_FACTS, *KIND_FACTS, *EVIDENCE_FACTS, *ANSWER_FACTS, *RETURN_FACTS, *MONEY_FACTS,
    *SAFETY_FACTS, *PAST_FACTS, *SALE_FACTS,
)  # fmt: skip

FACTS: Final[tuple[Fact, ...]] = tuple(fact for fact, _ in _LISTED)
"""Every fact, in the order of the columns of ``facts``."""


def facts(tables: Tables, asks: Asks, *, past: Tables | None = None, names: Collection[str] | None = None) -> pa.Table:
    """The facts of these asks, a row for each and a column for each fact; a million asks are best taken in slices.

    Parameters
    ----------
    past
        Where other cases are found; without it they are found among the same tables.
    names
        The facts that are wanted; without it all are.
    """
    view = View(tables, asks, past)
    wanted = [(fact, compute) for fact, compute in _LISTED if names is None or fact.name in names]
    return pa.table({fact.name: _column(fact, compute(view)) for fact, compute in wanted})


def _column(fact: Fact, found: Numbers | Words) -> pa.Array:
    if isinstance(found, Words):
        places = pa.array(found.codes, pa.int32(), mask=found.codes < 0)
        return pa.DictionaryArray.from_arrays(places, pa.array(found.values, pa.string())).dictionary_decode()
    null = np.isnan(found)
    return pa.array(found == 1, pa.bool_(), mask=null) if fact.type == "flag" else pa.array(found, mask=null)
