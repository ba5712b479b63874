"""What is still lacking of what a claim requires, and whether it was asked for."""

from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from features.asks import asks_as_of
from features.check import check
from features.checklist import Lack, lacking
from features.required import required_evidence
from features.vocabulary import PARTIES, STAGES

OPENED = datetime(2025, 3, 1, tzinfo=UTC)
PHOTO = ("item_photo", "unboxing_video")


def day(n: float) -> datetime:
    return OPENED + timedelta(days=n)


def lacks(day_asked: float = 5, *, columns: dict[str, Any] | None = None, **rows: Any) -> tuple[Lack, ...] | None:
    """What a case of damage lacks at a day; tables given without rows are supplied and empty."""
    case = {"case_id": "c", "opened_at": OPENED, "reason": "damaged_item", "stage": "request", **(columns or {})}
    other = {"case_id": "other", "opened_at": OPENED, "reason": "damaged_item", "stage": "request"}
    raw = {"cases": pa.Table.from_pylist([case, other])}
    raw |= {name: pa.Table.from_pylist(found) for name, found in rows.items()}
    tables = check(raw).tables
    asks = asks_as_of(tables, np.array([0]), np.array([int(day(day_asked).timestamp() * 1e6)]))
    return lacking(tables, asks)[0]


def item(kind: str, party: str, known: float = 1.0, case: str = "c") -> dict[str, Any]:
    return {
        "evidence_id": f"{kind}{known}{case}",
        "case_id": case,
        "kind": kind,
        "party": party,
        "known_at": day(known),
    }


def request(due: float, answer: str | None = None, kind: str = "packing_photo") -> dict[str, Any]:
    return {
        "request_id": f"r{due}{kind}", "case_id": "c", "kind": kind, "party": "seller", "asked_at": day(1),
        "due_at": day(due), "answered_at": None if answer is None else day(2), "answer": answer,
    }  # fmt: skip


ELSEWHERE = item("item_photo", "buyer", case="other")


def state_of(party: str, found: tuple[Lack, ...] | None) -> list[str]:
    assert found is not None
    return [lack.state for lack in found if lack.party == party]


def test_everything_required_is_missing_where_nothing_was_given_or_asked_for() -> None:
    found = lacks(evidence=[ELSEWHERE])
    wanted = [r for r in required_evidence()["damaged_item"] if "request" in r.stages]
    assert found is not None
    assert [(lack.party, set(lack.any_of)) for lack in found] == [
        (r.party, set(r.any_of)) for party in PARTIES for r in wanted if r.party == party
    ]
    assert {lack.state for lack in found} == {"missing"}


def test_any_one_of_the_kinds_meets_a_requirement_from_when_it_is_known() -> None:
    rows = [ELSEWHERE, item("unboxing_video", "buyer", known=3)]
    assert len(state_of("buyer", lacks(2, evidence=rows))) > len(state_of("buyer", lacks(4, evidence=rows)))
    assert all(PHOTO[1] not in lack.any_of for lack in lacks(4, evidence=rows) or () if lack.party == "buyer")


def test_the_same_kind_from_another_party_meets_nothing() -> None:
    rows = [ELSEWHERE, item("packing_photo", "buyer")]
    assert state_of("seller", lacks(evidence=rows)) == state_of("seller", lacks(evidence=[ELSEWHERE]))


@pytest.mark.parametrize(
    ("due", "answer", "state"),
    [(9, None, "asked"), (4, None, "withheld"), (4, "refused", "withheld"), (4, "unavailable", "unavailable")],
)
def test_the_state_says_what_came_of_the_request(due: float, answer: str | None, state: str) -> None:
    assert state_of("seller", lacks(evidence=[ELSEWHERE], requests=[request(due, answer)])) == [state]


def test_of_several_requests_for_one_thing_the_one_furthest_along_counts() -> None:
    asked = [request(9), request(4, kind="packing_video")]
    assert state_of("seller", lacks(evidence=[ELSEWHERE], requests=asked)) == ["withheld"]


def test_an_answer_not_known_yet_does_not_count() -> None:
    asked = [request(9, "unavailable")]
    assert state_of("seller", lacks(1.5, evidence=[ELSEWHERE], requests=asked)) == ["asked"]


def test_nothing_is_lacking_where_nobody_knows_what_there_is() -> None:
    assert lacks() is None
    assert lacks(evidence=[ELSEWHERE], columns={"reason": None}) is None


@pytest.mark.parametrize("stage", STAGES)
def test_what_a_later_stage_requires_is_lacking_only_there(stage: str) -> None:
    found = lacks(evidence=[ELSEWHERE], columns={"stage": stage})
    wanted = [r for r in required_evidence()["damaged_item"] if stage in r.stages]
    assert len(found or ()) == len(wanted)
