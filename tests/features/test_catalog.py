"""The catalog is plain data that comes back as it went, and its fingerprint changes with anything in it."""

import json
from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any

import pyarrow as pa
import pytest

from features.build import not_buildable, resolve_catalog
from features.catalog import Catalog, Feature
from features.contract import TABLES
from features.history_features import history_feature
from features.tables import Tables
from features.vocabulary import LIABLE


@pytest.fixture(scope="module")
def catalog(make_world: Callable[..., dict[str, pa.Table]]) -> Catalog:
    return resolve_catalog(Tables(make_world(cases=60)), LIABLE, (30, 90))


def test_a_stored_catalog_comes_back_the_same(catalog: Catalog) -> None:
    again = Catalog.from_json(json.loads(json.dumps(catalog.to_json())))
    assert again == catalog
    assert again.fingerprint() == catalog.fingerprint()


@pytest.mark.parametrize("field", [field.name for field in fields(Feature)])
def test_whatever_changes_in_a_feature_changes_the_fingerprint(catalog: Catalog, field: str) -> None:
    first = catalog.features[0]
    value = getattr(first, field)
    other: Any = not value if isinstance(value, bool) else value + 1 if isinstance(value, int) else (*value, "x")
    if isinstance(value, str):
        other = value + "x"
    changed = Catalog((replace(first, **{field: other}), *catalog.features[1:]))
    assert changed.fingerprint() != catalog.fingerprint()


def test_the_order_of_features_is_part_of_the_fingerprint(catalog: Catalog) -> None:
    assert Catalog(catalog.features[::-1]).fingerprint() != catalog.fingerprint()


def test_no_two_features_have_one_name(catalog: Catalog) -> None:
    assert len(set(catalog.names)) == len(catalog)


def test_every_feature_tells_a_sentence_and_reads_columns_that_there_are(catalog: Catalog) -> None:
    for feature in catalog:
        assert feature.sentence.endswith(".")
        assert feature.unit
        for table, column in (read.split(".") for read in feature.reads):
            assert TABLES[table].column(column) is not None or column.startswith("attr_")


def test_no_column_that_names_a_thing_is_a_feature_but_only_its_past(catalog: Catalog) -> None:
    for feature in catalog:
        if feature.family not in ("history", "links", "incidents"):
            assert not [read for read in feature.reads if read.endswith(("_id", ".sku", "_ids"))]


def test_this_code_can_build_what_it_lists_and_says_what_it_would_build_otherwise(catalog: Catalog) -> None:
    assert not_buildable(catalog) == ()
    retold = replace(catalog.features[3], sentence="Once said so.")
    gone = replace(history_feature("seller", "seller", 30), key="seller_of_old")
    assert not_buildable(Catalog((*catalog.features[:3], retold, gone))) == (retold.name, gone.name)


def test_what_is_left_out_by_name_is_in_no_family(make_world: Callable[..., dict[str, pa.Table]]) -> None:
    tables = Tables(make_world(cases=60))
    left = resolve_catalog(tables, LIABLE, (30,), ("attr_tier", "claim_length")).names
    assert not [name for name in left if "attr_tier" in name or name == "claim_length"]
