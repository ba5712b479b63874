"""Rows are held against the contract: what is kept fits it, what is dropped has a code, and the ledger adds up."""

import random
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from features.check import BadCase, Checked, check
from features.contract import TABLES, Column, Type
from features.ledger import DROPS
from features.tables import ARROW

Rows = list[dict[str, Any]]
World = Callable[..., dict[str, pa.Table]]
NOON = datetime(2025, 3, 1, 12, tzinfo=UTC)
LATER = datetime(2025, 3, 2, 12, tzinfo=UTC)


def case(**changes: Any) -> dict[str, Any]:
    return {"case_id": "c1", "opened_at": NOON, **changes}


def ruling(**changes: Any) -> dict[str, Any]:
    return {"case_id": "c1", "ruled_at": LATER, "liable": "seller", **changes}


def checked(**tables: Rows) -> Checked:
    return check({name: as_table(rows) for name, rows in tables.items()})


def as_table(rows: Rows) -> pa.Table:
    """Rows as a table; a row that lacks a column holds nothing there."""
    names = dict.fromkeys(name for row in rows for name in row)
    return pa.Table.from_pylist([{name: row.get(name) for name in names} for row in rows])


def codes(found: Checked) -> list[tuple[str, str, str]]:
    return [(d["code"], d["table"], d["column"]) for d in found.drops.to_pylist()]


def value(column: str, given: Any) -> Any:
    """What a column of a case holds after a check."""
    return checked(cases=[case(**{column: given})]).tables["cases"].column(column)[0].as_py()


@pytest.mark.parametrize(
    ("tables", "expected"),
    [
        ({"cases": [case(opened_at=None)]}, ("D01", "cases", "opened_at")),
        ({"cases": [case(case_id=" ")]}, ("D01", "cases", "case_id")),
        ({"cases": [case(opened_at="soon")]}, ("D02", "cases", "opened_at")),
        ({"cases": [case(opened_at="2025-02-29")]}, ("D02", "cases", "opened_at")),
        ({"cases": [case(opened_at="2025-03-01T24:00:00Z")]}, ("D02", "cases", "opened_at")),
        ({"cases": [case(opened_at=1740830400)]}, ("D02", "cases", "opened_at")),
        ({"cases": [case(escalated_at="9999-12-31")]}, ("D02", "cases", "escalated_at")),
        ({"cases": [case(escalated_at=datetime(1970, 1, 1, tzinfo=UTC))]}, ("D02", "cases", "escalated_at")),
        ({"cases": [case(reason="broken")]}, ("D03", "cases", "reason")),
        ({"cases": [case(reason="DEFECTIVE")]}, ("D03", "cases", "reason")),
        ({"cases": [case(currency="usd")]}, ("D03", "cases", "currency")),
        ({"cases": [case(claimed_cents=12.5)]}, ("D04", "cases", "claimed_cents")),
        ({"cases": [case(claimed_cents="12.00")]}, ("D04", "cases", "claimed_cents")),
        ({"cases": [case(claimed_cents=-1)]}, ("D04", "cases", "claimed_cents")),
        ({"cases": [case(claimed_cents=1e300)]}, ("D04", "cases", "claimed_cents")),
        ({"cases": [case(attr_score=float("inf"))]}, ("D05", "cases", "attr_score")),
        ({"cases": [case()], "rulings": [ruling(entitled="maybe")]}, ("D05", "rulings", "entitled")),
        ({"cases": [case(escalated_at=datetime(2025, 2, 1, tzinfo=UTC))]}, ("D06", "cases", "escalated_at")),
        ({"cases": [case()], "rulings": [ruling(ruled_at=datetime(2025, 2, 1, tzinfo=UTC))]},
         ("D06", "rulings", "ruled_at")),
        ({"cases": [case(), case(opened_at=LATER)]}, ("D07", "cases", "case_id")),
        ({"cases": [case()], "rulings": [ruling(), ruling(liable="buyer")]}, ("D07", "rulings", "case_id")),
        ({"cases": [case()], "rulings": [ruling(case_id="c2")]}, ("D08", "rulings", "case_id")),
        ({"cases": [case()], "events": [{"event_id": "e", "kind": "delivered", "happened_at": NOON}]},
         ("D09", "events", "case_id")),
        ({"cases": [case(currency="USD"), case(case_id="c2", currency="USD"), case(case_id="c3", currency="EUR")]},
         ("D10", "cases", "currency")),
    ],
)  # fmt: skip
def test_a_row_that_breaks_the_contract_is_dropped_with_its_code(
    tables: dict[str, Rows], expected: tuple[str, str, str]
) -> None:
    assert codes(checked(**tables)) == [expected]


