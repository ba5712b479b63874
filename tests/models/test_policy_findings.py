"""What policy finds: the first clause that applies has the word, unless one before it could still say otherwise."""

import random
from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from models.clauses import Clause
from models.findings import NOBODY, NOT_IN_FORCE, OPEN, SETTLED, WAITING, Answer, Findings
from models.policy import Policy, PolicyGap, load

FactsOf = Callable[..., pa.Table]
DENIED = {"reason": "inr_delivered_denied", "stage": "request"}
EARLY, LATE, LATER = "2023-05-05", "2024-05-05", "2024-08-01"


def days(*texts: str) -> np.ndarray[Any, np.dtype[np.int64]]:
    return np.array([np.datetime64(text, "D").astype(np.int64) for text in texts])


def find(policy: Policy, table: pa.Table, *on: str) -> Findings:
    return policy.find(table, days(*(on or (EARLY,))))


def said(found: Findings, key: str, ask: int = 0, answer: Answer | None = None) -> tuple[int, Any, str]:
    """The state of a question, its answer, and the id of the clause that settles it."""
    answer = answer or found.answer(key)
    settled = answer.state[ask] == SETTLED
    clause = found.clauses[answer.clause[ask]].id if settled else ""
    return int(answer.state[ask]), answer.values[answer.value[ask]] if settled else None, clause


def test_the_first_clause_that_applies_settles_a_question(small_policy: Policy, facts_of: FactsOf) -> None:
    far = {**DENIED, "evidence_closed": True, "position_recorded": True, "door_distance_m": 300, "delivered": True,
           "signed": True}  # fmt: skip
    assert said(find(small_policy, facts_of(far)), "entitled") == (SETTLED, True, "DEL-FAR")
    assert said(find(small_policy, facts_of({**far, "door_distance_m": 3})), "entitled") == (SETTLED, False, "DEL-DONE")


def test_a_question_that_no_clause_answers_is_open(small_policy: Policy, facts_of: FactsOf) -> None:
    found = find(small_policy, facts_of({**DENIED, "reason": "late_delivery"}))
    assert [said(found, key)[0] for key in ("entitled", "fault", "cost_bearer")] == [OPEN] * 3


def test_a_lower_clause_waits_for_a_higher_one_that_could_say_otherwise(
    small_policy: Policy, facts_of: FactsOf
) -> None:
    signed = {**DENIED, "evidence_closed": False, "delivered": True, "signed": True}
    found = find(small_policy, facts_of(signed))
    assert said(found, "entitled") == (WAITING, None, "")
    assert [clause.id for clause in found.holding_up(found.answer("entitled"), 0)] == ["DEL-FAR"]
    assert found.missing(0)["DEL-FAR"] == (("door_distance_m", ("carrier",)),)


def test_a_lower_clause_settles_what_a_higher_one_could_only_say_too(small_policy: Policy, facts_of: FactsOf) -> None:
    unsigned = {**DENIED, "evidence_closed": False, "delivered": True, "signed": False, "paid_cents": 80_000}
    found = find(small_policy, facts_of(unsigned))
    assert said(found, "entitled") == (SETTLED, True, "DEL-SIG")
    assert said(found, "fault") == (SETTLED, "carrier", "DEL-SIG")
    later = find(small_policy, facts_of(unsigned), LATER)
    assert said(later, "entitled") == (SETTLED, True, "DEL-SIG")
    assert said(later, "fault") == (WAITING, None, "")


def test_a_fault_that_is_shared_is_told_with_its_shares(small_policy: Policy, facts_of: FactsOf) -> None:
    unsigned = {**DENIED, "evidence_closed": True, "position_recorded": False, "delivered": True, "signed": False,
                "paid_cents": 60_000}  # fmt: skip
    assert said(find(small_policy, facts_of(unsigned), LATER), "fault")[1] == (("seller", 0.5), ("carrier", 0.5))


def test_a_clause_is_read_at_the_day_of_the_case_and_at_no_other(small_policy: Policy, facts_of: FactsOf) -> None:
    unsigned = {**DENIED, "evidence_closed": True, "position_recorded": False, "delivered": True, "signed": False,
                "paid_cents": 60_000}  # fmt: skip
    found = find(small_policy, facts_of(unsigned, unsigned, unsigned), EARLY, LATE, LATER)
    assert [said(found, "entitled", ask)[0] for ask in range(3)] == [OPEN, OPEN, SETTLED]


def test_many_asks_and_one_alone_are_found_alike(small_policy: Policy, facts_of: FactsOf) -> None:
    chance = random.Random(3)
    rows = [random_row(chance) for _ in range(300)]
    on = [chance.choice([EARLY, LATE, LATER]) for _ in rows]
    together = find(small_policy, facts_of(*rows), *on)
    alone = [find(small_policy, facts_of(row), day) for row, day in zip(rows, on, strict=True)]
    assert np.array_equal(together.applies, np.vstack([found.applies for found in alone]))
    for key in ("entitled", "fault", "cost_bearer"):
        assert [said(together, key, i) for i in range(len(rows))] == [said(found, key) for found in alone]
    assert all(together.missing(i) == found.missing(0) for i, found in enumerate(alone))


