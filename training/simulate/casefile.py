"""A case as a readable file: what an arbitrator had in hand, and below it, apart, what was true."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow.compute as pc
import pyarrow.parquet as pq

Row = Mapping[str, Any]
TABLES = ("cases", "orders", "events", "evidence", "messages", "requests", "returns", "rulings", "appeals", "ledger")
QUIET = ("order_placed", "order_paid", "seller_notified", "evidence_requested", "return_inspected")
"""Events that tell nothing beside what the file says elsewhere."""


class CaseFiles:
    """The tables of a world, from which single cases can be read."""

    def __init__(self, data: Path, truth: Path) -> None:
        self._tables = {name: pq.read_table(data / f"{name}.parquet") for name in TABLES}
        self._truth = pq.read_table(truth / "truth.parquet")

    def read(self, case_id: str) -> str:
        """One case in Markdown."""
        (case,) = self._rows("cases", "case_id", case_id)
        order = self._rows("orders", "order_id", case["order_id"])[0]
        events = self._rows("events", "case_id", case_id) + [
            row for row in self._rows("events", "order_id", case["order_id"]) if row["case_id"] is None
        ]
        (truth,) = pq_rows(self._truth, "case_id", case_id)
        lines = [f"### {case_id}: {case['reason']}", "", *_claim(case, order), "", "| when | what |", "|---|---|"]
        told = [
            *map(_event, events),
            *self._files(case_id),
            *self._said(case_id),
            *self._asked(case_id),
            *self._graded(case_id),
        ]
        lines += [f"| {_at(at)} | {what} |" for at, what in sorted(told, key=lambda pair: pair[0]) if what]
        lines += ["", *self._ruled(case_id, bool(case["refund_already_cents"])), "", *_true(truth), ""]
        return "\n".join(lines)

    def _rows(self, table: str, column: str, value: str) -> list[dict[str, Any]]:
        return pq_rows(self._tables[table], column, value)

    def _files(self, case_id: str) -> list[tuple[datetime, str]]:
        return [(row["known_at"], _file(row)) for row in self._rows("evidence", "case_id", case_id)]

    def _said(self, case_id: str) -> list[tuple[datetime, str]]:
        rows = self._rows("messages", "case_id", case_id)
        return [(row["sent_at"], f"{row['party']} writes: “{row['text']}”") for row in rows]

    def _asked(self, case_id: str) -> list[tuple[datetime, str]]:
        told = []
        for row in self._rows("requests", "case_id", case_id):
            kind = _spaced(row["kind"])
            told.append((row["asked_at"], f"the desk asks the {row['party']} for: {kind}"))
            if row["answered_at"] is not None:
                told.append((row["answered_at"], f"the {row['party']} answers on {kind}: {row['answer']}"))
        return told

    def _graded(self, case_id: str) -> list[tuple[datetime, str]]:
        rows = self._rows("returns", "case_id", case_id)
        return [
            (row["graded_at"], f"return graded {_spaced(row['grade'])} at {row['node']}")
            for row in rows
            if row["graded_at"]
        ]

    def _ruled(self, case_id: str, refunded: bool) -> list[str]:
        lines = []
        for row in self._rows("rulings", "case_id", case_id):
            word = "Provisional ruling" if row["provisional"] else "Ruling"
            enough = {True: ", evidence found enough", False: ", evidence found wanting", None: ""}
            back = refunded and row["cost_bearer"] == "buyer"
            given = "the refund is taken back" if back else _money(row["refund_cents"])
            lines.append(
                f"**{word}** {_at(row['ruled_at'])} ({row['basis']}): liable {row['liable']}, borne by "
                f"{row['cost_bearer']}, {_spaced(row['remedy'])}, {given}"
                f"{enough[row['evidence_sufficient']]}."
            )
        for row in self._rows("appeals", "case_id", case_id):
            end = "pending" if row["decided_at"] is None else f"overturned: {row['overturned']} ({row['liable_after']})"
            lines.append(f"**Appeal** {_at(row['appealed_at'])}, something new: {row['new_evidence']}, {end}.")
        return lines or ["Not yet ruled on."]


def pq_rows(table: Any, column: str, value: str) -> list[dict[str, Any]]:
    """The rows of a table in which a column has this value."""
    found: list[dict[str, Any]] = table.filter(pc.equal(table.column(column), value)).to_pylist()
    return found


def _claim(case: Row, order: Row) -> list[str]:
    return [
        f"{order['category']}, {order['quantity']} for {_money(order['paid_cents'])}, {_spaced(order['fulfilment'])} "
        f"by {order['carrier']} {order['service']}, label bought by the {order['label_owner']}, {order['origin']} to "
        f"{order['destination']}. Ordered {_at(order['placed_at'])}, to be shipped by {_at(order['ship_by_at'])}, "
        f"promised by {_at(order['promised_at'])}. Seen in: {_spaced(case['attr_channel'])}.",
        "",
        f"The {case['initiator']} opens {_at(case['opened_at'])} ({case['stage']}), asks {_remedy(case)} "
        f"{_money(case['claimed_cents'])}, in {case['language']}: "
        f"“{case['claim_text']}”",
    ]


def _remedy(case: Row) -> str:
    if case["initiator"] == "seller":
        return "to be made good for the refund paid of"
    return f"for {_spaced(case['remedy_asked'])} of"


def _event(row: Row) -> tuple[datetime, str]:
    if row["kind"] in QUIET:
        return row["known_at"], ""
    parts = [_spaced(row["kind"])]
    if row["code"]:
        parts.append(f"({row['code']})")
    if row["location"]:
        parts[-1] += f", {row['location']}"
    if row["weight_g"] is not None:
        parts.append(f"{row['weight_g']:.0f} g {'measured' if row['weight_measured'] else 'as declared'}")
    if row["distance_m"] is not None:
        parts.append(f"{row['distance_m']:.0f} m from the door")
    for name in ("zip_match", "address_match", "signed", "photo"):
        if row[name] is not None:
            parts.append(_spaced(name) if row[name] else f"no {_spaced(name)}")
    if row["amount_cents"] is not None:
        parts.append(_money(row["amount_cents"]))
    late = (row["known_at"] - row["happened_at"]).total_seconds() / 86_400
    if late > 1:
        parts.append(f"(uploaded {late:.0f} days late, happened {_at(row['happened_at'])})")
    return row["known_at"], " ".join(parts)


def _file(row: Row) -> str:
    says = {True: "agrees with the claim", False: "contradicts the claim", None: "shows nothing clearly"}
    faults = [
        word
        for word, there in (
            ("not linked to the parcel", row["linked"] is False),
            ("not legible", row["legible"] is False),
            ("cut", row["continuous"] is False),
            ("a stock picture", row["catalogue_image"]),
            ("perhaps made by a machine", (row["synthetic_score"] or 0) > 0.6),
        )
        if there
    ]
    note = f" ({', '.join(faults)})" if faults else ""
    return f"{row['party']} files: {_spaced(row['kind'])}, {says[row['supports_claim']]}{note}"


def _true(truth: Row) -> list[str]:
    second = f" and {truth['second_cause']}" if truth["second_cause"] else ""
    pair = " One of a pair that nobody can tell apart." if truth["floor_pair"] else ""
    return [
        f"*In truth*: {truth['says']}. Cause with: {truth['cause']}{second}. Liable: **{truth['liable']}**. "
        f"Arbitrator erred: {truth['arbitrator_erred']}.{pair}"
    ]


def _at(at: datetime) -> str:
    return at.strftime("%Y-%m-%d %H:%M")


def _money(cents: float | None) -> str:
    return "nothing" if not cents else f"${cents / 100:,.2f}"


def _spaced(word: str | None) -> str:
    return (word or "nothing").replace("_", " ")