@pytest.mark.parametrize(
    ("column", "given", "held"),
    [
        ("case_id", 7, "7"),
        ("case_id", 7.0, "7"),
        ("opened_at", "2025-03-01T12:00:00+02:00", datetime(2025, 3, 1, 10, tzinfo=UTC)),
        ("opened_at", "2025-03-01 12:00:00.123456789", datetime(2025, 3, 1, 12, 0, 0, 123456, tzinfo=UTC)),
        ("opened_at", "2025-03-01T12:00Z", NOON),
        ("opened_at", "2025-03-01 12:00:00-0330", datetime(2025, 3, 1, 15, 30, tzinfo=UTC)),
        ("opened_at", date(2025, 3, 1), datetime(2025, 3, 1, tzinfo=UTC)),
        ("opened_at", "2025-03-01", datetime(2025, 3, 1, tzinfo=UTC)),
        ("escalated_at", "2025-03-01", datetime(2025, 3, 1, 23, 59, 59, 999999, tzinfo=UTC)),
        ("escalated_at", date(2025, 3, 1), datetime(2025, 3, 1, 23, 59, 59, 999999, tzinfo=UTC)),
        ("claimed_cents", "1200", 1200),
        ("claimed_cents", 1200.0, 1200),
        ("claimed_cents", float("nan"), None),
        ("seller_id", "", None),
        ("attr_flag", True, 1.0),
        ("attr_n", 3, 3.0),
        ("attr_word", "x", "x"),
        ("audit_age", None, None),
    ],
)
def test_a_value_is_understood_or_missing(column: str, given: Any, held: Any) -> None:
    assert value(column, given) == held


def test_what_belongs_to_a_dropped_case_is_dropped_with_it() -> None:
    found = checked(cases=[case(), case(case_id="c2", opened_at=None)], rulings=[ruling(), ruling(case_id="c2")])
    assert codes(found) == [("D01", "cases", "opened_at"), ("D08", "rulings", "case_id")]


def test_a_bad_row_is_no_duplicate_and_its_successor_is_kept() -> None:
    found = checked(cases=[case(claimed_cents=-1), case(claimed_cents=1)])
    assert found.tables["cases"].column("claimed_cents").to_pylist() == [1]


def test_rows_of_orders_that_no_case_is_about_are_kept() -> None:
    found = checked(
        cases=[case(order_id="o1")],
        orders=[{"order_id": "o9", "placed_at": NOON}],
        events=[{"event_id": "e", "order_id": "o9", "kind": "delivered", "happened_at": NOON}],
    )
    assert codes(found) == []


def test_two_versions_of_an_order_line_need_two_instants() -> None:
    row = {"order_id": "o", "line_id": "1", "placed_at": NOON}
    found = checked(
        cases=[case()], orders=[{**row, "known_at": NOON}, {**row, "known_at": None}, {**row, "known_at": LATER}]
    )
    assert codes(found) == [("D07", "orders", "order_id")]


def test_the_reporting_currency_is_given_or_that_of_most_cases() -> None:
    rows = pa.Table.from_pylist(
        [case(currency="EUR"), case(case_id="c2", currency="EUR"), case(case_id="c3", currency="USD")]
    )
    assert check({"cases": rows}).currency == "EUR"
    assert check({"cases": rows}, currency="USD").tables["cases"].column("case_id").to_pylist() == ["c3"]


def test_a_row_without_currency_is_in_the_reporting_one() -> None:
    assert codes(checked(cases=[case(currency="USD"), case(case_id="c2", currency=None)])) == []


def test_a_drop_says_where_and_what_was_expected_and_never_the_value() -> None:
    found = checked(cases=[case(), case(case_id="c2", reason="secret"), case(case_id="c3", claimed_cents=-77)])
    first = found.drop(0)
    assert (first.code, first.table, first.row, first.column, first.case_id) == ("D03", "cases", 2, "reason", "c2")
    assert first.expected.startswith("one of not_shipped, ")
    assert "secret" not in str(found.drops.to_pylist()) + str(found.ledger.to_json())
    assert "77" not in str(found.drops.to_pylist())


