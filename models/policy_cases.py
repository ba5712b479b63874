"""Cases of a policy as people write them: a situation in; what clauses do, what is found and what is paid out.

A case names the day and what is known; whatever it does not name is not known. It says which clauses it is about and
what each does, what the policy as a whole then finds, and the money that moves (`models.case_amounts`).
"""

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import yaml

from features.vocabulary import PARTIES
from models.case_amounts import Amounts, read_amounts, wrong_amounts
from models.clauses import CHOICES, Demand
from models.deciding import APPLIES, APPLIES_NOT, UNDECIDED
from models.fault_found import FAULT_FOUND
from models.findings import NOT_IN_FORCE, SETTLED, WAITING, Answer, Findings
from models.marked import BadPolicy, Fault
from models.policy import READ, Policy

ARROW: Final = {"flag": pa.bool_(), "number": pa.float64(), "word": pa.string()}
VERDICTS: Final = {"applies": APPLIES, "does not apply": APPLIES_NOT, "cannot be decided": UNDECIDED}
KEYS: Final = ("name", "on", "facts", "clauses", "finds", "amounts")
_EPOCH: Final = datetime.date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Case:
    """One situation, and what is expected of it; ``file`` and ``line`` say where it stands."""

    name: str
    on: datetime.date
    facts: Mapping[str, Any]
    clauses: Mapping[str, str]
    finds: Mapping[str, Any]
    amounts: tuple[Amounts, ...]
    file: str
    line: int

    @property
    def day(self) -> int:
        """The day, counted from 1970."""
        return (self.on - _EPOCH).days


def read_cases(folder: Path) -> tuple[Case, ...]:
    """The cases of all files of a folder, in order.

    Raises
    ------
    BadPolicy
        Where a case is none, by file and line, with what was expected.
    """
    return tuple(case for file in sorted(folder.glob("*.yaml")) for case in _of_file(file))


def facts_of(cases: tuple[Case, ...]) -> pa.Table:
    """What is known in each case, a row for each."""
    return pa.table({f.name: pa.array([case.facts.get(f.name) for case in cases], ARROW[f.type]) for f in READ})


def found_of(policy: Policy, cases: tuple[Case, ...]) -> Findings:
    """What a policy finds, told of the fault that a case names, else of the one that the policy itself finds."""
    first = policy.find(facts_of(cases), np.array([case.day for case in cases]))
    answer = first.answer("fault")
    settled = [*("shared" if isinstance(value, tuple) else str(value) for value in answer.values), None]
    faults = [case.facts.get(FAULT_FOUND.name, settled[answer.value[ask]]) for ask, case in enumerate(cases)]
    return policy.with_fact(first, FAULT_FOUND.name, pa.array(faults, pa.string()))


def wrong_in(policy: Policy, cases: tuple[Case, ...]) -> Iterator[str]:
    """Every case that does not come out as written, by file and line, with what came out instead."""
    found = found_of(policy, cases)
    for ask, case in enumerate(cases):
        for told in (*differences(case, found, ask), *wrong_amounts(case.amounts, policy, facts_of((case,)), case.day)):
            yield f"{case.file}:{case.line}: {case.name}: {told}."


def differences(case: Case, found: Findings, ask: int) -> list[str]:
    """What the policy finds otherwise than a case says, in the words of a case."""
    told = {c.id: v for i, c in enumerate(found.clauses) if (v := int(found.applies[ask, i])) != NOT_IN_FORCE}
    verdicts = [
        f"{clause} {next(word for word, v in VERDICTS.items() if v == told[clause])}, not: {verdict}"
        for clause, verdict in case.clauses.items()
        if told[clause] != VERDICTS[verdict]
    ]
    return verdicts + [
        f"{key} is {got}, not {expected}"
        for key, expected in case.finds.items()
        if (got := expected_of(found, ask, key)) != expected
    ]


