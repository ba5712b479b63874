"""Cases that people write: what may stand in one, how money reads, and that a case which does not hold is told."""

import datetime
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import Result

from models.case_amounts import NEEDED, read_amounts
from models.marked import BadPolicy
from models.policy_cases import read_cases

FACTS: dict[str, Any] = {**dict.fromkeys(NEEDED, 0), "label_owner": "platform", "chargeback_open": False}
REFUND: dict[str, Any] = {
    "remedy": "full_refund", "lines": ["L01 platform pays buyer 25.00", "L10 seller pays platform 25.00"],
    "nets": {"buyer": 25.0, "seller": -25.0},
}  # fmt: skip
HOUSE_CASES = Path(__file__).parent.parent / "policies"


@pytest.fixture
def policy(triage: Callable[..., Result], tmp_path: Path) -> Callable[..., Result]:
    """Run ``triage policy``."""
    return partial(triage, "policy", home=tmp_path)


def written(folder: Path, *entries: Any) -> Path:
    (folder / "some.yaml").write_text(yaml.safe_dump(list(entries), sort_keys=False), "utf-8")
    return folder


def case(**changes: Any) -> dict[str, Any]:
    return {"name": "One", "on": datetime.date(2025, 6, 2), "facts": {"delivered": True}, **changes}


@pytest.mark.parametrize("fact", NEEDED)
def test_a_sum_that_a_price_rests_on_and_is_not_told_is_named(fact: str) -> None:
    with pytest.raises(ValueError, match=f"the situation does not say {fact}$"):
        read_amounts(REFUND, {name: value for name, value in FACTS.items() if name != fact})


def test_a_part_needs_what_it_is_a_part_of() -> None:
    part = {**REFUND, "remedy": "partial_refund"}
    with pytest.raises(ValueError, match="claimed_cents"):
        read_amounts(part, FACTS)
    with pytest.raises(ValueError, match="offer_cents"):
        read_amounts(part, {**FACTS, "offer_accepted": True})


@pytest.mark.parametrize(("change", "said"), [
    ({"lines": ["L01 platform pays buyer 25"]}, "is no line"),
    ({"lines": ["L99 platform pays buyer 25.00"]}, "is no line"),
    ({"lines": ["L01 seller pays buyer 25.00"]}, "it goes: L01 platform pays buyer"),
    ({"lines": ["L12 carrier pays platform 25.00"]}, "it goes: L12 carrier owes platform"),
    ({"nets": {"buyer": 25.0}}, "must net to zero"),
    ({"nets": {"buyer": 25.0, "bank": -25.0}}, "must net to zero"),
    ({"nets": {"buyer": 24.0, "seller": -24.0}}, "not the nets that stand beside them"),
    ({"nets": {"buyer": 25.001, "seller": -25.001}}, "write dollars and cents"),
    ({"remedy": "gift"}, "'gift' is none of full_refund"),
    ({"fault": "weather"}, "'weather' is none of"),
    ({"orders": ["shout"]}, "'shout' is none of compensate_seller"),
    ({"beside": {"luck": 1.0}}, "'luck' is none of held"),
    ({"because": "x"}, "it must hold remedy, lines and nets"),
])  # fmt: skip
def test_a_slip_in_amounts_is_told(change: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        read_amounts({**REFUND, **change}, FACTS)


@pytest.mark.parametrize(("entry", "said"), [
    ("a word", "this is no case"), (case(price=3), "this is no case: it has"), ({"name": "One"}, "this is no case"),
    (case(facts={"sealed": True}), "One: there is no fact sealed"),
    (case(on="soon"), "One: on: is no day"),
    (case(amounts=REFUND), "One: amounts: the situation does not say paid_cents"),
])  # fmt: skip
def test_what_is_no_case_is_told_by_file_and_line(tmp_path: Path, entry: Any, said: str) -> None:
    with pytest.raises(BadPolicy, match=r"some\.yaml:5: ") as found:
        read_cases(written(tmp_path, case(), entry))
    assert said in str(found.value)


def test_a_file_that_is_no_list_of_cases_is_told(tmp_path: Path) -> None:
    (tmp_path / "some.yaml").write_text("name: One", "utf-8")
    with pytest.raises(BadPolicy, match="this is no list"):
        read_cases(tmp_path)


@pytest.fixture
def few(tmp_path: Path) -> Callable[[str, str], Path]:
    """The cases about money, with one text changed for another."""

    def changed(old: str, new: str) -> Path:
        text = (HOUSE_CASES / "amounts.yaml").read_text("utf-8")
        assert old in text
        (tmp_path / "amounts.yaml").write_text(text.replace(old, new, 1), "utf-8")
        return tmp_path

    return changed


def test_cases_that_hold_are_counted(policy: Callable[..., Result], few: Callable[[str, str], Path]) -> None:
    found = policy("check", "--cases", few("Money:", "Money:"))
    assert found.exit_code == 0
    assert "cases come out as written." in found.stdout


@pytest.mark.parametrize(("old", "new", "said"), [
    ("L14 seller pays platform 5.00\n", "L14 seller pays platform 4.00\n", "the lines leave"),
    ("remedy: return_and_refund", "remedy: full_refund", "the remedy is return_and_refund, not full_refund"),
    ("L16 seller pays platform 0.66", "L15 platform pays seller 0.00", "the lines leave"),
    ("WRONG-PACK: applies", "WRONG-PACK: does not apply", "WRONG-PACK applies, not: does not apply"),
])  # fmt: skip
def test_a_case_that_does_not_hold_fails_the_check_and_is_told(
    policy: Callable[..., Result], few: Callable[[str, str], Path], old: str, new: str, said: str
) -> None:
    found = policy("check", "--cases", few(old, new))
    assert found.exit_code == 2
    assert "amounts.yaml:" in found.stderr
    assert said in found.stderr
