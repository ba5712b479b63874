"""Requests for evidence: asked by the one list, due before the close, and held back for reasons."""

import pytest

from features.required import required_evidence


@pytest.fixture(scope="module")
def asked(simulated):
    """Every request with its case."""
    cases = {row["case_id"]: row for row in simulated.rows("cases")}
    return [row | {"case": cases[row["case_id"]]} for row in simulated.rows("requests")]


def given_in_time(row):
    return row["answer"] in ("supplied", "unavailable") and row["answered_at"] <= row["due_at"]


def test_only_what_the_list_requires_at_that_stage_is_asked_for(asked):
    for row in asked:
        entries = required_evidence()[row["case"]["reason"]]
        stage = row["case"]["stage"]
        assert any(row["party"] == e.party and row["kind"] in e.any_of and stage in e.stages for e in entries)


def test_evidence_closes_when_the_last_deadline_has_passed_or_all_have_answered(asked):
    for row in asked:
        closed = row["case"]["evidence_closed_at"]
        if closed and row["asked_at"] < closed:
            answered = row["answered_at"] is not None and row["answered_at"] < closed
            assert answered or row["due_at"] < closed


def test_some_are_asked_at_opening_some_when_the_case_is_taken_and_some_after_the_close(asked):
    def reached(row, moment):
        return row["case"][moment] is not None and row["asked_at"] > row["case"][moment]

    assert any(not reached(row, "escalated_at") for row in asked)
    assert any(reached(row, "escalated_at") and not reached(row, "evidence_closed_at") for row in asked)
    assert any(reached(row, "evidence_closed_at") for row in asked)


def test_some_answers_come_late(asked):
    late = [row["answered_at"] > row["due_at"] for row in asked if row["answered_at"]]
    assert 0.02 < sum(late) / len(late) < 0.15


def test_buyers_with_a_false_claim_hold_back_more(simulated, asked):
    honest = {row["case_id"]: row["honest_claim"] for row in simulated.rows("truth")}
    of_buyers = [row for row in asked if row["party"] == "buyer"]
    held = {
        truthful: [not given_in_time(row) for row in of_buyers if honest[row["case_id"]] is truthful]
        for truthful in (True, False)
    }
    share = {truthful: sum(rows) / len(rows) for truthful, rows in held.items()}
    assert share[False] > share[True] + 0.1


def test_what_the_desk_rules_at_sight_was_asked_of_nobody(simulated, asked):
    heard = {row["case_id"] for row in asked}
    escalated = {row["case_id"] for row in simulated.rows("cases") if row["escalated_at"]}
    at_sight = {
        row["case_id"]
        for row in simulated.rows("rulings")
        if row["basis"] == "merits" and row["case_id"] not in escalated
    }
    assert at_sight
    assert not at_sight & heard


def test_nobody_rules_on_the_merits_before_what_was_asked_for_was_due(simulated):
    ruled = {row["case_id"]: row["ruled_at"] for row in simulated.rows("rulings") if row["basis"] == "merits"}
    for row in simulated.rows("requests"):
        if row["answer"] is None and row["case_id"] in ruled:
            assert row["due_at"] < ruled[row["case_id"]]
