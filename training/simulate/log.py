"""Events gathered kind by kind as columns, and turned into rows of the table ``events``."""

from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import pyarrow as pa

from features.tables import NULL_INSTANT, Instants
from features.vocabulary import ACTORS, EVENT_KINDS
from training.simulate.columns import Flags, Ints
from training.simulate.routes import ORIGINS
from training.simulate.rows import Ids, flags, instants, numbers, rows, words

BUYER, SELLER, CARRIER, PLATFORM, SYSTEM, OPERATOR = range(len(ACTORS))
CODES: Final = (
    "damaged",
    "denied: packing",
    "confirmed",
    "not confirmed",
    "moved",
    "reject",
    "partial",
    "won",
    "lost",
    "second parcel",
)
CODE: Final = {name: place for place, name in enumerate(CODES)}
PAYLOAD: Final = {
    "weight": np.nan, "measured": -1, "distance": np.nan, "zip_match": -1, "address_match": -1, "signed": -1,
    "photo": -1, "code": -1, "place": -1, "cents": np.nan,
}  # fmt: skip
"""Payload columns and what stands where there is none."""


@dataclass(slots=True)
class Log:
    """Events of some cases. What belongs to an order is logged once, for the first of its cases (``first``)."""

    first: Flags
    parts: list[dict[str, Any]] = field(default_factory=list)

    def add(
        self, kind: str, at: Instants, actor: int, *, known: Instants | None = None, among: Flags | None = None,
        of_order: bool = False, **payload: Any,
    ) -> None:  # fmt: skip
        """One event for each case where it has an instant; payload columns are as long as the cases."""
        there = (at != NULL_INSTANT) & (self.first | (not of_order))
        case = np.flatnonzero(there if among is None else there & among)
        n = len(case)
        part = {
            "case": case,
            "kind": np.full(n, EVENT_KINDS.index(kind)),
            "at": at[case],
            "known": at[case] if known is None else np.maximum(known[case], at[case]),
            "actor": np.full(n, actor),
            "of_order": np.full(n, of_order),
        }
        for name, blank in PAYLOAD.items():
            given = payload.get(name)
            part[name] = np.full(n, blank) if given is None else np.asarray(given)[case].astype(type(blank))
        self.parts.append(part)

    def table(self, ids: Ids, case_number: Ints, order_number: Ints, end: int) -> pa.Table:
        """All events in the order of cases and instants."""
        whole = {name: np.concatenate([p[name] for p in self.parts]) for name in self.parts[0]}
        order = np.lexsort((whole["kind"], whole["at"], whole["case"]))
        c = {name: values[order] for name, values in whole.items()}
        case = c["case"]
        nth = np.arange(len(case)) - np.searchsorted(case, case, "left")

        def flag(name: str) -> pa.Array:
            return flags(c[name] == 1, c[name] >= 0)

        return rows(
            "events",
            {
                "event_id": ids.of("e", case_number[case] * 100 + nth),
                "case_id": words(np.where(c["of_order"], -1, case), ids.of("c", case_number)),
                "order_id": ids.of("o", order_number[case]),
                "kind": words(c["kind"], EVENT_KINDS),
                "happened_at": instants(c["at"]),
                "known_at": instants(c["known"]),
                "actor": words(c["actor"], ACTORS),
                "weight_g": numbers(c["weight"]),
                "weight_measured": flag("measured"),
                "distance_m": numbers(c["distance"]),
                "zip_match": flag("zip_match"),
                "address_match": flag("address_match"),
                "signed": flag("signed"),
                "photo": flag("photo"),
                "code": words(c["code"], CODES),
                "location": words(c["place"], ORIGINS),
                "amount_cents": numbers(c["cents"]),
                "currency": "USD",
            },
            end,
        )
