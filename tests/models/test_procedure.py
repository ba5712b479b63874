"""The printed procedure: what a day's clauses say, page by page, and that a reason fits on two sheets."""

import datetime
import re
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from click.testing import Result

from features.required import required_evidence
from features.vocabulary import REASONS
from models.phrases import phrases
from models.policy import HOUSE, load
from models.printed import Printed, anchor
from models.procedure import MOST_PAGES, procedure, too_long
from models.procedure_reason import reason_page
from models.procedure_returns import returns

ROOT = Path(__file__).parents[2]
POLICY = load(HOUSE)
DAY = datetime.date(2026, 11, 24)
PRINTED = Printed.of(POLICY, DAY)
PAGES = procedure(POLICY, DAY)
REASON_PAGES = {reason: "\n".join(reason_page(PRINTED, reason)) for reason in REASONS}


@pytest.fixture
def policy(triage: Callable[..., Result], tmp_path: Path) -> Callable[..., Result]:
    """Run ``triage policy``."""
    return partial(triage, "policy", home=tmp_path)


def test_the_shipped_procedure_is_what_the_policy_says() -> None:
    found = subprocess.run(
        [sys.executable, "tools/sop_pages.py", "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert found.returncode == 0, found.stderr


def test_it_is_written_the_same_each_time(policy: Callable[..., Result], tmp_path: Path) -> None:
    for folder in ("one", "other"):
        assert policy("sop", "--on", "2026-11-24", "--out", tmp_path / folder).exit_code == 0
    for name, text in PAGES.items():
        assert (tmp_path / "one" / name).read_text("utf-8") == (tmp_path / "other" / name).read_text("utf-8") == text


def test_a_day_before_the_policy_has_no_procedure(policy: Callable[..., Result], tmp_path: Path) -> None:
    found = policy("sop", "--on", "2020-01-01", "--out", tmp_path / "none")
    assert found.exit_code == 2
    assert "its first is from 2023-01-01 on" in found.stderr


def test_another_policy_has_its_own(policy: Callable[..., Result], tmp_path: Path, small_policy_path: Path) -> None:
    made = policy("sop", "--on", "2024-08-01", "--out", tmp_path / "small", "--policy", small_policy_path)
    assert made.exit_code == 0
    assert "at least $500 (ASSUMED) was paid" in (tmp_path / "small" / "arbitration.md").read_text("utf-8")


@pytest.mark.parametrize("reason", REASONS)
def test_a_reason_takes_at_most_two_pages(reason: str) -> None:
    assert [told for told in too_long(POLICY, DAY) if told.startswith(reason)] == []
    assert MOST_PAGES == 2


@pytest.mark.parametrize("reason", REASONS)
def test_a_reason_has_every_clause_that_covers_it(reason: str) -> None:
    covering = [c for c in PRINTED.clauses if reason in c.covers.reasons]
    assert [c.id for c in covering if f"clauses.md#{anchor(c.id)}" not in REASON_PAGES[reason]] == []


@pytest.mark.parametrize("reason", REASONS)
def test_a_reason_has_all_evidence_that_is_required(reason: str) -> None:
    kinds = [kind for requirement in required_evidence()[reason] for kind in requirement.any_of]
    assert [kind for kind in kinds if phrases().kinds[kind] not in REASON_PAGES[reason]] == []


@pytest.mark.parametrize("reason", REASONS)
def test_what_decides_stands_in_the_order_in_which_it_is_asked(reason: str) -> None:
    decided = REASON_PAGES[reason].split("**What decides")[1].split("\n\n**")[0]
    places = [
        decided.index(f"#{anchor(c.id)})")
        for c in PRINTED.clauses
        if c.effect == "decides" and (not c.covers.reasons or reason in c.covers.reasons)
    ]
    assert places == sorted(places)


def test_every_clause_in_force_stands_in_full_once_on_the_page_of_clauses() -> None:
    headed = re.findall(r"^### (\S+)$", PAGES["clauses.md"], re.MULTILINE)
    assert sorted(headed) == sorted(c.id for c in PRINTED.clauses)


def test_every_common_clause_is_told_in_full_in_arbitration() -> None:
    common = PAGES["arbitration.md"].split("## Reason by reason")[0]
    assert [c.id for c in PRINTED.clauses if not c.covers.reasons and f"([{c.id}]" not in common] == []


def test_every_number_is_told_with_its_source_or_as_assumed() -> None:
    numbers = PAGES["clauses.md"].split("## Numbers")[1]
    for name, parameter in POLICY.parameters.items():
        value = parameter.on(DAY)
        assert value is not None
        assert re.search(rf"^\| `{name}` \| .* \| {re.escape(value.source or 'ASSUMED')} \|$", numbers, re.MULTILINE)


@pytest.mark.parametrize("name", sorted(PAGES))
def test_every_link_leads_to_a_heading(name: str) -> None:
    broken = []
    for page, target in re.findall(r"\]\(([\w.]*)#([^)]+)\)", PAGES[name]):
        titles = re.findall(r"^#{1,6} (.+)$", PAGES[page or name], re.MULTILINE)
        broken += [f"{page}#{target}"] if target not in map(anchor, titles) else []
    assert broken == []


@pytest.mark.parametrize("name", sorted(PAGES))
def test_no_two_headings_of_a_page_have_one_anchor(name: str) -> None:
    titles = re.findall(r"^#{1,6} (.+)$", PAGES[name], re.MULTILINE)
    assert len({*map(anchor, titles)}) == len(titles)


def test_what_changed_is_told_against_the_day_before_the_last_change() -> None:
    changed = PAGES["arbitration.md"].split("## What changed")[1].split("\n## ")[0]
    assert "On 2026-03-01, against the day before" in changed
    assert "Before: **Crushed, and without enough filling.**" in changed
    assert "the fault is shared: the seller 50 % and the carrier 50 %" in changed


def test_a_number_that_changed_is_told() -> None:
    changed = procedure(POLICY, datetime.date(2025, 12, 1))["returns.md"].split("## What changed")[1]
    assert "The number `drop_off_within_days` was 14 days, and is now 30 days." in changed.split("\n## ")[0]


def test_the_first_version_says_that_it_is() -> None:
    first = procedure(POLICY, datetime.date(2023, 1, 1))["returns.md"]
    assert "This is the first version." in first


def test_a_clause_of_another_day_is_not_printed() -> None:
    earlier = procedure(POLICY, datetime.date(2026, 2, 28))["arbitration.md"].split("## Common steps")[1]
    assert "the fault is shared: the seller 50 % and the carrier 50 %" in earlier
    assert (
        "the fault is shared: the seller 50 % and the carrier 50 %" not in PAGES["arbitration.md"].split("## Common")[1]
    )


def test_every_step_of_a_plan_about_a_return_has_its_clock() -> None:
    clocks = "\n".join(returns(PRINTED)).split("## 9. ")[1]
    for said in (
        "hand the item in | 30 days",
        "grade what came back, with pictures | 48 hours",
        "pay the refund | 10 days",
    ):
        assert said in clocks


@pytest.mark.parametrize("name", ["returns.md", "arbitration.md"])
def test_nobody_reads_codes_or_sql(name: str) -> None:
    text = re.sub(r"\]\([^)]*\)|`[^`]*`", "", PAGES[name])
    assert re.findall(r"\b[a-z]+_[a-z_]+\b", text) == []
    assert re.findall(r"\b(?:AND|OR|NOT|IN)\b", text) == []


def test_every_mark_of_a_source_is_told_and_no_other() -> None:
    told = [clause.source for clause in POLICY.clauses]
    told += [value.source for parameter in POLICY.parameters.values() for value in parameter.values]
    marks = {mark for source in told for mark in re.findall(r"\[([A-Z]\d+)\]", source)}
    assert marks == set(POLICY.sources)
    assert all(f"| [{mark}] | {page} |" in PAGES["clauses.md"] for mark, page in POLICY.sources.items())
