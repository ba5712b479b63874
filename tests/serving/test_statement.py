"""A statement of reasons says nothing that rests on nothing, and tells each reader what that reader may be told."""

import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pytest

from features.build import LISTED
from features.vocabulary import REMEDIES
from models.lines import Line
from models.plan import Due, Step
from models.policy import READ
from models.reasons import Parameter, Reason
from models.steps import STEPS
from serving.letter import APPEALS, REJECT, Letter, write
from serving.letter_page import html, markdown
from serving.reader import AUDIENCES, LANGUAGES, Audience
from serving.sentence import Anchor, Anchors, Sentence, Unanchored, resting_on
from serving.sources import EVENTS
from serving.statement import Advice, Answered, Appeal, Awaited, Ground, Known, Planned, Statement, Weighed
from serving.told import CONCERNS, OWN
from serving.words import words

ROOT: Final = Path(__file__).parent.parent.parent
RULED_AT: Final = int(datetime(2026, 6, 23, 12, tzinfo=UTC).timestamp()) * 1_000_000
FACT: Final = {fact.name: fact for fact in READ}
ENGLISH: Final = words("en")


def clause(name: str) -> Anchors:
    return (Anchor("clause", name),)


def told(code: str, feature: str, log_odds: float, *, citable: bool = True, **params: Parameter) -> Reason:
    return Reason(code, "", citable, feature, log_odds, (), params)


SIGNED: Final = Ground(
    clause="DEL-SIG",
    title="No signature over the threshold",
    text="Above the threshold a parcel is handed over against a signature.",
    entitled=True,
    not_fault=("buyer",),
    read=(
        Known(FACT["signed"], False, (Anchor("event", "E-7"),)),
        Known(FACT["paid_cents"], 80_000.0),
        Known(FACT["zip_match"], None),
    ),
)
MANY: Final = Ground(
    clause="ABUSE-CLAIMS", title="Many claims", text="A history.", cost_bearer="buyer",
    read=(Known(FACT["buyer_claims_90d"], 17.0),),
)  # fmt: skip
DOUBTED: Final = Ground(
    clause="EVID-BUYER", title="Doubtful pictures", text="Taken anew.",
    read=(Known(FACT["buyer_synthetic"], 0.625),),
)  # fmt: skip
LINES: Final = (
    Line("L01", "platform", "buyer", "paid", 80_000, "DEL-SIG"),
    Line("L05", "buyer", "platform", "withheld", 5_000, "DEL-SIG"),
    Line("L12", "carrier", "platform", "claimed", 10_000, "DEL-SIG"),
    Line("L15", "platform", "seller", "paid", 6_400, None),
)
STEP: Final = Step("S20", "platform", Due(24, "hours", ("ruled",)), (), "S21", None, False)
BY: Final = (Anchor("record", "house@1:label_within_hours"),)
PLAN: Final = (
    Planned(STEP, BY),
    Planned(Step("S22", "buyer", Due(14, "days", ("S20",)), ("S20",), None, "remedy", False), BY),
    Planned(Step("S21", "buyer", Due(14, "days", ("missed",)), (), None, "remedy", True), BY),
    Planned(Step("S43", "platform", Due(60, "days", ("first_scan",)), (), "S45", "claim", False), BY),
)
READS: Final[Mapping[str, tuple[str, ...]]] = {
    ground.clause: tuple(known.fact.name for known in ground.read) for ground in (SIGNED, MANY, DOUBTED)
}
STATEMENT: Final = Statement(
    case_id="C-1",
    as_of=RULED_AT,
    ruled_at=None,
    policy="house@1",
    bundle="4f2a",
    currency="USD",
    entitled=Answered(True, clause("DEL-SIG")),
    fault=Answered("carrier", (Anchor("event", "E-7"),)),
    cost_bearer=Answered("platform", clause("DEL-SIG")),
    remedy=Answered("full_refund", (Anchor("line", "L01"),)),
    grounds=(SIGNED,),
    awaited=(Awaited("DEL-SIG", "zip_match", ("carrier",)),),
    reads=READS,
    by_model=True,
    reasons=(
        Weighed(told("R42", "delivery_signed", 1.5, value=0.0, unit="flag"), (Anchor("event", "E-7"),)),
        Weighed(told("R43", "delivery_photo", -0.5, value=1.0, unit="flag"), (Anchor("event", "E-7"),)),
        Weighed(told("R80", "device_shared", 0.4, citable=False, value=0.6, unit="n/(n+2)"), (Anchor("event", "E-7"),)),
    ),
    lines=LINES,
    steps=PLAN,
    appeal=Appeal(21, (Anchor("record", "house@1:appeal_within_days"),)),
    advice=Advice(probability={"seller": 0.125, "carrier": 0.875}, conflict="K01"),
)


