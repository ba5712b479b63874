"""What every page of a printed procedure is made of: clauses as items of a list, blocks, anchors and contents."""

import datetime
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from features.vocabulary import FULFILMENTS, STAGES
from models.blocks import Block
from models.clause_tree import named
from models.clauses import Clause
from models.condition_said import Day, Said, condition_said, listed
from models.finds_said import demand_said, finds_said, who
from models.phrases import phrases
from models.policy import Policy
from models.stale import changes_of

CLAUSES: Final = "clauses.md"
"""The page on which every clause stands in full."""

ASSUMED: Final = "ASSUMED"


@dataclass(frozen=True, slots=True)
class Printed:
    """A policy on the day for which its procedure is printed."""

    policy: Policy
    on: datetime.date
    clauses: tuple[Clause, ...]
    day: Day

    @classmethod
    def of(cls, policy: Policy, on: datetime.date) -> "Printed":
        """The clauses of a day, the first asked first, and the numbers of that day."""
        given = {name: parameter.on(on) for name, parameter in policy.parameters.items()}
        assumed = frozenset(name for name, value in given.items() if value is not None and not value.source)
        units = {name: parameter.unit for name, parameter in policy.parameters.items()}
        return cls(policy, on, policy.in_force(on), Day(policy.values(on), units, assumed, policy.head.currency))

    def blocks(self, document: str, place: str) -> Iterator[str]:
        """The blocks written by then for a part of a document, or for a reason."""
        for block in self.policy.blocks:
            if block.document == document and place in (*block.parts, *block.reasons) and block.written_at <= self.on:
                yield from self._block(block)

    def condition(self, clause: Clause) -> Said:
        """When a clause applies, in words."""
        return condition_said(clause, self.policy, self.day)

    def _block(self, block: Block) -> Iterator[str]:
        stages = f" ({listed([phrases().value(stage) for stage in block.stages], 'and')})" if block.stages else ""
        yield from ("", f"> **{block.title}**{stages}")
        yield ">"
        yield from (f"> {line}".rstrip() for line in block.text.splitlines())
        yield ">"
        yield f"> *Written {block.written_at}, bound to {listed([reference(name) for name in block.bound_to], 'and')}.*"
        for change in changes_of(block, self.policy, self.on):
            yield ">"
            yield f"> **STALE: {change}, and this was written before. Ask a senior before you rely on it.**"


def item_with_reasons(printed: Printed, clause: Clause) -> str:
    """A clause as one item of a list that is not of one reason: for which reasons it is, too."""
    reasons = [f"*{phrases().reasons[reason].lower()}*" for reason in clause.covers.reasons]
    return _item(printed, clause, f"for {listed(reasons, 'or')}, " if reasons else "")


def item(printed: Printed, clause: Clause) -> str:
    """A clause as one item of a list: when, what it finds, what it asks for, and where it comes from."""
    return _item(printed, clause, "")


def _item(printed: Printed, clause: Clause, reasons: str) -> str:
    said, found = printed.condition(clause), finds_said(clause, printed.day)
    asks = [f"ask {who(d.party)} for {kinds}{f' within {within}' if within else ''}"
            for d in clause.finds.evidence for kinds, within in [demand_said(d, printed.day)]]  # fmt: skip
    does = f"*Then* {'; '.join((*found, *asks))}." if found or asks else clause.text
    when = sentence(f"{reasons}{coverage(clause)}*when* {said.text}")
    return f"**{clause.title}.** {when} {does} {origin(clause)}"


def short(clause: Clause) -> str:
    """A clause by its title alone, where it stands in full elsewhere."""
    return f"[{clause.title[:1].lower()}{clause.title[1:]}]({CLAUSES}#{anchor(clause.id)})"


def coverage(clause: Clause) -> str:
    """The stages and the ways of sending to which a clause is limited."""
    said = phrases()
    limits = [
        listed([said.value(word) for word in words], "or")
        for words, every in ((clause.covers.stages, STAGES), (clause.covers.fulfilments, FULFILMENTS))
        if words and set(words) != set(every)
    ]
    return f"{', '.join(limits)}: " if limits else ""


def origin(clause: Clause) -> str:
    """Where a clause comes from: its id, and its source or that it is assumed."""
    return f"({reference(clause.id)}; {clause.source or ASSUMED})"


def reference(name: str) -> str:
    """A clause by its id, leading to where it stands in full."""
    return f"[{name}]({CLAUSES}#{anchor(name)})"


def anchor(title: str) -> str:
    """The name of a heading as Markdown's readers make it."""
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")


def contents(titles: Iterable[tuple[int, str]]) -> Iterator[str]:
    """A table of contents: headings by level, the second level first."""
    for level, title in titles:
        yield f"{'  ' * (level - 2)}- [{title}](#{anchor(title)})"


def headings(lines: Sequence[str], deepest: int = 3) -> list[tuple[int, str]]:
    """The headings of a page from the second level on."""
    found = (re.fullmatch(r"(#{2,6}) (.+)", line) for line in lines)
    return [(len(match[1]), match[2]) for match in found if match and len(match[1]) <= deepest]


def sentence(said: str) -> str:
    """A sentence that begins with a capital and ends with a full stop."""
    first = next((place for place, letter in enumerate(said) if letter.isalnum()), 0)
    return f"{said[:first]}{said[first : first + 1].upper()}{said[first + 1 :].rstrip('.')}."


def reads(clause: Clause) -> frozenset[str]:
    """The facts that a clause reads, its coverage apart."""
    return frozenset(named(clause.condition, "fact")) - set(clause.covers.lists())
