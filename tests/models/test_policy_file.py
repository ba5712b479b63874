"""A policy is read whole, or refused with every slip in it by file and line."""

import datetime
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from models.clause_pieces import WORDS
from models.clause_tree import COMPARISONS, FUNCTIONS
from models.marked import BadPolicy
from models.policy import PolicyGap, load

NAN = float("nan")
Write = Callable[..., Path]


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def refused(path: Path) -> str:
    with pytest.raises(BadPolicy) as error:
        load(path)
    return str(error.value)


def text_of(path: Path, line: str) -> str:
    """The line of a file that a message names."""
    return path.read_text("utf-8").splitlines()[int(line.split(":")[1]) - 1]


@pytest.mark.parametrize(("change", "said"), [
    ({"sure": True}, "there is no key 'sure' here"),
    ({"when": None}, "the key when is missing"),
    ({"when": "delivred"}, "there is no fact delivred"),
    ({"when": "Delivered"}, "expected delivered, in small letters"),
    ({"when": "paid_cents > :under"}, "there is no parameter :under"),
    ({"when": "stage = 'late'"}, "'late' is none of the words of stage"),
    ({"when": "stage IN :few"}, "IN compares a word with a number"),
    ({"when": "fulfilment IN :some"}, "'request' is none of the words of fulfilment"),
    ({"when": "paid_cents > :few"}, ":few is a list"),
    ({"when": "delivered > 1"}, "> compares a flag with a number"),
    ({"when": "paid_cents"}, "it is a number"),
    ({"effect": "hints"}, "'hints' is none of the words for this"),
    ({"priority": -1}, "this is no whole number"),
    ({"priority": True}, "this is no whole number"),
    ({"source": "[P1]"}, "it does not say where it comes from"),
    ({"assumed": False}, "it does not say where it comes from"),
    ({"assumed": None}, "it does not say where it comes from"),
    ({"announced_at": day("2024-01-01")}, "its days are out of order"),
    ({"withdrawn_at": day("2022-01-01")}, "its days are out of order"),
    ({"finds": {"fault": "seller", "refund_share": -0.5}}, "'-0.5' cannot be refund_share"),
    ({"finds": {"fault": "seller", "drop_off_within_days": -1}}, "'-1' cannot be drop_off_within_days"),
    ({"in_force_from": "soon"}, "this is no day"),
    ({"covers": {"reasons": ["lost"]}}, "'lost' is none of the words for this"),
    ({"covers": {"reasons": []}}, "this is no list, or an empty one"),
    ({"covers": {"stages": ["appeal", "appeal"]}}, "a word stands here twice"),
    ({"covers": {"moods": ["bad"]}}, "there is no key 'moods' here"),
    ({"finds": None}, "it decides nothing"),
    ({"finds": {"senior": True}}, "it decides nothing"),
    ({"effect": "limits"}, "there is no key 'entitled' here"),
    ({"effect": "limits", "finds": None}, "it limits nothing"),
    ({"effect": "informs", "finds": {"refund_share": 0.5}}, "there is no key 'refund_share' here"),
    ({"finds": {"entitled": "yes"}}, "this is neither true nor false"),
    ({"finds": {"fault": "courier"}}, "'courier' is none of the words for this"),
    ({"finds": {"fault": "undetermined"}}, "'undetermined' is none of the words for this"),
    ({"finds": {"fault": "seller", "shares": {"seller": 1}}}, "shares of a fault that is not shared"),
    ({"finds": {"fault": "shared", "shares": {"seller": 0.5, "buyer": 0.4}}}, "the shares make 0.9"),
    ({"finds": {"fault": "shared", "shares": {"moon": 1}}}, "'moon' is none of the words for this"),
    ({"finds": {"fault": "seller", "remedies": {"never": ["hug"]}}}, "'hug' is none of the words for this"),
    ({"finds": {"fault": "seller", "remedies": {"only": ["reject"], "never": ["reject"]}}}, "neither allowed nor"),
    ({"finds": {"fault": "seller", "not_fault": ["courier"]}}, "'courier' is none of the words for this"),
    ({"finds": {"fault": "seller", "refund_share": 1.5}}, "'1.5' cannot be refund_share"),
    ({"finds": {"fault": "seller", "refund_share": 0.12345}}, "'0.12345' cannot be refund_share"),
    ({"finds": {"fault": "seller", "refund_share": True}}, "'True' cannot be refund_share"),
    ({"finds": {"fault": "seller", "refund_max_cents": 0.5}}, "'0.5' cannot be refund_max_cents"),
    ({"finds": {"fault": "seller", "refund_share": ":over"}}, ":over is in cents"),
    ({"finds": {"fault": "seller", "refund_max_cents": ":few"}}, ":few is in cents"),
    ({"finds": {"fault": "seller", "refund_share": ":some_day"}}, "there is no parameter :some_day"),
    ({"finds": {"fault": "seller", "evidence": [{"party": "buyer"}]}}, "the key any_of is missing"),
    ({"finds": {"fault": "seller", "evidence": [{"party": "buyer", "any_of": ["tears"]}]}}, "'tears' is none of"),
])  # fmt: skip
def test_a_slip_in_a_clause_is_told_by_file_and_line(write_policy: Write, change: dict[str, Any], said: str) -> None:
    path = write_policy(change)
    assert said in refused(path)
    assert refused(path).startswith("one.yaml:")


