"""Writes docs/bench.md: how a simulated world compares with public figures, and one readable case for each scenario.

``python tools/bench_page.py`` simulates the world it shows. With ``--bundle`` each case also says what that model
answers at its last moment before the ruling, and why; the page shown was made with one that had learnt from
``triage simulate DATA --cases 100000 --seed 1``, as in ``benchmarks/truth.py``.
"""

import argparse
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from features.data import read_data
from models.bundle import load
from models.policy import HOUSE
from models.policy import load as load_policy
from serving.explain import explain
from serving.ruling_out import FactOut, RulingOut
from training.simulate.casefile import CaseFiles
from training.simulate.describe import rows
from training.simulate.simulate import simulate
from training.simulate.world import World

PAGE = Path(__file__).parent.parent / "docs" / "bench.md"
CASES, SEED = 20_000, 2
SHOWN = (
    ("porch_thief_and_liar", "stolen", "Door photo, no signature: one who was robbed"),
    ("porch_thief_and_liar", "false_denial", "Door photo, no signature: one who was not"),
    ("right_zip_wrong_door", "seller_mislabelled", "Right ZIP code, wrong door"),
    ("right_zip_wrong_door", "decoy", "An envelope of one ounce"),
    ("hub_bad_week", "lost_then_found", "A hub's bad week"),
    ("lost_trailer", "lost", "A trailer lost with all that its lane carried"),
    ("return_next_door", "altered_label", "A return mailed next door"),
    ("return_next_door", "mislaid", "A return mislaid in the warehouse"),
    ("swapped_serial", "switched", "A swapped serial number"),
    ("worn_dress", "disguised_remorse", "A worn dress with a broken zipper"),
    ("crushed_box", "crushed", "A crushed box and a carrier that denies"),
    ("tote_or_bin_swap", "tote_swapped", "Two returns in one tote"),
    ("edited_listing", "mislisted", "The livestream said silk"),
    ("second_parcel_due", "second_coming", "A second parcel not yet due"),
    ("swollen_power_bank", "faulty", "A swollen power bank"),
    ("ring_beside_dormitory", "false_empty", "One of a ring of five"),
    ("lunar_new_year_defaults", "", "Away for Lunar New Year"),
)
"""Tag, story (any where empty) and title of the cases shown."""


