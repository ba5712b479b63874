"""Policies for tests of policy, and the terms of a made-up one for tests of money and time.

``small_policy``  two clauses that disagree, one that agrees with another, one that limits and one that informs
``small_policy_path``  a copy of its files, to change
``write_policy``  a file of one clause, CL-1; change what the test is about, None leaves a key out
``facts_of``      a table of every fact from rows that name the known ones
``terms``, ``clocks``  how much and how long a made-up policy says
"""

import datetime
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
import yaml

from features.facts import FACTS
from models.policy import Policy, load
from models.terms import Clocks, Terms

ARROW = {"flag": pa.bool_(), "number": pa.float64(), "word": pa.string()}
START = datetime.date(2023, 1, 1)
CLAUSE = {
    "announced_at": START, "in_force_from": START, "text": "A clause.", "assumed": True, "when": "delivered",
    "effect": "decides", "priority": 1, "finds": {"entitled": True},
}  # fmt: skip
PARAMETERS = {
    "over": {"unit": "cents", "values": [{"from": START, "value": 5, "assumed": True}]},
    "some": {"unit": "word", "values": [{"from": START, "value": ["request", "appeal"], "assumed": True}]},
    "few": {"unit": "cents", "values": [{"from": START, "value": [1, 5], "assumed": True}]},
}


@pytest.fixture(scope="session")
def small_policy() -> Policy:
    return load(Path(__file__).parent / "small_policy")


@pytest.fixture
def write_policy(tmp_path: Path) -> Callable[..., Path]:
    def write(*versions: dict[str, Any], parameters: Any = PARAMETERS, name: str = "one.yaml") -> Path:
        path = tmp_path / name
        entries = [{k: v for k, v in {**CLAUSE, **version}.items() if v is not None} for version in versions or ({},)]
        document = {
            "policy": {"id": "one", "title": "One clause", "day": "opened_at", "currency": "USD"},
            "parameters": parameters,
            "clauses": [{"id": "CL-1", "title": "One", "versions": entries}],
        }
        path.write_text(yaml.safe_dump(document, allow_unicode=True, sort_keys=False), "utf-8")
        return path

    return write


@pytest.fixture(scope="session")
def facts_of() -> Callable[..., pa.Table]:
    def table(*rows: dict[str, Any]) -> pa.Table:
        return pa.table({f.name: pa.array([row.get(f.name) for row in rows], ARROW[f.type]) for f in FACTS})

    return table


@pytest.fixture
def small_policy_path(tmp_path: Path) -> Path:
    return Path(shutil.copytree(Path(__file__).parent / "small_policy", tmp_path / "small_policy"))


@pytest.fixture(scope="session")
def terms() -> Terms:
    """Bands of 10 to 50 % and $5 to $50, labels of $6.50 and $7.00, a cover of $200, a fifth of fees kept."""
    return Terms(
        shipping_share=0,
        shipping_taxed_share=0,
        refund_share_min=1_000,
        refund_share_max=5_000,
        refund_min_cents=500,
        refund_max_cents=5_000,
        deduct_original_share=0,
        deduct_minor_damage_share=2_000,
        deduct_severe_damage_share=7_000,
        deduct_wrong_item_share=10_000,
        deduct_empty_share=10_000,
        deduct_share_max=5_000,
        refund_admin_share=2_000,
        return_label_cents=650,
        replacement_label_cents=700,
        cover_max_cents=20_000,
        uncovered_seller_share=0,
    )


@pytest.fixture(scope="session")
def clocks() -> Clocks:
    """Every step in a time of its own, so that no two can be mistaken for each other."""
    return Clocks(
        label_within_hours=24,
        drop_off_within_days=14,
        first_return_scan_within_days=3,
        return_arrives_within_days=10,
        grade_within_hours=48,
        refund_within_days=5,
        settle_within_days=2,
        stock_check_within_hours=25,
        difference_within_hours=72,
        first_scan_within_hours=49,
        send_back_within_days=7,
        recharge_notice_days=8,
        claim_within_days=90,
        void_label_within_days=28,
        destroy_within_days=6,
        appeal_within_days=21,
    )
