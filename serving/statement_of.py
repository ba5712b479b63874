"""A statement of reasons from a proposal: which clauses decided, on what they read, and what each part rests on."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import isnan
from typing import Final

from features.vocabulary import LIABLE, REMEDIES
from models.clause_tree import Values, named
from models.clauses import Clause
from models.consequences import UNKNOWN
from models.deciding import APPLIES, APPLIES_NOT, UNDECIDED
from models.findings import SETTLED, Answer, Findings
from models.lines import Line
from models.plan import Step
from models.policy import Policy
from models.proposal import RULED_OUT, SOURCES, Proposals
from models.steps import STEPS
from serving.sentence import Anchor, Anchors
from serving.sources import Sources
from serving.statement import Advice, Answered, Appeal, Awaited, Ground, Known, Planned, Statement, Weighed

APPEALS: Final = "appeal_within_days"
_CLOCK: Final = {kind.code: kind.clock for kind in STEPS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """What a statement is about beside what is proposed: the case, when, and by which bundle.

    Attributes
    ----------
    steps
        The plan, where one was made.
    ruled_at
        When it was ruled so; None where it is only proposed.
    """

    case_id: str
    as_of: int
    bundle: str
    steps: tuple[Step, ...] = ()
    ruled_at: int | None = None


def statement_of(proposals: Proposals, ask: int, policy: Policy, sources: Sources, occasion: Occasion) -> Statement:
    """What may be said about one ask of some proposals; the ids of ``sources`` are those of the same ask."""
    made = _Made(proposals, ask, policy, sources, occasion)
    return made.statement()


@dataclass(frozen=True, slots=True)
class _Made:
    proposals: Proposals
    ask: int
    policy: Policy
    sources: Sources
    occasion: Occasion

    @property
    def findings(self) -> Findings:
        return self.proposals.follows.findings

    @property
    def _values(self) -> Values:
        """The parameters of the policy on the day of the case."""
        return self.findings.reigns[int(self.findings.reign[self.ask])]

    def statement(self) -> Statement:
        found, ask, occasion = self.proposals, self.ask, self.occasion
        entitled, bearer = self.findings.answer("entitled"), self.findings.answer("cost_bearer")
        asked = (found.fault, entitled, bearer)
        lines = found.follows.lines.of(ask) if found.follows.priced[ask] else ()
        reasons = tuple(self._reasons())
        by_model = SOURCES[found.liability.source[ask]] == "model"
        return Statement(
            case_id=occasion.case_id,
            as_of=occasion.as_of,
            ruled_at=occasion.ruled_at,
            policy=found.policy,
            bundle=occasion.bundle,
            currency=self.policy.head.currency,
            entitled=Answered(_flag(int(found.follows.entitled[ask])), self._by(entitled)),
            fault=Answered(_word(LIABLE, found.liability.liable[ask]), self._fault_by(by_model, reasons)),
            cost_bearer=Answered(self._bearer(bearer), self._by(bearer)),
            remedy=self._remedy(lines, entitled),
            grounds=tuple(map(self._ground, self._deciding(asked, lines))),
            awaited=tuple(self._awaited(asked)),
            reads={c.id: named(c.condition, "fact") for c in self._in_force()},
            by_model=by_model,
            reasons=reasons,
            lines=lines,
            steps=tuple(Planned(step, self._says_when(step)) for step in occasion.steps),
            appeal=Appeal(round(float(self._values[APPEALS][0])), self._term(APPEALS)),
            advice=self._advice(),
        )

    def _in_force(self) -> Iterator[Clause]:
        for state in (APPLIES, UNDECIDED, APPLIES_NOT):
            yield from self.findings.of(self.ask, state)

    def _settling(self, answer: Answer) -> Clause | None:
        return self.findings.clauses[answer.clause[self.ask]] if answer.state[self.ask] == SETTLED else None

    def _by(self, answer: Answer) -> Anchors:
        """What an answer rests on: the clause that settles it, those it waits for, or the policy."""
        settling = self._settling(answer)
        clauses = (settling,) if settling else self.findings.holding_up(answer, self.ask)
        return tuple(Anchor("clause", clause.id) for clause in clauses) or (_record(self.proposals.policy),)

    def _fault_by(self, by_model: bool, reasons: tuple[Weighed, ...]) -> Anchors:
        """What the fault rests on: a clause, or the rows of the model's strongest reason for it that can be shown."""
        if not by_model:
            return self._by(self.proposals.fault)
        told = (w.rests_on for w in reasons if w.reason.citable and w.reason.log_odds > 0 and w.rests_on)
        return next(told, (_record(self.occasion.bundle),))

    def _bearer(self, answer: Answer) -> str | None:
        return str(answer.values[answer.value[self.ask]]) if answer.state[self.ask] == SETTLED else None

    def _remedy(self, lines: tuple[Line, ...], entitled: Answer) -> Answered[str]:
        by = tuple(Anchor("line", line.code) for line in lines if "buyer" in (line.payer, line.payee))
        return Answered(_word(REMEDIES, self.proposals.follows.remedy[self.ask]), by or self._by(entitled))

    def _deciding(self, asked: tuple[Answer, ...], lines: tuple[Line, ...]) -> Iterator[Clause]:
        """The clauses that settled a question, ruled a party or a remedy out, or bear a line of money, each once."""
        given = _word(REMEDIES, self.proposals.follows.remedy[self.ask]) not in (None, "reject")
        answers = (*asked, self.findings.answer("return")) if given else asked
        named_by = {clause.id for clause in map(self._settling, answers) if clause} | {line.clause for line in lines}
        ruled_out = self.proposals.liability.abstained[self.ask] == RULED_OUT
        for clause in self.findings.of(self.ask, APPLIES):
            limits = (ruled_out and clause.finds.not_fault) or (given and _remedies(clause))
            if clause.id in named_by or limits:
                yield clause

    def _ground(self, clause: Clause) -> Ground:
        says = clause.finds.says
        fault, bearer, back = says.get("fault"), says.get("cost_bearer"), says.get("return")
        return Ground(
            clause=clause.id,
            title=clause.title,
            text=clause.text,
            entitled=bool(says["entitled"]) if "entitled" in says else None,
            fault=None if fault is None else str(fault),
            cost_bearer=None if bearer is None else str(bearer),
            not_fault=clause.finds.not_fault,
            returns=None if back is None else str(back),
            ruled_out=_remedies(clause),
            read=tuple(
                Known(fact, value, self.sources.of(name, fact.reads))
                for name, value in self.findings.read(self.ask, clause).items()
                for fact in (self.findings.facts[name],)
            ),
        )

    def _reasons(self) -> Iterator[Weighed]:
        opinions = self.proposals.opinions
        reads = {feature.name: feature.reads for feature in opinions.fitted.catalog}
        for reason in opinions.reasons(self.ask):
            yield Weighed(reason, self.sources.of(reason.feature, reads.get(reason.feature, ())))

    def _awaited(self, asked: tuple[Answer, ...]) -> Iterator[Awaited]:
        """What the open questions wait for, each fact once, by the clause that is asked first."""
        waiting = [clause.id for answer in asked for clause in self.findings.holding_up(answer, self.ask)]
        missing = self.findings.missing(self.ask) if waiting else {}
        seen: set[str] = set()
        for clause in dict.fromkeys(waiting):
            for fact, parties in missing.get(clause, ()):
                if fact not in seen:
                    yield Awaited(clause, fact, parties)
                seen.add(fact)

    def _says_when(self, step: Step) -> Anchors:
        """What says how long a step may take: a clause that applies, else a parameter of the policy."""
        clock = _CLOCK[step.code]
        if not clock:
            return (_record(self.proposals.policy),)
        settling = self._settling(self.findings.answer(clock))
        return (Anchor("clause", settling.id),) if settling else self._term(clock)

    def _term(self, parameter: str) -> Anchors:
        return (_record(f"{self.proposals.policy}:{parameter}"),)

    def _advice(self) -> Advice | None:
        if not self.occasion.bundle:
            return None
        probability = self.proposals.opinions.answers.probability[self.ask].tolist()
        liability = self.proposals.liability
        return Advice(
            probability={name: p for name, p in zip(LIABLE, probability, strict=True) if not isnan(p)},
            silent=str(liability.abstained[self.ask]),
            conflict=str(liability.conflict[self.ask]),
        )


def _remedies(clause: Clause) -> tuple[str, ...]:
    """The remedies, actions aside, that a clause rules out."""
    return tuple(name for name in clause.finds.ruled_out if name in REMEDIES)


def _record(name: str) -> Anchor:
    return Anchor("record", name)


def _flag(value: int) -> bool | None:
    return None if value == UNKNOWN else bool(value)


def _word(among: tuple[str, ...], place: int) -> str | None:
    return None if place < 0 else among[place]
