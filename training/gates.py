"""What must hold before a model may replace another: one list of gates, each with a code.

All of them look at answers to cases that nothing had been learnt from. A gate that fails is a result, not an error.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from features.tables import Numbers
from models.metrics import ece
from training.noise import paired_difference

ENOUGH: Final = 200
"""A slice needs this many cases before anything is said about it."""

ECE_EXCESS: Final = 0.03
"""How far the calibration error may lie above that of a perfectly calibrated model asked about as many cases."""

TOO_GOOD: Final = 0.02
"""A loss below this share of the prior's means that the answer is in the data: nobody foresees fault so well."""


@dataclass(frozen=True)
class Evidence:
    """Answers to the same asks by the model and its rivals, all out of sample.

    ``labels``, ``weights``, ``case`` and ``group`` are (n,), probabilities (n, classes). ``slices`` names parts of
    the asks by masks (n,). ``champion`` answers the asks in ``champion_rows``; without one both are empty.
    """

    labels: NDArray[np.int64]
    weights: Numbers
    case: NDArray[np.int64]
    group: NDArray[np.int64]
    model: Numbers
    baselines: Mapping[str, Numbers]
    slices: Mapping[str, NDArray[np.bool_]]
    champion: Numbers
    champion_rows: NDArray[np.int64]

    def losses(self, probabilities: Numbers) -> Numbers:
        """The logarithmic loss of each ask, clipped at 1e-6."""
        return -np.log(np.clip(probabilities[np.arange(len(self.labels)), self.labels], 1e-6, 1.0))


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


def judge(evidence: Evidence) -> list[dict[str, Any]]:
    """Every gate's outcome as plain data, in the order of the codes."""
    found = [(gate, gate.look(evidence)) for gate in GATES]
    return [
        {"code": g.code, "demand": g.demand, "passed": o.passed, "sentence": o.sentence, "figures": dict(o.figures)}
        for g, o in found
    ]


def failed(gates: list[dict[str, Any]]) -> list[str]:
    """The codes of the gates that did not hold."""
    return [gate["code"] for gate in gates if gate["passed"] is False]


def _beats(name: str) -> Callable[[Evidence], Outcome]:
    def look(evidence: Evidence) -> Outcome:
        ours, theirs = evidence.losses(evidence.model), evidence.losses(evidence.baselines[name])
        found = paired_difference(ours, theirs, evidence.weights, evidence.group)
        passed = found.high < 0
        return Outcome(
            passed,
            f"The log-loss differs from that of '{name}' by {found.mean:+.4f} (95 %: {found.low:+.4f} to {found.high:+.4f}).",
            found.to_json(),
        )

    return look


def _calibrated(evidence: Evidence) -> Outcome:
    found = ece(evidence.model, evidence.labels, evidence.weights)
    perfect = _perfect_ece(evidence)
    return Outcome(
        found <= perfect + ECE_EXCESS,
        f"The calibration error is {found:.4f}; a perfect model's would be {perfect:.4f} here, "
        f"and {ECE_EXCESS:g} more is allowed.",
        {"ece": found, "perfect": perfect, "allowed": perfect + ECE_EXCESS},
    )


def _perfect_ece(evidence: Evidence) -> float:
    """The mean calibration error if each case's outcome were drawn from the model's own probabilities."""
    rng = np.random.default_rng(0)
    below = np.cumsum(evidence.model, axis=1)[:, :-1]
    found = []
    for _ in range(20):
        chance = rng.random(int(evidence.case.max()) + 1)[evidence.case]
        found.append(ece(evidence.model, (chance[:, None] > below).sum(axis=1), evidence.weights))
    return float(np.mean(found))


def _no_slice_collapsed(evidence: Evidence) -> Outcome:
    ours, prior = evidence.losses(evidence.model), evidence.losses(evidence.baselines["prior"])
    asked = {
        name: mask for name, mask in evidence.slices.items() if len(np.unique(evidence.case[mask])) >= ENOUGH
    }
    if not asked:
        return Outcome(None, f"No slice has {ENOUGH} cases.")
    level = 1 - 0.05 / len(asked)
    collapsed = {}
    for name, mask in asked.items():
        found = paired_difference(
            ours[mask], prior[mask], evidence.weights[mask], evidence.group[mask], level=level
        )
        if found.low > 0:
            collapsed[name] = found.to_json()
    said = f"of {len(asked)} slices with at least {ENOUGH} cases"
    sentence = f"{len(collapsed)} {said} are answered worse than by the prior: {', '.join(collapsed)}."
    return Outcome(not collapsed, sentence if collapsed else f"None {said} is answered worse than by the prior.", collapsed)


def _not_worse_than_champion(evidence: Evidence) -> Outcome:
    rows = evidence.champion_rows
    if not len(rows):
        return Outcome(None, "There is no champion, or no case that neither it nor this model had learnt from.")
    mine = evidence.losses(evidence.model)[rows]
    its = -np.log(np.clip(evidence.champion[np.arange(len(rows)), evidence.labels[rows]], 1e-6, 1.0))
    found = paired_difference(mine, its, evidence.weights[rows], evidence.group[rows])
    return Outcome(
        found.low <= 0,
        f"On {len(np.unique(evidence.case[rows]))} cases new to both, the log-loss differs from the champion's by "
        f"{found.mean:+.4f} (95 %: {found.low:+.4f} to {found.high:+.4f}).",
        found.to_json(),
    )


def _not_too_good(evidence: Evidence) -> Outcome:
    ours = float(np.average(evidence.losses(evidence.model), weights=evidence.weights))
    prior = float(np.average(evidence.losses(evidence.baselines["prior"]), weights=evidence.weights))
    return Outcome(
        ours >= TOO_GOOD * prior,
        f"The log-loss is {ours / prior:.0%} of the prior's; below {TOO_GOOD:.0%} the answer must be in the data.",
        {"log_loss": ours, "prior_log_loss": prior},
    )


GATES: Final[tuple[Gate, ...]] = (
    Gate("G01", "It beats the prior by more than noise.", _beats("prior")),
    Gate("G02", "It beats the prior by category by more than noise.", _beats("prior by category")),
    Gate("G03", "It beats logistic regression by more than noise.", _beats("logistic regression")),
    Gate("G04", "Its probabilities can be taken at their word.", _calibrated),
    Gate("G05", "No reason, moment or audited group is answered worse than by the prior.", _no_slice_collapsed),
    Gate("G06", "It is not worse than the champion on cases new to both.", _not_worse_than_champion),
    Gate("G07", "It is not too good to be true.", _not_too_good),
)
