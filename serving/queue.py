"""In which order open cases are worth a person's time: much money, much doubt, long waiting.

priority = amount × (1 − confidence) × hours waiting. The amount is what is claimed, in minor units. Where it is not
known it counts as the usual one, the median of what is claimed in the cases opened by then, so that a case is
neither buried nor lifted by a gap; where no case says an amount, doubt and waiting alone decide. A case waits
from its opening on. Without a confidence, doubt is whole.
"""

from typing import Final

import numpy as np

from features.asks import Asks
from features.tables import HOUR, Numbers, Tables

NO_AMOUNT: Final = 1.0


def priority(tables: Tables, asks: Asks, confidence: Numbers, usual_cents: float) -> Numbers:
    """How urgent each ask's case is, (asks,); only the order means anything."""
    amount = tables.numbers("cases", "claimed_cents")[asks.case]
    waiting = (asks.as_of - tables.instants("cases", "opened_at")[asks.case]) / HOUR
    doubt = 1.0 - np.nan_to_num(confidence, nan=0.0)
    return np.asarray(np.where(np.isnan(amount), usual_cents, amount) * doubt * waiting)


def usual_amount(tables: Tables, as_of: int) -> float:
    """The median of what is claimed in the cases opened by then, in minor units; NO_AMOUNT where none says."""
    amount = tables.numbers("cases", "claimed_cents")[tables.instants("cases", "opened_at") <= as_of]
    known = amount[~np.isnan(amount)]
    return float(np.median(known)) if len(known) else NO_AMOUNT
