"""The procedure for arbitration: the steps common to every case, then a page or two for each reason."""

from collections.abc import Callable, Iterator
from itertools import groupby
from typing import Final

from features.required import required_evidence
from features.vocabulary import REASONS, STAGES
from models.blocks import PARTS
from models.clauses import Clause
from models.condition_said import listed
from models.finds_said import demand_said, kinds_said, who
from models.phrases import phrases
from models.printed import Printed, anchor, item, reads, reference, sentence, short
from models.remedy_choice import KEPT, ORDER

TITLES: Final = {
    "start": "Before anything else",
    "ask": "What to ask for, and how",
    "decide": "How it is decided",
    "remedy": "Remedy and money",
    "senior": "When a senior looks",
    "tell": "How to tell the parties",
}
MANY: Final = 5
"""A clause for more reasons than this is told once, among the common steps."""

_START: Final = frozenset({"hazard_mentioned", "injury_mentioned", "chargeback_open", "refunded_cents",
                           "offer_accepted", "seller_timed_out", "hours_open", "refund_issued"})  # fmt: skip

Belongs = Callable[[Clause], bool]
_BELONGS: Final[dict[str, Belongs]] = {
    "start": lambda c: not c.finds.evidence and bool(reads(c) & (_START | {"days_after_delivery"})),
    "ask": lambda c: bool(c.finds.evidence),
    "senior": lambda c: c.finds.senior,
    "decide": lambda c: c.effect == "decides" or bool(c.finds.not_fault),
    "remedy": lambda c: True,
}
"""Which common clauses belong to a part: the first that takes one has it."""


def arbitration(printed: Printed) -> Iterator[str]:
    """The common steps, then each reason."""
    yield from ("", "## Common steps")
    told_once = [clause for clause in printed.clauses if common(clause)]
    for number, part in enumerate(PARTS["arbitration"], start=1):
        yield from ("", f"### {number}. {TITLES[part]}", "")
        yield from _INTRODUCED.get(part, lambda _: iter(()))(printed)
        taken = [clause for clause in told_once if _part(clause) == part]
        yield from (f"{i}. {item(printed, clause)}" for i, clause in enumerate(taken, start=1))
        yield from printed.blocks("arbitration", part)
    yield from ("", "## Reason by reason")
    for reason in REASONS:
        yield from reason_page(printed, reason)


def _part(clause: Clause) -> str:
    return next(part for part, belongs in _BELONGS.items() if belongs(clause))


def common(clause: Clause) -> bool:
    """Whether a clause is for so many reasons that it is told once."""
    return not clause.covers.reasons or len(clause.covers.reasons) > MANY


def reason_page(printed: Printed, reason: str) -> Iterator[str]:
    """What there is to do in a case of one reason."""
    covering = [c for c in printed.clauses if not c.covers.reasons or reason in c.covers.reasons]
    own = [clause for clause in covering if not common(clause)]
    yield from ("", f"### {phrases().reasons[reason]}")
    yield from _asks(printed, reason, covering)
    yield from ("", "**What decides, the first that applies.**", "")
    deciding = [clause for clause in covering if clause.effect == "decides"]
    yield from (f"{i}. {said}" for i, said in enumerate(_in_order(printed, deciding), start=1))
    limiting = [clause for clause in own if clause.effect == "limits"]
    if limiting:
        yield from ("", "**What limits the ruling.**", "")
        yield from (f"- {item(printed, clause)}" for clause in limiting)
    yield from _remedy(covering)
    yield from _senior(covering)
    yield from _waits(printed, own)
    yield from _stages(own)
    yield from printed.blocks("arbitration", reason)


def _in_order(printed: Printed, deciding: list[Clause]) -> Iterator[str]:
    """Clauses in order, those that stand among the common steps in one item."""
    for told_once, clauses in groupby(deciding, key=common):
        if told_once:
            yield f"*Common steps:* {'; '.join(short(clause) for clause in clauses)}."
        else:
            yield from (item(printed, clause) for clause in clauses)


