"""Policy and model against the truth of a world that neither has seen: each alone, and both together.

    python -m benchmarks.policy [--quick]

Asked about every ruled case at the last moment before its ruling. Together they answer as a proposal does: policy where
it settles the fault, else the model; but nobody abstains, so that all three are held against the same cases.
"""

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from benchmarks.report import Report, Row, Table, publish
from benchmarks.truth import LEARNT, simulate, triage, truth_of
from features.asks import Asks
from features.build import build
from features.data import read_data
from features.tables import Tables, positions_in
from features.vocabulary import LIABLE
from models.bundle import Bundle, load
from models.deciding import APPLIES
from models.findings import SETTLED
from models.hearing import told
from models.opinion import NOBODY, opinions_from_values
from models.policy import HOUSE, Policy
from models.policy import load as load_policy
from models.proposal import CONFLICTS, Proposals, propose
from training.dataset import asks_of_ruled_cases
from training.truth import Truth

ASKED: Final = 100_000
SLICE: Final = 20_000
DRAWS: Final = 1_000

Places = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Spoken:
    """What was answered about each case: (cases,) places in LIABLE, or NOBODY.

    ``clause`` is the clause that a conflict is about, "" where there is none.
    """

    model: Places
    policy: Places
    proposed: Places
    conflict: NDArray[np.str_]
    clause: NDArray[np.str_]

    @property
    def together(self) -> Places:
        """Policy where it settles the fault, else the model, sure or not."""
        return np.where(self.policy == NOBODY, self.model, self.policy)


def last_asks(tables: Tables) -> Asks:
    """Each ruled case at the last moment before its ruling."""
    asks = asks_of_ruled_cases(tables)
    return asks.take(np.flatnonzero(np.append(asks.case[1:] != asks.case[:-1], True)))


def spoken(tables: Tables, asks: Asks, bundle: Bundle, policy: Policy) -> Spoken:
    """What model, policy and proposal answer to each ask."""
    values, (facts, days) = build(tables, asks, bundle.fitted).values, told(policy, tables, asks)
    parts = []
    for start in range(0, len(asks), SLICE):
        rows = slice(start, start + SLICE)
        thought = opinions_from_values(bundle, values[rows])
        parts.append(_spoken(propose(thought, policy, facts.slice(start, SLICE), days[rows])))
    return Spoken(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def _spoken(found: Proposals) -> tuple[NDArray[Any], ...]:
    answers = found.opinions.answers
    settled = found.fault.state == SETTLED
    liability, findings = found.liability, found.follows.findings
    ids = np.array([*(clause.id for clause in findings.clauses), ""])
    clause = np.where(liability.conflict == "K01", ids[found.fault.clause], "").astype(object)
    for ask in np.flatnonzero(liability.conflict == "K02"):
        party = LIABLE[answers.liable[ask]]
        clause[ask] = " ".join(c.id for c in findings.of(int(ask), APPLIES) if party in c.finds.not_fault)
    policy = np.where(settled, liability.liable, NOBODY)
    return answers.leading, policy, liability.liable, liability.conflict, clause


def _row(name: str, part: Flags, said: Spoken, truth: Places, draws: np.random.Generator) -> Row:
    right = {who: answered[part] == truth[part] for who, answered in (
        ("model", said.model), ("policy", said.policy), ("together", said.together),
    )}  # fmt: skip
    better = right["together"].astype(int) - right["model"]
    counts = np.bincount(better + 1, minlength=3)
    means = draws.multinomial(len(better), counts / len(better), DRAWS) @ np.array([-1, 0, 1]) / len(better)
    low, high = np.percentile(means, (2.5, 97.5))
    return {
        "cases": name,
        "n": int(part.sum()),
        "policy settles": f"{(said.policy[part] != NOBODY).mean():.1%}",
        "policy right there": _share(right["policy"][said.policy[part] != NOBODY]),
        "model right there": _share(right["model"][said.policy[part] != NOBODY]),
        "policy alone": f"{right['policy'].mean():.1%}",
        "model alone": f"{right['model'].mean():.1%}",
        "together": f"{right['together'].mean():.1%}",
        "together less model, points": f"{100 * better.mean():+.2f} ({100 * low:+.2f} to {100 * high:+.2f})",
    }


def _share(right: Flags) -> str:
    return f"{right.mean():.1%}" if len(right) else "-"


def _conflicts(said: Spoken, truth: Places) -> Iterator[Row]:
    """By clause: how often policy and model disagreed, and who was right."""
    for code, what in CONFLICTS.items():
        here = said.conflict == code
        clauses, counts = np.unique(said.clause[here], return_counts=True)
        for place in np.argsort(-counts, kind="stable"):
            part = here & (said.clause == clauses[place])
            by_policy = (said.policy[part] == truth[part]) if code == "K01" else (said.model[part] != truth[part])
            yield {
                "conflict": code, "what": what, "clause": str(clauses[place]), "cases": int(counts[place]),
                "policy right": _share(by_policy), "model right": _share(said.model[part] == truth[part]),
            }  # fmt: skip


def masks(truth: Truth, ids: pa.Array) -> Mapping[str, Flags]:
    """The cases by tag, and those with any."""
    tagged, tags = truth.tags["case_id"].combine_chunks(), np.array(truth.tags["tag"].to_pylist())
    by_tag = {str(tag): positions_in(ids, tagged.filter(pa.array(tags == tag))) >= 0 for tag in np.unique(tags)}
    everything = np.ones(len(ids), dtype=bool)
    return {"all": everything, "with any tag": np.logical_or.reduce(list(by_tag.values())), **by_tag}


def report(later: Path, bundle: Bundle, learnt: int) -> Report:
    """What came out in the world of a folder."""
    tables, truth = read_data(later, None).tables, Truth.read(truth_of(later))
    policy = load_policy(HOUSE)
    asks = last_asks(tables)
    ids = tables.case_ids.take(pa.array(asks.case))
    words = np.array([LIABLE.index(word) for word in truth.cases["liable"].to_pylist()])
    true = words[positions_in(ids, truth.cases["case_id"].combine_chunks())]
    said, draws = spoken(tables, asks, bundle, policy), np.random.default_rng(1)
    rows = [_row(name, part, said, true, draws) for name, part in masks(truth, ids).items() if part.any()]
    named = said.proposed != NOBODY
    note = (
        f"Learnt from {learnt:,} cases of seed 1, asked about {len(asks):,} of seed 3, each at the last moment before "
        f"its ruling; policy {policy.recorded}. In brackets 95 % intervals over cases. As served, a party is named in "
        f"{named.mean():.1%} of the cases, and wrongly in {(said.proposed[named] != true[named]).mean():.1%} of those."
    )
    disagree = Table(
        "Where policy and model disagree",
        list(_conflicts(said, true)),
        "K02: policy is right where the model errs.",
    )
    return Report(
        "policy", "python -m benchmarks.policy", [Table("Policy and model against the truth", rows, note), disagree]
    )


def main(arguments: list[str]) -> int:
    """Learn in one world, rule in another."""
    quick = "--quick" in arguments
    learnt, asked = (2_000, 2_000) if quick else (LEARNT, ASKED)
    with TemporaryDirectory() as name:
        room = Path(name)
        past, later = simulate(room / "past", learnt, 1), simulate(room / "later", asked, 3)
        triage("train", past, "--out", room / "bundle", home=room / "home")
        publish(report(later, load(room / "bundle"), learnt), quick=quick)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
