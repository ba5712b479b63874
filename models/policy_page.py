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
        for name, said in _said(clause, values).items():
            yield f"  {name}: {said}"


def changes(policy: Policy, one: datetime.date, other: datetime.date) -> Iterator[str]:
    """What a day finds otherwise than another: clauses that came, went or changed, and parameters."""
    was, now = ({c.id: c for c in policy.in_force(day)} for day in (one, other))
    values_was, values_now = policy.values(one), policy.values(other)
    for name in sorted({*was, *now}):
        if name not in was or name not in now:
            clause, came = (now[name], True) if name in now else (was[name], False)
            yield f"{name}: {'is in force now' if came else 'is no longer in force'}: {clause.title}"
        else:
            before, after = _said(was[name], values_was), _said(now[name], values_now)
            before["text"], after["text"] = was[name].text, now[name].text
            for key in sorted({*before, *after} - {"in force"}):
                if before.get(key) != after.get(key):
                    yield f"{name}: {key}: was {before.get(key, 'not said')}"
                    yield f"{' ' * len(name)}  {key}: now {after.get(key, 'not said')}"
    for name in sorted(policy.parameters):
        if values_was.get(name) != values_now.get(name):
            yield f":{name}: was {_listed(values_was.get(name))}, now {_listed(values_now.get(name))}"


def _said(clause: Clause, values: Values) -> dict[str, str]:
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
