"""The example packs hold together, are no part of the house policy, and find by their own numbers."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from models.deciding import APPLIES, APPLIES_NOT
from models.policy import HOUSE, load

FOLDER = Path(__file__).parents[2] / "examples" / "policies"
FactsOf = Callable[..., pa.Table]
DEAR = {"reason": "inr_delivered_denied", "stage": "request", "shipping_cents": 0, "tax_cents": 0, "signed": False}
WORN = {"return_received": True, "return_grade": "minor_damage", "days_since_return_received": 45}


def applies(pack: str, clause: str, table: pa.Table, on: str) -> int:
    found = load(FOLDER / pack).find(table, np.array([np.datetime64(on, "D").astype(np.int64)]))
    return next(int(found.applies[0, i]) for i, c in enumerate(found.clauses) if c.id == clause)


@pytest.mark.parametrize("pack", sorted(FOLDER.glob("*.yaml")), ids=lambda pack: pack.stem)
def test_an_example_shares_no_clause_with_the_house_policy(pack: Path) -> None:
    house, example = load(HOUSE), load(pack)
    assert {clause.id for clause in example.clauses} & {clause.id for clause in house.clauses} == set()
    assert example.id != house.id


@pytest.mark.parametrize(("on", "verdict"), [("2015-06-01", APPLIES), ("2016-06-01", APPLIES_NOT)])
def test_a_signature_is_asked_for_from_the_sum_of_that_day_on(facts_of: FactsOf, on: str, verdict: int) -> None:
    row: dict[str, Any] = DEAR | {"paid_cents": 25_000}
    assert applies("auction.yaml", "AUC-SIG", facts_of(row), on) == verdict


@pytest.mark.parametrize(("on", "verdict"), [("2025-12-31", APPLIES), ("2026-01-01", APPLIES_NOT)])
def test_a_deduction_is_asked_for_within_the_days_of_that_day(facts_of: FactsOf, on: str, verdict: int) -> None:
    assert applies("retailer.yaml", "RTL-DAMAGE", facts_of(WORN), on) == verdict
