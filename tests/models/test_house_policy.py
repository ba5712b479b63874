"""The house policy against its cases: situations in, findings out, as people write them in tests/policies.

A case names the day, the facts that are known (no other is), which clauses it is about and what each of them does, and
what the policy as a whole then finds. Each clause is then changed in every small way, and some case must notice.
"""

import datetime
from collections.abc import Iterator
from dataclasses import fields, replace
from pathlib import Path
from typing import Final

import numpy as np
import pytest

from features.vocabulary import PARTIES, REMEDIES
from models.case_amounts import wrong_amounts
from models.clause_tree import Node, Values, constant, named, sql
from models.clauses import Amount, Clause, Demand, Finds, Reference, Setting
from models.deciding import APPLIES, decide
from models.policy import HOUSE, READ, load
from models.policy_cases import VERDICTS, Case, differences, facts_of, found_of, read_cases
from models.terms import Clocks, Terms

FOLDER: Final = Path(__file__).parent.parent / "policies"
CASES: Final = read_cases(FOLDER)
POLICY: Final = load(HOUSE)
VERSIONS: Final = [pytest.param(i, id=f"{c.id} from {c.in_force_from}") for i, c in enumerate(POLICY.clauses)]
FOUND: Final = found_of(POLICY, CASES)


@pytest.mark.parametrize("ask", range(len(CASES)), ids=[case.name for case in CASES])
def test_the_house_policy_finds_what_the_case_says(ask: int) -> None:
    assert differences(CASES[ask], FOUND, ask) == []


PRICED: Final = [pytest.param(case, id=case.name) for case in CASES if case.amounts]


@pytest.mark.parametrize("case", PRICED)
def test_the_money_that_moves_is_what_the_case_says(case: Case) -> None:
    assert wrong_amounts(case.amounts, POLICY, facts_of((case,)), case.day) == []


def test_money_is_told_for_every_remedy_and_in_twenty_five_cases_at_least() -> None:
    assert len(PRICED) >= 25
    assert {each.remedy for case in CASES for each in case.amounts} == set(REMEDIES)


CLAUSES_SAY: Final = ("deduct_empty_share", "uncovered_seller_share")
"""What clauses of the house say in other words for every case, so that these numbers stand for other policies only."""


@pytest.mark.parametrize("name", [field.name for field in fields(Terms) if field.name not in CLAUSES_SAY])
def test_no_number_that_money_rests_on_can_change_unnoticed(name: str) -> None:
    was = POLICY.parameters[name]
    step = 0.05 if was.unit == "share" else 1.0
    for nudge in (-step, step):
        values = tuple(replace(one, values=(round(float(one.values[0]) + nudge, 4),)) for one in was.values)
        if not 0 <= values[0].values[0] <= (1 if was.unit == "share" else 1e9):
            continue
        changed = replace(POLICY, parameters={**POLICY.parameters, name: replace(was, values=values)})
        priced = (case for case in CASES if case.amounts)
        assert any(wrong_amounts(case.amounts, changed, facts_of((case,)), case.day) for case in priced), nudge


def test_every_case_has_a_name_of_its_own_and_known_facts_alone() -> None:
    assert len(CASES) >= 120
    assert len({case.name for case in CASES}) == len(CASES)
    names = {fact.name for fact in READ}
    assert [(case.name, set(case.facts) - names) for case in CASES if set(case.facts) - names] == []
    words = {fact.name: fact.values for fact in READ if fact.values}
    assert [
        (case.name, fact)
        for case in CASES
        for fact, values in words.items()
        if case.facts.get(fact) not in (None, *values)
    ] == []


def test_nothing_is_read_in_evidence_that_cannot_be_read() -> None:
    read = [fact.name.removesuffix("_read") for fact in READ if fact.name.endswith("_read")]
    assert [
        (case.name, kind)
        for case in CASES
        for kind in read
        if case.facts.get(f"{kind}_read") is False and case.facts.get(f"{kind}_agrees") is not None
    ] == []


@pytest.mark.parametrize("column", VERSIONS)
def test_every_clause_has_a_case_where_it_applies_and_one_where_it_does_not(column: int) -> None:
    clause = POLICY.clauses[column]
    told = {case.clauses.get(clause.id) for case in CASES if clause.in_force(case.on)}
    assert {"applies", "does not apply"} <= told


@pytest.mark.parametrize("column", VERSIONS)
def test_every_fact_that_a_clause_reads_has_a_case_where_the_clause_waits_for_it(column: int) -> None:
    clause = POLICY.clauses[column]
    lacking = FOUND.lacking(column)
    told = {ask for ask, case in enumerate(CASES) if case.clauses.get(clause.id) == "cannot be decided"}
    waited = {fact for fact, asks in lacking.items() if told & set(asks.tolist())}
    assert set(named(clause.condition, "fact")) - waited == set()


def test_the_eighteen_hard_cases_and_the_twelve_scenarios_are_among_the_cases() -> None:
    for kind, count in (("Hard case", 18), ("Scenario", 12)):
        there = {case.name.split(":")[0] for case in CASES if case.name.startswith(kind)}
        assert there == {f"{kind} {number}" for number in range(1, count + 1)}


@pytest.mark.parametrize("day", POLICY.days)
def test_the_policy_gives_every_number_that_lines_and_plans_rest_on(day: datetime.date) -> None:
    values = {name: given[0] for name, given in POLICY.values(day).items()}
    assert Terms.of(values).refund_share_max > 0
    assert Clocks.of(values).appeal_within_days > 0


