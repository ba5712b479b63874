"""Columns out of tables: nulls stay apart from values, and a table that was not supplied from an empty one."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa

from features.contract import TABLES
from features.tables import NULL_INSTANT, Tables, positions_in

T0 = datetime(2025, 3, 1, tzinfo=UTC)
AsTables = Callable[[dict[str, list[dict[str, Any]]]], Tables]


def micros(instant: datetime) -> int:
    return round(instant.timestamp() * 1_000_000)


def test_an_empty_table_was_supplied_and_a_missing_one_was_not(tables_of: AsTables) -> None:
    tables = tables_of({"cases": [], "rulings": []})
    assert tables.supplied("rulings")
    assert not tables.supplied("orders")
    assert tables.count("rulings") == tables.count("orders") == 0
    assert tables.names == ("cases", "rulings")


def test_a_column_that_was_not_supplied_reads_as_nulls(tables_of: AsTables) -> None:
    tables = Tables({"cases": tables_of({"cases": [{"case_id": "c"}]})["cases"].select(["case_id"])})
    assert not tables.supplied("cases", "reason")
    assert tables.codes("cases", "reason")[0].tolist() == [-1]
    assert tables.instants("cases", "opened_at").tolist() == [NULL_INSTANT]
    assert np.isnan(tables.numbers("cases", "claimed_cents")).all()
    assert tables.array("cases", "reason").null_count == 1


def test_numbers_flags_instants_and_words_come_out_with_their_nulls(tables_of: AsTables) -> None:
    tables = tables_of(
        {
            "cases": [{"case_id": i, "opened_at": T0, "reason": r} for i, r in (("a", "x"), ("b", None), ("c", "x"))],
            "rulings": [{"case_id": "a", "provisional": p, "refund_cents": 5} for p in (True, None, False)],
        }
    )
    assert tables.numbers("rulings", "provisional").tolist()[::2] == [1.0, 0.0]
    assert np.isnan(tables.numbers("rulings", "provisional")[1])
    assert tables.numbers("rulings", "refund_cents").tolist() == [5.0] * 3
    assert tables.codes("cases", "reason")[0].tolist() == [0, -1, 0]
    assert tables.codes("cases", "reason")[1] == ["x"]
    assert tables.places("cases", "reason") == {"x": 0}
    assert tables.instants("cases", "opened_at")[0] == micros(T0)


def test_a_row_is_known_from_its_clock_or_else_from_what_stands_in_for_it(tables_of: AsTables) -> None:
    later = T0 + timedelta(hours=1)
    orders = [{"order_id": "o", "placed_at": T0, "known_at": at} for at in (later, None)]
    assert tables_of({"orders": orders}).clock("orders").tolist() == [micros(later), micros(T0)]


def test_every_table_says_since_when_a_row_of_it_is_known() -> None:
    for table in TABLES.values():
        assert table.column(str(table.clock)) is not None
        assert table.clock_default is None or table.column(table.clock_default) is not None
        for column in table.columns:
            assert column.known_from is None or table.column(column.known_from) is not None


def test_rows_find_their_case_and_orphans_find_none(tables_of: AsTables) -> None:
    rulings = [{"case_id": case} for case in ("b", "a", "nobody's", None)]
    tables = tables_of({"cases": [{"case_id": "a"}, {"case_id": "b"}], "rulings": rulings})
    assert tables.case_rows("rulings").tolist() == [1, 0, -1, -1]


def test_a_null_is_nowhere_among_values_that_have_one() -> None:
    assert positions_in(pa.array(["a", None, "z"]), pa.array([None, "a"])).tolist() == [1, -1, -1]


def test_the_last_known_instant_looks_at_what_happened_and_not_at_what_is_due(tables_of: AsTables) -> None:
    late, due = T0 + timedelta(days=3), T0 + timedelta(days=90)
    rows = {
        "cases": [{"case_id": "a", "opened_at": T0}],
        "orders": [{"order_id": "o", "placed_at": T0, "promised_at": due, "ship_by_at": due}],
        "requests": [{"request_id": "r", "asked_at": T0, "due_at": due, "answered_at": late}],
    }
    assert tables_of(rows).last_known == micros(late)
    assert tables_of({"cases": []}).last_known == 0


def test_what_is_derived_from_tables_is_derived_once(tables_of: AsTables) -> None:
    tables, times = tables_of({"cases": []}), []
    for _ in range(3):
        tables.once(times.append)
    assert times == [tables]
