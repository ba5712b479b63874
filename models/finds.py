"""Reads what a clause finds: exact keys, closed lists of words, and numbers that may be parameters of the same unit."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from features.vocabulary import EVIDENCE_KINDS, LIABLE, PARTIES
from models.clauses import CHOICES, QUESTIONS, Amount, Demand, Finds, Parameter, Reference, Setting, Shares
from models.marked import Marked
from models.remedy import FINDS_KEYS, FindsKey

_SHARED: Final = FindsKey("shares", "shares", "how much of a fault that is shared falls to whom", PARTIES)
_DECIDED: Final = (
    FindsKey("entitled", "flag", "whether the buyer is entitled to anything"),
    FindsKey("fault", "word", "whose fault it is on the merits", LIABLE),
    FindsKey("cost_bearer", "word", "who bears the cost", (*PARTIES, "shared")),
    _SHARED,
)
_INFORMS: Final = ("evidence", "senior")
_LIMITS: Final = (*_INFORMS, "not_fault", "remedies", *(key.name for key in FINDS_KEYS))
_ALLOWED: Final = {
    "decides": (*_LIMITS, *(key.name for key in _DECIDED)),
    "limits": _LIMITS,
    "informs": _INFORMS,
}
"""What a clause of each effect may find."""

_ONE_ANSWER: Final = {key.name: key for key in (*_DECIDED, *FINDS_KEYS) if key.kind != "words"}
_HOURS: Final = FindsKey("within_hours", "hours", "how long a party has to answer")


def read_finds(clause: Marked, entry: Marked | None, effect: str, parameters: Mapping[str, Parameter]) -> Finds:
    """What a clause of this effect finds.

    Raises
    ------
    BadPolicy
        Where it says something that a clause of its effect may not, or a value that its key cannot have.
    """
    found = entry.fields((), _ALLOWED[effect]) if entry else {}
    if effect == "decides" and not set(QUESTIONS) & set(found):
        raise (entry or clause).bad("it decides nothing", f"finds: with one of {', '.join(QUESTIONS)}")
    if effect == "limits" and not found:
        raise (entry or clause).bad("it limits nothing", "finds: with what it rules out, asks for or sets")
    says = {key: _setting(_ONE_ANSWER[key], value, parameters) for key, value in found.items() if key in _ONE_ANSWER}
    if "shares" in says and says.get("fault") != "shared":
        raise found["shares"].bad("shares of a fault that is not shared", "fault: shared beside them")
    only, never = _remedies(found.get("remedies"))
    return Finds(
        says=says,
        not_fault=found["not_fault"].words(PARTIES) if "not_fault" in found else (),
        only=only,
        never=never,
        actions=found["actions"].words(_codes("actions")) if "actions" in found else (),
        evidence=tuple(_demand(item, parameters) for item in found["evidence"].items()) if "evidence" in found else (),
        senior="senior" in found and found["senior"].flag(),
    )


def _codes(name: str) -> tuple[str, ...]:
    return next(key.codes for key in FINDS_KEYS if key.name == name)


def _setting(key: FindsKey, entry: Marked, parameters: Mapping[str, Parameter]) -> Setting:
    if key.kind == "flag":
        return entry.flag()
    if key.kind == "word":
        return entry.word(key.codes)
    if key.kind == "shares":
        return _shares(key.codes, entry, parameters)
    return _amount(key, entry, parameters)


def _shares(parties: Sequence[str], entry: Marked, parameters: Mapping[str, Parameter]) -> Shares:
    each = FindsKey("share", "share", "")
    found = tuple((party.word(parties), _amount(each, share, parameters)) for party, share in entry.pairs())
    read = [parameters[share.name] for _, share in found if isinstance(share, Reference)]
    for day in {value.starts for parameter in read for value in parameter.values} or {date.max}:
        whole = [_on(day, share, parameters) for _, share in found]
        if None not in whole and abs(sum(filter(None, whole)) - 1) > 1e-9:
            when = f" on {day}" if read else ""
            raise entry.bad(f"the shares make {sum(filter(None, whole)):g}{when}", "shares that make 1")
    return found


def _on(day: date, share: Amount, parameters: Mapping[str, Parameter]) -> float | None:
    if isinstance(share, float):
        return share
    value = parameters[share.name].on(day)
    return None if value is None else float(value.values[0])


def _amount(key: FindsKey, entry: Marked, parameters: Mapping[str, Parameter]) -> Amount:
    written = entry.code()
    if not written.startswith(":"):
        value = entry.value()
        _see(key, entry, value)
        return float(value)
    found = parameters.get(written[1:])
    if found is None:
        raise entry.bad(f"there is no parameter {written[:60]}", "a parameter of this policy")
    if found.unit != key.kind or found.type != "number" or found.many:
        raise entry.bad(f"{written} is in {found.unit}", f"a parameter with unit: {key.kind}")
    for one in found.values:
        _see(key, entry, one.values[0])
    return Reference(found.name)


def _see(key: FindsKey, entry: Marked, value: object) -> None:
    """Refuse what is no number of this kind."""
    expected = {
        "share": "a share from 0 to 1, in steps of 0.0001",
        "cents": "whole cents from 0 on",
    }.get(key.kind, f"{key.kind} from 0 on")
    number = isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1e15
    if not number or not _in_steps(key.kind, float(str(value))):
        raise entry.bad(f"{str(value)[:40]!r} cannot be {key.name}", f"{expected}, or a :parameter")


def _in_steps(kind: str, value: float) -> bool:
    if kind == "share":
        return value <= 1 and abs(value * 10_000 - round(value * 10_000)) < 1e-6
    return kind != "cents" or value == round(value)


def _remedies(entry: Marked | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    if entry is None:
        return (), ()
    found = entry.fields((), ("only", "never"))
    if len(found) != 1:
        raise entry.bad("remedies are neither allowed nor ruled out, or both", "only: or never:, exactly one")
    only, never = ((found[key].words(CHOICES) if key in found else ()) for key in ("only", "never"))
    return only, never


def _demand(entry: Marked, parameters: Mapping[str, Parameter]) -> Demand:
    found = entry.fields(("party", "any_of"), ("within_hours",))
    hours = _amount(_HOURS, found["within_hours"], parameters) if "within_hours" in found else None
    return Demand(found["party"].word(PARTIES), found["any_of"].words(EVIDENCE_KINDS), hours)
