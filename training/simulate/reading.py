"""How a case reads to somebody with experience: what each finding has usually meant among claims of the same reason.

Experience is counted on a pilot block of the same world, whose cases have known ends: how much likelier a finding is
where a party is at fault than among all claims of that reason. A reading is the prior of the reason plus the weights
of what is found. It is an arbitrator's own, and knows no policy and no model.
"""

from dataclasses import dataclass
from typing import Final, Self

import numpy as np

from features.vocabulary import LIABLE, REASONS
from training.simulate.columns import Flags, Floats, Ints

SHRINK: Final = 8.0
"""Cases' worth of doubt about a finding that was seldom seen."""


@dataclass(frozen=True, slots=True)
class Experience:
    """Log-odds learnt from past cases: ``prior`` (reasons, parties), ``weight`` (findings, reasons, parties)."""

    prior: Floats
    weight: Floats

    @classmethod
    def gather(cls, reason: Ints, liable: Ints, present: Flags) -> Self:
        """What cases with known ends teach; present (findings, cases)."""
        k, r = len(LIABLE), len(REASONS)
        cell = reason * k + liable
        n = np.bincount(cell, minlength=r * k).reshape(r, k).astype(float)
        overall = n.sum(axis=0) / n.sum()
        prior = np.log((n + 3 * overall + 0.05) / (n.sum(axis=1, keepdims=True) + 4))
        weight = np.zeros((len(present), r, k))
        everywhere = present.mean(axis=1)
        for f, there in enumerate(present):
            seen = np.bincount(cell[there], minlength=r * k).reshape(r, k)
            of_reason = (seen.sum(axis=1) + 2 * everywhere[f]) / (n.sum(axis=1) + 2)
            of_party = (seen + SHRINK * of_reason[:, None]) / (n + SHRINK)
            weight[f] = np.log(of_party + 1e-6) - np.log(of_reason[:, None] + 1e-6)
        return cls(prior, weight)

    def read(self, reason: Ints, present: Flags) -> Floats:
        """(cases, parties) log-odds, up to a constant per case, from what is found there."""
        score = self.prior[reason].copy()
        for f in np.flatnonzero(present.any(axis=1)):
            rows = np.flatnonzero(present[f])
            score[rows] += self.weight[f, reason[rows]]
        return score


def margin(score: Floats) -> Floats:
    """How far the first party stands before the second, log-odds."""
    top = np.partition(score, -2, axis=1)
    return np.asarray(top[:, -1] - top[:, -2])
