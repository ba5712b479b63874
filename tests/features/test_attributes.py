"""A team's own columns: text becomes a category, a number stays one, and what is missing or other scores as null."""

from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from features.asks import Asks, asks_as_of
from features.attributes import attribute_features, extra_attributes
from features.build import FEW, Fitted, build, fit_categories, resolve_catalog
from features.catalog import Catalog
from features.history import History
from features.tables import Tables

T0 = datetime(2025, 3, 1, tzinfo=UTC)


def cases(**columns: Any) -> Tables:
    n = len(next(iter(columns.values())))
    at = pa.array([T0 + timedelta(hours=i) for i in range(n)], pa.timestamp("us", tz="UTC"))
    rulings = pa.table({"case_id": [f"c{i}" for i in range(n)], "ruled_at": at, "liable": ["seller"] * n})
    return Tables({"cases": pa.table({"case_id": rulings["case_id"], "opened_at": at} | columns), "rulings": rulings})


def asks(tables: Tables) -> Asks:
    n = tables.count("cases")
    return asks_as_of(tables, np.arange(n), np.full(n, int(tables.instants("cases", "opened_at").max())))


def fitted(tables: Tables) -> Fitted:
    catalog = resolve_catalog(tables, ("buyer", "seller"), ())
    return Fitted(catalog, fit_categories(tables, asks(tables), catalog), (), 20.0)


def value(tables: Tables, of: Fitted, name: str, history: History | None = None) -> list[float | None]:
    found = build(tables, asks(tables), of, history=history).values[:, of.catalog.names.index(name)]
    return [None if np.isnan(v) else float(v) for v in found]


def test_text_is_a_category_and_a_number_or_flag_stays_one() -> None:
    found = attribute_features(cases(attr_text=["a"], attr_count=[3], attr_number=[0.5], attr_flag=[True]))
    assert {f.name: f.kind for f in found} == {
        "attr_count": "number", "attr_flag": "number", "attr_number": "number", "attr_text": "category",
    }  # fmt: skip


def test_a_column_that_holds_nothing_is_no_feature() -> None:
    assert attribute_features(cases(attr_x=pa.nulls(2, pa.string()), attr_y=pa.nulls(2))) == ()


def test_a_category_too_rare_to_learn_from_or_never_seen_is_other_and_none_is_null() -> None:
    learnt = cases(attr_x=["often"] * FEW + ["rare"] * (FEW - 1))
    of = fitted(learnt)
    assert of.categories["attr_x"] == ("often",)
    assert value(cases(attr_x=["often", "rare", "never seen", None]), of, "attr_x") == [0.0, 1.0, 1.0, None]


def test_the_asks_of_one_case_do_not_make_a_category_frequent() -> None:
    tables = cases(attr_x=["one case"])
    catalog = Catalog(attribute_features(tables))
    many = asks(tables).take(np.zeros(FEW, dtype=np.int64))
    assert fit_categories(tables, many, catalog) == {"attr_x": ()}


@pytest.mark.parametrize("other", [{"attr_y": ["z"]}, {"attr_x": [3]}, {"attr_x": pa.nulls(1)}])
def test_an_attribute_that_is_missing_or_of_another_kind_scores_as_null_and_so_does_its_past(
    other: dict[str, Any],
) -> None:
    learnt = cases(attr_x=["a"] * FEW)
    of = fitted(learnt)
    past = [name for name in of.catalog.names if name.startswith("history.attr_x")]
    assert past
    keys = tuple(dict.fromkeys(f.key for f in of.catalog if f.key))
    for history in (None, History(learnt, keys, ())):
        for name in ("attr_x", *past):
            assert value(cases(**other), of, name, history) == [None]


@pytest.mark.parametrize(
    ("other", "cause"),
    [({"attr_y": ["z"]}, "U02"), ({"attr_x": [3]}, "U06"), ({"attr_x": pa.nulls(1, pa.string())}, "U04")],
)
def test_why_an_attribute_is_null_is_said(other: dict[str, Any], cause: str) -> None:
    of = fitted(cases(attr_x=["a"] * FEW))
    tables = cases(**other)
    causes = {feature.name: why for feature, why in build(tables, asks(tables), of).unknown(0)}
    assert causes["attr_x"] == cause


def test_a_number_that_comes_as_text_is_null() -> None:
    of = fitted(cases(attr_n=[1.5, 2.5]))
    assert value(cases(attr_n=["1.5"]), of, "attr_n") == [None]


def test_an_extra_attribute_is_found_out_and_changes_nothing() -> None:
    of = fitted(cases(attr_x=["a"] * FEW))
    plain, more = cases(attr_x=["a"]), cases(attr_x=["a"], attr_more=["b"])
    assert extra_attributes(more, of.catalog) == ("attr_more",)
    assert extra_attributes(plain, of.catalog) == ()
    assert np.array_equal(build(more, asks(more), of).values, build(plain, asks(plain), of).values, equal_nan=True)
