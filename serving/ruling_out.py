"""What policy finds about a case and what follows, as people read it: clauses with the facts they read, money, steps.

Sums are whole cents of the policy's currency. Lines net to zero over all accounts.
"""

from collections.abc import Iterator
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema

from features.fact import Fact
from features.vocabulary import REMEDIES
from models.alternatives import Alternative
from models.clause_tree import Scalar
from models.course import steps
from models.deciding import APPLIES, UNDECIDED
from models.findings import OPEN, SETTLED, Answer, Findings
from models.lines import Line
from models.plan import Step
from models.proposal import SOURCES
from serving.asked import Ruling
from serving.words import Words

_STATES = ("open", "settled", "waiting")

Cents = Annotated[int, Field(description="minor units of the policy's currency")]


class _Out(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class FactOut(_Out):
    """A fact that a clause reads: its value, or who can tell it while it is not known."""

    name: str
    sentence: str
    value: bool | float | str | None
    supplied_by: list[str]
    asks_for: list[str] = Field(description="kinds of evidence that would tell it")

    @classmethod
    def of(cls, fact: Fact, value: Scalar | None, currency: str, words: Words) -> Self:
        """A fact and its value in words; of one that is not known, who can tell it."""
        unknown = value is None
        return cls(
            name=fact.name,
            sentence=words.waits(fact.name, fact.supplied_by) if unknown else words.known(fact, value, currency),
            value=value,
            supplied_by=list(fact.supplied_by),
            asks_for=list(fact.asks_for),
        )


class ClauseOut(_Out):
    """A clause that applies to the case, or that cannot be decided yet."""

    id: str
    title: str
    text: str
    effect: str
    applies: bool | None = Field(description="null: it cannot be decided yet")
    reads: list[FactOut]
    waits_for: list[str] = Field(description="names of the facts that it waits for")


class QuestionOut(_Out):
    """What policy answers to one question, on which clause, or which clauses it waits for."""

    state: Annotated[str, WithJsonSchema({"type": "string", "enum": list(_STATES)})]
    answer: bool | float | str | dict[str, float] | None
    clause: str | None
    waits_for: list[str] = Field(description="ids of the clauses that go first and cannot be decided yet")

    @classmethod
    def of(cls, answer: Answer, findings: Findings, ask: int) -> Self:
        """One question about one ask."""
        state, value = int(answer.state[ask]), None
        if state == SETTLED:
            found = answer.values[answer.value[ask]]
            value = {party: _number(share) for party, share in found} if isinstance(found, tuple) else found
        return cls(
            state=_STATES[state],
            answer=value,  # type: ignore[arg-type]
            clause=findings.clauses[answer.clause[ask]].id if state == SETTLED else None,
            waits_for=[] if state == OPEN else [clause.id for clause in findings.holding_up(answer, ask)],
        )


class LineOut(_Out):
    """One line of money."""

    code: str
    sentence: str
    payer: str
    payee: str
    cents: Cents
    nature: str = Field(description="paid; withheld: set off against the refund; claimed: to be paid by the carrier")
    clause: str | None

    @classmethod
    def of(cls, line: Line, words: Words) -> Self:
        """A line in words."""
        return cls(
            code=line.code,
            sentence=words.line(line.code),
            payer=line.payer,
            payee=line.payee,
            cents=line.cents,
            nature=line.nature,
            clause=line.clause,
        )


class StepOut(_Out):
    """One step of the plan."""

    code: str
    sentence: str
    owner: str
    within: int | None
    unit: str | None
    since: list[str] = Field(description="codes of steps, or instants, from the last of which the time counts")
    needs: list[str]
    fallback: str | None = Field(description="the step that takes its place where it is not done in time")
    lapse: str | None = Field(description="what ends where it is not done in time")
    stands_in: bool = Field(description="it is there only to take the place of another")

    @classmethod
    def of(cls, step: Step, words: Words) -> Self:
        """A step in words."""
        due = step.due
        return cls(
            code=step.code,
            sentence=words.step(step.code),
            owner=step.owner,
            within=due.within if due else None,
            unit=due.unit if due else None,
            since=list(due.since) if due else [],
            needs=list(step.needs),
            fallback=step.fallback,
            lapse=words.lapse(step.lapse) if step.lapse else None,
            stands_in=step.stands_in,
        )


class AlternativeOut(_Out):
    """Another ruling and what it would move: by account what it is paid less what it pays."""

    liable: str | None
    remedy: str | None
    refund_cents: Cents
    net: dict[str, int]

    @classmethod
    def of(cls, other: Alternative) -> Self:
        """An alternative as it stands."""
        return cls(liable=other.liable, remedy=other.remedy, refund_cents=other.refund_cents, net=other.net)


class DemandOut(_Out):
    """Evidence that a clause asks a party for."""

    clause: str
    party: str
    any_of: list[str]
    within_hours: float | None


class ConflictOut(_Out):
    """Where policy and model disagree."""

    code: str
    sentence: str


class RulingOut(_Out):
    """What policy finds, and what would follow: remedy, lines, plan, alternatives."""

    policy: str = Field(description="name and version of the policy")
    left_out: list[str] = Field(description="clauses not asked, because the history records none of their facts")
    currency: str
    named_by: Annotated[str, WithJsonSchema({"type": "string", "enum": list(SOURCES)})]
    fault: QuestionOut
    entitled: QuestionOut
    cost_bearer: QuestionOut
    remedy: str | None = Field(description="null: it is not known whether the buyer is entitled")
    refund_cents: Cents | None = Field(description="null: not enough is known to price the ruling")
    lines: list[LineOut]
    plan: list[StepOut]
    alternatives: list[AlternativeOut]
    clauses: list[ClauseOut]
    evidence: list[DemandOut]
    senior: bool | None = Field(description="whether a senior must look; null: that cannot be decided yet")
    conflict: ConflictOut | None

    @classmethod
    def of(cls, ruling: Ruling, ask: int, words: Words) -> Self:
        """What was proposed about one ask."""
        proposals, follows = ruling.proposals, ruling.proposals.follows
        findings, remedy = follows.findings, int(follows.remedy[ask])
        conflict, senior = str(proposals.liability.conflict[ask]), int(findings.senior[ask])
        return cls(
            policy=proposals.policy,
            left_out=list(ruling.policy.left_out),
            currency=ruling.policy.head.currency,
            named_by=SOURCES[proposals.liability.source[ask]],
            fault=QuestionOut.of(proposals.fault, findings, ask),
            entitled=QuestionOut.of(findings.answer("entitled"), findings, ask),
            cost_bearer=QuestionOut.of(findings.answer("cost_bearer"), findings, ask),
            remedy=REMEDIES[remedy] if remedy >= 0 else None,
            refund_cents=int(follows.lines.refund()[ask]) if follows.priced[ask] else None,
            lines=[LineOut.of(line, words) for line in follows.lines.of(ask)],
            plan=[StepOut.of(step, words) for step in steps(follows, ask)],
            alternatives=[AlternativeOut.of(other) for other in ruling.others[ask]],
            clauses=list(_clauses(ruling, ask, words)),
            evidence=[
                DemandOut(clause=c.id, party=d.party, any_of=list(d.any_of), within_hours=_number(d.within_hours))
                for c, d in findings.demands(ask)
            ],
            senior=None if senior == UNDECIDED else senior == APPLIES,
            conflict=ConflictOut(code=conflict, sentence=words.conflict(conflict)) if conflict else None,
        )


def _clauses(ruling: Ruling, ask: int, words: Words) -> Iterator[ClauseOut]:
    """The clauses that apply, then those that cannot be decided yet."""
    findings, missing = ruling.proposals.follows.findings, ruling.missing[ask]
    currency = ruling.policy.head.currency
    for state in (APPLIES, UNDECIDED):
        for clause in findings.of(ask, state):
            read = findings.read(ask, clause)
            yield ClauseOut(
                id=clause.id,
                title=clause.title,
                text=clause.text,
                effect=clause.effect,
                applies=None if state == UNDECIDED else True,
                reads=[FactOut.of(findings.facts[name], value, currency, words) for name, value in read.items()],
                waits_for=[fact for fact, _ in missing.get(clause.id, ())],
            )


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None
