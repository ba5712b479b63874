"""Blocks of a procedure: what may stand in one, where it stands, and when it is stale."""

import datetime
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import Result

from models.marked import BadPolicy
from models.policy import HOUSE, load
from models.procedure import procedure
from models.stale import stale

START = datetime.date(2023, 1, 1)
BLOCK: dict[str, Any] = {
    "id": "how-to", "title": "How to look", "written_at": datetime.date(2023, 6, 1), "bound_to": ["DEL-SIG"],
    "where": {"document": "arbitration", "parts": ["ask"]}, "text": "Look.\n\n- First here.\n- Then there.",
}  # fmt: skip

Write = Callable[..., Path]


@pytest.fixture
def with_blocks(small_policy_path: Path) -> Write:
    """The small policy with a block for each mapping of changes."""

    def write(*changes: dict[str, Any]) -> Path:
        blocks = [{**BLOCK, **change} for change in changes or ({},)]
        text = yaml.safe_dump({"blocks": blocks}, allow_unicode=True, sort_keys=False)
        (small_policy_path / "blocks.yaml").write_text(text, "utf-8")
        return small_policy_path

    return write


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def page(path: Path, on: str) -> str:
    return procedure(load(path), day(on))["arbitration.md"]


@pytest.mark.parametrize(("change", "said"), [
    ({"id": "How To"}, "is no id of a block"),
    ({"bound_to": ["DEL-NONE"]}, "there is no clause 'DEL-NONE'"),
    ({"bound_to": ["DEL-SIG", "DEL-SIG"]}, "a clause stands here twice"),
    ({"bound_to": []}, "this is no list, or an empty one"),
    ({"written_at": "soon"}, "this is no day"),
    ({"where": {"document": "returns", "parts": ["ask"]}}, "'ask' is none of the words"),
    ({"where": {"document": "returns", "reasons": ["fit_style"]}}, "it does not say where it stands"),
    ({"where": {"document": "arbitration"}}, "it does not say where it stands"),
    ({"where": {"document": "arbitration", "reasons": ["theft"]}}, "'theft' is none of the words"),
    ({"text": "  "}, "this is no text"),
    ({"text": "# A heading"}, "'#' stands in it"),
    ({"text": "Look.\n| a | b |"}, "'|' stands in it"),
    ({"text": "A <b>bold</b> word"}, "'<' stands in it"),
    ({"text": "See [here](http://a)"}, "stands in it"),
])  # fmt: skip
def test_a_slip_in_a_block_is_told_by_file_and_line(with_blocks: Write, change: dict[str, Any], said: str) -> None:
    with pytest.raises(BadPolicy, match=r"blocks\.yaml:") as found:
        load(with_blocks(change))
    assert said in str(found.value)


def test_two_blocks_have_two_ids(with_blocks: Write) -> None:
    with pytest.raises(BadPolicy, match="another block has it"):
        load(with_blocks({}, {}))


def test_blocks_decide_nothing_so_the_version_of_a_policy_is_without_them(with_blocks: Write) -> None:
    path = with_blocks({})
    digest = load(path).digest
    (path / "blocks.yaml").unlink()
    assert load(path).digest == digest


def test_a_block_stands_where_it_says_with_its_day_and_its_clauses(with_blocks: Write) -> None:
    found = page(with_blocks({}), "2023-12-31")
    part = found.split("### 2. ")[1].split("### 3. ")[0]
    assert "> **How to look**" in part
    assert "> - First here." in part
    assert "> *Written 2023-06-01, bound to [DEL-SIG](clauses.md#del-sig).*" in part


def test_a_block_of_a_reason_stands_on_its_page_alone(with_blocks: Write) -> None:
    found = page(with_blocks({"where": {"document": "arbitration", "reasons": ["late_delivery"]}}), "2023-12-31")
    assert found.count("How to look") == 1
    assert "How to look" in found.split("### Late delivery")[1].split("\n### ")[0]


def test_a_block_is_not_printed_before_it_was_written(with_blocks: Write) -> None:
    assert "How to look" not in page(with_blocks({}), "2023-05-31")
    assert "How to look" in page(with_blocks({}), "2023-06-01")


def test_a_block_on_a_clause_that_changed_since_says_that_it_is_stale(with_blocks: Write) -> None:
    path = with_blocks({})
    assert "STALE" not in page(path, "2023-12-31")
    assert "**STALE: DEL-SIG changed since 2024-01-01" in page(path, "2024-01-01")


def test_a_block_written_on_the_day_of_the_change_is_not_stale(with_blocks: Write) -> None:
    path = with_blocks({"written_at": day("2024-01-01")})
    assert "STALE" not in page(path, "2024-01-02")


def test_a_number_that_a_clause_reads_is_part_of_the_clause(with_blocks: Write) -> None:
    path = with_blocks({"written_at": day("2024-02-01")})
    assert "STALE" not in page(path, "2024-06-30")
    assert "**STALE: DEL-SIG changed since 2024-07-01" in page(path, "2024-07-01")


def test_a_block_on_a_clause_that_is_withdrawn_is_stale(with_blocks: Write) -> None:
    path = with_blocks({"bound_to": ["DEL-DONE"]})
    clauses = path / "clauses.yaml"
    text = clauses.read_text("utf-8").replace(
        "text: A delivery that was", "withdrawn_at: 2023-09-01\n        text: A delivery that was"
    )
    clauses.write_text(text)
    assert "STALE" not in page(path, "2023-08-31")
    assert "**STALE: DEL-DONE is not in force since 2023-09-01" in page(path, "2023-09-01")


def test_stale_blocks_are_told_by_file_and_line_and_are_no_slip(with_blocks: Write) -> None:
    policy = load(with_blocks({"id": "other", "bound_to": ["DEL-DONE"]}, {}))
    assert list(stale(policy, day("2023-12-31"))) == []
    (told,) = stale(policy, day("2024-01-01"))
    assert told.startswith("blocks.yaml:")
    assert "the block how-to of 2023-06-01 is stale: DEL-SIG changed since 2024-01-01." in told


def test_no_block_of_the_house_is_stale_on_the_newest_day_of_its_clauses() -> None:
    policy = load(HOUSE)
    newest = max(policy.days[-1], *(block.written_at for block in policy.blocks))
    assert list(stale(policy, newest)) == []
    assert len(policy.blocks) >= 12


def test_the_check_tells_stale_blocks_and_does_not_fail(
    triage: Callable[..., Result], tmp_path: Path, with_blocks: Write
) -> None:
    found = triage("policy", "check", with_blocks({}), home=tmp_path)
    assert found.exit_code == 0
    assert "the block how-to of 2023-06-01 is stale: DEL-SIG changed since 2024-01-01." in found.stdout