def test_the_line_is_that_of_what_is_wrong(write_policy: Write) -> None:
    path = write_policy({"finds": {"fault": "shared", "shares": {"seller": 0.5, "moon": 0.5}}})
    assert "moon" in text_of(path, refused(path))


def test_the_line_of_a_slip_in_a_long_condition_is_its_own(tmp_path: Path, write_policy: Write) -> None:
    path = write_policy({"text": "A moonlit clause."})
    path.write_text(path.read_text("utf-8").replace("when: delivered", "when: |\n      delivered\n      AND moonlit"))
    assert text_of(path, refused(path)).strip() == "AND moonlit"


def test_every_slip_is_told_at_once(write_policy: Write) -> None:
    path = write_policy({"when": "a"}, {"when": "b"}, {"priority": "high"})
    assert len(refused(path).splitlines()) == 3


@pytest.mark.parametrize(("parameters", "said"), [
    ({"Over": {"unit": "cents", "values": []}}, "'Over' is no name for a parameter"),
    ({"over": {"unit": "cents", "values": []}}, "this is no list, or an empty one"),
    ({"over": {"values": [{"from": day("2023-01-01"), "value": 1, "assumed": True}]}}, "the key unit is missing"),
    ({"over": {"unit": "x", "values": [{"from": day("2023-01-01"), "value": 1}]}}, "does not say where it comes from"),
    ({"over": {"unit": "x", "values": [{"from": day("2023-01-01"), "value": None, "assumed": True}]}}, "no value of a"),
    ({"over": {"unit": "x", "values": [{"from": day("2023-01-01"), "value": 1e16, "assumed": True}]}}, "no value of a"),
    ({"over": {"unit": "x", "values": [{"from": day("2023-01-01"), "value": NAN, "assumed": True}]}}, "no value"),
    ({"over": {"unit": "x", "values": [{"from": day("2023-01-01"), "value": {"a": 1}, "assumed": True}]}}, "no single"),
    ({"over": {"unit": "x", "values": [{"from": day("2023-01-01"), "value": 1, "assumed": True},
                                       {"from": day("2023-01-01"), "value": 2, "assumed": True}]}}, "not after"),
    ({"over": {"unit": "x", "values": [{"from": day("2023-01-01"), "value": 1, "assumed": True},
                                       {"from": day("2024-01-01"), "value": "a", "assumed": True}]}}, "not of one"),
])  # fmt: skip
def test_a_slip_in_a_parameter_is_told(write_policy: Write, parameters: Any, said: str) -> None:
    assert said in refused(write_policy(parameters=parameters))


