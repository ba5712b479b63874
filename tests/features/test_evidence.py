"""What each feature of the evidence family says, on the smallest case that shows it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from features.evidence import EVIDENCE
from features.tables import Tables

T0 = datetime(2025, 3, 10, tzinfo=UTC)
Row = dict[str, Any]
Rows = dict[str, list[Row]]
Say = Callable[..., float | None]

CASE: Row = {"case_id": "c", "opened_at": T0, "reason": "damaged_item", "stage": "request"}


def at(hours: float) -> datetime:
    return T0 + timedelta(hours=hours)


def item(kind: str, party: str, **more: Any) -> Row:
    """An item of evidence, given when the case was opened."""
    return {"evidence_id": f"{kind}{party}", "case_id": "c", "kind": kind, "party": party, "known_at": T0} | more


def asked(kind: str, party: str, due: float | None, **more: Any) -> Row:
    """A request made when the case was opened and due so many hours later."""
    row = {"request_id": f"{kind}{party}", "case_id": "c", "kind": kind, "party": party, "asked_at": T0}
    return row | {"due_at": None if due is None else at(due)} | more


def world(evidence: list[Row], requests: list[Row] | None = None, case: Row | None = None) -> Rows:
    return {"cases": [CASE | (case or {})], "evidence": evidence, "requests": requests or []}


@pytest.mark.parametrize(
    ("name", "evidence", "said"),
    [
        ("buyer_evidence_required", [], 2.0),
        ("seller_evidence_required", [], 1.0),
        ("carrier_evidence_required", [], 0.0),
        ("buyer_evidence_there", [item("item_photo", "buyer")], 1.0),
        ("buyer_evidence_there", [item("unboxing_video", "buyer")], 2.0),
        ("buyer_evidence_there", [item("item_photo", "seller")], 0.0),
        ("buyer_evidence_missing", [item("item_photo", "buyer")], 1.0),
        ("seller_evidence_missing", [item("packing_photo", "seller")], 0.0),
        ("buyer_evidence_given", [item("item_photo", "buyer"), item("fault_video", "buyer")], 2.0),
        ("buyer_evidence_for_claim", [item("item_photo", "buyer", supports_claim=True)], 1.0),
        ("seller_evidence_against_claim", [item("packing_photo", "seller", supports_claim=False)], 1.0),
        ("seller_evidence_against_claim", [item("packing_photo", "seller")], 0.0),
        ("buyer_evidence_synthetic", [item("item_photo", "buyer", synthetic_score=0.7)], 0.7),
        ("buyer_evidence_synthetic", [item("item_photo", "buyer")], None),
        ("buyer_evidence_unlinked", [item("item_photo", "buyer", linked=False)], 1.0),
        ("buyer_evidence_illegible", [item("item_photo", "buyer", legible=False)], 1.0),
        ("buyer_evidence_illegible", [item("item_photo", "buyer", legible=True)], 0.0),
    ],
)
def test_a_feature_says_what_its_sentence_says(say: Say, name: str, evidence: list[Row], said: float | None) -> None:
    assert say(name, world(evidence)) == said


def test_an_item_counts_from_when_it_arrived(say: Say) -> None:
    rows = world([item("item_photo", "buyer", known_at=at(5))])
    assert [say("buyer_evidence_missing", rows, hours) for hours in (4.9, 5)] == [2.0, 1.0]


def test_more_is_required_at_a_later_stage(say: Say) -> None:
    for stage, said in (("request", 0.0), ("inspection", 1.0), ("appeal", 2.0), (None, 0.0)):
        case = {"reason": "return_wrong_or_empty", "stage": stage}
        assert say("seller_evidence_required", world([], case=case)) == said


def test_a_claim_without_a_reason_requires_nothing_that_is_known(say: Say) -> None:
    assert say("buyer_evidence_missing", world([], case={"reason": None})) is None


@pytest.mark.parametrize(
    ("request_made", "evidence", "withheld"),
    [
        (asked("packing_photo", "seller", due=5), [], [0.0, 1.0]),
        (asked("packing_photo", "seller", due=None), [], [0.0, 0.0]),
        (asked("packing_photo", "seller", due=5, answered_at=at(2), answer="refused"), [], [0.0, 1.0]),
        (asked("packing_video", "seller", due=5, answered_at=at(2), answer="unavailable"), [], [0.0, 0.0]),
        (asked("packing_video", "seller", due=5, answered_at=at(6), answer="unavailable"), [], [0.0, 1.0]),
        (asked("packing_photo", "seller", due=5, answered_at=at(2), answer="supplied"), [], [0.0, 0.0]),
        (asked("packing_photo", "seller", due=5), [item("packing_photo", "seller")], [0.0, 0.0]),
    ],
)
def test_withheld_is_only_what_was_asked_for_and_answerable_and_due(
    say: Say, request_made: Row, evidence: list[Row], withheld: list[float]
) -> None:
    rows = world(evidence, [request_made])
    assert [say("seller_evidence_withheld", rows, hours) for hours in (4.9, 5)] == withheld


def test_an_item_is_late_after_it_was_due_and_after_the_time_for_evidence_ended(say: Say) -> None:
    late, requested = [item("item_photo", "buyer", known_at=at(9))], [asked("item_photo", "buyer", due=8)]
    assert say("buyer_evidence_late", world(late, requested), 9) == 1.0
    assert say("buyer_evidence_late", world(late, [asked("fault_video", "buyer", due=8)]), 9) == 0.0
    assert say("buyer_evidence_late", world(late, case={"evidence_closed_at": at(8)}), 9) == 1.0


@pytest.mark.parametrize(("column", "name"), [("sha256", "buyer_files"), ("phash", "buyer_images")])
@pytest.mark.parametrize(
    ("mine", "theirs", "said"),
    [
        ({}, {"known_at": at(-1)}, 1.0),
        ({}, {"known_at": T0}, 0.0),
        ({}, {"case_id": "c", "known_at": at(-1)}, 0.0),
        ({"catalogue_image": True}, {"known_at": at(-1)}, 0.0),
        ({}, {"known_at": at(-1), "catalogue_image": True}, 0.0),
    ],
)
def test_a_file_is_used_again_where_another_case_had_it_before_now_and_it_is_nobodys_stock(
    say: Say, column: str, name: str, mine: Row, theirs: Row, said: float
) -> None:
    other = item("fault_video", "seller", case_id="d") | {column: "h"} | theirs
    rows = world([item("item_photo", "buyer") | {column: "h"} | mine, other])
    rows["cases"].append(CASE | {"case_id": "d", "opened_at": at(-9)})
    assert say(f"{name}_used_elsewhere", rows) == said


@pytest.mark.parametrize("name", [feature.name for feature, _ in EVIDENCE])
def test_without_evidence_nothing_is_known_and_with_none_of_the_case_nothing_is_there(say: Say, name: str) -> None:
    assert say(name, {"cases": [CASE]}) is None
    said = say(name, world([]))
    assert said is None if name.endswith("synthetic") else said is not None
    assert said in (0.0, None) or name.endswith(("required", "missing"))


def test_why_a_feature_of_evidence_is_null_is_told(
    tables_of: Callable[[Rows], Tables], causes_of: Callable[..., dict[str, str]]
) -> None:
    whole = tables_of(world([item("item_photo", "buyer")]))
    lacking = whole["evidence"].drop_columns(["sha256"])
    causes = causes_of(Tables({"cases": whole["cases"], "evidence": lacking}))
    assert causes["buyer_files_used_elsewhere"] == "U02"
    assert causes["buyer_evidence_withheld"] == "U01"
    assert causes["buyer_evidence_synthetic"] == "U07"
    assert "buyer_evidence_missing" not in causes
