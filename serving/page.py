"""An answer as a page on a terminal: who, how sure, why, in an account that adds up, and what was not known."""

from collections.abc import Iterator

from rich import box
from rich.table import Table

from features.terminal import printable
from serving.answer import ContrastOut, ProposalOut
from serving.page_ruling import of_ruling

_MILLI = 1000


def of_proposal(found: ProposalOut) -> Iterator["str | Table"]:
    """The page of one answer."""
    case = printable(found.case_id or "")
    yield f"Case {case} as of {found.as_of}, moment '{found.moment}', bundle {found.bundle[:12]}."
    yield f"\n{_named(found)}"
    yield _probabilities(found)
    if found.contrast is not None:
        yield printable(found.contrast.sentence)
        yield _account(found, found.contrast)
    if found.citable is not None:
        yield (
            f"Without what may not be told to a party '{found.citable.leading}' would lead, "
            f"with {found.citable.probabilities[found.citable.leading]:.1%}."
        )
    if found.sufficiency is not None:
        yield f"\n{found.sufficiency.sentence[:-1]} ({found.sufficiency.probability:.1%} that it is)."
        yield from (f"  {_signed(_milli(r.log_odds))}  {printable(r.sentence)}" for r in found.sufficiency.reasons[:3])
    if found.missing_evidence:
        yield "\nStill lacking:"
        yield from (f"  - {printable(lack.sentence)}" for lack in found.missing_evidence)
    if found.ruling is not None:
        yield from of_ruling(found.ruling)
    if found.unknown:
        yield _unknown(found)
    if found.ignored_attributes:
        yield f"Not read by this bundle: {', '.join(map(printable, found.ignored_attributes))}."


def _named(found: ProposalOut) -> str:
    if found.liable is not None:
        if found.ruling is not None and found.ruling.named_by == "policy":
            return f"Liable: {found.liable}, by clause {found.ruling.fault.clause} of {found.ruling.policy}."
        return f"Probably liable: {found.liable}, with a confidence of {found.confidence:.1%}."
    return f"Nobody is named ({found.abstention.code}): {found.abstention.sentence}" if found.abstention else ""


def _probabilities(found: ProposalOut) -> Table:
    table = _table("party", "probability", "without what may not be told")
    told = found.citable.probabilities if found.citable is not None else {}
    for party, probability in found.probabilities.items():
        table.add_row(party, _share(probability), _share(told.get(party)))
    return table


def _account(found: ProposalOut, contrast: ContrastOut) -> Table:
    """The contrast as a sum of thousandths: what rounding leaves is in the last line but one."""
    table = _table("log-odds", f"'{contrast.leading}' rather than '{contrast.runner_up}'", "", right=True)
    whole, start = _milli(contrast.log_odds), _milli(contrast.start)
    table.add_row(_signed(start), "before anything is known of the case", "")
    for reason in found.reasons:
        kept = "" if reason.citable else "not to be told to a party"
        table.add_row(_signed(_milli(reason.log_odds)), f"{reason.code}  {printable(reason.sentence)}", kept)
    told = sum(_milli(reason.log_odds) for reason in found.reasons)
    table.add_row(_signed(whole - start - told), "everything else together", "", end_section=True)
    table.add_row(_signed(whole), "in all", "")
    return table


def _unknown(found: ProposalOut) -> Table:
    table = _table("", "what was not known, and why")
    for unknown in found.unknown:
        table.add_row(unknown.code, printable(unknown.sentence))
    return table


def _table(*names: str, right: bool = False) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for place, name in enumerate(names):
        table.add_column(name, overflow="fold", justify="right" if right and place == 0 else "left")
    return table


def _share(probability: float | None) -> str:
    return "not trained" if probability is None else f"{probability:.1%}"


def _milli(log_odds: float) -> int:
    return round(log_odds * _MILLI)


def _signed(milli: int) -> str:
    return f"{milli / _MILLI:+.3f}"
