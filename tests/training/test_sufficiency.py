"""What happened after an ask says whether what had been known was enough."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from features.check import check
from features.tables import DAY
from training.dataset import asks_of_ruled_cases
from training.labels import labels_before
from training.sufficiency import SAYINGS, sufficiency

OPENED = datetime(2025, 3, 1, tzinfo=UTC)
LATER = int((OPENED + timedelta(days=200)).timestamp() * 1e6)
ENOUGH, ASKED, LACKED, ANOTHER, OVERTURNED, NOT_QUIET, STOOD, NOTHING, OPEN = SAYINGS


def day(n: float) -> datetime:
    return OPENED + timedelta(days=n)


def ruling(at: float, **changes: Any) -> dict[str, Any]:
    usual = {"case_id": "c", "ruled_at": day(at), "liable": "seller", "basis": "merits", "provisional": False}
    return {**usual, "evidence_sufficient": None, **changes}


def request(asked: float, answered: float | None = None) -> dict[str, Any]:
    return {
        "request_id": f"q{asked}", "case_id": "c", "kind": "item_photo", "party": "buyer", "asked_at": day(asked),
        "due_at": day(asked + 3), "answered_at": None if answered is None else day(answered),
        "answer": None if answered is None else "supplied",
    }  # fmt: skip


def appeal(**changes: Any) -> dict[str, Any]:
    usual = {"case_id": "c", "appealed_at": day(12), "decided_at": day(15), "new_evidence": True, "overturned": True}
    return {**usual, "liable_after": "buyer", **changes}


def message(at: float) -> dict[str, Any]:
    return {"message_id": "m", "case_id": "c", "party": "buyer", "sent_at": day(at), "language": "en", "text": "Hello"}


def said(until: int = LATER, **rows: list[dict[str, Any]]) -> list[str]:
    """What is said of the one case at opening and at escalation, two days later."""
    case = {"case_id": "c", "opened_at": OPENED, "escalated_at": day(2), "reason": "damaged_item"}
    tables = check({n: pa.Table.from_pylist(r) for n, r in {"cases": [case], **rows}.items()}).tables
    asks = asks_of_ruled_cases(tables)
    found = []
    for ask in range(len(asks)):
        _, counts = sufficiency(tables, asks.take(slice(ask, ask + 1)), labels_before(tables, until, 21))
        found += [name for name, n in counts.items() if n]
    return found


def test_a_final_ruling_on_what_was_known_says_it_was_enough() -> None:
    assert said(rulings=[ruling(5)]) == [ENOUGH, ENOUGH]


def test_a_request_says_that_something_was_lacking() -> None:
    assert said(rulings=[ruling(9)], requests=[request(3)]) == [ASKED, ASKED]


def test_an_ask_after_the_request_is_judged_by_what_came_after_it() -> None:
    assert said(rulings=[ruling(9)], requests=[request(1)]) == [ASKED, ENOUGH]


def test_an_answer_that_came_in_between_leaves_nothing_said() -> None:
    assert said(rulings=[ruling(9)], requests=[request(1, answered=3)])[1] == NOT_QUIET


def test_a_message_before_the_moment_disturbs_only_what_lies_before_it() -> None:
    assert said(rulings=[ruling(9)], messages=[message(1)]) == [NOT_QUIET, ENOUGH]


def test_a_ruling_that_found_the_evidence_wanting_says_so() -> None:
    assert said(rulings=[ruling(5, evidence_sufficient=False)]) == [LACKED, LACKED]


@pytest.mark.parametrize(("final", "expected"), [("buyer", ANOTHER), ("seller", STOOD)])
def test_a_provisional_ruling_tells_only_when_the_final_one_is_another(final: str, expected: str) -> None:
    assert said(rulings=[ruling(4, provisional=True), ruling(8, liable=final)]) == [expected, expected]


def test_an_appeal_won_with_new_evidence_says_it_had_not_been_enough() -> None:
    assert said(rulings=[ruling(5)], appeals=[appeal()]) == [OVERTURNED, OVERTURNED]


@pytest.mark.parametrize("changes", [{"new_evidence": False}, {"overturned": False, "liable_after": None}])
def test_an_appeal_without_new_evidence_or_success_says_nothing(changes: dict[str, Any]) -> None:
    assert said(rulings=[ruling(5)], appeals=[appeal(**changes)]) == [ENOUGH, ENOUGH]


@pytest.mark.parametrize("changes", [{"basis": "default"}, {"basis": "settlement"}])
def test_what_was_not_ruled_on_its_merits_is_no_label(changes: dict[str, Any]) -> None:
    assert said(rulings=[ruling(5, **changes)]) == [OPEN, OPEN]


def test_a_ruling_that_may_still_be_appealed_is_no_label() -> None:
    until = int(day(10).timestamp() * 1e6)
    assert said(until, rulings=[ruling(5)]) == [OPEN, OPEN]


def test_nothing_known_from_the_cut_on_changes_what_is_said() -> None:
    until = LATER - 100 * DAY
    before = said(until, rulings=[ruling(5)])
    assert said(until, rulings=[ruling(5)], appeals=[appeal(appealed_at=day(150), decided_at=day(160))]) == before


def test_labels_and_their_count_agree(make_world: Callable[..., dict[str, pa.Table]]) -> None:
    tables = check(make_world(cases=300, seed=3)).tables
    asks = asks_of_ruled_cases(tables)
    label, counts = sufficiency(tables, asks, labels_before(tables, tables.last_known + 1, 21))
    assert sum(counts.values()) == len(asks)
    assert np.sum(label == 1) == counts[ENOUGH]
    assert np.sum(label == 0) == sum(n for name, n in counts.items() if name.startswith("insufficient"))
