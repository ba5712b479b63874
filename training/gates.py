"""What must hold before a model may replace another: one list of gates, each with a code.

All of them look at answers to cases that nothing had been learnt from. A gate that fails is a result, not an error.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from features.tables import Numbers
from models.bootstrap import Difference, paired_difference
from models.bundle import LIABILITY, SUFFICIENCY
from models.metrics import Judged, ask_log_losses, ece, log_loss

ENOUGH: Final = 200
"""A slice needs this many cases before anything is said about it."""

ECE_EXCESS: Final = 0.03
"""How far the calibration error may lie above that of a perfectly calibrated model asked about as many cases."""

LOST: Final = 0.05
"""By how much more of a slice may be answered wrongly than by the one that would be used otherwise."""

SEED: Final = 1
"""Gates draw the same samples whatever the model's own seed."""

TOO_GOOD: Final = 0.02
"""A loss below this share of the prior's means that the answer is in the data: nobody foresees fault so well."""


@dataclass(frozen=True)
class Evidence:
    """Answers to the same asks by the model and its rivals, all out of sample.

    Attributes
    ----------
    model
        The model's answers beside the truth; drawn together are whole groups of cases, so that a thousand copies
        of one complaint count as the one piece of evidence they are.
    case
        (asks,) the case each ask is about.
    baselines
        By name the probabilities (asks, classes) of each baseline.
    slices
        By name the part of the asks (asks,) that it is.
    champion, champion_rows
        The champion's probabilities for the asks at these positions; both empty where there are none.
    """

    model: Judged
    case: NDArray[np.int64]
    baselines: Mapping[str, Numbers]
    slices: Mapping[str, NDArray[np.bool_]]
    champion: Numbers
    champion_rows: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one gate found; ``passed`` is None where it does not apply."""

    passed: bool | None
    sentence: str
    figures: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Gate:
    """One thing that must hold: a stable code, what it demands, and how it is found out."""

    code: str
    demand: str
    look: Callable[[Evidence], Outcome]


def judge(evidence: Evidence, gates: Sequence[Gate]) -> list[dict[str, Any]]:
    """Every gate's outcome as plain data, in the order of the codes."""
    found = [(gate, gate.look(evidence)) for gate in gates]
    return [
        {"code": g.code, "demand": g.demand, "passed": o.passed, "sentence": o.sentence, "figures": dict(o.figures)}
        for g, o in found
    ]


def failed(gates: list[dict[str, Any]]) -> list[str]:
    """The codes of the gates that did not hold."""
    return [gate["code"] for gate in gates if gate["passed"] is False]


def _compared(model: Judged, theirs: Numbers, *, level: float = 0.95) -> Difference:
    ours, other = ask_log_losses(model), ask_log_losses(replace(model, probability=theirs))
    return paired_difference(ours, other, model, seed=SEED, level=level)


def _part(judged: Judged, rows: NDArray[np.int64] | NDArray[np.bool_]) -> Judged:
    drawn = np.unique(judged.case[rows], return_inverse=True)[1]
    return replace(
        judged, probability=judged.probability[rows], label=judged.label[rows], weight=judged.weight[rows], case=drawn
    )


def _beats(name: str) -> Callable[[Evidence], Outcome]:
    def look(evidence: Evidence) -> Outcome:
        found = _compared(evidence.model, evidence.baselines[name])
        return Outcome(found.high < 0, f"Log-loss against '{name}': {_said(found)}.", asdict(found))

    return look


def _said(found: Difference) -> str:
    return f"{found.mean:+.4f} (95 %: {found.low:+.4f} to {found.high:+.4f})"


def _calibrated(evidence: Evidence) -> Outcome:
    found, perfect = ece(evidence.model), _perfect_ece(evidence)
    return Outcome(
        found <= perfect + ECE_EXCESS,
        f"The calibration error is {found:.4f}; a perfect model's would be {perfect:.4f} here, "
        f"and {ECE_EXCESS:g} more is allowed.",
        {"ece": found, "perfect": perfect, "allowed": perfect + ECE_EXCESS},
    )


def _perfect_ece(evidence: Evidence) -> float:
    """The mean calibration error if each case's outcome were drawn from the model's own probabilities."""
    rng = np.random.default_rng(SEED)
    below = np.cumsum(evidence.model.probability, axis=1)[:, :-1]
    found = []
    for _ in range(20):
        chance = rng.random(int(evidence.case.max()) + 1)[evidence.case]
        found.append(ece(replace(evidence.model, label=(chance[:, None] > below).sum(axis=1))))
    return float(np.mean(found))


