"""The desk answers questions about cases: one bundle, one history, one path for a single case and for many.

A case is set against the history of the data that the desk was opened with; what it says of itself comes from the
question alone.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
import pyarrow as pa

from features.asks import asks_as_of
from features.build import FeatureTable, build
from features.check import BadCase, Checked, Drop, check
from features.checklist import Lack, lacking
from features.data import read_data
from features.errors import TriageError
from features.history import History
from features.lexicon import lexicons
from features.required import required_evidence
from features.tables import Tables
from features.terminal import Tell
from models.bundle import Bundle
from models.champion import load_usable
from models.hearing import Told, speaks, told
from models.opinion import Opinions, opinions_from_values
from models.policy import HOUSE, Policy
from models.policy import load as load_policy
from models.proposal import propose
from serving.asked import Ruling
from serving.gather import Gathered, Gatherer
from serving.question import Question
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
    """The answer to one question: its ask among the features built, its place among the proposals made.

    ``lacks`` is what the parties were required to show and did not, None where that is not known; ``ignored`` names the
    attributes sent that the bundle does not read.
    """

    bundle: Bundle
    features: FeatureTable
    ask: int
    opinions: Opinions
    ruling: Ruling | None
    place: int
    lacks: tuple[Lack, ...] | None
    ignored: tuple[str, ...]


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
    policy
        What is asked before the models; None: nothing is.
    """

    def __init__(self, bundle: Bundle, past: Tables, currency: str | None, policy: Policy | None = None) -> None:
        self.bundle = bundle
        self.past = past
        self.currency = currency
        self.policy = speaks(policy, past)
        keys = dict.fromkeys(f.key for f in bundle.fitted.catalog if f.family == "history")
        self._attributes = frozenset(f.name for f in bundle.fitted.catalog if f.family == "attributes")
        self._gatherer = Gatherer(past, self._attributes)
        self._history = History(past, tuple(keys), bundle.fitted.windows_days)

    @classmethod
    def open(cls, settings: Settings, tell: Tell) -> Self:
        """Load the bundle and the history that the settings name.

        Raises
        ------
        BundleMismatch, NoChampion, BadCase, BadMapping, BadRequirement, BadLexicon, BadPolicy, PolicyGap
            When there is nothing to answer with.
        """
        required_evidence()  # a slip in a list stops the start, not a request
        lexicons()
        policy = load_policy(settings.policy or HOUSE)
        tell("loading the bundle")
        bundle = load_usable(settings.bundle, settings.home)
        checked = read_data(settings.data, settings.mapping, tell)
        tell("preparing the history")
        desk = cls(bundle, checked.tables, checked.currency, policy)
        desk.warm()
        return desk

    def warm(self) -> None:
        """Ask once about a case of the history, so that all that an answer looks up in the others is made."""
        if self.past.count("cases"):
            one = Tables({name: self.past[name].slice(0, int(name == "cases")) for name in self.past.names})
            asks = asks_as_of(one, np.zeros(1, dtype=np.int64), one.instants("cases", "opened_at"))
            features = build(one, asks, self.bundle.fitted, history=self._history)
            self._propose([self._built(features, [0])], [])

    def answer(self, question: Question, now: int) -> Answered:
        """The answer to one question; CaseRefused where the case breaks the contract."""
        (found,) = self.answer_each([question], now)
        if isinstance(found, CaseRefused):
            raise found
        return found

    def answer_each(self, questions: Sequence[Question], now: int) -> list[Answer]:
        """An answer or a refusal for each question, in order; none depends on the others.

        Parameters
        ----------
        now
            The instant that a question means when it names none, and the latest it may name; microseconds UTC.
        """
        asked = [replace(q, as_of=now) if q.as_of is None else q for q in questions]
        found: dict[int, Answer] = {p: r for p, q in enumerate(asked) if (r := _impossible(q, now))}
        built: list[_Built] = []
        for gathered in self._gatherer.gather({p: q for p, q in enumerate(asked) if p not in found}):
            checked = check(gathered.tables, currency=self.currency)
            found |= _refusals(checked, gathered)
            whole = {asked[place].case_id: place for place in gathered.places if place not in found}
            if whole:
                built.append(self._build(checked.tables, whole, asked))
        if built:
            found |= self._propose(built, asked)
        return [found[place] for place in range(len(questions))]

    def _build(self, tables: Tables, places: dict[str, int], asked: list[Question]) -> "_Built":
        """The features of the questions at these places, by case id."""
        kept = [(row, places[i]) for row, i in enumerate(tables.case_ids.to_pylist()) if i in places]
        rows = np.array([row for row, _ in kept], dtype=np.int64)
        as_of = np.array([asked[place].as_of for _, place in kept], dtype=np.int64)
        complete = self._gatherer.complete(tables)
        features = build(complete, asks_as_of(complete, rows, as_of), self.bundle.fitted, history=self._history)
        return self._built(features, [place for _, place in kept])

    def _built(self, features: FeatureTable, places: list[int]) -> "_Built":
        tables, asks = features.tables, features.asks
        known = told(self.policy, tables, asks, past=self.past) if self.policy else None
        return _Built(features, places, lacking(tables, asks), known)

    def _propose(self, built: "list[_Built]", asked: list[Question]) -> dict[int, Answered]:
        """Answer all at once, whatever tables they came in."""
        thought = opinions_from_values(self.bundle, np.concatenate([part.features.values for part in built]))
        ruling = self._rule(built, thought)
        of = [(part, ask, place) for part in built for ask, place in enumerate(part.places)]
        return {
            place: Answered(
                self.bundle, part.features, ask, thought, ruling, row, part.lacks[ask], self._ignored(asked, place)
            )
            for row, (part, ask, place) in enumerate(of)
        }

    def _rule(self, built: "list[_Built]", thought: Opinions) -> Ruling | None:
        known = [part.known for part in built if part.known]
        if self.policy is None or not known:
            return None
        facts, days = pa.concat_tables([table for table, _ in known]), np.concatenate([day for _, day in known])
        return Ruling.of(propose(thought, self.policy, facts, days), self.policy, facts)

    def _ignored(self, asked: list[Question], place: int) -> tuple[str, ...]:
        return tuple(sorted(asked[place].attributes - self._attributes)) if asked else ()