def test_what_was_assumed_is_counted_and_said() -> None:
    notes = checked(
        cases=[case(opened_at="2025-03-01 12:00", escalated_at="2025-03-02", seller_id="")],
        orders=[{"order_id": "o", "placed_at": NOON}],
        requests=[
            {"request_id": "r", "case_id": "c1", "kind": "item_photo", "party": "buyer", "asked_at": LATER,
             "answer": "supplied", "answered_at": None}
        ],
    ).ledger.notes  # fmt: skip
    assert "cases.opened_at: 1 value without an offset, taken as UTC" in notes
    assert "cases.opened_at: 1 value of another type, cast to instant" in notes
    assert "cases.escalated_at: 1 value without a time, taken as the end of the day" in notes
    assert "cases.seller_id: 1 value blank or NaN, taken as missing" in notes
    assert "orders.known_at: 1 row without a value, known since placed_at instead" in notes
    assert "requests.answer: 1 value without answered_at, so nobody ever knows them" in notes


@pytest.mark.parametrize(
    ("table", "rows", "said"),
    [
        ("case", [case()], "there is no table 'case'"),
        ("cases", [case(reson="defective")], "no column 'reson'; did you mean reason"),
        ("cases", [case(score=1)], "or name it attr_… or audit_…"),
        ("rulings", [ruling(attr_x=1)], "no column 'attr_x'; leave it out"),
        ("cases", [case(attr_x=NOON)], "attr_x must hold text or numbers"),
    ],
)
def test_a_column_that_the_contract_does_not_have_is_an_error(table: str, rows: Rows, said: str) -> None:
    with pytest.raises(BadCase, match=said):
        checked(**{table: rows})


def test_a_world_that_keeps_the_contract_is_kept_whole(make_world: World) -> None:
    world = make_world(cases=100)
    found = check(world)
    assert found.drops.num_rows == 0
    assert {name: found.tables.count(name) for name in world} == {name: table.num_rows for name, table in world.items()}


NASTY: dict[Type, list[str]] = {
    Type.TEXT: ["a", "", " ", "é" * 300],
    Type.INSTANT: ["2025-01-01", "2025-01-02T10:00:00Z", "2025-13-01", "9999-12-31", "x", "2025-01-01 10:00"],
    Type.CENTS: ["0", "-1", "1.5", "x", "99999999999999999999"],
    Type.NUMBER: ["-1.5e3", "x", "1e400", "nan", "."],
    Type.FLAG: ["true", "FALSE", "0", "yes"],
}
NASTY |= {Type.KNOWN: NASTY[Type.INSTANT], Type.COUNT: NASTY[Type.CENTS]}


def drawn(column: Column, rng: random.Random) -> str | None:
    """Mostly a value that fits the column, else one that may not."""
    sound = rng.random() < 0.6
    if column.name == "currency":
        return "USD" if sound else rng.choice(["EUR", "usd", None])
    if column.codes:
        return column.codes[0] if sound else rng.choice([column.codes[-1], "no such word", None])
    if sound and column.type in (Type.INSTANT, Type.KNOWN):
        return "2025-01-03"
    if sound:
        return rng.choice("abc") if column.type is Type.TEXT else "1"
    return rng.choice(NASTY[column.type]) if rng.random() < 0.8 else None


@given(seed=st.integers(0, 2**32), size=st.integers(0, 12))
@settings(max_examples=80, deadline=None)
def test_rows_in_are_rows_kept_and_rows_dropped_and_what_is_kept_would_be_kept_again(seed: int, size: int) -> None:
    rng = random.Random(seed)
    raw = {}
    for name, contract in TABLES.items():
        chosen = [column for column in contract.columns if column.required or rng.random() < 0.4]
        values = {column.name: [drawn(column, rng) for _ in range(size)] for column in chosen}
        raw[name] = pa.table({column: pa.array(found, pa.string()) for column, found in values.items()})
    found = check(raw)
    for name, account in found.ledger.tables.items():
        assert account.rows_in == size == account.rows_kept + sum(account.dropped.values())
        assert account.rows_kept == found.tables.count(name)
        assert set(account.dropped) <= set(DROPS) - {"D00"}
        for column in TABLES[name].columns:
            if found.tables.supplied(name, column.name):
                assert found.tables[name].schema.field(column.name).type == ARROW[column.type]
    assert found.drops.num_rows == sum(sum(a.dropped.values()) for a in found.ledger.tables.values())
    again = check({name: found.tables[name] for name in found.tables.names}, currency=found.currency)
    assert again.drops.num_rows == 0
    assert all(again.tables[name].equals(found.tables[name]) for name in found.tables.names)