def test_a_parameter_has_a_value_on_every_day_on_which_it_is_read(write_policy: Write) -> None:
    late = {"over": {"unit": "cents", "values": [{"from": day("2023-02-01"), "value": 1, "assumed": True}]}}
    assert ":over has no value before 2023-02-01" in refused(
        write_policy({"when": "paid_cents > :over"}, parameters=late)
    )
    finds = {"entitled": True, "refund_max_cents": ":over"}
    assert ":over has no value before 2023-02-01" in refused(write_policy({"finds": finds}, parameters=late))


def test_shares_make_one_on_every_day(write_policy: Write) -> None:
    parts = [
        {"from": day("2023-01-01"), "value": 0.5, "assumed": True},
        {"from": day("2024-01-01"), "value": 0.4, "assumed": True},
    ]
    finds = {"fault": "shared", "shares": {"seller": ":part", "carrier": 0.5}}
    said = refused(write_policy({"finds": finds}, parameters={"part": {"unit": "share", "values": parts}}))
    assert "the shares make 0.9 on 2024-01-01" in said
    assert load(write_policy({"finds": finds}, parameters={"part": {"unit": "share", "values": parts[:1]}}))


def test_two_versions_on_one_day_are_a_gap(write_policy: Write) -> None:
    path = write_policy({}, {"in_force_from": day("2024-01-01")})
    with pytest.raises(PolicyGap, match=r"one.yaml:\d+: the clause CL-1 has two versions on 2024-01-01"):
        load(path)


def test_a_hole_between_two_versions_is_a_gap(write_policy: Write) -> None:
    path = write_policy({"withdrawn_at": day("2023-06-01")}, {"in_force_from": day("2024-01-01")})
    with pytest.raises(PolicyGap, match="CL-1 has none on 2023-06-01"):
        load(path)


def test_a_rule_that_was_withdrawn_before_its_day_is_never_in_force(write_policy: Write) -> None:
    dropped = {"in_force_from": day("2024-01-01"), "withdrawn_at": day("2023-06-01"), "when": "signed"}
    policy = load(write_policy({}, dropped))
    assert [c.written for c in policy.in_force(day("2024-06-01"))] == ["delivered"]


def test_one_priority_for_two_answers_to_one_question_is_refused(small_policy_path: Path) -> None:
    clauses = small_policy_path / "clauses.yaml"
    clauses.write_text(clauses.read_text("utf-8").replace("priority: 500", "priority: 700"))
    assert "DEL-SIG has the priority of DEL-DONE" in refused(small_policy_path)


def test_one_priority_for_two_terms_of_a_remedy_is_refused(small_policy_path: Path) -> None:
    clauses = small_policy_path / "clauses.yaml"
    text = (
        clauses.read_text("utf-8")
        .replace("senior: true", "refund_share: 0.5")
        .replace("priority: 500", "priority: 100")
    )
    clauses.write_text(text.replace("fault: none}", "refund_share: 0.4}"))
    assert "LATE-NOREJECT has the priority of DEL-DONE" in refused(small_policy_path)
    assert "for refund_share" in refused(small_policy_path)


def test_one_priority_is_taken_where_no_reason_is_covered_by_both(small_policy_path: Path) -> None:
    clauses = small_policy_path / "clauses.yaml"
    both = clauses.read_text("utf-8").replace("priority: 500", "priority: 900")
    clauses.write_text(both.replace("reasons: [inr_delivered_denied, inr_misdelivered]", "reasons: [late_delivery]"))
    assert load(small_policy_path).id == "small"


def test_the_digest_is_that_of_what_is_said_and_not_of_how(small_policy_path: Path) -> None:
    before = load(small_policy_path).digest
    clauses = small_policy_path / "clauses.yaml"
    text = clauses.read_text("utf-8")
    clauses.write_text("# A comment.\n" + text.replace("delivered AND signed", "(delivered)  and signed"))
    clauses.rename(small_policy_path / "renamed.yaml")
    assert load(small_policy_path).digest == before


