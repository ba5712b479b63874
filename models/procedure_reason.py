"""The page of one reason: what to ask for and of whom, what decides, what limits the ruling, what waits for what."""

from collections.abc import Iterator
from itertools import groupby
from typing import Final

from features.required import Requirement, required_evidence
from features.vocabulary import STAGES, Codes
from models.clauses import Clause, Demand
from models.condition_said import listed
from models.finds_said import demand_said, kinds_said, who
from models.phrases import phrases
from models.printed import Printed, anchor, item, reads, reference, sentence, short

MANY: Final = 5
"""A clause for more reasons than this is told once, among the common steps."""

TITLES: Final = {
    "start": "Before anything else",
    "ask": "What to ask for, and how",
    "decide": "How it is decided",
    "remedy": "Remedy and money",
    "senior": "When a senior looks",
    "tell": "How to tell the parties",
}
"""The common steps, to which the page of a reason refers."""
_REMEDY: Final = f"4. {TITLES['remedy']}"
_LOOKS: Final = f"5. {TITLES['senior']}"


def common(clause: Clause) -> bool:
    """Whether a clause is for so many reasons that it is told once."""
    return not clause.covers.reasons or len(clause.covers.reasons) > MANY


def reason_page(printed: Printed, reason: str) -> Iterator[str]:
    """What there is to do in a case of one reason."""
    covering = [c for c in printed.clauses if not c.covers.reasons or reason in c.covers.reasons]
    own = [clause for clause in covering if not common(clause)]
    yield from ("", f"### {phrases().reasons[reason]}")
    yield from _asks(printed, reason, covering)
    yield from ("", "**What decides.** Of what answers a question the first that applies has the word.", "")
    deciding = [clause for clause in covering if clause.effect == "decides"]
    yield from (f"{i}. {said}" for i, said in enumerate(_in_order(printed, deciding), start=1))
    if not any("fault" in clause.finds.says for clause in own):
        yield from ("", "No clause here says whose fault it was: rule on the merits, and write what you rest it on.")
    limiting = [clause for clause in own if clause.effect == "limits"]
    if limiting:
        yield from ("", "**What limits the ruling.**", "")
        yield from (f"- {item(printed, clause)}" for clause in limiting)
    yield from _remedy(covering)
    yield from _senior(printed, own)
    yield from _waits(printed, own)
    yield from stages_said(own)
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
        stages = "" if requirement.stages == STAGES else f" {_at(requirement.stages)}"
        until = _until(printed, requirement, demands)
        yield f"- Of {who(requirement.party)}{stages}: {kinds_said(requirement.any_of)}; {until}."
    if not required_evidence()[reason]:
        yield "- Nothing is required of any party for this reason."
    yield from (
        f"- {item(printed, clause)}"
        for clause in covering
        if clause.effect == "informs" and not common(clause)
        if clause.finds.evidence
    )


def _until(printed: Printed, requirement: Requirement, demands: list[tuple[Clause, Demand]]) -> str:
    """By when something is required: in the time that a party has to answer, where it has one, else by the close."""
    answers: dict[Codes, list[str]] = {}
    for clause, demand in demands:
        stages = tuple(stage for stage in clause.covers.stages or STAGES if stage in requirement.stages)
        same = demand.party == requirement.party and set(demand.any_of) & set(requirement.any_of)
        if stages and same and demand.within_hours and "seller_answer" in reads(clause):
            answers.setdefault(stages, []).append(f"{demand_said(demand, printed.day)[1]} ({reference(clause.id)})")
    said = [f"{_at(stages)} within {listed(within[::-1], 'or')}" for stages, within in answers.items()]
    return "; ".join((*said, "else by the close of evidence" if said else "by the close of evidence"))


def _at(stages: Codes) -> str:
    return listed([phrases().value(stage) for stage in stages], "or")


def _remedy(covering: list[Clause]) -> Iterator[str]:
    told = [short(c) for c in covering if common(c) and c.covers.reasons and c.effect != "decides"]
    also = f" For this reason among them: {'; '.join(told)}." if told else ""
    yield from ("", f"**Remedy.** What no clause rules out, in the order of [{_REMEDY}](#{anchor(_REMEDY)}).{also}")


def _senior(printed: Printed, own: list[Clause]) -> Iterator[str]:
    only = [clause for clause in own if clause.effect == "informs" and not clause.finds.evidence]
    yield from ("", f"**To a senior** in the cases of [{_LOOKS}](#{anchor(_LOOKS)}){', and besides:' if only else '.'}")
    yield from ("", *(f"- {item(printed, clause)}" for clause in only)) if only else ()


def _waits(printed: Printed, own: list[Clause]) -> Iterator[str]:
    awaited: dict[str, list[str]] = {}
    for clause in own:
        for fact in printed.condition(clause).awaited:
            awaited.setdefault(fact, []).append(reference(clause.id))
    closed = [
        reference(clause.id) for clause in own
        if "evidence_closed" in reads(clause) and clause.effect == "decides" and not printed.condition(clause).awaited
    ]  # fmt: skip
    said = [f"while evidence is open, {listed(ids, 'and')} {_wait(ids)} for {awaited_said(printed, fact)}"
            for fact, ids in awaited.items()]  # fmt: skip
    if closed:
        said.append(f"only the close of evidence lets {listed(closed, 'and')} decide")
    if said:
        yield from ("", f"**What waits.** {sentence('; '.join(said))}")


def _wait(ids: list[str]) -> str:
    return "waits" if len(ids) == 1 else "wait"


def awaited_said(printed: Printed, fact: str) -> str:
    """What is waited for, and from whom."""
    kind = fact.removesuffix("_read")
    noun = phrases().kinds.get(kind, "the position at the door" if fact == "position_recorded" else kind)
    return f"{noun} (of {listed([who(party) for party in printed.policy.facts[fact].supplied_by], 'or')})"


def stages_said(told: list[Clause]) -> Iterator[str]:
    """What is asked at some stages only."""
    limited = [clause for clause in told if clause.covers.stages and set(clause.covers.stages) != set(STAGES)]
    if limited:
        yield from ("", "**By stage.** What names no stage holds at each.", "")
    for stage in STAGES if limited else ():
        here = [short(clause) for clause in limited if stage in clause.covers.stages]
        yield f"- {phrases().value(stage).capitalize()}, besides: {'; '.join(here) or 'nothing'}."
