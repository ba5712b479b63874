"""Which blocks of a procedure are stale: a clause that they lean on changed, came or went after they were written."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from models.blocks import Block
from models.clause_tree import Scalar, named
from models.clauses import Clause
from models.policy import Policy


@dataclass(frozen=True, slots=True)
class Change:
    """A clause that is no longer what it was when a block was written, and the first day on which it was not."""

    clause: str
    day: datetime.date
    withdrawn: bool

    def __str__(self) -> str:
        return f"{self.clause} {'is not in force' if self.withdrawn else 'changed'} since {self.day}"


def stale(policy: Policy, on: datetime.date) -> Iterator[str]:
    """Every block that is stale by a day, with its file and line and what changed since."""
    for block in policy.blocks:
        for change in changes_of(block, policy, on):
            yield f"{block.file}:{block.line}: the block {block.id} of {block.written_at} is stale: {change}."


def changes_of(block: Block, policy: Policy, on: datetime.date) -> tuple[Change, ...]:
    """What changed, by a day, of the clauses that a block leans on; a parameter that a clause reads is part of it."""
    return tuple(_changes(block, policy, on))


def _changes(block: Block, policy: Policy, on: datetime.date) -> Iterator[Change]:
    later = [day for day in policy.days if block.written_at < day <= on]
    for name in block.bound_to:
        was = _stands(policy, name, block.written_at)
        changed = next((day for day in later if _stands(policy, name, day) != was), None)
        if changed is not None:
            yield Change(name, changed, _stands(policy, name, on) is None)
        elif was is None:
            yield Change(name, block.written_at, withdrawn=True)


Standing = tuple[Clause, tuple[tuple[Scalar, ...] | None, ...]]
"""A clause with the values of the parameters that it reads."""


def _stands(policy: Policy, name: str, day: datetime.date) -> Standing | None:
    """A clause as it stands on a day, with the parameters that it reads; None where it is not in force."""
    clause = next((clause for clause in policy.clauses if clause.id == name and clause.in_force(day)), None)
    if clause is None:
        return None
    values = policy.values(day)
    read = (*named(clause.condition, "parameter"), *clause.finds.parameters)
    return clause, tuple(values.get(parameter) for parameter in read)
