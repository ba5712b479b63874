"""One case for each kind of change: what each policy says of it, by which clauses, on which values.

Each is asked about anew and alone, by the path of a live answer.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from features.terminal import iso
from features.vocabulary import LIABLE, REMEDIES
from models.clause_tree import Scalar
from models.consequences import UNKNOWN
from models.deciding import APPLIES
from models.findings import SETTLED, WAITING, Findings
from models.hearing import told
from models.lines import Line
from models.proposal import RULED_OUT, SILENT
from training.backtest.backtest import Backtest
from training.backtest.flips import Change
from training.backtest.outcomes import BEARERS, Outcomes, Ruled, rule

QUESTIONS: Final = ("fault", "entitled", "cost_bearer")
ARBITRATOR: Final = "the arbitrator's finding"

Read = Mapping[str, Scalar | None]


@dataclass(frozen=True, slots=True)
class Said:
    """What one policy says of a case.

    Attributes
    ----------
    answers
        By question what is ruled, in words; None where nothing is.
    clauses
        By question the clause that answers it, or the arbitrator's finding.
    waits_for
        By question the clauses that it waits for.
    only_here
        The clauses that apply under this policy and not under the other, with the values they read.
    """

    answers: Mapping[str, str | None]
    clauses: Mapping[str, str]
    waits_for: Mapping[str, tuple[str, ...]]
    values: Mapping[str, Read]
    only_here: Mapping[str, Read]
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Example:
    """A case that a change of some kind happens to."""

    change: Change
    case_id: str
    as_of: int
    found: str
    old: Said
    new: Said

    def to_json(self) -> dict[str, Any]:
        """The example as plain data."""
        return {
            "kind": self.change.kind, "from": self.change.before, "to": self.change.after, "case_id": self.case_id,
            "as_of": iso(self.as_of), "arbitrator_found": self.found, "old": _plain(self.old), "new": _plain(self.new),
        }  # fmt: skip


def examples(found: Backtest) -> Iterator[Example]:
    """For each kind of change one case, of the way in which it happens most often."""
    seen = set()
    for change in found.changes:
        if change.kind not in seen:
            seen.add(change.kind)
            yield _example(found, change)


def _example(found: Backtest, change: Change) -> Example:
    row = np.array([change.example])
    asks, liable = found.asks.take(row), found.liable[row]
    ruled, outcomes = [], []
    for policy in (found.old, found.new):
        facts, days = told(policy, found.tables, asks)
        ruled.append(rule(policy, facts, policy.find(facts, days), liable))
        outcomes.append(Outcomes.of(ruled[-1], facts))
    applying = [_applying(one.follows.findings) for one in ruled]
    old, new = (
        _said(one, of, {clause: read for clause, read in mine.items() if theirs.get(clause) != read})
        for one, of, mine, theirs in zip(ruled, outcomes, applying, applying[::-1], strict=True)
    )
    case_id = str(found.tables.case_ids[int(asks.case[0])].as_py())
    return Example(change, case_id, int(asks.as_of[0]), LIABLE[int(liable[0])], old, new)


def _said(ruled: Ruled, of: Outcomes, only_here: Mapping[str, Read]) -> Said:
    findings = ruled.follows.findings
    answers: dict[str, str | None] = {
        "fault": _word(LIABLE, of.fault[0]),
        "entitled": _word(("not entitled", "entitled"), of.entitled[0]),
        "cost_bearer": _word(BEARERS, of.bearer[0]),
        "remedy": _word(REMEDIES, of.remedy[0]),
    }
    clauses, waits_for, values = {}, {}, {}
    for question in QUESTIONS:
        answer = findings.answer(question)
        if answer.state[0] == SETTLED:
            clause = findings.clauses[answer.clause[0]]
            clauses[question], values[clause.id] = clause.id, findings.read(0, clause)
        elif answer.state[0] == WAITING:
            holding = findings.holding_up(answer, 0)
            waits_for[question] = tuple(clause.id for clause in holding)
            values |= {clause.id: findings.read(0, clause) for clause in holding}
        elif question == "fault":
            out = ruled.liability.abstained[0] == RULED_OUT
            clauses[question] = SILENT[RULED_OUT].replace("the model would name", "found") if out else ARBITRATOR
    lines = ruled.follows.lines.of(0) if of.priced[0] else ()
    return Said(answers, clauses, waits_for, values, only_here, lines)


def _applying(findings: Findings) -> Mapping[str, Read]:
    return {clause.id: findings.read(0, clause) for clause in findings.of(0, APPLIES)}


def _word(words: tuple[str, ...], place: int) -> str | None:
    return None if place == UNKNOWN else words[place]


def _plain(said: Said) -> dict[str, Any]:
    return {
        "answers": dict(said.answers),
        "clauses": dict(said.clauses),
        "waits_for": {question: list(clauses) for question, clauses in said.waits_for.items()},
        "values": {clause: dict(read) for clause, read in said.values.items()},
        "only_here": {clause: dict(read) for clause, read in said.only_here.items()},
        "lines": [
            {"code": line.code, "payer": line.payer, "payee": line.payee, "cents": line.cents, "clause": line.clause}
            for line in said.lines
        ],
    }
