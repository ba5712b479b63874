"""Policy: all clauses, dated; which are in force on a day, and what they find for one case or a million alike.

A clause is never read at another day than the one that the policy names: the day the case was opened, say.
"""

import datetime
import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from itertools import combinations, pairwise
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from features.errors import TriageError
from features.fact import Fact
from features.facts import FACTS
from models.blocks import Block
from models.clause_tree import Values, named, sql
from models.clauses import Clause, Parameter
from models.deciding import APPLIES_NOT, Decide, decide, plain
from models.fault_found import FAULT_FOUND
from models.findings import NOT_IN_FORCE, Findings
from models.marked import BadPolicy, Fault
from models.policy_file import Head, read_pack

HOUSE: Final = Path(__file__).parent / "policies" / "house_us"
"""The policy that is shipped."""

READ: Final = (*FACTS, FAULT_FOUND)
"""The facts that a clause may read."""

_EPOCH: Final = datetime.date(1970, 1, 1)


class PolicyGap(TriageError):
    """No version of a clause is in force on a day, or two are."""


def load(path: Path, facts: Sequence[Fact] = READ) -> "Policy":
    """A policy from its file or folder.

    Raises
    ------
    BadPolicy
        With every slip in it, by file and line.
    PolicyGap
        Where a clause has two versions on one day, or none between its first and its last.
    """
    pack = read_pack(path, facts)
    policy = Policy(
        pack.head,
        pack.clauses,
        pack.parameters,
        {fact.name: fact for fact in facts},
        blocks=pack.blocks,
        sources=pack.sources,
    )
    policy.see_versions()
    policy.see_priorities()
    policy.see_fault()
    return policy