@pytest.mark.parametrize(("old", "new"), [
    ("value: 75000", "value: 75001"), ("paid_cents >=", "paid_cents >"), ("priority: 500", "priority: 501"),
    ("withdrawn_at: 2024-01-01", "withdrawn_at: 2024-01-02"), ("A delivery that", "Each delivery that"),
    ("seller: 0.5, carrier: 0.5", "seller: 0.4, carrier: 0.6"), ("never: [reject]", "never: [exchange]"),
])  # fmt: skip
def test_the_digest_changes_with_everything_that_is_said(small_policy_path: Path, old: str, new: str) -> None:
    before = load(small_policy_path).digest
    for file in small_policy_path.glob("*.yaml"):
        changed = file.read_text("utf-8").replace(old, new)
        if old.startswith("withdrawn"):
            changed = changed.replace("in_force_from: 2024-01-01", "in_force_from: 2024-01-02")
        file.write_text(changed)
    assert load(small_policy_path).digest != before


HEAD = "policy: {id: a, title: t, day: opened_at, currency: USD}"


@pytest.mark.parametrize(("text", "said"), [
    ("? [a]\n: b", "this is no key"), ("[" * 5000, "the file cannot be read"), ("a: \x00", "the file cannot be read"),
    ("a: 1\n---\nb: 2", "this is not YAML"), ("", "the file is empty"),
    ("clauses: [", "this is not YAML"), ("- a", "this is no mapping"),
    ("policy: {id: a}", "the key title is missing"), ("parameters: {}", "0 files say policy:"),
    (HEAD, "no clause is ever in force"), (HEAD + "\nclauses: {a: 1}", "this is no list"),
    ("parameters: 3", "this is no mapping"), ("rules: []", "there is no key"),
    ("policy: {id: a, id: b, title: t, day: opened_at, currency: USD}", "the key 'id' stands here twice"),
    ("policy: {id: a, title: t, day: ruled_at, currency: USD}", "'ruled_at' is none of the words"),
    ("policy: &a {id: a, title: *a, day: opened_at, currency: USD}", "this is no single value"),
    ("policy: {id: !!python/object:os.system x, title: t, day: opened_at, currency: USD}", "this is no value"),
])  # fmt: skip
def test_what_is_no_policy_is_refused(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "p.yaml").write_text(text)
    assert said in refused(tmp_path / "p.yaml")


def test_a_folder_without_a_policy_is_refused(tmp_path: Path) -> None:
    assert "there is no policy here" in refused(tmp_path)


def test_one_clause_stands_in_one_place(small_policy_path: Path) -> None:
    again = (small_policy_path / "clauses.yaml").read_text("utf-8")
    (small_policy_path / "more.yaml").write_text(again)
    assert "the clause DEL-FAR stands in clauses.yaml:2 too" in refused(small_policy_path)


def test_the_small_policy_is_dated_as_written(small_policy: Any) -> None:
    before, after = ({c.id: c for c in small_policy.in_force(day(on))} for on in ("2023-12-31", "2024-01-01"))
    assert before["DEL-SIG"].finds.says["fault"] == "carrier"
    assert after["DEL-SIG"].finds.says["fault"] == "shared"
    assert small_policy.values(day("2024-06-30"))["signature_over_cents"] == (75000,)
    assert small_policy.values(day("2024-07-01"))["signature_over_cents"] == (50000,)


def test_a_day_before_the_first_clause_is_a_gap(small_policy: Any) -> None:
    with pytest.raises(PolicyGap, match="No clause of small is in force on 2022-12-31; its first is from 2023-01-01"):
        small_policy.in_force(day("2022-12-31"))


def test_the_page_for_authors_shows_a_policy_that_holds_together(tmp_path: Path) -> None:
    page = (Path(__file__).parents[2] / "docs" / "policy.md").read_text("utf-8")
    (tmp_path / "example.yaml").write_text(page.split("```yaml")[1].split("```")[0])
    assert load(tmp_path / "example.yaml").parameters["signature_over_cents"].on(day("2025-07-01"))


def test_the_page_for_authors_names_every_word_of_a_condition() -> None:
    page = (Path(__file__).parents[2] / "docs" / "policy.md").read_text("utf-8")
    assert all(word in page for word in (*WORDS, *COMPARISONS, *(name.upper() for name in FUNCTIONS)))