@dataclass(frozen=True, slots=True)
class _Built:
    """Features, and for each ask the place of its question, what its case lacks, and what policy is told of it."""

    features: FeatureTable
    places: list[int]
    lacks: list[tuple[Lack, ...] | None]
    known: Told | None


def _refusals(checked: Checked, gathered: Gathered) -> dict[int, CaseRefused]:
    """For each question that lost a row the first one it lost, told by its place in the question's own table."""
    found: dict[int, CaseRefused] = {}
    lost = zip(checked.drops.column("table").to_pylist(), checked.drops.column("row").to_pylist(), strict=True)
    for drop, (table, row) in enumerate(lost):
        owners = gathered.owners[table]
        place = gathered.places[owners[row - 1]]
        if place not in found:
            own_row = row - bisect_left(owners, owners[row - 1])
            found[place] = CaseRefused(replace(checked.drop(drop), row=own_row))
    return found


def _impossible(question: Question, now: int) -> CaseRefused | None:
    """What the contract cannot see: an instant to come, one before the case, rows of other cases."""
    as_of, case_id = question.as_of, question.case_id
    if as_of is None or as_of > now:
        return CaseRefused(Drop("", "", 0, "as_of", case_id, "an instant not later than now"))
    if question.case["opened_at"] > as_of:
        return CaseRefused(Drop("", "cases", 1, "opened_at", case_id, "an instant not later than as_of"))
    for table, rows in question.rows.items():
        for place, row in enumerate(rows, 1):
            if row.get("case_id") not in (None, case_id):
                return CaseRefused(Drop("", table, place, "case_id", case_id, "the case_id of the row of cases"))
    return None