@dataclass(frozen=True)
class Policy:
    """Dated clauses with their dated parameters, over named facts.

    Attributes
    ----------
    left_out, stated
        Ids of clauses that are not asked because their facts are nowhere recorded, and the digest with them.
    blocks, sources
        What the procedure says beside the clauses, and what the marks of sources stand for; both decide nothing, and
        the digest is without them.
    """

    head: Head
    clauses: tuple[Clause, ...]
    parameters: Mapping[str, Parameter]
    facts: Mapping[str, Fact]
    left_out: tuple[str, ...] = ()
    stated: str = ""
    blocks: tuple[Block, ...] = ()
    sources: Mapping[str, str] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """Its name, whatever its version."""
        return self.head.id

    @cached_property
    def digest(self) -> str:
        """The sha256 of what it says; layout, order of files and comments are not part of it."""
        clauses = [{**asdict(clause), "condition": sql(clause.condition, None)} for clause in self.clauses]
        parameters = [asdict(self.parameters[name]) for name in sorted(self.parameters)]
        for entry in (*clauses, *parameters):
            del entry["file"], entry["line"]
        for clause in clauses:
            del clause["written"]
        content = {"policy": asdict(self.head), "parameters": parameters, "clauses": clauses}
        text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True, default=str)
        return hashlib.sha256(text.encode("ascii")).hexdigest()

    @property
    def recorded(self) -> str:
        """The id that is recorded with a proposal: name and version."""
        return f"{self.id}@{(self.stated or self.digest)[:12]}"

    def heard(self, recorded: Callable[[str], bool]) -> "Policy":
        """The policy without the clauses that read a fact which needs a column, as table.column, nobody records.

        Such a clause could never be decided, and all that comes after it would wait for ever.
        """
        deaf = {name for name, fact in self.facts.items() if not all(map(recorded, fact.needs))}
        kept = tuple(clause for clause in self.clauses if not deaf & set(named(clause.condition, "fact")))
        left_out = tuple(sorted({clause.id for clause in self.clauses} - {clause.id for clause in kept}))
        return replace(self, clauses=kept, left_out=left_out, stated=self.stated or self.digest)

    def in_force(self, day: datetime.date) -> tuple[Clause, ...]:
        """The clauses in force on a day, the first asked first.

        Raises
        ------
        PolicyGap
            Where none is.
        """
        found = [clause for clause in self.clauses if clause.in_force(day)]
        if not found:
            raise PolicyGap(f"No clause of {self.id} is in force on {day}; its first is from {self.days[0]} on.")
        return tuple(sorted(found, key=lambda clause: (-clause.priority, clause.id)))

    def values(self, day: datetime.date) -> Values:
        """What each parameter is on a day; one that has no value yet is left out."""
        found = ((name, parameter.on(day)) for name, parameter in self.parameters.items())
        return {name: value.values for name, value in found if value is not None}

    def reads(self, clauses: Sequence[Clause]) -> tuple[str, ...]:
        """The facts that these clauses read, in the order of the list of facts."""
        read = {name for clause in clauses for name in named(clause.condition, "fact")}
        return tuple(name for name in self.facts if name in read)

    @cached_property
    def days(self) -> tuple[datetime.date, ...]:
        """The days on which anything in it changes, in order."""
        ever = [clause for clause in self.clauses if clause.ever]
        changes = {day for clause in ever for day in (clause.in_force_from, clause.withdrawn_at) if day}
        changes |= {value.starts for parameter in self.parameters.values() for value in parameter.values}
        return tuple(sorted(changes))

    def covers(self, days: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Whether any clause is in force on each of some days, which are counted from 1970."""
        reign = self._reign(days)
        some = np.array([False, *(any(c.in_force(day) for c in self.clauses) for day in self.days)])
        return np.asarray(some[reign + 1])

    def find(self, facts: pa.Table, days: NDArray[np.int64], *, by: Decide = decide) -> Findings:
        """What the policy finds for each row of facts, by the clauses in force on the day of each.

        Parameters
        ----------
        facts
            (asks,) rows as `features.facts` makes them.
        days
            (asks,) the day of each case that the policy goes by, counted from 1970-01-01.
        by
            What decides conditions over facts; one that remembers saves time where policies have conditions in common.

        Raises
        ------
        PolicyGap
            Where no clause is in force on one of the days.
        """
        types = {name: self.facts[name].type for name in self.reads(self.clauses)}
        if FAULT_FOUND.name in types and FAULT_FOUND.name not in facts.column_names:
            facts = facts.append_column(FAULT_FOUND.name, pa.nulls(len(facts), pa.string()))
        known, reign = plain(facts, types), self._reign(days)
        applies = np.full((len(days), len(self.clauses)), NOT_IN_FORCE, dtype=np.int8, order="F")
        for change in np.unique(reign):
            rows = np.flatnonzero(reign == change)
            self.in_force(self.days[change] if change >= 0 else _EPOCH + datetime.timedelta(int(days[rows].min())))
            self._decide(applies, known, rows, self.days[change], self.clauses, by)
        reigns = {int(change): self.values(self.days[change]) for change in np.unique(reign)}
        return Findings(self.clauses, self.facts, reigns, reign, known, applies)

    def with_fact(self, found: Findings, name: str, values: pa.Array) -> Findings:
        """The same findings with one fact told anew: only the clauses that read it are decided again."""
        reading = [clause for clause in self.clauses if name in named(clause.condition, "fact")]
        if not reading:
            return found
        known = found.known.set_column(found.known.schema.get_field_index(name), name, values)
        applies = found.applies.copy(order="F")
        for change in found.reigns:
            self._decide(applies, known, np.flatnonzero(found.reign == change), self.days[change], reading, decide)
        return replace(found, known=known, applies=applies)

    def _decide(
        self, applies: NDArray[np.int8], known: pa.Table, rows: NDArray[np.int64], day: datetime.date,
        among: Sequence[Clause], by: Decide,
    ) -> None:  # fmt: skip
        """Decide those of some clauses that are in force on a day, for some rows; what covers none is not asked."""
        some = known if len(rows) == known.num_rows else known.take(rows)
        wanted = {id(clause) for clause in among if clause.in_force(day)}
        columns = np.flatnonzero([id(clause) in wanted for clause in self.clauses])
        applies[np.ix_(rows, columns)] = APPLIES_NOT
        present = _present(self.clauses, some)
        asked = [i for i in columns if _covers_any(self.clauses[i], present)]
        values = self.values(day)
        applies[np.ix_(rows, np.array(asked, dtype=np.int64))] = by(
            [sql(self.clauses[i].condition, values) for i in asked], some
        )

    def see_versions(self) -> None:
        """Raise PolicyGap where a clause has two versions on one day, or a hole between two."""
        ever = [clause for clause in self.clauses if clause.ever]
        for one, following in pairwise(ever):
            if one.id == following.id and one.withdrawn_at != following.in_force_from:
                two = one.withdrawn_at is None or one.withdrawn_at > following.in_force_from
                wrong = f"has two versions on {following.in_force_from}" if two else f"has none on {one.withdrawn_at}"
                raise PolicyGap(
                    f"{following.file}:{following.line}: the clause {one.id} {wrong}; expected the version of line "
                    f"{one.line} to be withdrawn_at {following.in_force_from}, the day the next is in force from."
                )

    def see_priorities(self) -> None:
        """Raise BadPolicy where two clauses would answer one question for one reason at once with one priority."""
        faults: dict[tuple[str, str, str], Fault] = {}
        for day in self.days:
            for one, two in combinations((clause for clause in self.clauses if clause.in_force(day)), 2):
                both = one.priority == two.priority and _overlap(one.covers.reasons, two.covers.reasons)
                for key in one.finds.says.keys() & two.finds.says.keys() if both else ():
                    wrong = f"{two.id} has the priority of {one.id} ({one.file}:{one.line}) for {key}"
                    expected = f"another than {one.priority}, as both can hold for one reason on {day}"
                    faults.setdefault((one.id, two.id, key), Fault(two.file, two.line, wrong, expected))
        if faults:
            raise BadPolicy(*(faults[pair] for pair in sorted(faults)))

    def see_fault(self) -> None:
        """Raise BadPolicy where a clause would find the fault, or rule it out, from the fault as found."""
        faults = [
            Fault(clause.file, clause.line, f"{clause.id} reads {FAULT_FOUND.name} and says whose fault it is",
                  "other facts, or findings that follow from the fault")
            for clause in self.clauses
            if ("fault" in clause.finds.says or clause.finds.not_fault)
            and FAULT_FOUND.name in named(clause.condition, "fact")
        ]  # fmt: skip
        if faults:
            raise BadPolicy(*faults)

    def _reign(self, days: NDArray[np.int64]) -> NDArray[np.int64]:
        """The position in ``self.days`` of the last change by each day; -1 before the first."""
        changes = np.array([(day - _EPOCH).days for day in self.days], dtype=np.int64)
        return np.searchsorted(changes, days, side="right") - 1


def _overlap(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    return not one or not other or bool(set(one) & set(other))


def _present(clauses: Sequence[Clause], facts: pa.Table) -> Mapping[str, set[str | None]]:
    """The words that occur in each fact that the coverage of these clauses looks at."""
    names = {fact for clause in clauses for fact in clause.covers.lists()}
    return {name: set(facts[name].unique().to_pylist()) for name in names}


def _covers_any(clause: Clause, present: Mapping[str, set[str | None]]) -> bool:
    """Whether a clause may cover any of the cases; where not, none of them needs to be evaluated."""
    return all(None in present[fact] or present[fact] & set(words) for fact, words in clause.covers.lists().items())