def _no_slice_collapsed(evidence: Evidence) -> Outcome:
    asked = {name: mask for name, mask in evidence.slices.items() if len(np.unique(evidence.case[mask])) >= ENOUGH}
    if not asked:
        return Outcome(None, f"No slice has {ENOUGH} cases.")
    level = 1 - 0.05 / len(asked)
    prior = evidence.baselines["prior"]
    found = {name: _compared(_part(evidence.model, mask), prior[mask], level=level) for name, mask in asked.items()}
    collapsed = {name: asdict(difference) for name, difference in found.items() if difference.low > 0}
    said = f"{len(collapsed) or 'None'} of {len(asked)} slices with at least {ENOUGH} cases are answered worse than by"
    return Outcome(not collapsed, f"{said} the prior{': ' if collapsed else ''}{', '.join(collapsed)}.", collapsed)


def _not_worse_than_champion(evidence: Evidence) -> Outcome:
    rows = evidence.champion_rows
    if not len(rows):
        return Outcome(None, "There is no champion, or no case that neither it nor this model had learnt from.")
    found = _compared(_part(evidence.model, rows), evidence.champion)
    cases = len(np.unique(evidence.case[rows]))
    sentence = f"Log-loss against the champion, on {cases} cases new to both: {_said(found)}."
    return Outcome(found.low <= 0, sentence, asdict(found) | {"cases": cases})


def _no_slice_lost(evidence: Evidence) -> Outcome:
    """Errors, not log-loss: a slice that matters to people is lost when more of its cases are answered wrongly."""
    name, rows, theirs = _used_otherwise(evidence)
    model = _part(evidence.model, rows)
    rival = replace(model, probability=theirs)
    worse = (~model.correct()).astype(np.float64) - ~rival.correct()
    asked = {slice_: mask[rows] for slice_, mask in evidence.slices.items()}
    asked = {n: mask for n, mask in asked.items() if len(np.unique(evidence.case[rows][mask])) >= ENOUGH}
    if not asked:
        return Outcome(None, f"No slice has {ENOUGH} cases to compare with {name}.")
    level = 1 - 0.05 / len(asked)
    found = {
        n: paired_difference(worse[mask], np.zeros(mask.sum()), _part(model, mask), seed=SEED, level=level)
        for n, mask in asked.items()
    }
    lost = {n: asdict(difference) for n, difference in found.items() if difference.mean >= LOST and difference.low > 0}
    said = (
        f"{len(lost) or 'None'} of {len(asked)} slices with at least {ENOUGH} cases lose {LOST:.0%} or more to {name}"
    )
    return Outcome(not lost, f"{said}{': ' if lost else ''}{', '.join(lost)}.", lost)


def _used_otherwise(evidence: Evidence) -> tuple[str, NDArray[np.int64], Numbers]:
    """What would answer if the model did not: its name, and its answers to the asks at these positions."""
    if len(evidence.champion_rows):
        return "the champion", evidence.champion_rows, evidence.champion
    losses = {n: log_loss(replace(evidence.model, probability=p)) for n, p in evidence.baselines.items()}
    best = min(losses, key=losses.__getitem__)
    return f"'{best}'", np.arange(len(evidence.model)), evidence.baselines[best]


def _not_too_good(evidence: Evidence) -> Outcome:
    ours = log_loss(evidence.model)
    prior = log_loss(replace(evidence.model, probability=evidence.baselines["prior"]))
    return Outcome(
        ours >= TOO_GOOD * prior,
        f"The log-loss is {ours / prior:.0%} of the prior's; below {TOO_GOOD:.0%} the answer must be in the data.",
        {"log_loss": ours, "prior_log_loss": prior},
    )


LIABILITY_GATES: Final = (
    Gate("G01", "It beats the prior by more than noise.", _beats("prior")),
    Gate("G02", "It beats the prior by category by more than noise.", _beats("prior by category")),
    Gate("G03", "It beats logistic regression by more than noise.", _beats("logistic regression")),
    Gate("G04", "Its probabilities can be taken at their word.", _calibrated),
    Gate("G05", "No reason, moment or audited group is answered worse than by the prior.", _no_slice_collapsed),
    Gate("G06", "It is not worse than the champion on cases new to both.", _not_worse_than_champion),
    Gate("G07", "It is not too good to be true.", _not_too_good),
    Gate("G08", "No reason, moment or audited group is lost against what would answer otherwise.", _no_slice_lost),
)

GATES: Final[Mapping[str, tuple[Gate, ...]]] = {
    LIABILITY: LIABILITY_GATES,
    SUFFICIENCY: tuple(
        replace(gate, code=f"G1{gate.code[2:]}", demand=f"On sufficiency: {gate.demand[0].lower()}{gate.demand[1:]}")
        for gate in LIABILITY_GATES
    ),
}
"""The gates of each head: the same demands under codes of their own."""

ALL_GATES: Final = tuple(gate for gates in GATES.values() for gate in gates)
