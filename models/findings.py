"""What policy finds over asks: which clauses apply, what they answer, and what is waited for, and from whom.

A question is OPEN where policy says nothing to it, SETTLED where a clause answers it, and WAITING where a clause that
goes first cannot be decided yet and would answer something else.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from features.fact import Fact
from features.vocabulary import PARTIES
from models.clause_tree import Scalar, Values, named, unknowable
from models.clauses import CHOICES, Amount, Clause, Demand, Reference, Setting
from models.deciding import APPLIES, APPLIES_NOT, UNDECIDED, decide
from models.remedy import ACTIONS

NOT_IN_FORCE: Final = -2

OPEN: Final = 0
SETTLED: Final = 1
WAITING: Final = 2

NOBODY: Final = -1

Rows = NDArray[np.int64]

Missing = Mapping[str, tuple[tuple[str, tuple[str, ...]], ...]]
"""By clause the facts that it waits for, each with the parties who can supply it."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What policy says to one question, over asks.

    Attributes
    ----------
    state
        (asks,) OPEN, SETTLED or WAITING.
    value
        (asks,) the position in ``values`` of the answer where it is SETTLED, else -1.
    clause
        (asks,) the column of the clause that settles it, else -1.
    columns
        The columns of the clauses that speak to the question.
    waits_for
        (asks, columns) which of these it waits for.
    """

    values: tuple[Setting, ...]
    state: NDArray[np.int8]
    value: NDArray[np.int16]
    clause: NDArray[np.int16]
    columns: tuple[int, ...]
    waits_for: NDArray[np.bool_]


@dataclass(frozen=True)
class Findings:
    """What each clause is for each ask, and what follows.

    Attributes
    ----------
    clauses
        Every version of every clause of the policy, in columns.
    reigns, reign
        The values of the parameters between two changes of the policy; (asks,) the one each ask falls under.
    known
        (asks,) the facts.
    applies
        (asks, clauses) 1 applies, 0 does not, -1 cannot be decided yet, -2 is not in force.
    """

    clauses: tuple[Clause, ...]
    facts: Mapping[str, Fact]
    reigns: Mapping[int, Values]
    reign: NDArray[np.int64]
    known: pa.Table
    applies: NDArray[np.int8]

    def answer(self, key: str) -> Answer:
        """What policy says to one question or term of the remedy: the first clause that applies has the word."""
        columns = [i for i, clause in enumerate(self.clauses) if key in clause.finds.says]
        columns.sort(key=lambda i: (-self.clauses[i].priority, self.clauses[i].id))
        asks = len(self.reign)
        values: dict[Setting, int] = {}
        found = Answer(
            (), np.zeros(asks, np.int8), np.full(asks, NOBODY, np.int16), np.full(asks, NOBODY, np.int16),
            tuple(columns), np.zeros((asks, len(columns)), bool, order="F"),
        )  # fmt: skip
        for reign, given in self.reigns.items():
            rows = np.flatnonzero(self.reign == reign)
            if not len(rows):
                continue
            places = np.flatnonzero(self.applies[rows[0], columns] != NOT_IN_FORCE)
            stated = [_stated(self.clauses[columns[place]], key, given) for place in places]
            codes = np.array([values.setdefault(setting, len(values)) for setting in stated], dtype=np.int16)
            _resolve(found, rows, places, codes, self.applies[np.ix_(rows, np.array(columns, int)[places])])
        return Answer(tuple(values), found.state, found.value, found.clause, found.columns, found.waits_for)

    @cached_property
    def ruled_out(self) -> Mapping[str, NDArray[np.int8]]:
        """For each remedy and action whether a clause rules it out: (asks,) 1 yes, 0 no, -1 cannot be decided yet."""
        return {choice: self._any([choice in c.finds.ruled_out for c in self.clauses]) for choice in CHOICES}

    @cached_property
    def not_fault(self) -> Mapping[str, NDArray[np.int8]]:
        """For each party whether a clause says that the fault is not its: (asks,) 1 yes, 0 no, -1 not decided."""
        return {party: self._any([party in c.finds.not_fault for c in self.clauses]) for party in PARTIES}

    @cached_property
    def ordered(self) -> Mapping[str, NDArray[np.int8]]:
        """For each action whether a clause orders it: (asks,) 1 yes, 0 no, -1 cannot be decided yet."""
        return {action: self._any([action in c.finds.actions for c in self.clauses]) for action in ACTIONS}

    @cached_property
    def senior(self) -> NDArray[np.int8]:
        """Whether a senior must look: (asks,) 1 yes, 0 no, -1 cannot be decided yet."""
        return self._any([c.finds.senior for c in self.clauses])

    def take(self, rows: Rows) -> "Findings":
        """The findings of some asks, in this order."""
        return replace(self, reign=self.reign[rows], known=self.known.take(rows), applies=self.applies[rows])

    def of(self, ask: int, state: int) -> tuple[Clause, ...]:
        """The clauses that apply to one ask (1), do not (0) or cannot be decided yet (-1), the first asked first."""
        found = [self.clauses[i] for i in np.flatnonzero(self.applies[ask] == state)]
        return tuple(sorted(found, key=lambda clause: (-clause.priority, clause.id)))

    def holding_up(self, answer: Answer, ask: int) -> tuple[Clause, ...]:
        """The clauses for which an answer to one ask waits, the first asked first."""
        return tuple(self.clauses[answer.columns[i]] for i in np.flatnonzero(answer.waits_for[ask]))

    def demands(self, ask: int) -> tuple[tuple[Clause, Demand], ...]:
        """The evidence that the clauses which apply to one ask want, from whom, and within how many hours."""
        return tuple(
            (clause, Demand(demand.party, demand.any_of, self.amount(ask, demand.within_hours)))
            for clause in self.of(ask, APPLIES)
            for demand in clause.finds.evidence
        )

    def amount(self, ask: int, amount: Amount | None) -> float | None:
        """A number in a clause, as it is on the day of one ask."""
        return None if amount is None else float(_resolved(amount, self.reigns[int(self.reign[ask])]))

    def read(self, ask: int, clause: Clause) -> Mapping[str, Scalar | None]:
        """The facts that a clause reads, as they are for one ask; None where not known."""
        return {name: self.known[name][ask].as_py() for name in named(clause.condition, "fact")}

    def missing(self, ask: int) -> Missing:
        """For each clause that cannot be decided yet the facts that it waits for, and who can supply each."""
        return self.take(np.array([ask])).missing_each()[0]

    def missing_each(self) -> list[Missing]:
        """The same for every ask; all of one reign are looked at together, which takes hardly longer than one."""
        found: list[dict[str, tuple[tuple[str, tuple[str, ...]], ...]]] = [{} for _ in self.reign]
        for reign, given in self.reigns.items():
            rows = np.flatnonzero(self.reign == reign)
            undecided = np.flatnonzero((self.applies[rows] == UNDECIDED).any(axis=0))
            clauses = sorted((self.clauses[i] for i in undecided), key=lambda clause: (-clause.priority, clause.id))
            tests = [(c.id, fact, test) for c in clauses for fact, test in unknowable(c.condition, given).items()]
            waits = decide([test for _, _, test in tests], self.known.take(rows)) == APPLIES
            for row, test in zip(*np.nonzero(waits), strict=True):
                clause, fact, _ = tests[test]
                told = found[rows[row]]
                told[clause] = (*told.get(clause, ()), (fact, self.facts[fact].supplied_by))
        return list(found)

    def lacking(self, column: int) -> Mapping[str, Rows]:
        """For each fact that the clause in a column reads: the asks for which it waits for it, in order."""
        condition = self.clauses[column].condition
        undecided = self.applies[:, column] == UNDECIDED
        found: dict[str, list[Rows]] = {}
        for reign, given in self.reigns.items():
            rows = np.flatnonzero(undecided & (self.reign == reign))
            tests = unknowable(condition, given) if len(rows) else {}
            waits = decide(list(tests.values()), self.known.select(["", *tests]).take(rows))
            for i, fact in enumerate(tests):
                found.setdefault(fact, []).append(rows[waits[:, i] == APPLIES])
        return {fact: np.sort(np.concatenate(rows)) for fact, rows in found.items()}

    def _any(self, says: list[bool]) -> NDArray[np.int8]:
        columns = np.flatnonzero(says)
        found = np.zeros(len(self.reign), dtype=np.int8)
        for i in columns:
            decided = self.applies[:, i]
            found[(decided == UNDECIDED) & (found == APPLIES_NOT)] = UNDECIDED
            found[decided == APPLIES] = APPLIES
        return found


def _resolve(found: Answer, rows: Rows, places: Rows, codes: NDArray[np.int16], applies: NDArray[np.int8]) -> None:
    """Answer for some asks: (rows, places) whether the clauses that would answer these codes apply, the first first."""
    end = np.ones((len(rows), 1), dtype=bool)
    first = np.hstack([applies == APPLIES, end]).argmax(axis=1)
    settled = np.append(codes, NOBODY)[first]
    waits = (applies == UNDECIDED) & (np.arange(len(places)) < first[:, None]) & (codes != settled[:, None])
    waiting = waits.any(axis=1)
    by = np.append(np.array(found.columns, dtype=np.int16)[places], NOBODY)[first]
    found.state[rows] = np.where(waiting, WAITING, np.where(first < len(places), SETTLED, OPEN))
    found.value[rows] = np.where(waiting, NOBODY, settled)
    found.clause[rows] = np.where(waiting, NOBODY, by)
    found.waits_for[np.ix_(rows, places)] = waits


def _stated(clause: Clause, key: str, given: Values) -> Setting:
    """What a clause says to a question on one day; a fault that is shared is another with other shares."""
    says = clause.finds.says
    setting = says["shares"] if key == "fault" and says[key] == "shared" and "shares" in says else says[key]
    if isinstance(setting, tuple):
        return tuple((party, float(_resolved(share, given))) for party, share in setting)
    return _resolved(setting, given)


def _resolved(setting: bool | float | str | Reference, given: Values) -> Scalar:
    return given[setting.name][0] if isinstance(setting, Reference) else setting
