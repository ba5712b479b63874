"""What the desk asks for: what the one list of required evidence requires at a stage and nobody has shown."""

from functools import cache

import numpy as np

from features.required import Requirement, required_evidence
from features.vocabulary import REASONS, STAGES
from training.simulate.columns import Flags, Ints

Names = tuple[tuple[str, str], ...]


def missing(names: Names, reason: Ints, stage: Ints, on_file: Flags, may_ask: Flags) -> Flags:
    """(files, cases): for each requirement that no file meets, the first kind in its order that may be asked for.

    ``names`` are the (kind, party) of the rows of ``on_file`` and ``may_ask``, whose columns are the cases.
    """
    wanted = np.zeros(on_file.shape, dtype=bool)
    for place, name in enumerate(REASONS):
        of_reason = np.flatnonzero(reason == place)
        for requirement in required_evidence()[name] if len(of_reason) else ():
            rows = _rows(names, requirement)
            stages = [STAGES.index(s) for s in requirement.stages]
            cases = of_reason[np.isin(stage[of_reason], stages)]
            cases = cases[~on_file[np.ix_(rows, cases)].any(axis=0)]
            asked = may_ask[np.ix_(rows, cases)]
            first = asked & (np.cumsum(asked, axis=0) == 1)
            wanted[np.ix_(rows, cases)] |= first
    return wanted


@cache
def _rows(names: Names, requirement: Requirement) -> Ints:
    """The rows of the files that meet a requirement; a kind that this world does not have meets nothing."""
    there = [(kind, requirement.party) for kind in requirement.any_of]
    return np.array([names.index(name) for name in there if name in names], dtype=np.int64)
