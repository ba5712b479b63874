"""The desk answers questions about cases: one bundle, one history, one path for a single case and for many.

A case is set against the history of the data that the desk was opened with; what it says of itself comes from the
question alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Self

import numpy as np

from features.asks import asks_as_of
from features.build import FeatureTable, build
from features.check import BadCase, Drop, check
from features.data import read_data
from features.errors import TriageError
from features.history import History
from features.tables import Tables
from features.terminal import Tell
from models.bundle import Bundle
from models.champion import load_usable
from models.proposal import Proposals, propose_from_values
from serving.question import Gathered, Question, gather
from serving.settings import Settings


class NotReady(TriageError):
    """No bundle is loaded yet."""


class CaseNotFound(TriageError):
    """No such case in the data."""


class CaseRefused(BadCase):
    """A client's case breaks the contract; ``drop`` says where, ``code`` may be empty where no row is at fault."""

    def __init__(self, drop: Drop) -> None:
        super().__init__(f"{drop.table}.{drop.column}, row {drop.row}: expected {drop.expected}.")
        self.drop = drop


@dataclass(frozen=True, slots=True)
class Answered:
    """The answer to one question: its ask among the features built, its place among the proposals made."""

    bundle: Bundle
    features: FeatureTable
    ask: int
    proposals: Proposals
    place: int


Answer = Answered | CaseRefused


class Desk:
    """Proposes who is liable, with what is known of all other cases.

    Parameters
    ----------
    bundle
        What answers.
    past
        The checked history that cases are set against.
    currency
        The one in which the history's money is, None where it does not say.
    """

    def __init__(self, bundle: Bundle, past: Tables, currency: str | None) -> None:
        self.bundle = bundle
        self.past = past
        self.currency = currency
        keys = dict.fromkeys(f.key for f in bundle.fitted.catalog if f.family == "history")
        self._history = History(past, tuple(keys), bundle.fitted.windows_days)

    @classmethod
    def open(cls, settings: Settings, tell: Tell) -> Self:
        """Load the bundle and the history that the settings name.

        Raises
        ------
        BundleMismatch, NoChampion, BadCase, BadMapping
            When there is nothing to answer with.
        """
        tell("loading the bundle")
        bundle = load_usable(settings.bundle, settings.home)
        checked = read_data(settings.data, settings.mapping, tell)
        tell("preparing the history")
        return cls(bundle, checked.tables, checked.currency)

    def answer(self, question: Question, now: int) -> Answered:
        """The answer to one question; CaseRefused where the case breaks the contract."""
        (found,) = self.answer_each([question], now)
        if isinstance(found, CaseRefused):
            raise found
        return found

    def answer_each(self, questions: Sequence[Question], now: int, *, threads: int = 1) -> list[Answer]:
        """An answer or a refusal for each question, in order; none depends on the others.

        Parameters
        ----------
        now
            The instant that a question means when it names none, and the latest it may name; microseconds UTC.
        """
        found: dict[int, Answer] = {}
        for place, question in enumerate(questions):
            refused = _impossible(question, now)
            if refused:
                found[place] = refused
        built: list[tuple[int, FeatureTable, int]] = []
        for gathered in gather(questions, [p for p in range(len(questions)) if p not in found]):
            found |= self._build(gathered, questions, now, built)
        if built:
            values = [features.values[ask] for _, features, ask in built]
            proposals = propose_from_values(self.bundle, np.stack(values), threads=threads)
            for row, (place, features, ask) in enumerate(built):
                found[place] = Answered(self.bundle, features, ask, proposals, row)
        return [found[place] for place in range(len(questions))]

    def _build(
        self, gathered: Gathered, questions: Sequence[Question], now: int, built: list[tuple[int, FeatureTable, int]]
    ) -> dict[int, CaseRefused]:
        """Build the features of questions of one shape onto ``built``; what is refused comes back by place."""
        checked = check(gathered.tables, currency=self.currency)
        refused: dict[int, CaseRefused] = {}
        for row in range(checked.drops.num_rows):
            drop = checked.drop(row)
            owners = gathered.owners[drop.table]
            owner = owners[drop.row - 1]
            own_row = drop.row - owners.index(owner)
            refused.setdefault(gathered.places[owner], CaseRefused(replace(drop, row=own_row)))
        by_id = {questions[place].case_id: place for place in gathered.places if place not in refused}
        kept = [(case, by_id[i]) for case, i in enumerate(checked.tables.case_ids.to_pylist()) if i in by_id]
        if kept:
            cases = np.array([case for case, _ in kept])
            instants = [questions[place].as_of for _, place in kept]
            as_of = np.array([now if instant is None else instant for instant in instants])
            asks = asks_as_of(checked.tables, cases, as_of)
            features = build(checked.tables, asks, self.bundle.fitted, history=self._history)
            built += [(place, features, ask) for ask, (_, place) in enumerate(kept)]
        return refused


NO_ROW: Final = 0


def _impossible(question: Question, now: int) -> CaseRefused | None:
    """What the contract cannot see: an instant to come, one before the case, rows of other cases."""
    as_of, case_id = question.as_of, question.case_id
    if as_of is not None and as_of > now:
        return CaseRefused(Drop("", "", NO_ROW, "as_of", case_id, "an instant not later than now"))
    if question.case["opened_at"] > (now if as_of is None else as_of):
        return CaseRefused(Drop("", "cases", 1, "opened_at", case_id, "an instant not later than as_of"))
    for table, rows in question.rows.items():
        for place, row in enumerate(rows, 1):
            if row.get("case_id") not in (None, case_id):
                return CaseRefused(Drop("", table, place, "case_id", case_id, "the case_id of the row of cases"))
    return None
