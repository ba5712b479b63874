"""The commands about policy: what a policy owner types, and what comes back."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from click.testing import Result

from features.facts import FACTS

Command = Callable[..., Result]


@pytest.fixture
def policy(triage: Callable[..., Result], tmp_path: Path) -> Command:
    """Run ``triage policy``."""
    return partial(triage, "policy", home=tmp_path)


def test_a_policy_that_holds_together_is_told_with_its_version(policy: Command, small_policy_path: Path) -> None:
    found = policy("check", small_policy_path)
    assert found.exit_code == 0
    assert "small@" in found.stdout
    assert "5 clauses in 6 versions, 4 parameters" in found.stdout


def test_a_slip_is_told_by_file_and_line_and_the_command_fails(policy: Command, small_policy_path: Path) -> None:
    file = small_policy_path / "clauses.yaml"
    file.write_text(
        file.read_text("utf-8").replace("NOT signed", "NOT sealed").replace("delivered AND signed", "siged")
    )
    found = policy("check", small_policy_path)
    assert found.exit_code == 2
    assert [line.partition(": when: ")[0] for line in found.stderr.splitlines()] == [
        "triage: clauses.yaml:23", "clauses.yaml:32", "clauses.yaml:44"
    ]  # fmt: skip
    assert "there is no fact sealed" in found.stderr


def test_a_gap_fails_too(policy: Command, small_policy_path: Path) -> None:
    file = small_policy_path / "clauses.yaml"
    file.write_text(file.read_text("utf-8").replace("withdrawn_at: 2024-01-01", "withdrawn_at: 2023-12-31"))
    found = policy("check", small_policy_path)
    assert found.exit_code == 2
    assert "DEL-SIG has none on 2023-12-31" in found.stderr


def test_the_clauses_of_a_day_are_shown_with_their_parameters(policy: Command, small_policy_path: Path) -> None:
    early, late = (
        policy("show", "--on", on, "--policy", small_policy_path).stdout for on in ("2023-05-05", "2024-08-01")
    )
    assert ":signature_over_cents is 75000" in early
    assert "fault shared" not in early
    assert ":signature_over_cents is 50000" in late
    assert "fault shared; shares seller 0.5, carrier 0.5" in late


def test_every_word_of_a_clause_is_shown(policy: Command, small_policy_path: Path) -> None:
    shown = policy("show", "--on", "2024-08-01", "--policy", small_policy_path).stdout
    for said in (
        "DEL-FAR: Handed over far from the door", "A delivery that was signed for is a delivery.", "[P1] [B1]",
        "covers: every case", "remedies never reject", "a senior must look", "not the fault of platform",
        "asks the carrier for signature_pod within :answer_hours hours", "from 2024-01-01, announced 2023-12-01",
    ):  # fmt: skip
        assert said in shown


def test_what_changed_between_two_days_is_shown_and_nothing_else(policy: Command, small_policy_path: Path) -> None:
    found = policy("diff", "2023-12-31", "2024-01-01", "--policy", small_policy_path).stdout
    assert found.splitlines()[0] == "DEL-SIG: decides: was entitled yes; fault carrier; cost_bearer platform"
    assert all(line.startswith(("DEL-SIG: ", " " * 8)) for line in found.splitlines())
    parameter = policy("diff", "2024-01-01", "2024-07-01", "--policy", small_policy_path).stdout
    assert ":signature_over_cents: was 75000, now 50000" in parameter


def test_a_clause_that_came_or_went_is_shown(policy: Command, small_policy_path: Path) -> None:
    file = small_policy_path / "clauses.yaml"
    text = file.read_text("utf-8").replace(
        "in_force_from: 2023-01-01\n        text: The carrier", "in_force_from: 2024-02-01\n        text: The carrier"
    )
    file.write_text(text)
    came = policy("diff", "2024-01-31", "2024-02-01", "--policy", small_policy_path).stdout
    assert came == "ASK-SIG: is in force now: Ask for the signature\n"


def test_two_days_alike_are_said_to_be(policy: Command, small_policy_path: Path) -> None:
    found = policy("diff", "2023-02-01", "2023-03-01", "--policy", small_policy_path).stdout
    assert found == "Nothing changed from 2023-02-01 to 2023-03-01.\n"


@pytest.mark.parametrize("day", ["soon", "2024-13-01", ""])
def test_what_is_no_day_is_refused(policy: Command, small_policy_path: Path, day: str) -> None:
    found = policy("show", "--on", day, "--policy", small_policy_path)
    assert found.exit_code == 2
    assert "is not a day" in found.stderr


def test_a_day_before_the_policy_is_refused(policy: Command, small_policy_path: Path) -> None:
    found = policy("show", "--on", "2020-01-01", "--policy", small_policy_path)
    assert found.exit_code == 2
    assert "its first is from 2023-01-01 on" in found.stderr


def test_every_fact_is_listed(policy: Command) -> None:
    shown = policy("facts").stdout
    assert all(f"{fact.name}: {fact.type}" in shown and fact.sentence in shown for fact in FACTS)