def _asks(printed: Printed, reason: str, covering: list[Clause]) -> Iterator[str]:
    demands = [(clause, demand) for clause in covering for demand in clause.finds.evidence]
    yield from ("", "**What to ask for, and of whom.**", "")
    for requirement in required_evidence()[reason]:
        when = [
            f"{demand_said(demand, printed.day)[1]} ({reference(clause.id)})"
            for clause, demand in demands
            if demand.party == requirement.party and set(demand.any_of) & set(requirement.any_of)
            and demand.within_hours and "seller_answer" in reads(clause)
        ]  # fmt: skip
        stages = f" {listed([phrases().value(stage) for stage in requirement.stages], 'and')}"
        stages = "" if requirement.stages == STAGES else stages
        within = f", within {listed(when, 'or')}" if when else ", by the close of evidence"
        yield f"- Of {who(requirement.party)}{stages}: {kinds_said(requirement.any_of)}{within}."
    if not required_evidence()[reason]:
        yield "- Nothing is required of any party for this reason."
    yield from (
        f"- {item(printed, clause)}"
        for clause in covering
        if clause.effect == "informs" and not common(clause)
        if clause.finds.evidence
    )


def _remedy(covering: list[Clause]) -> Iterator[str]:
    told = [short(c) for c in covering if common(c) and c.covers.reasons and c.effect != "decides"]
    also = f" For this reason among them: {'; '.join(told)}." if told else ""
    yield from ("", f"**Remedy.** What no clause rules out, in the order of [{_REMEDY}](#{anchor(_REMEDY)}).{also}")


def _senior(covering: list[Clause]) -> Iterator[str]:
    told = [short(clause) for clause in covering if clause.finds.senior and not common(clause)]
    also = f" For this reason too: {'; '.join(told)}." if told else ""
    yield from ("", f"**To a senior** in the cases of [{_LOOKS}](#{anchor(_LOOKS)}).{also}")


def _waits(printed: Printed, own: list[Clause]) -> Iterator[str]:
    awaited: dict[str, list[str]] = {}
    for clause in own:
        for fact in printed.condition(clause).awaited:
            awaited.setdefault(fact, []).append(reference(clause.id))
    closed = [
        reference(clause.id) for clause in own
        if "evidence_closed" in reads(clause) and clause.effect == "decides" and not printed.condition(clause).awaited
    ]  # fmt: skip
    said = [f"while evidence is open, {listed(ids, 'and')} wait for {awaited_said(printed, fact)}"
            for fact, ids in awaited.items()]  # fmt: skip
    if closed:
        said.append(f"only the close of evidence lets {listed(closed, 'and')} decide")
    if said:
        yield from ("", f"**What waits.** {sentence('; '.join(said))}")


def awaited_said(printed: Printed, fact: str) -> str:
    """What is waited for, and from whom."""
    kind = fact.removesuffix("_read")
    noun = phrases().kinds.get(kind, "the position at the door" if fact == "position_recorded" else kind)
    return f"{noun} (of {listed([who(party) for party in printed.policy.facts[fact].supplied_by], 'or')})"


def _stages(own: list[Clause]) -> Iterator[str]:
    """What is otherwise at one stage than at another, of what is for this reason alone."""
    limited = [clause for clause in own if clause.covers.stages and set(clause.covers.stages) != set(STAGES)]
    for stage in STAGES if limited else ():
        here = [short(clause) for clause in limited if stage in clause.covers.stages]
        yield from ("", "**By stage.**", "") if stage == STAGES[0] else ()
        yield f"- {phrases().value(stage).capitalize()}: {f'also {listed(here, _AND)}' if here else 'the rest alone'}."


def _ask(printed: Printed) -> Iterator[str]:
    yield (
        "What each reason requires stands on its page. An item is admissible where it is linked to the order, legible, "
        "of its own case and not made by a machine; what nobody checked counts for whoever gave it. It *bears the "
        "buyer out* where what was read in it agrees with the claim, and *contradicts the buyer* where it does not."
    )
    yield ""


def _decide(printed: Printed) -> Iterator[str]:
    yield (
        "Three questions are answered apart: is the buyer entitled, whose fault was it, who bears the cost. For each "
        "the first clause that applies has the word. A clause that reads what nobody has told yet cannot be decided: "
        "while one stands higher and would answer otherwise, the question waits for that fact. What policy leaves open "
        "is ruled on the merits."
    )
    yield ""


def _remedies(printed: Printed) -> Iterator[str]:
    def said(order: tuple[str, ...]) -> str:
        return ", then ".join(phrases().value(word) for word in order)

    yield (
        f"What the buyer asked for, where no clause rules it out; else {said(ORDER)}. Where the item never came or "
        f"does not come back: {said(KEPT)}. A buyer who is not entitled gets a rejection. How a remedy runs, step by "
        "step and by when, stands in [the procedure for returns](returns.md)."
    )
    yield ""


_AND: Final = "and"
_REMEDY: Final = f"4. {TITLES['remedy']}"
_LOOKS: Final = f"5. {TITLES['senior']}"
_INTRODUCED: Final = {"ask": _ask, "decide": _decide, "remedy": _remedies}
