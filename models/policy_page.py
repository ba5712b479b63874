"""A policy in lines that people read: the clauses of one day, and what changed between two."""

import datetime
from collections.abc import Iterator, Mapping

from models.clause_tree import Scalar, Values, named
from models.clauses import Amount, Clause, Demand, Finds, Reference, Setting
from models.policy import Policy


def clauses_on(policy: Policy, day: datetime.date) -> Iterator[str]:
    """Every clause in force on a day, the first asked first, with its parameters as they are that day."""
    yield f"{policy.head.title} ({policy.recorded}) on {day}; the day of a case is its {policy.head.day}."
    values = policy.values(day)
    for clause in policy.in_force(day):
        yield ""
        yield f"{clause.id}: {clause.title}"
        yield f"  {clause.text}"
        for name, said in clause_said(clause, values).items():
            yield f"  {name}: {said}"


def changes(policy: Policy, one: datetime.date, other: datetime.date) -> Iterator[str]:
    """What a day finds otherwise than another: clauses that came, went or changed, and parameters."""
    values_was, values_now = policy.values(one), policy.values(other)
    for name, was, now in changed_clauses(policy, one, other):
        if was is None or now is None:
            clause, came = (now, True) if now else (was, False)
            yield f"{name}: {'is in force now' if came else 'is no longer in force'}: {clause.title if clause else ''}"
        else:
            before, after = _whole(was, values_was), _whole(now, values_now)
            for key in _differing(before, after):
                yield f"{name}: {key}: was {before.get(key, 'not said')}"
                yield f"{' ' * len(name)}  {key}: now {after.get(key, 'not said')}"
    for name, given, gives in changed_parameters(policy, one, other):
        yield f":{name}: was {_listed(given)}, now {_listed(gives)}"


def changed_clauses(
    policy: Policy, one: datetime.date, other: datetime.date
) -> Iterator[tuple[str, Clause | None, Clause | None]]:
    """The clauses that are not the same on two days, by id, as they were and as they are; None where not in force."""
    was, now = ({c.id: c for c in policy.in_force(day)} for day in (one, other))
    values_was, values_now = policy.values(one), policy.values(other)
    for name in sorted({*was, *now}):
        before, after = was.get(name), now.get(name)
        if before is None or after is None or _differing(_whole(before, values_was), _whole(after, values_now)):
            yield name, before, after


def changed_parameters(
    policy: Policy, one: datetime.date, other: datetime.date
) -> Iterator[tuple[str, tuple[Scalar, ...] | None, tuple[Scalar, ...] | None]]:
    """The parameters that are not the same on two days, by name."""
    was, now = policy.values(one), policy.values(other)
    yield from ((name, was.get(name), now.get(name)) for name in sorted({*was, *now}) if was.get(name) != now.get(name))


def _whole(clause: Clause, values: Values) -> dict[str, str]:
    """All that a clause says, its text too, by name; but not since when."""
    found = {**clause_said(clause, values), "text": clause.text}
    del found["in force"]
    return found


def _differing(before: Mapping[str, str], after: Mapping[str, str]) -> list[str]:
    return [key for key in sorted({*before, *after}) if before.get(key) != after.get(key)]


def clause_said(clause: Clause, values: Values) -> dict[str, str]:
    """What a clause says beside its text, by name."""
    covers = clause.covers.lists()
    read = {name: _listed(values[name]) for name in (*named(clause.condition, "parameter"), *clause.finds.parameters)}
    found = {
        "in force": f"from {clause.in_force_from}"
        + (f" until {clause.withdrawn_at}" if clause.withdrawn_at else "")
        + f", announced {clause.announced_at}",
        "covers": "; ".join(f"{fact} {', '.join(words)}" for fact, words in covers.items()) or "every case",
        "when": clause.written,
        "where": ", ".join(f":{name} is {value}" for name, value in read.items()),
        clause.effect: "; ".join(_finds(clause.finds)) or "for the arbitrator to know",
        "priority": str(clause.priority),
        "source": clause.source or "assumed",
    }
    return {name: said for name, said in found.items() if said}


def _finds(finds: Finds) -> Iterator[str]:
    for key, setting in finds.says.items():
        yield f"{key} {_setting(setting)}"
    lists: Mapping[str, tuple[str, ...]] = {
        "not the fault of": finds.not_fault, "remedies only": finds.only, "remedies never": finds.never,
        "orders": finds.actions,
    }  # fmt: skip
    yield from (f"{said} {', '.join(words)}" for said, words in lists.items() if words)
    yield from (f"asks {_demand(demand)}" for demand in finds.evidence)
    if finds.senior:
        yield "a senior must look"


def _demand(demand: Demand) -> str:
    within = "" if demand.within_hours is None else f" within {_setting(demand.within_hours)} hours"
    return f"the {demand.party} for {' or '.join(demand.any_of)}{within}"


def _setting(setting: Setting | Amount) -> str:
    if isinstance(setting, tuple):
        return ", ".join(f"{party} {_setting(share)}" for party, share in setting)
    return f":{setting.name}" if isinstance(setting, Reference) else _listed((setting,))


def _listed(values: tuple[Scalar, ...] | None) -> str:
    if values is None:
        return "not set"
    return ", ".join(
        ("yes" if value else "no") if isinstance(value, bool) else value if isinstance(value, str) else f"{value:.12g}"
        for value in values
    )
