"""Why a feature is null for an ask: what was not handed over, what was not known yet, and what is not there.

Causes are codes; the sentences here say what each means, the edge says it to people. Like every answer a cause
follows from what was known by then: whether a value came later is never told.
"""

from typing import Final

import numpy as np

from features.across import OF_OTHERS_ALONE
from features.asks import Asks
from features.attributes import of_its_kind
from features.catalog import Feature
from features.contract import TABLES, Type
from features.keys import key_columns
from features.orders import order_rows
from features.own_rows import OwnRows, supplied
from features.reuse import HASHES
from features.tables import Tables

UNKNOWN: Final = {
    "U01": "the table it is read from was not supplied",
    "U02": "the column it is read from was not supplied",
    "U03": "it was not known yet",
    "U04": "there is no value",
    "U05": "the case lacks the key whose past it tells",
    "U06": "the attribute is of another kind than in training",
    "U07": "nothing of the kind is known of the case",
    "U08": "nothing to learn it from was known yet",
    "U09": "it is in a language in which no expressions are listed",
}
"""Why a feature may be null."""

_UNREAD: Final = {"text": "U08", "lexicon": "U09"}
"""Why what is written may still say nothing, by family."""


class Causes:
    """Why features are null for one ask.

    Parameters
    ----------
    tables, past
        The tables of the asked case, and those that its history was made of.
    case, as_of
        The row of the case in ``tables``, and the instant asked about.
    """

    def __init__(self, tables: Tables, past: Tables, *, case: int, as_of: int) -> None:
        self._tables, self._past = tables, past
        self._case, self._as_of = case, as_of
        self._order_row = int(order_rows(tables, np.array([case]), np.array([as_of]))[0])

    def of(self, feature: Feature) -> str:
        """The code of the cause of a null feature; of several the first in UNKNOWN."""
        if feature.family == "history":
            lacks = [self._absent(c) or ("U05" if self._missing(c, "") else "") for c in key_columns(feature.key)]
            causes = lacks + [_absent(self._past, c) for c in feature.reads]
            text = [(tables, c) for c in key_columns(feature.key) for tables in (self._tables, self._past)]
            causes += ["U06" for tables, column in text if not tables.is_text(*column.split("."))]
        elif feature.family in OF_OTHERS_ALONE:
            own = [c for c in feature.reads if c not in OF_OTHERS_ALONE[feature.family]]
            causes = ["U05" for c in own if self._missing(c, "") == "U04"]
            causes += [_absent(tables, c) for c in feature.reads for tables in (self._tables, self._past)]
        else:
            causes = [self._absent(c) or self._missing(c, feature.subject) for c in feature.reads]
            causes.append(_UNREAD.get(feature.family, ""))
            causes += [_absent(self._past, c) for c in feature.reads if c in HASHES]
            if feature.family == "attributes" and not of_its_kind(self._tables, feature):
                causes.append("U06")
        return min((cause for cause in causes if cause), default="U04")

    def _absent(self, name: str) -> str:
        return _absent(self._tables, name)

    def _missing(self, name: str, subject: str) -> str:
        table, column = name.split(".")
        if table == "cases":
            return self._missing_in_case(column)
        if table == "messages":
            return "" if self._wrote(subject.removesuffix("_messages")) else "U07"
        if table != "orders":
            return "U07"
        known = self._order_row >= 0 and self._tables.array("orders", column)[self._order_row].is_valid
        return "" if known else "U04"

    def _wrote(self, party: str) -> bool:
        """Whether a message of the party was known by then."""
        asks = Asks(np.array([self._case]), np.array([self._as_of]), np.zeros(1, dtype=np.int8))
        rows = OwnRows(self._tables, asks, "messages")
        return bool((rows.are("party", party) & (rows.words("text")[0] >= 0)).any())

    def _missing_in_case(self, column: str) -> str:
        known = TABLES["cases"].column(column)
        if self._tables.array("cases", column)[self._case].is_valid:
            since = known.known_from if known else None
            later = since is not None and self._tables.instants("cases", since)[self._case] > self._as_of
            return "U03" if later else ""
        return "U03" if known is not None and known.type is Type.KNOWN else "U04"


def _absent(tables: Tables, name: str) -> str:
    if not tables.supplied(name.split(".")[0]):
        return "U01"
    return "" if supplied(tables, name) else "U02"