def letter(statement: Statement, audience: Audience = "arbitrator", language: str = "en") -> Letter:
    return write(statement, audience, words(language))


def sentences(found: Letter) -> list[str]:
    return [sentence.text for section in found.sections for sentence in section.sentences]


def page(statement: Statement, audience: Audience, language: str = "en") -> str:
    return markdown(letter(statement, audience, language), words(language))


def test_a_sentence_that_rests_on_nothing_cannot_be_made() -> None:
    with pytest.raises(Unanchored, match="The seller is at fault"):
        Sentence("The seller is at fault.", ())


@pytest.mark.parametrize("name", ["", "  "])
def test_an_anchor_without_an_id_cannot_be_made(name: str) -> None:
    with pytest.raises(Unanchored):
        Anchor("event", name)


def test_texts_that_rest_on_nothing_are_no_sentences() -> None:
    assert list(resting_on((), "So it is.")) == []


@pytest.mark.parametrize("audience", AUDIENCES)
def test_an_answer_that_rests_on_nothing_is_not_printed(audience: Audience) -> None:
    assert "The carrier is at fault." in sentences(letter(STATEMENT, audience))
    nothing = replace(STATEMENT, fault=Answered("carrier", ()))
    assert "The carrier is at fault." not in sentences(letter(nothing, audience))


def test_a_claim_that_is_rejected_is_told_so() -> None:
    rejected = replace(STATEMENT, remedy=Answered("reject", clause("DEL-SIG")))
    assert "No remedy is given." in sentences(letter(rejected, "buyer"))
    assert "The remedy is a full refund." in sentences(letter(STATEMENT, "buyer"))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("audience", AUDIENCES)
def test_every_sentence_is_printed_with_all_that_it_rests_on(audience: Audience, language: str) -> None:
    lines = page(STATEMENT, audience, language).splitlines()
    for section in letter(STATEMENT, audience, language).sections:
        for sentence in section.sentences:
            (line,) = [
                line for line in lines if line.startswith(f"- {sentence.text[:30]}") and sentence.text[-4:] in line
            ]
            assert all(anchor.id.replace("_", r"\_") in line for anchor in sentence.anchors)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("audience", AUDIENCES)
@pytest.mark.parametrize("ruled_at", [None, RULED_AT])
def test_a_statement_is_whole_sentences_and_always_the_same(
    audience: Audience, language: str, ruled_at: int | None
) -> None:
    statement = replace(STATEMENT, ruled_at=ruled_at)
    assert page(statement, audience, language) == page(statement, audience, language)
    for text in sentences(letter(statement, audience, language)):
        assert text[-1] in ".。)）", text
        assert not re.search(r"[{}]|None|nan", text)


def test_a_clause_is_told_with_what_it_finds_and_the_facts_it_read() -> None:
    (section,) = [s for s in letter(STATEMENT, "buyer").sections if s.title.startswith("DEL-SIG")]
    assert [(sentence.text, sentence.anchors[0].id) for sentence in section.sentences] == [
        (f"Clause DEL-SIG applies to this case. {SIGNED.text}", "DEL-SIG"),
        ("It finds that the buyer is entitled to a remedy.", "DEL-SIG"),
        ("It finds that the fault is not the buyer's.", "DEL-SIG"),
        ("A signature at the delivery: no.", "E-7"),
        ("The sum paid for the order line: USD 800.00.", "DEL-SIG"),
        ("Nothing is known about the match of the delivery with the ZIP code of the order.", "DEL-SIG"),
    ]


def test_a_clause_that_limits_the_remedy_says_what_it_rules_out() -> None:
    ground = replace(SIGNED, returns="required", ruled_out=("full_refund", "exchange"))
    said = sentences(letter(replace(STATEMENT, grounds=(ground,)), "buyer"))
    assert "It finds that the item comes back first." in said
    assert "It rules this out: a full refund; an exchange." in said


