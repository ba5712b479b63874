"""Conditions in plain words: every clause of the house can be read by somebody who knows no SQL."""

import datetime
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from features.facts import FACTS
from models.clauses import Clause
from models.condition_said import Said, amount
from models.finds_said import finds_said
from models.phrases import phrases
from models.policy import HOUSE, Policy, load
from models.printed import Printed, item

DAY = datetime.date(2026, 6, 1)
HOUSE_POLICY = load(HOUSE)
PRINTED = Printed.of(HOUSE_POLICY, DAY)


def clause(name: str) -> Clause:
    return next(found for found in PRINTED.clauses if found.id == name)


def said(name: str) -> Said:
    return PRINTED.condition(clause(name))


@pytest.fixture
def when(write_policy: Callable[..., Path]) -> Callable[[str], str]:
    """A condition of one's own in words."""

    def words(condition: str) -> str:
        printed = Printed.of(load(write_policy({"when": condition})), DAY)
        return printed.condition(printed.clauses[0]).text

    return words


def test_numbers_are_those_of_the_day() -> None:
    assert said("DEL-SIG").text == (
        "there is a delivery scan, at least $750 was paid for the goods and nobody signed for it"
    )


def test_a_number_that_is_assumed_says_so_and_one_with_a_source_does_not() -> None:
    assert "more than 60 % (ASSUMED) less than declared" in said("DEL-DECOY").text
    assert "ASSUMED" not in said("WIN-RETURN").text


def test_a_reading_of_evidence_is_one_phrase() -> None:
    assert said("DMG-CRUSH").text == (
        "either the carrier noted damage or the photo of the outer box bears the buyer out; "
        "and the video of the packing contradicts the buyer"
    )


def test_what_only_waits_while_evidence_is_open_is_told_apart() -> None:
    assert said("DEL-FAR").awaited == ("position_recorded", "shipping_label_image_read")
    assert "evidence is" not in said("DEL-FAR").text


@pytest.mark.parametrize(("condition", "words"), [
    ("NOT (delivered OR signed)", "there is no delivery scan and nobody signed for it"),
    ("NOT (delivered AND signed)", "either there is no delivery scan or nobody signed for it"),
    ("NOT days_late > 3", "it came at most 3 days after the promised day"),
    ("3 < days_late", "it came more than 3 days after the promised day"),
    ("1 = weighings", "exactly 1 independent weighings are known"),
    ("category NOT IN ('food', 'toys')", "the goods are not perishable food or toys"),
    ("stage <> 'appeal'", "the case is not on appeal"),
    ("item_photo_shown", "the photo of the item is there and admissible"),
    ("NOT item_photo_read", "the photo of the item could not be read"),
    ("paid_cents BETWEEN 1000 AND 2550", "from $10 to $25.50 was paid for the goods"),
    ("buyer_admits", "the claim or a message of the buyer admits a fault or a mistake"),
    ("paid_cents > refunded_cents", "paid cents > refunded cents"),
])  # fmt: skip
def test_every_form_of_condition_has_words(when: Callable[[str], str], condition: str, words: str) -> None:
    assert when(condition) == words


def test_a_negated_sum_of_conditions_loses_no_part(when: Callable[[str], str]) -> None:
    told = when("NOT (item_photo_read AND item_photo_agrees AND delivered)")
    assert told == "either nothing in the photo of the item bears the buyer out or there is no delivery scan"


@pytest.mark.parametrize("name", [c.id for c in PRINTED.clauses])
def test_no_clause_of_the_house_is_told_in_codes(name: str) -> None:
    told = re.sub(r"\([^()]*clauses\.md[^()]*\)|`[^`]*`", "", item(PRINTED, clause(name)))
    assert not re.search(r"[a-z]_[a-z]|[<>=:]\w|\b(AND|OR|NOT)\b", told), told
    assert told.lower().count("*when*") == 1


def test_every_change_of_a_number_shows_in_the_words(write_policy: Callable[..., Path]) -> None:
    one, other = (
        Printed.of(load(write_policy({"when": f"delivered AND days_late > {n}"})), DAY) for n in (2, 3)
    )  # fmt: skip
    assert one.condition(one.clauses[0]).text != other.condition(other.clauses[0]).text


def test_phrases_are_for_facts_that_there_are() -> None:
    names = {fact.name for fact in FACTS} | {"fault_found"}
    told = phrases()
    assert set(told.flags) | set(told.numbers) | set(told.words) <= names
    types = {fact.name: fact.type for fact in FACTS}
    assert all(types[name] == "flag" for name in told.flags)
    assert all(types[name] == "number" for name in told.numbers)


def test_every_whole_phrase_is_of_a_condition_of_the_house(small_policy: Policy) -> None:
    texts = " ".join(PRINTED.condition(c).text for c in PRINTED.clauses)
    unused = [
        phrase for phrase in phrases().whole.values() if re.sub(r"\{\w+\}.*", "", phrase).strip() not in texts
    ]  # fmt: skip
    assert unused == []


@pytest.mark.parametrize(("value", "unit", "words"), [
    (75000, "cents", "$750"), (1050, "cents", "$10.50"), (0.125, "share", "12.5 %"), (1, "days", "1 day"),
    (72, "hours", "72 hours"), (3, "cases", "3"),
])  # fmt: skip
def test_a_number_has_its_unit(value: float, unit: str, words: str) -> None:
    assert amount(value, unit, "USD") == words


def test_another_currency_is_named() -> None:
    assert amount(1050, "cents", "EUR") == "EUR 10.50"


def test_what_a_clause_finds_is_told_whole() -> None:
    assert finds_said(clause("RMRS-RETURN"), PRINTED.day) == (
        "the buyer is entitled",
        "nobody is at fault",
        "the seller bears the cost",
        "a rejection, a partial refund and a second sending are ruled out",
        "0 % (ASSUMED) of the shipping is refunded where nobody but the buyer erred",
        "the label falls to the platform 50 % and the seller 50 %",
    )


@pytest.mark.parametrize("name", [c.id for c in PRINTED.clauses])
def test_nothing_that_a_clause_finds_is_left_unsaid(name: str) -> None:
    finds = clause(name).finds
    parts = [*finds.says, *(("not_fault",) if finds.not_fault else ()), *(("never",) if finds.never else ()),
             *(("actions",) if finds.actions else ()), *(("senior",) if finds.senior else ())]  # fmt: skip
    merged = finds.says.get("fault") == finds.says.get("cost_bearer") is not None
    merged += "label_shares" in finds.says
    merged += "shares" in finds.says
    merged += "cost_shares" in finds.says
    assert len(finds_said(clause(name), PRINTED.day)) == len(parts) - merged
