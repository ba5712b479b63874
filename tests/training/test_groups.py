"""Which cases stay on one side of every split."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pyarrow as pa

from features.contract import TABLES
from features.tables import ARROW, Tables
from training.groups import groups

T0 = datetime(2025, 1, 1, tzinfo=UTC)


def same(*cases: dict[str, object], evidence: list[dict[str, object]] | None = None) -> list[list[str]]:
    rows = [{"case_id": f"c{i}", "opened_at": T0 + timedelta(hours=i)} | case for i, case in enumerate(cases)]
    made = {"cases": _table("cases", rows)}
    if evidence is not None:
        made["evidence"] = _table("evidence", evidence)
    found = groups(Tables(made))
    return sorted([f"c{i}" for i in np.flatnonzero(found == g)] for g in np.unique(found))


def _table(name: str, rows: list[dict[str, object]]) -> pa.Table:
    kinds = {c.name: ARROW[c.type] for c in TABLES[name].columns}
    names = dict.fromkeys(key for row in rows for key in row)
    return pa.Table.from_pylist(rows, schema=pa.schema([(key, kinds.get(key, pa.string())) for key in names]))


def test_cases_of_one_order_are_one_group() -> None:
    assert same({"order_id": "o"}, {"order_id": "o"}, {"order_id": None}) == [["c0", "c1"], ["c2"]]


def test_cases_without_an_order_are_not_one_group() -> None:
    assert same({"order_id": None}, {"order_id": None}) == [["c0"], ["c1"]]


def test_exact_duplicates_are_one_group_and_near_ones_are_not() -> None:
    twin = {"opened_at": T0, "seller_id": "s", "attr_x": None, "audit_y": "a"}
    assert same(twin, twin, twin | {"audit_y": "b"}) == [["c0", "c1"], ["c2"]]


def test_cases_of_one_buyer_and_seller_are_not_one_group() -> None:
    assert same({"buyer_id": "b", "seller_id": "s"}, {"buyer_id": "b", "seller_id": "s"}) == [["c0"], ["c1"]]


def test_cases_that_share_an_image_are_one_group_unless_it_is_a_catalogue_image() -> None:
    def item(case: str, sha256: str, catalogue: bool) -> dict[str, object]:
        return {"case_id": case, "evidence_id": case + sha256, "sha256": sha256, "catalogue_image": catalogue}

    shared = [item("c0", "x", False), item("c1", "x", False), item("c1", "y", True), item("c2", "y", True)]
    assert same({}, {}, {}, evidence=shared) == [["c0", "c1"], ["c2"]]


def test_groups_that_touch_are_one() -> None:
    shared = [{"case_id": c, "evidence_id": c, "phash": "p"} for c in ("c1", "c2")]
    assert same({"order_id": "o"}, {"order_id": "o"}, {"order_id": "n"}, evidence=shared) == [["c0", "c1", "c2"]]
