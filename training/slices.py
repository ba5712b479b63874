"""Parts of the asks that figures are shown for: by reason claimed, by moment, and by every audited column."""

import numpy as np
from numpy.typing import NDArray

from features.asks import Asks
from features.tables import Tables
from features.vocabulary import MOMENTS

NOT_GIVEN = "(none)"

Masks = dict[str, NDArray[np.bool_]]


def by_reason(tables: Tables, asks: Asks) -> Masks:
    """The asks (n,) of each reason claimed; without the column there is no part."""
    return by_column(tables, asks, "reason") if tables.supplied("cases", "reason") else {}


def by_moment(asks: Asks) -> Masks:
    """The asks of each moment there is."""
    return {MOMENTS[m]: asks.moment == m for m in np.unique(asks.moment)}


def by_audit(tables: Tables, asks: Asks) -> dict[str, Masks]:
    """The asks of each value of each ``audit_*`` column."""
    names = sorted(n for n in tables["cases"].column_names if n.startswith("audit_"))
    return {name: by_column(tables, asks, name) for name in names}


def slices(tables: Tables, asks: Asks) -> Masks:
    """All these parts under one name each, as the gates look at them."""
    found = {f"reason {value}": mask for value, mask in by_reason(tables, asks).items()}
    found |= {f"moment {value}": mask for value, mask in by_moment(asks).items()}
    for column, masks in by_audit(tables, asks).items():
        found |= {f"{column} {value}": mask for value, mask in masks.items()}
    return found


def by_column(tables: Tables, asks: Asks, column: str) -> Masks:
    """The asks of each value of a text or flag column of the cases."""
    codes, values = tables.codes("cases", column)
    by_ask = codes[asks.case]
    return {NOT_GIVEN if code < 0 else str(values[code]): by_ask == code for code in np.unique(by_ask)}
