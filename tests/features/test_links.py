"""Ties to other buyers are exactly those that looking at every dispute finds, and a case is never tied to itself."""

import math
import random
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest

from features.asks import Asks
from features.build import Fitted, build
from features.catalog import Catalog
from features.history import History
from features.links import FEW, LATELY, LINKS, LONG
from features.tables import Tables

Row = dict[str, Any]
Rows = dict[str, list[Row]]
Fit = Callable[[Rows], tuple[Tables, Fitted]]
EveryAsk = Callable[[Tables], Asks]
InWorlds = Callable[..., None]
Say = Callable[..., float | None]

T0 = datetime(2025, 3, 10, tzinfo=UTC)
COLUMNS = {
    "address_shared": ("address_id",),
    "device_shared": ("device_id",),
    "payment_shared": ("payment_id",),
    "address_and_device_shared": ("address_id", "device_id"),
    "address_and_payment_shared": ("address_id", "payment_id"),
    "device_and_payment_shared": ("device_id", "payment_id"),
    "address_same_seller": ("address_id", "seller_id"),
    "device_same_seller": ("device_id", "seller_id"),
    "payment_same_seller": ("payment_id", "seller_id"),
}


class Oracle:
    """The ties of a case as a person would find them, dispute by dispute."""

    def __init__(self, rows: Rows) -> None:
        self.rows = rows
        self.buyer = {case["case_id"]: case["buyer_id"] for case in rows["cases"]}

    def others(self, asked: Row, then: datetime, columns: tuple[str, ...], days: int) -> float:
        mine = [asked[column] for column in columns]
        if None in mine or asked["buyer_id"] is None:
            return math.nan
        since = then - timedelta(days=days)
        there = [c for c in self.rows["cases"] if since <= c["opened_at"] < then and [c[x] for x in columns] == mine]
        return len({c["buyer_id"] for c in there} - self.selves(asked))

    def selves(self, asked: Row) -> set[str | None]:
        return {None, asked["buyer_id"], self.buyer.get(asked["case_id"])}

    def images(self, asked: Row, then: datetime, days: int) -> float:
        if "evidence" not in self.rows or asked["buyer_id"] is None:
            return math.nan
        told = [e for e in self.rows["evidence"] if e["party"] == "buyer" and e["phash"] and not e["catalogue_image"]]
        mine = {e["phash"] for e in told if e["case_id"] == asked["case_id"] and e["known_at"] <= then}
        since = then - timedelta(days=days)
        found = [0]
        for image in mine:
            there = [e["case_id"] for e in told if e["phash"] == image and since <= e["known_at"] < then]
            found.append(len({self.buyer[case] for case in there} - self.selves(asked)))
        return max(found)

    def feature(self, name: str, asked: Row, then: datetime) -> float:
        if name == "address_together":
            alike = self.others(asked, then, ("address_id", "reason"), LATELY)
            return alike / (self.others(asked, then, ("address_id",), LONG) + FEW)
        n = self.images(asked, then, LONG) if name == "image_shared" else self.others(asked, then, COLUMNS[name], LONG)
        return n / (n + FEW)


def stretched(rows: Rows, rng: random.Random) -> Rows:
    """The same world with years between its instants, so that ties end, and with images that go round."""
    factor = rng.choice((1, 15, 90, 365))
    handed_in = {"party": ("buyer", "buyer", "seller"), "phash": ("q0", "q1", None), "catalogue_image": (None, False)}

    def change(name: str, row: Row) -> Row:
        row = {c: T0 + factor * (v - T0) if isinstance(v, datetime) else v for c, v in row.items()}
        if name != "evidence" or rng.random() < 0.2:
            return row
        return row | {column: rng.choice(few) for column, few in handed_in.items()}

    return {name: [change(name, row) for row in found] for name, found in rows.items()}


def instant(microseconds: int) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=int(microseconds))


def agree(values: np.ndarray, oracle: Oracle, asked: Row, then: datetime) -> None:
    said = [oracle.feature(feature.name, asked, then) for feature, _ in LINKS]
    np.testing.assert_array_equal(values, said)


ALONE = Catalog(tuple(feature for feature, _ in LINKS))


def test_ties_equal_looking_at_every_dispute(in_worlds: InWorlds, fit_world: Fit, every_ask: EveryAsk) -> None:
    def claim(rows: Rows, rng: random.Random) -> None:
        rows = stretched(rows, rng)
        tables, fitted = fit_world(rows)
        asks = every_ask(tables)
        later = rng.choice((0, 29, 30, 31, 364, 365, 366))
        asks = Asks(asks.case, asks.as_of + later * 86_400_000_000, asks.moment)
        found = build(tables, asks, replace(fitted, catalog=ALONE)).values
        for row in rng.sample(range(len(asks)), 4):
            agree(found[row], Oracle(rows), rows["cases"][asks.case[row]], instant(asks.as_of[row]))

    in_worlds(claim, many=2000)