def test_in_chinese_a_clause_keeps_its_title_and_its_findings_are_said_in_chinese() -> None:
    (section,) = [s for s in letter(STATEMENT, "buyer", "zh").sections if s.title.startswith("DEL-SIG")]
    assert section.title == "DEL-SIG：No signature over the threshold"
    assert [sentence.text for sentence in section.sentences][:2] == [
        "条款DEL-SIG适用于本案。", "该条款认定：买家有权获得补救。",
    ]  # fmt: skip
    assert SIGNED.text not in page(STATEMENT, "buyer", "zh")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_party_is_never_told_the_other_partys_history(language: str) -> None:
    statement = replace(
        STATEMENT,
        grounds=(SIGNED, MANY),
        cost_bearer=Answered("buyer", clause("ABUSE-CLAIMS")),
        awaited=(Awaited("ABUSE-CLAIMS", "buyer_claims_90d", ("platform",)),),
        lines=(Line("L10", "seller", "platform", "paid", 100, "ABUSE-CLAIMS"),),
    )
    other = page(statement, "seller", language)
    assert "ABUSE-CLAIMS" not in other
    assert "17" not in other
    assert words(language).fact("buyer_claims_90d") not in other
    for audience in ("buyer", "arbitrator"):
        assert "ABUSE-CLAIMS：" in page(statement, audience, language).replace(": ", "：")


@pytest.mark.parametrize("audience", AUDIENCES)
def test_a_clause_of_which_nobody_knows_what_it_reads_is_not_named(audience: Audience) -> None:
    unknown = Line("L15", "platform", "seller", "paid", 100, "ODD-ONE")
    assert "ODD-ONE" not in page(replace(STATEMENT, lines=(unknown,)), audience)


def test_a_likelihood_that_a_model_made_up_is_told_to_arbitrators_alone() -> None:
    statement = replace(STATEMENT, grounds=(DOUBTED,))
    assert [("62%" in page(statement, audience)) for audience in AUDIENCES] == [False, False, True]
    assert [("EVID-BUYER" in page(statement, audience)) for audience in AUDIENCES] == [True, False, True]


def test_what_the_model_reckons_is_told_to_arbitrators_alone() -> None:
    for audience in ("buyer", "seller"):
        said = page(STATEMENT, audience)
        assert not re.search(r"87\.5|log-odds|4f2a|probabilit", said)
    said = page(STATEMENT, "arbitrator")
    assert "The model's probabilities of who is at fault: carrier 87.5%; seller 12.5%. (record 4f2a)" in said
    assert ENGLISH.conflict("K01") in said


def test_a_party_is_told_the_reasons_that_may_be_cited_and_speak_for_the_outcome() -> None:
    (section,) = [s for s in letter(STATEMENT, "seller").sections if s.title.startswith("What speaks")]
    assert [s.text for s in section.sentences] == [ENGLISH.reason(STATEMENT.reasons[0].reason)]


def test_a_party_is_told_no_reason_of_a_model_that_did_not_name_the_party() -> None:
    titles = [s.title for s in letter(replace(STATEMENT, by_model=False), "buyer").sections]
    assert "What speaks for it beside the clauses" not in titles


def test_a_reason_that_no_row_bears_out_is_told_to_no_party() -> None:
    bare = replace(STATEMENT, reasons=(Weighed(STATEMENT.reasons[0].reason, ()),))
    assert ENGLISH.reason(bare.reasons[0].reason) not in sentences(letter(bare, "buyer"))


def test_an_arbitrator_is_told_every_reason_with_its_weight() -> None:
    (section,) = [s for s in letter(STATEMENT).sections if s.title.startswith("What speaks")]
    weights = [re.findall(r"log-odds ([+-][\d.]+)", sentence.text) for sentence in section.sentences]
    assert weights == [["+1.50"], ["-0.50"], ["+0.40"]]


@pytest.mark.parametrize(
    ("audience", "codes"),
    [("buyer", {"L01", "L05"}), ("seller", {"L15"}), ("arbitrator", {"L01", "L05", "L12", "L15"})],
)
def test_a_party_is_told_the_lines_it_pays_or_is_paid(audience: Audience, codes: set[str]) -> None:
    (section,) = [s for s in letter(STATEMENT, audience).sections if s.title == "Money"]
    assert {a.id for s in section.sentences for a in s.anchors if a.kind == "line"} == codes


