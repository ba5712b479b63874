"""The plan that follows from a ruling in one case: its steps, in the times of its day and of the clauses that apply."""

from dataclasses import fields, replace
from typing import Final

import numpy as np

from features.vocabulary import REMEDIES, Codes
from models.award import EXCHANGE, RETURN
from models.consequences import Consequences
from models.findings import SETTLED
from models.plan import Course, Step, plan
from models.remedy import ACTIONS, FINDS_KEYS
from models.terms import Clocks

USUAL_TRIGGER = "inspected"
"""What of a return sets the refund off where no clause says anything else."""

_SHOWN: Final[dict[str, Codes]] = {
    "return_issued": ("S20",),
    "return_dropped_off": ("S20", "S22"),
    "return_scanned": ("S20", "S22", "S23"),
    "return_received": ("S20", "S22", "S23", "S24"),
    "return_grade": ("S20", "S22", "S23", "S24", "S26"),
}
"""By fact, in order, the steps of a return that it shows to be done."""


def steps(follows: Consequences, ask: int) -> tuple[Step, ...]:
    """The steps of what follows in one ask; none where it is not priced."""
    if not follows.priced[ask]:
        return ()
    remedy = int(follows.lines.remedy[ask])
    course = Course(
        remedy=REMEDIES[remedy],
        lines=follows.lines.of(ask),
        actions=tuple(action for action, ordered in zip(ACTIONS, follows.award.actions[ask], strict=True) if ordered),
        returned=remedy in (RETURN, EXCHANGE) and bool(np.asarray(follows.award.returned)[ask]),
        refund_at=str(_said(follows, ask, "refund_at") or USUAL_TRIGGER),
        done=_done(follows, ask),
    )
    return plan(course, _clocks(follows, ask))


def _done(follows: Consequences, ask: int) -> Codes:
    """The steps of a return that are known to be done: whatever came later shows that what goes before it was done."""
    known = follows.findings.known
    told = [name for name in _SHOWN if name in known.column_names and known[name][ask].as_py() not in (None, False)]
    return _SHOWN[told[-1]] if told else ()


def _clocks(follows: Consequences, ask: int) -> Clocks:
    given = follows.findings.reigns[int(follows.findings.reign[ask])]
    usual = Clocks.of({name: values[0] for name, values in given.items() if len(values) == 1})
    keys = {key.name for key in FINDS_KEYS} & {field.name for field in fields(Clocks)}
    changed = {name: _said(follows, ask, name) for name in sorted(keys)}
    return replace(usual, **{name: int(value) for name, value in changed.items() if isinstance(value, int | float)})


def _said(follows: Consequences, ask: int, key: str) -> object:
    """What policy answers in one ask, None where it does not."""
    answer = follows.findings.answer(key)
    return answer.values[answer.value[ask]] if answer.state[ask] == SETTLED else None
