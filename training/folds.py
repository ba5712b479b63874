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
from training.config import TrainingConfig
from training.dataset import CannotTrain, Examples, Past
from training.groups import sharing_a_group
from training.labels import Labels, labels_before
from training.questions import Question, Told


@dataclass(frozen=True)
class History:
    """All that was known before an instant, ready to be learnt from."""

    past: Past
    labels: Labels
    group: NDArray[np.int64]
    config: TrainingConfig
    question: Question

    @cached_property
    def told(self) -> Told:
        """The question's labels of all asks, and what became of all of them."""
        return self.question.told(self.past.tables, self.past.asks, self.labels)

    @cached_property
    def classes(self) -> tuple[str, ...]:
        """The question's words that at least one label says, in its order."""
        present = np.unique(self.told[0])
        return tuple(self.question.words[i] for i in present[present >= 0])

    def examples_of(self, label: NDArray[np.int64]) -> Examples:
        """The asks whose label (asks,), a position in the question's words, is one of the classes."""
        words = self.question.words
        place = [self.classes.index(word) if word in self.classes else -1 for word in words]
        return self.past.examples(np.array([*place, -1])[label])

    @cached_property
    def examples(self) -> Examples:
        """The asks of all labelled cases."""
        return self.examples_of(self.told[0])


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
    past, (label, _) = history.past, history.told
    opened = past.tables.instants("cases", "opened_at")
    origins = _origins(history, opened)
    for number, (origin, end) in enumerate(zip(origins, [*origins[1:], history.labels.until], strict=True)):
        then = labels_before(past.tables, origin, history.config.maturity_days)
        learn = history.examples_of(history.question.told(past.tables, past.asks, then)[0])
        if len(np.unique(learn.labels)) < 2:
            continue
        case = past.asks.case
        inside = (opened[case] >= origin) & (opened[case] < end) & (label >= 0)
        met = inside & sharing_a_group(history.group, np.unique(case[learn.rows]))[case]
        ask = history.examples_of(np.where(inside & ~met, label, -1))
        if len(ask):
            yield Fold(number, origin, learn, ask, len(np.unique(case[met])))


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