def test_coverage_that_is_not_known_leaves_a_clause_undecided(small_policy: Policy, facts_of: FactsOf) -> None:
    far = {"position_recorded": True, "door_distance_m": 300}
    assert find(small_policy, facts_of(far)).missing(0)["DEL-FAR"] == (("reason", ("buyer",)),)


def test_a_remedy_is_ruled_out_where_a_clause_that_says_so_applies(small_policy: Policy, facts_of: FactsOf) -> None:
    found = find(small_policy, facts_of({"stage": "appeal"}, {"stage": "request"}, {}), EARLY, EARLY, EARLY)
    assert found.ruled_out["reject"].tolist() == [1, 0, -1]
    assert found.ruled_out["exchange"].tolist() == [0, 0, 0]
    assert found.not_fault["platform"].tolist() == [1, 0, -1]
    assert found.senior.tolist() == [1, 0, -1]


def test_what_one_clause_rules_out_no_other_has_to_be_decided_for(small_policy_path: Path, facts_of: FactsOf) -> None:
    (small_policy_path / "more.yaml").write_text("""
clauses:
  - id: ZERO-NOREJECT
    title: What never arrived is not rejected
    versions:
      - {announced_at: 2022-12-01, in_force_from: 2023-01-01, text: "So it is.", assumed: true, when: NOT delivered,
         effect: limits, priority: 90, finds: {remedies: {never: [reject]}}}
""")
    cases = [{"stage": stage, "delivered": delivered} for stage in ("appeal", "request", None)
             for delivered in (False, True, None)]  # fmt: skip
    found = find(load(small_policy_path), facts_of(*cases), *[EARLY] * 9)
    assert found.ruled_out["reject"].tolist() == [1, 1, 1, 1, 0, -1, 1, -1, -1]


def test_only_one_remedy_rules_out_every_other(write_policy: Any, facts_of: FactsOf) -> None:
    finds = {"remedies": {"only": ["exchange", "destroy"]}}
    found = find(load(write_policy({"effect": "limits", "finds": finds})), facts_of({"delivered": True}))
    assert {choice for choice, decided in found.ruled_out.items() if decided[0] == 0} == {"exchange", "destroy"}


def test_evidence_is_asked_for_within_the_hours_of_that_day(small_policy: Policy, facts_of: FactsOf) -> None:
    found = find(small_policy, facts_of({**DENIED, "delivered": True, "signature_pod_shown": False}))
    ((clause, demand),) = found.demands(0)
    assert (clause.id, demand.party, demand.any_of, demand.within_hours) == (
        "ASK-SIG",
        "carrier",
        ("signature_pod",),
        72,
    )


def test_a_clause_tells_the_values_that_it_read(small_policy: Policy, facts_of: FactsOf) -> None:
    found = find(small_policy, facts_of({**DENIED, "delivered": True, "signed": False, "paid_cents": 1}))
    (clause,) = (c for c in found.of(0, 0) if c.id == "DEL-SIG")
    assert found.read(0, clause) == {
        "reason": "inr_delivered_denied", "delivered": True, "paid_cents": 1, "signed": False
    }  # fmt: skip


def test_what_is_waited_for_by_many_is_what_each_alone_waits_for(small_policy: Policy, facts_of: FactsOf) -> None:
    chance = random.Random(5)
    rows = [random_row(chance) for _ in range(200)]
    found = find(small_policy, facts_of(*rows), *(chance.choice([EARLY, LATE, LATER]) for _ in rows))
    waits = {(ask, found.clauses[column].id, fact) for column in range(len(found.clauses))
             for fact, asks in found.lacking(column).items() for ask in asks.tolist()}  # fmt: skip
    alone = {(ask, clause, fact) for ask in range(len(rows)) for clause, facts in found.missing(ask).items()
             for fact, _ in facts}  # fmt: skip
    assert waits == alone
    assert waits


def test_an_action_is_ordered_where_a_clause_that_says_so_applies(write_policy: Any, facts_of: FactsOf) -> None:
    path = write_policy({"effect": "limits", "finds": {"actions": ["destroy"]}})
    found = find(load(path), facts_of({"delivered": True}, {"delivered": False}, {}), EARLY, EARLY, EARLY)
    assert found.ordered["destroy"].tolist() == [1, 0, -1]
    assert found.ordered["send_back"].tolist() == [0, 0, 0]


def test_a_term_of_the_remedy_is_resolved_as_a_question_is(write_policy: Any, facts_of: FactsOf) -> None:
    path = write_policy({"effect": "limits", "finds": {"refund_max_cents": ":over", "pause": True}})
    found = find(load(path), facts_of({"delivered": True}, {"delivered": False}, {}), EARLY, EARLY, EARLY)
    assert [said(found, "refund_max_cents", ask)[:2] for ask in range(3)] == [
        (SETTLED, 5.0),
        (OPEN, None),
        (WAITING, None),
    ]
    assert said(found, "pause")[:2] == (SETTLED, True)


