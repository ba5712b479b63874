"""Every code has a sentence in every language, and what a client sent is never used as a message."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from features.build import LISTED, OTHER
from features.catalog import Feature
from features.contract import TABLES
from features.fact import Fact
from features.history_features import SAID
from features.keys import CASE_KEYS
from features.unknown import UNKNOWN
from features.vocabulary import LIABLE, MOMENTS, PARTIES
from models.bundle import Bundle
from models.clauses import CHOICES
from models.fault_found import FAULT_FOUND
from models.lines import ACCOUNTS, LINES
from models.opinion import ABSTENTIONS, opinions_from_values
from models.policy import READ
from models.proposal import CONFLICTS, SILENT
from models.reasons import Parameter, Reason
from models.steps import LAPSES, STEPS
from serving import words as package
from serving.reader import LANGUAGES
from serving.words import Words, words
from serving.words.language import choose_language

MESSAGES: dict[str, dict[str, str]] = {
    language: json.loads((Path(str(package.__file__)).parent / f"{language}.json").read_text("utf-8"))
    for language in LANGUAGES
}
ENGLISH = words("en")


def reason(
    feature: str = "stage", code: str = "R02", *, log_odds: float = 1.0, citable: bool = True, subject: str = "",
    **params: Parameter,
) -> Reason:  # fmt: skip
    return Reason(code, subject, citable, feature, log_odds, (), params)


def past(measure: str, **params: Any) -> Reason:
    told = {"key": "seller", "measure": measure, "window_days": 90, "rulings": 7} | params
    told |= {} if "ratio" in told or "odds_ratio" in told else {"odds_ratio": 2.0}
    return reason("history.seller", "R30", subject="seller", **told)


def codes_of(feature: Feature) -> tuple[str, ...]:
    if feature.name == "moment":
        return MOMENTS
    table, name = feature.reads[0].split(".")
    column = TABLES[table].column(name)
    return column.codes if column and feature.kind == "category" else ()


def test_every_language_has_the_same_keys_in_the_same_order() -> None:
    assert {language: list(found) for language, found in MESSAGES.items()} == {
        language: sorted(MESSAGES["en"]) for language in LANGUAGES
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_message_is_empty_or_asks_for_what_the_english_one_does_not(language: str) -> None:
    for key, message in MESSAGES[language].items():
        assert message.strip() or key.startswith("list.")
        assert set(re.findall(r"{(.*?)}", message)) <= set(re.findall(r"{(.*?)}", MESSAGES["en"][key])), key


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_that_an_answer_may_hold_has_a_message(language: str) -> None:
    needed = [f"unknown.{code}" for code in UNKNOWN] + [f"abstention.{code}" for code in ABSTENTIONS]
    needed += [f"{kind}.{name}" for name in LIABLE for kind in ("party", "ruled")]
    needed += [f"key.{key}" for key in CASE_KEYS] + [f"reason.R30.{measure}" for measure in SAID]
    for feature, _ in LISTED:
        needed += [f"title.{feature.name}", f"reason.{feature.name}"]
        needed += [f"value.{feature.name}.{code}" for code in codes_of(feature)]
    assert set(needed) <= set(MESSAGES[language])


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_of_a_proposal_or_a_ruling_has_a_message(language: str) -> None:
    needed = [f"abstention.{code}" for code in SILENT] + [f"conflict.{code}" for code in CONFLICTS]
    needed += [f"line.{kind.code}" for kind in LINES] + [f"step.{kind.code}" for kind in STEPS]
    needed += [f"lapse.{name}" for name in LAPSES] + [f"remedy.{name}" for name in CHOICES]
    needed += [f"who.{account}" for account in ACCOUNTS]
    needed += [f"finding.fault.{name}" for name in (*LIABLE, "open")]
    needed += [f"finding.cost_bearer.{name}" for name in (*PARTIES, "shared", "open")]
    assert set(needed) <= set(MESSAGES[language])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("fact", READ, ids=lambda fact: fact.name)
def test_every_fact_that_policy_reads_can_be_told_and_waited_for(language: str, fact: Fact) -> None:
    speak = words(language)
    values: dict[str, tuple[bool | float | str, ...]] = {"flag": (True, False), "number": (0.0, 0.5, 4.0), "word": ()}
    for value in (None, *(values[fact.type] or fact.values or ("lamps",))):
        told = speak.known(fact, value, "USD")
        assert speak.fact(fact.name)[1:] in told
        assert not re.search(r"[{}_]|None|nan", told), told
        assert value != told.rpartition(": ")[2] or fact.values == ()
    waits = speak.waits(fact.name, fact.supplied_by)
    assert fact.name == FAULT_FOUND.name or speak.fact(fact.name) in waits
    assert not re.search(r"[{}_]", waits), waits


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_facts_are_told_in_the_same_words(language: str) -> None:
    assert len({words(language).fact(fact.name) for fact in READ}) == len(READ)


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("signed", False, "A signature at the delivery: no."),
        ("paid_cents", 123456.0, "The sum paid for the order line: USD 1,234.56."),
        ("door_distance_m", 340.0, "The distance of the delivery scan from the address: 340 metres."),
        ("days_late", None, "Nothing is known about the time from the promised delivery to the delivery scan."),
        ("weight_drop", 0.25, "The parcel's loss of weight on its way: 25%."),
        ("reason", "empty_box", "What the buyer says happened: the box was empty."),
        ("category", "{value}", "The category of the product: {value}."),
        ("packing_video_agrees", True, "The agreement of a video of the packing with the claim: yes."),
    ],
)
def test_a_fact_is_told_with_its_value(name: str, value: bool | float | str | None, sentence: str) -> None:
    fact = next(fact for fact in READ if fact.name == name)
    assert ENGLISH.known(fact, value, "USD") == sentence


def test_a_fact_waited_for_is_told_with_who_can_supply_it() -> None:
    assert ENGLISH.waits("handed_over", ("carrier", "seller")) == (
        "Waiting for this from the carrier or the seller: a scan of the parcel by anybody."
    )
    assert words("zh").waits("signed", ("carrier",)) == "尚待承运方提供：送达时是否有人签名。"


def test_the_fault_is_found_by_who_rules_and_not_supplied_by_anybody() -> None:
    assert ENGLISH.waits(FAULT_FOUND.name, FAULT_FOUND.supplied_by) == (
        "This stays open until it is found who is at fault."
    )


def test_what_is_still_open_is_said_to_be_open() -> None:
    assert ENGLISH.entitled(None) == "Whether the buyer is entitled to a remedy is still open."
    assert (ENGLISH.fault(None), ENGLISH.fault("none")) == ("Whose fault it is, is still open.", "Nobody is at fault.")
    assert (ENGLISH.bears("shared"), ENGLISH.bears(None)) == (
        "Several parties share the cost.", "Who bears the cost is still open.",
    )  # fmt: skip


def test_codes_of_a_ruling_are_said_as_sentences_and_remedies_as_words() -> None:
    assert ENGLISH.line("L02") == "The shipping paid for them."
    assert ENGLISH.step("S40") == "Pay the refund."
    assert ENGLISH.lapse("appeal") == "The ruling is final."
    assert ENGLISH.conflict("K02") == "The model is sure of a party that policy says is not at fault."
    assert (ENGLISH.remedy("exchange"), words("zh").remedy("exchange")) == ("an exchange", "换货")


def test_money_is_told_to_the_cent() -> None:
    assert [ENGLISH.money(cents, "USD") for cents in (5, -1234567, 0)] == ["USD 0.05", "USD -12,345.67", "USD 0.00"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_and_every_cause_of_a_real_bundle_has_a_sentence(language: str, small_bundle: Bundle) -> None:
    speak = words(language)
    found = opinions_from_values(small_bundle, small_bundle.golden, top=1_000)
    for ask in range(len(found)):
        for told in found.reasons(ask):
            assert speak.reason(told)[-1] in ".。"
            assert not re.search(r"[{}]|None|nan", speak.reason(told))
    for feature in small_bundle.fitted.catalog:
        assert all(speak.unknown(feature, cause) for cause in UNKNOWN)


def test_a_contrast_names_both_parties_and_the_strongest_reasons_for_the_leading_one() -> None:
    told = [reason(value="appeal"), reason("carrier", "R12", log_odds=-2.0, value="dhl"), past("seller")]
    assert ENGLISH.contrast("seller", "carrier", told) == (
        "Seller rather than carrier, because the dispute arose on appeal; and rulings on the same seller in the last "
        "90 days found the seller at fault at 2 times the usual odds (rulings counted: 7)."
    )


def test_a_contrast_never_tells_what_may_not_be_told_to_a_party() -> None:
    assert ENGLISH.contrast("none", "shared", [reason(value="appeal", citable=False)]) == (
        "Nobody rather than several parties together, though nothing that may be told to a party speaks for it."
    )


def test_a_contrast_is_said_in_chinese_too() -> None:
    assert words("zh").contrast("seller", "carrier", [reason(value="appeal")]) == (
        "判断倾向于卖家有责而非承运方有责，因为争议发生于复议阶段。"
    )


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        (reason("claimed_share", "R05", value=0.5, unit="share"), "The sum asked for is 50% of what was paid."),
        (reason("unit_price", "R14", value=1234.5, unit="currency units"), "One unit costs 1,234.50."),
        (reason("category", "R10", value=OTHER), "The product's category is a rare value."),
        (reason("category", "R10", value=None), "Nothing is known about the category of the product."),
        (reason("attr_tier", "R20", subject="attr_tier", value="new"), "The recorded tier is new."),
        (reason("of_later_code", "R99", value=3.0), "Other facts of the case (of_later_code) say so."),
        (reason("sent_back", "R48", value=1.0, unit="flag"), "The carrier sent the parcel back to the sender: yes."),
        (
            reason("text.claim.seller", "R70", subject="claim", value=-0.5, unit="score"),
            "The wording of the claim is unlike that of earlier cases that found the seller at fault, with a score of "
            "-0.5 (0: as in all cases).",
        ),
        (
            reason("late_delivery", "R41", value=30.0, unit="hours"),
            "The first delivery scan came 30 hours after the promise.",
        ),
        (
            reason("late_delivery", "R41", value=-150.0, unit="hours"),
            "The first delivery scan came 6.25 days before the promise.",
        ),
        (reason("days_since_received", "R63", value=1 / 24, unit="days"), "The return arrived 1 hour ago."),
        (
            reason("declared_weight_short", "R47", value=-0.25, unit="share"),
            "The first measured weight is 25% above the declared one.",
        ),
        (reason("moment", "R01", value="opened"), "The case has only been opened."),
        (reason("reason_claimed", "R03", value=OTHER), "The claim: something seldom claimed."),
        (
            reason("text.buyer_messages.none", "R70", subject="buyer_messages", value=None),
            "Nothing is known about the wording of the buyer's messages.",
        ),
        (
            reason("device_shared", "R80", value=0.6, unit="n/(n+2)"),
            "The number of other buyers in dispute lately who share the device is 3.",
        ),
        (
            reason("damage_on_route", "R85", value=-0.6931471805599453, unit="log ratio"),
            "Other buyers' parcels on the same route in the same days were damaged 0.5 times as often as usual.",
        ),
        (past("seller", rulings=0), "No ruling on the same seller is known in the last 90 days."),
        (past("weight", window_days=0), "The number of rulings known on the same seller so far is 7."),
        (past("seller", odds_ratio=None), "Nothing is known about the past of the same seller."),
        (
            past("claims", ratio=0.05, key="attr_sector"),
            "Deliveries of the same sector in the last 90 days led to 0.05 times the usual number of disputes.",
        ),
    ],
)
def test_a_reason_is_a_sentence_that_an_arbitrator_can_read(told: Reason, sentence: str) -> None:
    assert ENGLISH.reason(told) == sentence


def test_a_value_that_looks_like_a_message_is_only_a_value() -> None:
    assert "{value.__class__}" in ENGLISH.reason(reason("carrier", "R12", value="{value.__class__}"))


def test_a_language_that_nobody_speaks_is_refused() -> None:
    with pytest.raises(ValueError, match="no messages"):
        words("../en")


def test_words_depend_on_the_messages_alone() -> None:
    same: Mapping[str, str] = MESSAGES["zh"]
    assert Words("zh", same).abstention("A02") == words("zh").abstention("A02")


@pytest.mark.parametrize(
    ("asked", "accepted", "chosen"),
    [
        ("zh", "en", "zh"),
        (None, None, "en"),
        (None, "zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        (None, "en;q=0.5, zh;q=0.4", "en"),
        (None, "fr, zh-TW;q=0.3", "zh"),
        (None, "de", "en"),
        (None, "zh;q=1e9, ;;q=, zh;q=\u0663", "en"),
    ],
)
def test_the_language_asked_for_comes_before_those_accepted(
    asked: str | None, accepted: str | None, chosen: str
) -> None:
    assert choose_language(asked, accepted) == chosen