def test_a_live_case_is_tied_by_text_to_a_past_in_other_tables(
    in_worlds: InWorlds, fit_world: Fit, tables_of: Callable[[Rows], Tables], every_ask: EveryAsk
) -> None:
    """It may be in the past already, under another buyer even, or have values that the past does not show."""

    def claim(rows: Rows, rng: random.Random) -> None:
        rows = stretched(rows, rng)
        past, fitted = fit_world(rows)
        asked = dict(rng.choice(rows["cases"]))
        if rng.random() < 0.7:
            asked |= {"buyer_id": rng.choice(("b0", "b1", "never seen")), "device_id": rng.choice(("d0", "never seen"))}
        sent: Rows = {"cases": [asked]}
        if "evidence" in rows:
            sent["evidence"] = [e for e in rows["evidence"] if e["case_id"] == asked["case_id"]]
        theirs = tables_of(sent)
        asks = every_ask(theirs)
        found = build(theirs, asks, replace(fitted, catalog=ALONE), history=History(past, (), ())).values
        row = rng.randrange(len(asks))
        agree(found[row], Oracle(rows), asked, instant(asks.as_of[row]))

    in_worlds(claim, many=500)


CASE: Row = {
    "case_id": "c", "opened_at": T0, "buyer_id": "b", "seller_id": "s", "reason": "defective", "address_id": "a",
    "device_id": "d", "payment_id": "p",
}  # fmt: skip


def dispute(buyer: str, days: float = -1, **more: Any) -> Row:
    """A dispute of another buyer with nothing in common, so many days from this one."""
    apart = {name: f"{name} of {buyer}" for name in ("seller_id", "address_id", "device_id", "payment_id")}
    row = {"case_id": f"{buyer}{days}{more}", "opened_at": T0 + timedelta(days=days), "buyer_id": buyer}
    return row | {"reason": "fit_style"} | apart | more


@pytest.mark.parametrize(
    ("others", "said"),
    [
        ([], 0.0),
        ([dispute("x", address_id="a")], 1 / 3),
        ([dispute("x", address_id="a"), dispute("x", -2, address_id="a")], 1 / 3),
        ([dispute("x", address_id="a"), dispute("y", address_id="a")], 0.5),
        ([dispute("x", 0, address_id="a")], 0.0),
        ([dispute("x", -365, address_id="a")], 1 / 3),
        ([dispute("x", -365.001, address_id="a")], 0.0),
        ([dispute("b", address_id="a")], 0.0),
    ],
)
def test_people_are_counted_and_not_their_disputes(say: Say, others: list[Row], said: float) -> None:
    assert say("address_shared", {"cases": [CASE, *others]}) == said


def test_two_things_tie_only_where_one_dispute_shares_both(say: Say) -> None:
    apart = [dispute("x", device_id="d"), dispute("x", -2, payment_id="p")]
    both = [dispute("x", device_id="d", payment_id="p")]
    assert [say("device_and_payment_shared", {"cases": [CASE, *found]}) for found in (apart, both)] == [0.0, 1 / 3]


def test_a_dormitory_of_honest_buyers_does_not_dispute_together(say: Say) -> None:
    dormitory = [dispute(f"x{i}", -5 * i - 1, address_id="a") for i in range(60)]
    ring = [dispute(f"x{i}", -i - 1, address_id="a", reason="defective") for i in range(4)]
    assert say("address_together", {"cases": [CASE, *dormitory]}) == 0.0
    assert say("address_together", {"cases": [CASE, *ring]}) == 4 / 6


@pytest.mark.parametrize("more", [{"catalogue_image": True}, {"party": "seller"}, {"known_at": T0 + timedelta(days=1)}])
def test_a_catalogue_image_a_sellers_and_one_yet_to_come_tie_nobody(say: Say, more: Row) -> None:
    def shared(mine: Row, theirs: Row) -> float | None:
        item = {"party": "buyer", "phash": "q", "known_at": T0 - timedelta(days=1)}
        of = {"c": mine, dispute("x")["case_id"]: theirs}
        evidence = [item | {"case_id": case, "evidence_id": case} | told for case, told in of.items()]
        return say("image_shared", {"cases": [CASE, dispute("x")], "evidence": evidence})

    assert [shared({}, {}), shared(more, {}), shared({}, more)] == [1 / 3, 0.0, 0.0]


def test_without_a_buyer_or_the_thing_a_tie_is_not_known_and_why_is_told(
    say: Say, tables_of: Callable[[Rows], Tables], causes_of: Callable[[Tables], dict[str, str]]
) -> None:
    for lacking in ("buyer_id", "address_id"):
        rows = {"cases": [CASE | {lacking: None}, dispute("x", address_id="a")]}
        assert say("address_shared", rows) is None
        assert causes_of(tables_of(rows))["address_shared"] == "U05"
    assert causes_of(tables_of({"cases": [CASE]}))["image_shared"] == "U01"


def test_no_tie_is_ever_told_to_a_party() -> None:
    assert not any(feature.citable for feature, _ in LINKS)
