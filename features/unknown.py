"""Why a feature is null for an ask: what was not handed over, what was not known yet, and what is not there.

Causes are codes; the sentences here say what each means, the edge says it to people.
"""

from typing import Final

import numpy as np

from features.attributes import of_its_kind
from features.catalog import Feature
from features.contract import TABLES, Type
from features.keys import key_columns
from features.orders import order_rows
from features.tables import NEVER, Tables

UNKNOWN: Final = {
    "U01": "the table it is read from was not supplied",
    "U02": "the column it is read from was not supplied",
    "U03": "it was not known yet",
    "U04": "there is no value",
    "U05": "the case lacks the key whose past it tells",
    "U06": "the attribute is of another kind than in training",
}
"""Why a feature may be null."""


def why_unknown(feature: Feature, tables: Tables, past: Tables, *, case: int, as_of: int) -> str:
    """The code of the first cause found for a null feature.

    Parameters
    ----------
    tables, past
        The tables of the asked case, and those that its history was made of.
    case, as_of
        The row of the case in ``tables``, and the instant asked about.
    """
    if feature.family == "history":
        keys = key_columns(feature.key)
        lacks = [_absent(tables, c) or ("U05" if _missing(tables, c, case, as_of) else "") for c in keys]
        causes = lacks + [_absent(past, c) for c in feature.reads if c not in keys]
    else:
        causes = [_absent(tables, c) or _missing(tables, c, case, as_of) for c in feature.reads]
        if feature.family == "attributes" and causes == [""] and not of_its_kind(tables, feature):
            return "U06"
    return next((cause for cause in causes if cause), "U04")


def _absent(tables: Tables, name: str) -> str:
    table, column = name.split(".")
    if not tables.supplied(table):
        return "U01"
    return "" if tables.supplied(table, column) else "U02"


def _missing(tables: Tables, name: str, case: int, as_of: int) -> str:
    table, column = name.split(".")
    if table == "cases":
        return _missing_in_case(tables, column, case, as_of)
    if _in_order(tables, column, case, as_of):
        return ""
    return "U03" if _in_order(tables, column, case, NEVER - 1) else "U04"


def _missing_in_case(tables: Tables, column: str, case: int, as_of: int) -> str:
    known = TABLES["cases"].column(column)
    if tables.array("cases", column)[case].is_valid:
        later = known is not None and known.known_from and tables.instants("cases", known.known_from)[case] > as_of
        return "U03" if later else ""
    return "U03" if known is not None and known.type is Type.KNOWN else "U04"


def _in_order(tables: Tables, column: str, case: int, instant: int) -> bool:
    row = int(order_rows(tables, np.array([case]), np.array([instant]))[0])
    return row >= 0 and bool(tables.array("orders", column)[row].is_valid)
