"""A statement of reasons as one reader gets it: sections of sentences, each with what it rests on."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Final

from features.terminal import iso
from features.vocabulary import LIABLE
from models.lines import Line
from models.steps import STEPS
from serving.reader import Audience
from serving.sentence import Anchor, Anchors, Sentence, resting_on
from serving.statement import Ground, Known, Planned, Statement, Weighed
from serving.told import concerns, follows, may_hear, may_know, may_read
from serving.words import Words

DAY: Final = 86_400_000_000
REJECT: Final = "reject"
APPEALS: Final = "S49"
"""The step of appeals, of which a section of its own tells."""
CLAUSES_SPEAK: Final = "en"
"""The language in which clauses are written; in others their ids and titles stand as they are."""

_OWNER = {kind.code: kind.owner for kind in STEPS}


@dataclass(frozen=True, slots=True)
class Section:
    """Some sentences under a title; one without a sentence is not printed."""

    title: str
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class Letter:
    """A statement for one reader: a title, what it is about, by name, and its sections; ``at`` is when it was so."""

    language: str
    at: int
    title: str
    about: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]


def write(statement: Statement, audience: Audience, speak: Words) -> Letter:
    """What a statement says to one reader in one language; the same words for the same case, always."""
    title = speak.phrase("statement.title", reader=speak.phrase(f"statement.for.{audience}"))
    sections = tuple(section for section in _Writer(statement, audience, speak).sections() if section.sentences)
    at = statement.as_of if statement.ruled_at is None else statement.ruled_at
    return Letter(speak.language, at, title, tuple(_about(statement, audience, speak)), sections)


def _about(statement: Statement, audience: Audience, speak: Words) -> Iterator[tuple[str, str]]:
    yield speak.phrase("statement.case"), statement.case_id
    yield speak.phrase("statement.as_of"), iso(statement.as_of)
    if statement.ruled_at is not None:
        yield speak.phrase("statement.ruled_at"), iso(statement.ruled_at)
    yield speak.phrase("statement.policy"), statement.policy
    if audience == "arbitrator" and statement.bundle:
        yield speak.phrase("statement.bundle"), statement.bundle


def _findings(ground: Ground) -> Iterator[str]:
    if ground.entitled is not None:
        yield f"entitled.{'yes' if ground.entitled else 'no'}"
    if ground.fault is not None:
        yield f"fault.{ground.fault}"
    if ground.cost_bearer is not None:
        yield f"cost_bearer.{ground.cost_bearer}"
    yield from (f"not_fault.{party}" for party in ground.not_fault)
    if ground.returns is not None:
        yield f"return.{ground.returns}"


@dataclass(frozen=True, slots=True)
class _Writer:
    told: Statement
    audience: Audience
    speak: Words

    def sections(self) -> Iterator[Section]:
        ruled = "proposed" if self.told.ruled_at is None else "ruled"
        yield self._section(ruled, self._outcome())
        grounds = [ground for ground in self.told.grounds if self._may_name(ground.clause)]
        for ground in grounds:
            yield self._section("clause", self._ground(ground), id=ground.clause, title=ground.title)
        yield self._section("reasons", self._reasons())
        yield self._section("awaited", self._awaited())
        yield self._section("money", self._money())
        yield self._section("steps", chain.from_iterable(map(self._step, self.told.steps)))
        yield self._section("advice", self._advice())
        yield self._section("appeal", self._appeal())

    def _section(self, name: str, sentences: Iterable[Sentence], **params: str) -> Section:
        return Section(self.speak.phrase(f"statement.section.{name}", **params), tuple(sentences))

    def _outcome(self) -> Iterator[Sentence]:
        told, speak = self.told, self.speak
        yield from self._said(told.entitled.rests_on, speak.entitled(told.entitled.value))
        yield from self._said(told.fault.rests_on, speak.fault(told.fault.value))
        yield from self._said(told.cost_bearer.rests_on, speak.bears(told.cost_bearer.value))
        if told.remedy.value is not None:
            yield from self._said(told.remedy.rests_on, self._remedy(told.remedy.value))

    def _remedy(self, name: str) -> str:
        if name == REJECT:
            return self.speak.tell("statement.rejected")
        return self.speak.tell("statement.remedy", remedy=self.speak.remedy(name))

    def _ground(self, ground: Ground) -> Iterator[Sentence]:
        anchor, speak = Anchor("clause", ground.clause), self.speak
        applies = speak.tell("statement.applies", id=ground.clause)
        yield Sentence(f"{applies} {ground.text}" if speak.language == CLAUSES_SPEAK else applies, (anchor,))
        for finding in _findings(ground):
            text = speak.tell("statement.finds", finding=speak.phrase(f"finding.{finding}"))
            yield Sentence(text, (anchor,))
        if ground.ruled_out:
            remedies = speak.phrase("list.between").join(map(speak.remedy, ground.ruled_out))
            yield Sentence(speak.tell("statement.rules_out", remedies=remedies), (anchor,))
        yield from chain.from_iterable(self._read(known, anchor) for known in ground.read)

    def _read(self, known: Known, clause: Anchor) -> Iterator[Sentence]:
        if may_know(self.audience, known.fact.name):
            text = self.speak.known(known.fact, known.value, self.told.currency)
            yield Sentence(text, known.rests_on or (clause,))

    def _reasons(self) -> Iterator[Sentence]:
        told = [weighed for weighed in self.told.reasons if may_hear(self.audience, weighed.reason)]
        if self.audience == "arbitrator":
            yield from map(self._weighed, told)
        elif self.told.by_model:
            for weighed in told:
                yield from self._said(weighed.rests_on, self.speak.reason(weighed.reason))

    def _weighed(self, weighed: Weighed) -> Sentence:
        reason, weight = self.speak.reason(weighed.reason), f"{weighed.reason.log_odds:+.2f}"
        text = self.speak.phrase("statement.weighed", reason=reason, log_odds=weight)
        return Sentence(text, weighed.rests_on or (Anchor("record", self.told.bundle),))

    def _awaited(self) -> Iterator[Sentence]:
        for awaited in self.told.awaited:
            if self._may_name(awaited.clause) and may_know(self.audience, awaited.fact):
                text = self.speak.waits(awaited.fact, awaited.parties)
                yield Sentence(text, (Anchor("clause", awaited.clause),))

    def _money(self) -> Iterator[Sentence]:
        lines = [line for line in self.told.lines if concerns(self.audience, line)]
        yield from (Sentence(self._line(line), self._under(line)) for line in lines)
        gains = [line for line in lines if "buyer" in (line.payer, line.payee) and line.cents]
        if self.audience != "seller" and len(gains) > 1:
            total = sum(line.cents if line.payee == "buyer" else -line.cents for line in gains)
            text = self.speak.tell(
                "statement.buyer.gets" if total >= 0 else "statement.buyer.pays", money=self._sum(abs(total))
            )
            yield Sentence(text, tuple(Anchor("line", line.code) for line in gains))

    def _line(self, line: Line) -> str:
        if not line.cents:
            return self.speak.line(line.code)
        parties = {"payer": self.speak.phrase(f"who.{line.payer}"), "payee": self.speak.phrase(f"who.{line.payee}")}
        purpose = self.speak.phrase(f"line.{line.code}")
        return self.speak.tell(f"statement.{line.nature}", money=self._sum(line.cents), purpose=purpose, **parties)

    def _under(self, line: Line) -> Anchors:
        clause = line.clause
        named = (Anchor("clause", clause),) if clause and self._may_name(clause) else ()
        return Anchor("line", line.code), *named

    def _step(self, planned: Planned) -> Iterator[Sentence]:
        step, speak = planned.step, self.speak
        if step.stands_in or step.code == APPEALS or not follows(self.audience, step):
            return
        owner, does = speak.phrase(f"who.{step.owner}"), speak.phrase(f"step.{step.code}")
        due = ""
        if step.due:
            time = speak.count(step.due.within, step.due.unit)
            due = speak.phrase("statement.due", time=time, since=self._since(step.due.since))
        yield from self._said(
            planned.rests_on, speak.tell("statement.step", code=step.code, owner=owner, does=does, due=due)
        )
        if step.fallback:
            instead = {
                "owner": speak.phrase(f"who.{_OWNER[step.fallback]}"),
                "does": speak.phrase(f"step.{step.fallback}"),
            }
            yield from self._said(planned.rests_on, speak.tell("statement.fallback", code=step.code, **instead))
        elif step.lapse:
            lapse = speak.phrase(f"lapse.{step.lapse}")
            yield from self._said(planned.rests_on, speak.tell("statement.lapse", code=step.code, lapse=lapse))

    def _since(self, since: Sequence[str]) -> str:
        named = (
            self.speak.phrase("moment.step", code=code) if code in _OWNER else self.speak.phrase(f"moment.{code}")
            for code in since
        )
        return self.speak.phrase("list.and").join(named)

    def _advice(self) -> Iterator[Sentence]:
        advice, speak = self.told.advice, self.speak
        if self.audience != "arbitrator" or advice is None or not self.told.bundle:
            return
        bundle = (Anchor("record", self.told.bundle),)
        ranked = sorted(advice.probability.items(), key=lambda item: (-item[1], LIABLE.index(item[0])))
        shares = speak.phrase("list.between").join(f"{speak.phrase(f'party.{name}')} {p:.1%}" for name, p in ranked)
        yield from resting_on(bundle if ranked else (), speak.tell("statement.probabilities", shares=shares))
        if advice.silent:
            yield Sentence(speak.abstention(advice.silent), bundle)
        if advice.conflict:
            yield Sentence(speak.conflict(advice.conflict), (*bundle, *self.told.fault.rests_on))

    def _appeal(self) -> Iterator[Sentence]:
        told, speak = self.told, self.speak
        ruled = "proposed" if told.ruled_at is None else "ruled"
        yield Sentence(speak.tell(f"statement.assisted.{ruled}"), (Anchor("record", told.policy),))
        if told.ruled_at is None:
            when = speak.phrase("statement.appeal.within", days=speak.count(told.appeal.days, "days"))
        else:
            when = speak.phrase("statement.appeal.until", until=iso(told.ruled_at + told.appeal.days * DAY))
        yield from self._said(told.appeal.rests_on, speak.tell("statement.appeal", when=when))

    def _said(self, anchors: Anchors, text: str) -> Iterator[Sentence]:
        """A sentence by what of its anchors this reader may be told of; none where nothing is left."""
        kept = [anchor for anchor in anchors if anchor.kind != "clause" or self._may_name(anchor.id)]
        return resting_on(kept, text)

    def _may_name(self, clause: str) -> bool:
        reads = self.told.reads.get(clause)
        return reads is not None and may_read(self.audience, reads)

    def _sum(self, cents: int) -> str:
        return self.speak.money(cents, self.told.currency)