def expected_of(found: Findings, ask: int, key: str) -> Any:
    """What the policy finds for one ask under a key of a case, in the words of a case."""
    if key == "not_fault":
        return [party for party in PARTIES if found.not_fault[party][ask] == APPLIES]
    if key == "ruled_out":
        return [choice for choice in CHOICES if found.ruled_out[choice][ask] == APPLIES]
    if key == "actions":
        return sorted({action for clause in found.of(ask, APPLIES) for action in clause.finds.actions})
    if key == "evidence":
        return [_demand(demand) for _, demand in found.demands(ask)]
    if key == "senior":
        return bool(found.senior[ask] == APPLIES)
    if key == "waiting_for":
        return _waiting_for(found, ask)
    answer = found.answer(key)
    if answer.state[ask] != SETTLED:
        return "waiting" if answer.state[ask] == WAITING and _waits_for_facts(found, answer, ask) else "open"
    value = answer.values[answer.value[ask]]
    return dict(value) if isinstance(value, tuple) else value


def _demand(demand: Demand) -> dict[str, Any]:
    said = {"party": demand.party, "any_of": list(demand.any_of)}
    return said if demand.within_hours is None else {**said, "within_hours": demand.within_hours}


def _waits_for_facts(found: Findings, answer: Answer, ask: int) -> bool:
    """Whether an answer waits for what somebody can tell, and not only for whose fault it is."""
    missing = found.missing(ask)
    held = {fact for clause in found.holding_up(answer, ask) for fact, _ in missing[clause.id]}
    return held != {FAULT_FOUND.name}


def _waiting_for(found: Findings, ask: int) -> dict[str, list[str]]:
    """The facts that the clauses wait for which hold up one of the three questions, and who can supply each."""
    answers = [found.answer(question) for question in ("entitled", "fault", "cost_bearer")]
    holding = {clause.id for answer in answers for clause in found.holding_up(answer, ask)}
    missing = found.missing(ask)
    told = {fact: list(parties) for clause in sorted(holding) for fact, parties in missing[clause]}
    return {fact: parties for fact, parties in told.items() if fact != FAULT_FOUND.name}


def _of_file(file: Path) -> Iterator[Case]:
    text = file.read_text("utf-8")
    try:
        entries, nodes = yaml.safe_load(text), yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        raise BadPolicy(Fault(file.name, 1, f"this is not YAML: {error}", "a list of cases")) from error
    if not isinstance(entries, list) or not isinstance(nodes, yaml.SequenceNode):
        raise BadPolicy(Fault(file.name, 1, "this is no list", "a list of cases"))
    for entry, node in zip(entries, nodes.value, strict=True):
        yield _case(entry, file.name, int(node.start_mark.line) + 1)


def _case(entry: Any, file: str, line: int) -> Case:
    if not isinstance(entry, dict):
        raise BadPolicy(Fault(file, line, "this is no case", " ".join(KEYS)))
    # In YAML the bare word "on" is the flag true.
    said = {"on" if key is True else key: value for key, value in entry.items()}
    if set(said) - set(KEYS) or not {"name", "on", "facts"} <= set(said):
        raise BadPolicy(Fault(file, line, f"this is no case: it has {', '.join(map(str, said))}", " ".join(KEYS)))
    if not isinstance(said["on"], datetime.date):
        raise BadPolicy(Fault(file, line, f"{said['name']}: on: is no day", "a day such as 2026-03-31"))
    if unknown := set(said["facts"]) - {fact.name for fact in READ}:
        raise BadPolicy(Fault(file, line, f"{said['name']}: there is no fact {min(unknown)}", "triage policy facts"))
    try:
        amounts = read_amounts(said.pop("amounts", []), said["facts"])
    except ValueError as slip:
        raise BadPolicy(Fault(file, line, f"{said['name']}: amounts: {slip}", "see docs/policy.md, Amounts")) from slip
    return Case(**{"clauses": {}, "finds": {}, **said}, amounts=amounts, file=file, line=line)