def test_a_day_on_which_nothing_is_in_force_is_a_gap(small_policy: Policy, facts_of: FactsOf) -> None:
    with pytest.raises(PolicyGap, match="2022-12-31"):
        find(small_policy, facts_of(DENIED, DENIED), LATE, "2022-12-31")
    assert small_policy.covers(days(LATE, "2022-12-31", "2023-01-01")).tolist() == [True, False, True]


def test_no_asks_are_no_findings(small_policy: Policy, facts_of: FactsOf) -> None:
    found = small_policy.find(facts_of(), days())
    assert found.answer("entitled").state.shape == (0,)


def random_row(chance: random.Random) -> dict[str, Any]:
    some = {
        "reason": ["inr_delivered_denied", "inr_misdelivered", None], "stage": ["request", "appeal", None],
        "delivered": [True, False, None], "signed": [True, False, None], "evidence_closed": [True, False, None],
        "position_recorded": [True, False, None], "door_distance_m": [3, 300, None],
        "paid_cents": [1, 50_000, 60_000, 75_000, None], "signature_pod_shown": [True, False, None],
    }  # fmt: skip
    return {name: chance.choice(values) for name, values in some.items()}


def outcomes(found: Findings, key: str, ask: int) -> set[Any]:
    """What a question could be answered, whatever becomes of the clauses that cannot be decided yet."""
    stating = sorted(
        (i for i, c in enumerate(found.clauses) if key in c.finds.says and found.applies[ask, i] != NOT_IN_FORCE),
        key=lambda i: -found.clauses[i].priority,
    )
    each = [[found.applies[ask, i]] if found.applies[ask, i] >= 0 else [0, 1] for i in stating]
    firsts = (next((i for i, a in zip(stating, applies, strict=True) if a), None) for applies in product(*each))
    return {None if i is None else stated(found.clauses[i], key) for i in firsts}


def stated(clause: Clause, key: str) -> Any:
    says = clause.finds.says
    return says["shares"] if says[key] == "shared" and key == "fault" else says[key]


def test_a_question_is_settled_where_every_outcome_of_what_is_not_decided_says_the_same(
    small_policy: Policy, facts_of: FactsOf
) -> None:
    chance = random.Random(7)
    rows = [random_row(chance) for _ in range(2_000)]
    found = find(small_policy, facts_of(*rows), *(chance.choice([EARLY, LATE, LATER]) for _ in rows))
    states = set()
    for key in ("entitled", "fault", "cost_bearer"):
        answer = found.answer(key)
        for ask in range(len(rows)):
            could = outcomes(found, key, ask)
            state, value, _ = said(found, key, ask, answer)
            assert state == (OPEN if could == {None} else SETTLED if len(could) == 1 else WAITING)
            assert value == (could.pop() if state == SETTLED else None)
            assert (answer.value[ask] == NOBODY) == (state != SETTLED)
            assert bool(found.holding_up(answer, ask)) == (state == WAITING)
            states.add(state)
    assert states == {OPEN, SETTLED, WAITING}


def test_what_is_waited_for_cannot_be_decided_and_would_say_something_else(
    small_policy: Policy, facts_of: FactsOf
) -> None:
    chance = random.Random(13)
    rows = [random_row(chance) for _ in range(500)]
    found = find(small_policy, facts_of(*rows), *(chance.choice([EARLY, LATE, LATER]) for _ in rows))
    answer = found.answer("fault")
    for ask in np.flatnonzero(answer.state == WAITING):
        could, missing = outcomes(found, "fault", ask), found.missing(ask)
        for clause in found.holding_up(answer, ask):
            assert stated(clause, "fault") in could
            assert missing[clause.id]


def test_whatever_becomes_known_what_is_settled_stays_settled(small_policy: Policy, facts_of: FactsOf) -> None:
    chance = random.Random(11)
    rows = [random_row(chance) for _ in range(1_500)]
    told = [{n: v if v is not None else random_row(chance)[n] for n, v in row.items()} for row in rows]
    on = [chance.choice([EARLY, LATE, LATER]) for _ in rows]
    before, after = (find(small_policy, facts_of(*some), *on) for some in (rows, told))
    for key in ("entitled", "fault", "cost_bearer"):
        was, now = before.answer(key), after.answer(key)
        for ask in np.flatnonzero(was.state == SETTLED):
            assert said(after, key, ask, now)[:2] == said(before, key, ask, was)[:2]


def test_asks_in_several_chunks_are_answered_in_their_order(
    small_policy: Policy, facts_of: Callable[..., pa.Table]
) -> None:
    far = facts_of({"reason": "inr_misdelivered", "door_distance_m": 500.0})
    near = facts_of({"reason": "inr_misdelivered", "door_distance_m": 1.0})
    chunks = pa.concat_tables([far, near] * 8)
    alone = np.concatenate([find(small_policy, one).applies for one in (far, near)] * 8)
    for _ in range(20):
        assert np.array_equal(find(small_policy, chunks, *[EARLY] * 16).applies, alone)
