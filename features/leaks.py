"""Columns that hold the answer: an ``attr_*`` must be as at opening, and one that was filled in later leaks.

Each column is tried alone and forward in time: the rate of each answer among cases with the same value, ruled
before this case was opened, must not sort the cases by their answers all but perfectly. Nor may a column be empty
until the ruling and filled with it. A number counts by its value, and by where it lies among all values.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from features.attributes import attribute_names
from features.outcomes import MEASURES, rulings
from features.tables import Numbers, Tables
from features.timeline import Clock, Ranked
from features.vocabulary import LIABLE

HIGHEST_AUC: Final = 0.98
NULL_UNRULED: Final = 0.99
NULL_RULED: Final = 0.01
FEWEST: Final = 20
"""An answer is tried where at least so many cases have it and so many have another."""

_BANDS: Final = 256
_STEPS: Final = 10_000

Codes = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Leak:
    """A column that leaks, and how it shows.

    Either ``auc`` and the party it tells, or the shares of nulls among unruled and ruled cases.
    """

    column: str
    party: str | None = None
    auc: float | None = None
    null_unruled: float | None = None
    null_ruled: float | None = None

    @property
    def sentence(self) -> str:
        """What is wrong with the column, and what to do."""
        if self.auc is not None:
            shown = (
                f"alone and forward in time it tells whether '{self.party}' is liable with an AUC of {self.auc:.3f} "
                f"(above {HIGHEST_AUC:g})"
            )
        else:
            shown = f"it is null in {self.null_unruled:.1%} of unruled and {self.null_ruled:.1%} of ruled cases"
        return f"{self.column} leaks the answer: {shown}. Hand it over as it was at opening, or leave it out"


def leaks(tables: Tables, leave_out: tuple[str, ...] = ()) -> tuple[Leak, ...]:
    """The ``attr_*`` columns that leak, by name; those in ``leave_out`` are nobody's feature and not tried."""
    names = [name for name in attribute_names(tables) if name not in leave_out]
    if not names or not tables.supplied("rulings"):
        return ()
    past, ruled = _Past(tables), np.zeros(tables.count("cases"), dtype=bool)
    rows = tables.case_rows("rulings")
    ruled[rows[rows >= 0]] = True
    found = []
    for name in names:
        leak = _filled_with_the_ruling(tables, name, ruled) or past.tells(tables, name)
        if leak is not None:
            found.append(leak)
    return tuple(found)


def _filled_with_the_ruling(tables: Tables, name: str, ruled: NDArray[np.bool_]) -> Leak | None:
    null = np.asarray(tables.array("cases", name).is_null().to_numpy(zero_copy_only=False), dtype=bool)
    if ruled.all() or not ruled.any():
        return None
    unruled_share, ruled_share = float(null[~ruled].mean()), float(null[ruled].mean())
    if unruled_share >= NULL_UNRULED and ruled_share <= NULL_RULED:
        return Leak(name, null_unruled=unruled_share, null_ruled=ruled_share)
    return None


class _Past:
    """The cases with an answer on the merits, and what was ruled on others before each was opened."""

    def __init__(self, tables: Tables) -> None:
        made = rulings(tables)[0]
        answers = made.counts[:, : len(LIABLE)]
        on_merits = np.flatnonzero(made.counts[:, MEASURES.index("merits")] == 1)
        last = np.full(tables.count("cases"), -1)
        last[made.of[on_merits]] = on_merits  # of several the last one stays
        self.case = np.flatnonzero(last >= 0)
        self.answer = np.argmax(answers[last[self.case]], axis=1)
        self._clock = Clock(made.at[last[self.case]])
        self._before = self._clock.before(tables.instants("cases", "opened_at")[self.case])
        self._all = self._counts(np.zeros(len(self.case), dtype=np.int64))

    def tells(self, tables: Tables, name: str) -> Leak | None:
        """The leak of a column that sorts the cases by their answers; None where it does not."""
        found = list(self._of_text(tables, name) if _is_text(tables, name) else self._of_number(tables, name))
        auc, party = max(found, default=(0.0, 0))
        return Leak(name, LIABLE[party], auc) if auc > HIGHEST_AUC else None

    def _of_text(self, tables: Tables, name: str) -> Iterator[tuple[float, int]]:
        yield from self._by_rate(tables.codes("cases", name)[0][self.case] + 1)

    def _of_number(self, tables: Tables, name: str) -> Iterator[tuple[float, int]]:
        """By its value, by the band its value lies in, and by its order alone."""
        values = tables.numbers("cases", name)[self.case]
        distinct, codes = np.unique(values, return_inverse=True)
        yield from self._by_rate(codes)
        given = ~np.isnan(values)
        if len(distinct) > FEWEST and given.any():
            bands = min(_BANDS, int(np.sqrt(len(values))))
            yield from self._by_rate(np.where(given, _band(values, bands), 0))
            place = _band(values[given], _STEPS // 2) / _STEPS
            for score in (place, 1.0 - place):
                yield from self._aucs(score, self.answer[given])

    def _by_rate(self, codes: Codes) -> Iterator[tuple[float, int]]:
        """By how often each answer was given before on cases of the same code, else on all cases."""
        own = self._counts(codes)
        counts = np.where(own.sum(axis=1)[:, None] > 0, own, self._all)
        total = counts.sum(axis=1)
        known = total > 0
        yield from self._aucs(counts[known] / total[known, None], self.answer[known])

    def _aucs(self, score: Numbers, answer: NDArray[np.int64]) -> Iterator[tuple[float, int]]:
        """By party how well a score (cases,), or one of its own (cases, parties), tells its answer."""
        for party in range(len(LIABLE)):
            positive = answer == party
            if min(positive.sum(), len(positive) - positive.sum()) >= FEWEST:
                yield _auc(score if score.ndim == 1 else score[:, party], positive), party

    def _counts(self, codes: Codes) -> NDArray[np.int32]:
        """By case and party: how many cases of the same code had been ruled so before it was opened."""
        ranked = Ranked(codes, self._clock)
        answer = self.answer[self._clock.order[ranked.places()]]
        sums = np.zeros((len(codes) + 1, len(LIABLE)), dtype=np.int32)
        np.cumsum(answer[:, None] == np.arange(len(LIABLE)), axis=0, out=sums[1:])
        return sums[ranked.find(codes, self._before)] - sums[ranked.find(codes, 0)]


def _is_text(tables: Tables, name: str) -> bool:
    return bool(pa.types.is_string(tables["cases"].schema.field(name).type))


def _band(values: Numbers, bands: int) -> Codes:
    """Which of so many bands of equal numbers of cases each value lies in, from 1."""
    edges = np.unique(np.nanquantile(values, np.linspace(0, 1, bands + 1)[1:-1]))
    return np.searchsorted(edges, values, "right") + 1


def _auc(score: Numbers, positive: NDArray[np.bool_]) -> float:
    """How often a case with the answer scores above one without; ties count half. Scores are told in fine steps."""
    step = np.rint(score * _STEPS).astype(np.int64)
    yes, no = (np.bincount(step[which], minlength=_STEPS + 1) for which in (positive, ~positive))
    below = np.cumsum(no) - no
    return float((yes * (below + no / 2)).sum() / (yes.sum() * no.sum()))