@pytest.mark.parametrize("column", VERSIONS)
def test_no_threshold_comparison_or_word_of_a_condition_can_change_unnoticed(column: int) -> None:
    clause = POLICY.clauses[column]
    asks = [i for i, case in enumerate(CASES) if clause.id in case.clauses and clause.in_force(case.on)]
    expected = np.array([VERDICTS[CASES[i].clauses[clause.id]] for i in asks])
    values = FOUND.reigns[int(FOUND.reign[asks[0]])]
    mutants = {f"{at}: {sql(changed, values)}": changed for at, changed in changed_conditions(clause.condition, values)}
    found = decide([sql(changed, values) for changed in mutants.values()], FOUND.known.take(asks))
    survivors = [mutant for i, mutant in enumerate(mutants) if (found[:, i] == expected).all()]
    assert survivors == []


def changed_conditions(node: Node, values: Values) -> Iterator[tuple[str, Node]]:
    """Every way to change one thing in a condition, with what is changed."""
    yield from _changed_here(node, values)
    for place, part in enumerate(node.parts):
        for at, changed in changed_conditions(part, values):
            yield at, replace(node, parts=(*node.parts[:place], changed, *node.parts[place + 1 :]))


TURNED: Final = {
    "=": ("<>",), "<>": ("=",), "<": ("<=", ">"), "<=": ("<", ">="), ">": (">=", "<"), ">=": (">", "<="),
    "and": ("or",), "or": ("and",), "+": ("-",), "-": ("+",), "*": ("+",),
}  # fmt: skip


def _changed_here(node: Node, values: Values) -> Iterator[tuple[str, Node]]:
    for op in TURNED.get(node.op, ()):
        yield f"{node.op} turned to {op}", replace(node, op=op)
    if node.op in ("not", "negate", "abs"):
        yield f"{node.op} left out", node.parts[0]
    if node.op in ("constant", "parameter") and node.type == "number":
        number = float(values[str(node.value)][0] if node.op == "parameter" else node.value)
        for nudge in (-_step(number), _step(number)):
            yield f"{node.value} nudged by {nudge}", constant(round(number + nudge, 6))
    if node.op == "in" and not _is_coverage(node):
        for place in range(1, len(node.parts)):
            others = (node.parts[0], *node.parts[1:place], *node.parts[place + 1 :], constant("no such word"))
            yield f"{node.parts[place].value} left out", replace(node, parts=others)


def _step(number: float) -> float:
    """One unit, or one hundredth of a share."""
    return 0.01 if 0 < abs(number) < 1 else 1.0


def _is_coverage(node: Node) -> bool:
    return node.parts[0].value in ("reason", "stage", "fulfilment")


@pytest.mark.parametrize("column", VERSIONS)
def test_nothing_that_a_clause_finds_can_change_unnoticed(column: int) -> None:
    clause = POLICY.clauses[column]
    asks = [i for i, case in enumerate(CASES) if case.finds and FOUND.applies[i, column] == APPLIES]
    survivors = [
        at
        for at, changed in changed_finds(clause.finds, FOUND.reigns[int(FOUND.reign[asks[0]])])
        if not any(_noticed(replace(clause, finds=changed), column, ask) for ask in asks)
    ]
    assert survivors == []


def _noticed(clause: Clause, column: int, ask: int) -> bool:
    one = replace(
        FOUND,
        clauses=(*POLICY.clauses[:column], clause, *POLICY.clauses[column + 1 :]),
        reign=FOUND.reign[ask : ask + 1],
        known=FOUND.known.slice(ask, 1),
        applies=FOUND.applies[ask : ask + 1],
    )
    return differences(CASES[ask], one, 0) != []


def changed_finds(finds: Finds, values: Values) -> Iterator[tuple[str, Finds]]:
    """Every way to change one thing that a clause finds, with what is changed."""
    for key, setting in finds.says.items():
        for changed in _other_settings(key, setting, values):
            yield f"{key}: {changed}", replace(finds, says={**finds.says, key: changed})
    for name in ("not_fault", "never", "only", "actions"):
        words = getattr(finds, name)
        for word in words:
            yield f"{name} without {word}", replace(finds, **{name: tuple(w for w in words if w != word)})
    for place, demand in enumerate(finds.evidence):
        for changed in _other_demands(demand, values):
            demands = (*finds.evidence[:place], changed, *finds.evidence[place + 1 :])
            yield f"evidence: {changed}", replace(finds, evidence=demands)
    yield "senior", replace(finds, senior=not finds.senior)


def _other_settings(key: str, setting: Setting, values: Values) -> Iterator[Setting]:
    if isinstance(setting, bool):
        yield not setting
    elif isinstance(setting, str):
        yield next(word for word in (*PARTIES, "shared", "never", "required") if word != setting)
    elif isinstance(setting, tuple):
        for place, (party, share) in enumerate(setting):
            yield (*setting[:place], (party, float(_number(share, values)) - 0.01), *setting[place + 1 :])
    else:
        yield from (_number(setting, values) + nudge for nudge in (-0.01, 0.01))


def _other_demands(demand: Demand, values: Values) -> Iterator[Demand]:
    yield replace(demand, party=next(party for party in PARTIES if party != demand.party))
    for kind in demand.any_of:
        yield replace(demand, any_of=tuple(other for other in demand.any_of if other != kind))
    if demand.within_hours is not None:
        yield replace(demand, within_hours=_number(demand.within_hours, values) + 1)


def _number(amount: Amount, values: Values) -> float:
    return float(values[amount.name][0]) if isinstance(amount, Reference) else float(amount)