def main() -> None:
    """Write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bundle", type=Path, help="folder of a bundle whose answers are shown")
    bundle = parser.parse_args().bundle
    with tempfile.TemporaryDirectory() as folder:
        data, truth = Path(folder) / "data", Path(folder) / "truth"
        tally = simulate(data, truth, World(), cases=CASES, seed=SEED, tell=print)
        lines = [*_intro(), *_table(rows(tally)), *_cases(data, truth, bundle)]
    PAGE.write_text("\n".join(lines).rstrip() + "\n", encoding="utf-8")


def _intro() -> Iterator[str]:
    yield "# The truth bench"
    yield ""
    yield (
        f"Made by `python tools/bench_page.py` from a world of {CASES:,} disputes (seed {SEED}); do not edit. Why the "
        "bench is built as it is stands in [decision 0030](decisions/0030-a-marketplace-whose-truth-is-known.md)."
    )
    yield ""
    yield "## The simulated world beside public figures"
    yield ""
    yield "ASSUMED: nothing public was found, the figure is our own choice and no fact."
    yield ""


def _table(found: Iterator[tuple[str, str, str, str]]) -> Iterator[str]:
    yield "| what | simulated | public | source |"
    yield "|---|---|---|---|"
    yield from (f"| {' | '.join(row)} |" for row in found)
    yield ""


def _cases(data: Path, truth: Path, bundle: Path | None) -> Iterator[str]:
    yield "## Cases to read"
    yield ""
    yield "Above the line what an arbitrator had in hand; *In truth* is what only the bench knows."
    if bundle:
        yield "*The model* learnt from 100,000 cases of another seed, with `triage train`, and has seen none of these."
    yield ""
    files = CaseFiles(data, truth)
    answers = _Answers(data, bundle) if bundle else None
    for tag, story, title in SHOWN:
        case_id = _choose(data, truth, tag, story)
        yield f"### {title}"
        yield ""
        yield files.read(case_id).replace("### ", "#### ", 1)
        if answers:
            yield from answers.about(case_id)


def _choose(data: Path, truth: Path, tag: str, story: str) -> str:
    """Of the cases with this tag and story the one with most on file, appealed if there is one, never of a pair."""
    true = {r["case_id"]: r for r in pq.read_table(truth / "truth.parquet").to_pylist()}
    filed: dict[str, int] = {}
    for name, weight in (("evidence", 2), ("messages", 1), ("requests", 3), ("appeals", 5)):
        for case in pq.read_table(data / f"{name}.parquet", columns=["case_id"]).column("case_id").to_pylist():
            filed[case] = filed.get(case, 0) + weight
    tagged = [r["case_id"] for r in pq.read_table(truth / "tags.parquet").to_pylist() if r["tag"] == tag]
    fitting = [c for c in tagged if (not story or true[c]["story"] == story) and not true[c]["floor_pair"]]
    return max(fitting, key=lambda case: (filed.get(case, 0), case))


class _Answers:
    """What a bundle answers about the cases shown, at their last moment before the ruling."""

    def __init__(self, data: Path, bundle: Path) -> None:
        self._checked, self._bundle, self._policy = read_data(data, None), load(bundle), load_policy(HOUSE)
        cases = pq.read_table(data / "cases.parquet").to_pylist()
        self._last = {r["case_id"]: _last_moment(r) for r in cases}

    def about(self, case_id: str) -> Iterator[str]:
        found = explain(self._checked, self._bundle, case_id, self._last[case_id], self._policy)
        named = f"abstains ({found.abstention.sentence})" if found.abstention else f"names {found.liable}"
        if found.ruling and found.ruling.named_by == "policy":
            named = f"is not needed: policy finds {found.liable} (clause {found.ruling.fault.clause})"
        known = {party: p for party, p in found.probabilities.items() if p is not None}
        odds = ", ".join(
            f"{party} {p:.0%}" for party, p in sorted(known.items(), key=lambda item: -item[1]) if p >= 0.01
        )
        yield f"*The model* {named}, at {found.as_of[:16]}: {odds}. {found.contrast.sentence if found.contrast else ''}"
        yield ""
        yield from (f"- {reason.sentence} ({reason.log_odds:+.2f})" for reason in found.reasons[:5])
        yield ""
        if found.ruling:
            yield " ".join(_policy(found.ruling))
            yield ""


def _policy(found: RulingOut) -> Iterator[str]:
    """What policy says of the case and what would follow, in a few sentences."""
    said = {"open": "leaves the fault open", "settled": f"settles the fault ({found.fault.clause})"}
    waiting = f"waits to say whose fault it is ({', '.join(found.fault.waits_for)})"
    yield f"*Policy* {said.get(found.fault.state, waiting)}."
    yield from (f"{fact.sentence}" for fact in _held_up(found))
    if found.remedy:
        refund = "" if found.refund_cents is None else f", ${found.refund_cents / 100:,.2f} to the buyer"
        yield f"Would follow: {found.remedy.replace('_', ' ')}{refund} ({found.entitled.clause})."
    if found.senior:
        yield "A senior must look."


def _held_up(found: RulingOut) -> Iterator[FactOut]:
    """The facts for which the fault waits."""
    for clause in found.clauses:
        if clause.id in found.fault.waits_for:
            yield from (fact for fact in clause.reads if fact.name in clause.waits_for)


def _last_moment(row: dict[str, Any]) -> int:
    last = row["evidence_closed_at"] or row["escalated_at"] or row["opened_at"]
    return round(last.timestamp() * 1_000_000)


if __name__ == "__main__":
    main()
