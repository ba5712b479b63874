"""Rolling origins: learn from what was known at an instant, be asked about the cases opened after it.

Every fold is a small rehearsal of what will happen: its labels are those known at its origin, as then known, and
the cases it is asked about share no group with those it learnt from.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from features.tables import DAY
from features.vocabulary import LIABLE
from training.config import TrainingConfig
from training.dataset import CannotTrain, Examples, Past
from training.groups import sharing_a_group
from training.labels import Labels, labels_before


@dataclass(frozen=True)
class History:
    """All that was known before an instant, ready to be learnt from."""

    past: Past
    labels: Labels
    group: NDArray[np.int64]
    config: TrainingConfig

    @cached_property
    def classes(self) -> tuple[str, ...]:
        """The words that at least one label says, in the order of LIABLE."""
        present = np.unique(self.labels.liable[self.labels.cases])
        return tuple(LIABLE[i] for i in present)

    @cached_property
    def class_of(self) -> NDArray[np.int64]:
        """For each position in LIABLE the class, -1 where no label says it."""
        return np.array([self.classes.index(w) if w in self.classes else -1 for w in LIABLE], dtype=np.int64)

    @cached_property
    def examples(self) -> Examples:
        """The asks of all labelled cases."""
        return self.past.examples(self.labels, self.labels.cases, self.class_of)


@dataclass(frozen=True, slots=True)
class Fold:
    """One origin (microseconds): what was learnt from, and what is asked, as examples."""

    number: int
    origin: int
    learn: Examples
    ask: Examples
    left_out: int  # cases not asked because their group has a member that was learnt from


def rolling_folds(history: History) -> Iterator[Fold]:
    """The folds in order of time; one that could not have learnt two classes is passed over."""
    opened = history.past.tables.instants("cases", "opened_at")
    origins = _origins(history, opened)
    for number, (origin, end) in enumerate(zip(origins, [*origins[1:], history.labels.until], strict=True)):
        then = labels_before(history.past.tables, origin, history.config.maturity_days)
        learn = history.past.examples(then, then.cases, history.class_of)
        if len(np.unique(learn.labels)) < 2:
            continue
        inside = history.labels.cases[(opened[history.labels.cases] >= origin) & (opened[history.labels.cases] < end)]
        met = sharing_a_group(history.group, then.cases)[inside]
        ask = history.past.examples(history.labels, inside[~met], history.class_of)
        if len(ask):
            yield Fold(number, origin, learn, ask, int(met.sum()))


def _origins(history: History, opened: NDArray[np.int64]) -> list[int]:
    """The first origin is when the first share of the labels was known; the others divide what opened since."""
    config, cases = history.config, history.labels.cases
    known = np.minimum(history.labels.ruled_at[cases] + int(config.maturity_days * DAY), history.labels.until - 1)
    first = int(np.quantile(known, config.first_share, method="lower")) + 1
    later = np.sort(opened[cases][opened[cases] >= first])
    if len(later) < config.folds:
        raise CannotTrain(
            f"only {len(later)} labelled cases were opened after the first {config.first_share:.0%} of the labels was "
            f"known; {config.folds} folds need more. Hand over a longer history or lower first_share."
        )
    at = [len(later) * k // config.folds for k in range(1, config.folds)]
    return list(dict.fromkeys([first, *(int(later[i]) for i in at)]))
