"""What policy finds and what follows, as lines and tables on a terminal."""

from collections.abc import Iterator

from rich import box
from rich.table import Table

from features.terminal import printable
from serving.ruling_out import QuestionOut, RulingOut, StepOut


def of_ruling(found: RulingOut) -> Iterator["str | Table"]:
    """The page of what policy finds, and of the remedy, the money and the steps that would follow."""
    yield f"\nPolicy {found.policy}: {'; '.join(_questions(found))}."
    if found.conflict is not None:
        yield f"CONFLICT {found.conflict.code}: {found.conflict.sentence}."
    yield from _waiting(found)
    if found.senior:
        yield "A senior must look."
    if found.remedy is None:
        return
    refund = "" if found.refund_cents is None else f", {_money(found.refund_cents)} {found.currency} to the buyer"
    yield f"Would follow: {found.remedy.replace('_', ' ')}{refund}."
    if found.lines:
        yield _lines(found)
    if found.plan:
        yield _plan(found)
    if found.alternatives:
        yield _alternatives(found)


def _questions(found: RulingOut) -> Iterator[str]:
    for name, question in (("fault", found.fault), ("entitled", found.entitled), ("cost", found.cost_bearer)):
        yield f"{name} {_answer(question)}"


def _answer(question: QuestionOut) -> str:
    if question.state == "settled":
        said = ("no", "yes")[question.answer] if isinstance(question.answer, bool) else question.answer
        return f"{said} ({question.clause})"
    return "open" if question.state == "open" else f"waits ({', '.join(question.waits_for)})"


def _waiting(found: RulingOut) -> Iterator[str]:
    """The facts that hold up a question, and who can tell them."""
    held = {clause for question in (found.fault, found.entitled) for clause in question.waits_for}
    told = set()
    for clause in found.clauses:
        for fact in clause.reads:
            if clause.id in held and fact.name in clause.waits_for and fact.name not in told:
                told.add(fact.name)
                yield f"  {printable(fact.sentence)}"


def _lines(found: RulingOut) -> Table:
    table = _table(found.currency, "from", "to", "what", "clause")
    for line in found.lines:
        what = f"{line.code}  {line.sentence}" + ("" if line.nature == "paid" else f" ({line.nature})")
        table.add_row(_money(line.cents), line.payer, line.payee, what, line.clause or "")
    return table


def _plan(found: RulingOut) -> Table:
    table = _table("step", "who", "what", "within", "else")
    for step in found.plan:
        table.add_row(step.code, step.owner, step.sentence, _within(step), step.fallback or step.lapse or "")
    return table


def _within(step: StepOut) -> str:
    return "" if step.within is None else f"{step.within} {step.unit} from {', '.join(step.since)}"


def _alternatives(found: RulingOut) -> Table:
    table = _table("refund", "if instead", "remedy", "who pays (-) and who is paid")
    for other in found.alternatives:
        net = ", ".join(f"{account} {_money(cents)}" for account, cents in other.net.items())
        remedy = (other.remedy or "").replace("_", " ")
        table.add_row(_money(other.refund_cents), other.liable or "nobody named", remedy, net)
    return table


def _table(*names: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for place, name in enumerate(names):
        table.add_column(printable(name), overflow="fold", justify="right" if place == 0 else "left")
    return table


def _money(cents: int) -> str:
    return f"{cents / 100:,.2f}"