def test_each_line_says_who_pays_whom_what_for_and_the_buyers_add_up() -> None:
    (section,) = [s for s in letter(STATEMENT, "buyer").sections if s.title == "Money"]
    assert [s.text for s in section.sentences] == [
        "The platform pays the buyer USD 800.00: the price of the units concerned, or the part of it that is refunded.",
        "USD 50.00 due from the buyer to the platform is set off against the refund: a deduction for the condition of "
        "the item.",
        "In all the buyer gets USD 750.00.",
    ]


def test_a_paused_case_is_told_that_nothing_is_paid_yet() -> None:
    paused = replace(STATEMENT, lines=(Line("L00", "platform", "buyer", "paid", 0, "DEL-SIG"),))
    assert "A chargeback is open, so nothing is paid until it is closed." in sentences(letter(paused, "buyer"))


def test_each_step_says_who_by_when_and_what_happens_otherwise() -> None:
    (section,) = [s for s in letter(STATEMENT, "buyer").sections if s.title == "What happens next"]
    assert [s.text for s in section.sentences] == [
        "Step S20: the platform is to issue a return label, within 24 hours of the ruling.",
        "If step S20 is not done in time, the buyer is to send the item back by own means and give its tracking "
        "number.",
        "Step S22: the buyer is to hand the item in, within 14 days of step S20.",
        "If step S22 is not done in time, the remedy lapses and nothing is paid.",
    ]


def test_a_party_is_not_told_of_a_claim_between_others() -> None:
    assert [("Step S43" in page(STATEMENT, audience)) for audience in AUDIENCES] == [False, False, True]


def test_a_fact_waited_for_is_told_with_who_can_supply_it() -> None:
    told = ENGLISH.waits("zip_match", ("carrier",))
    assert [told in sentences(letter(STATEMENT, audience)) for audience in AUDIENCES] == [True, True, True]


def test_whoever_reads_it_is_told_that_automation_assisted_and_how_long_to_appeal() -> None:
    for audience in AUDIENCES:
        said = sentences(letter(STATEMENT, audience))
        assert "Automation assisted in preparing this proposal; a person rules on the case." in said
        assert any("may appeal within 21 days of the ruling, by answering in the case" in text for text in said)


def test_a_ruling_says_until_when_to_appeal() -> None:
    said = sentences(letter(replace(STATEMENT, ruled_at=RULED_AT), "seller"))
    assert any("may appeal until 2026-07-14T12:00:00Z" in text for text in said)
    assert "Automation assisted in preparing this ruling; a person made it." in said


def test_what_others_wrote_is_shown_as_text_and_never_as_markup() -> None:
    hostile = replace(SIGNED, title="<script>alert(1)</script>\n# *x* [y](z)", text="<b>&amp;</b>\u202e")
    statement = replace(STATEMENT, case_id='"><img src=x>', grounds=(hostile,))
    found = html(letter(statement), ENGLISH)
    assert "<script>" not in found
    assert "<img" not in found
    assert "&lt;script&gt;alert(1)&lt;/script&gt; # *x* [y](z)" in found
    assert "&lt;b&gt;&amp;amp;&lt;/b&gt;" in found
    assert "\u202e" not in found
    marked = page(statement, "arbitrator")
    assert r"\<script\>alert(1)\</script\> \# \*x\* \[y\](z)" in marked
    assert not re.search(r"(?<!\\)<", marked)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_of_html_says_its_language_and_needs_no_other_file(language: str) -> None:
    found = html(letter(STATEMENT, "buyer", language), words(language))
    assert f'<html lang="{language}">' in found
    assert not re.search(r"src=|href=|url\(|<script", found)


def test_every_fact_and_feature_of_events_says_which_events_it_rests_on() -> None:
    read = {fact.name: fact.reads for fact in READ} | {feature.name: feature.reads for feature, _ in LISTED}
    of_events = {name for name, reads in read.items() if any(column.startswith("events.") for column in reads)}
    assert of_events == set(EVENTS)


def test_what_is_kept_to_one_party_is_a_fact_and_what_concerns_one_is_a_step() -> None:
    assert set(OWN) <= set(FACT)
    assert {code for codes in CONCERNS.values() for code in codes} <= {kind.code for kind in STEPS}
    assert REJECT in REMEDIES
    assert APPEALS in {kind.code for kind in STEPS}


@pytest.mark.slow
def test_the_pages_in_docs_say_what_the_code_says() -> None:
    found = subprocess.run(
        [sys.executable, "tools/statement_pages.py", "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert found.returncode == 0, found.stderr
