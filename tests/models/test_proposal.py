"""Policy speaks first, then the model inside what policy leaves open, and nobody where that is not enough."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from features.facts import FACTS
from features.vocabulary import LIABLE, REMEDIES
from models.account import Account
from models.bundle import Bundle
from models.consequences import UNKNOWN
from models.opinion import NOBODY, Answers, Enough, Opinions, Sufficiency
from models.policy import Policy, load
from models.proposal import SOURCES, Proposals, propose
from models.reasons import Grouping

PARAMETERS = {
    "shipping_share": 0, "shipping_taxed_share": 0, "refund_share_min": 0, "refund_share_max": 1, "refund_min_cents": 0,
    "refund_max_cents": 1_000_000, "deduct_original_share": 0, "deduct_minor_damage_share": 0.2,
    "deduct_severe_damage_share": 0.5, "deduct_wrong_item_share": 1, "deduct_empty_share": 1, "deduct_share_max": 1,
    "refund_admin_share": 0, "return_label_cents": 500, "replacement_label_cents": 500, "cover_max_cents": 20_000,
    "uncovered_seller_share": 0,
}  # fmt: skip

CLAUSES = (
    ("SIGNED", "signed", "decides", 90, "{fault: buyer, entitled: false}"),
    ("LOST", "declared_lost", "decides", 80, "{fault: carrier}"),
    ("UNTOUCHED", "sent_back", "limits", 70, "{not_fault: [seller]}"),
    ("MERIT", "fault_found IN ('seller', 'carrier')", "decides", 20, "{entitled: true}"),
    ("PAYS", "fault_found = 'seller'", "decides", 19, "{cost_bearer: seller}"),
    ("AGREED", "offer_accepted", "decides", 60, "{entitled: true, cost_bearer: seller, refund_sum: offer_cents}"),
    ("ASKED", "refused", "decides", 59, "{entitled: true, cost_bearer: seller, refund_sum: claimed_cents}"),
    ("CLAIMS", "fault_found = 'carrier'", "decides", 18, "{cost_bearer: carrier}"),
)


def unit(name: str) -> str:
    return "cents" if name.endswith("cents") else "share"


@pytest.fixture(scope="module")
def policy(tmp_path_factory: pytest.TempPathFactory) -> Policy:
    lines = ["policy: {id: small, title: Small, day: opened_at, currency: USD, calendar: None, text: Small.}"]
    lines += ["parameters:"]
    lines += [
        f"  {name}: {{unit: {unit(name)}, values: [{{from: 2020-01-01, value: {value}, assumed: true}}]}}"
        for name, value in PARAMETERS.items()
    ]
    lines += ["clauses:"]
    for name, when, effect, priority, finds in CLAUSES:
        lines += [
            f"  - id: {name}",
            f"    title: {name}",
            "    versions:",
            "      - announced_at: 2020-01-01",
            "        in_force_from: 2020-01-01",
            "        text: Text.",
            "        assumed: true",
            f'        when: "{when}"',
            f"        effect: {effect}",
            f"        priority: {priority}",
            f"        finds: {finds}",
        ]
    path: Path = tmp_path_factory.mktemp("policy") / "small.yaml"
    path.write_text("\n".join(lines), encoding="utf-8")
    return load(path)


TYPES = {"flag": pa.bool_(), "number": pa.float64(), "word": pa.string()}
KNOWN = {
    "signed": False, "declared_lost": False, "sent_back": False, "delivered": True, "paid_cents": 1_000.0,
    "offer_accepted": False, "refused": False,
}  # fmt: skip


def facts(*rows: dict[str, Any]) -> pa.Table:
    told = [KNOWN | row for row in rows]
    return pa.table({f.name: pa.array([row.get(f.name) for row in told], TYPES[f.type]) for f in FACTS})


Think = Callable[..., Opinions]


@pytest.fixture
def think(small_bundle: Bundle) -> Think:
    """Opinions that name these parties; one with a question mark is only the most probable."""

    def opinions(*parties: str) -> Opinions:
        n = len(parties)
        lead = np.array([LIABLE.index(party.rstrip("?")) for party in parties])
        sure = np.array([not party.endswith("?") for party in parties])
        answers = replace(
            Answers.none(n),
            leading=lead,
            liable=np.where(sure, lead, NOBODY),
            abstained=np.where(sure, "", "A02"),
        )
        nothing = Sufficiency(Enough.none(n), Account.none(n), Grouping((), ()), small_bundle.fitted)
        return Opinions(answers, Account.none(n), Grouping((), ()), small_bundle.fitted, nothing)

    return opinions


def named(found: Proposals) -> list[tuple[str | None, str]]:
    words = [*LIABLE, None]
    liability = found.liability
    return [(words[p], SOURCES[s]) for p, s in zip(liability.liable, liability.source, strict=True)]


def days(n: int) -> np.ndarray[Any, np.dtype[np.int64]]:
    return np.full(n, 20_000)


def test_what_policy_settles_is_proposed_whatever_the_model_thinks(policy: Policy, think: Think) -> None:
    found = propose(think("seller", "carrier?"), policy, facts({"declared_lost": True}, {"signed": True}), days(2))
    assert named(found) == [("carrier", "policy"), ("buyer", "policy")]
    assert found.liability.abstained.tolist() == ["", ""]


PART = {"remedy_asked": "partial_refund", "claimed_cents": 300.0, "tax_cents": 0.0}


def to_the_buyer(found: Proposals) -> list[int | None]:
    follows = found.follows
    paid = [sum(line.cents for line in follows.lines.of(ask) if line.payee == "buyer") for ask in range(len(found))]
    return [cents if priced else None for cents, priced in zip(paid, follows.priced, strict=True)]


def test_a_partial_refund_gives_exactly_the_sum_that_policy_names(policy: Policy, think: Think) -> None:
    offered = PART | {"offer_accepted": True, "offer_cents": 250.0}
    found = propose(think("seller", "seller"), policy, facts(offered, PART | {"refused": True}), days(2))
    assert to_the_buyer(found) == [250, 300]


def test_a_sum_that_policy_names_and_nobody_knows_is_not_priced(policy: Policy, think: Think) -> None:
    found = propose(think("seller"), policy, facts(PART | {"offer_accepted": True}), days(1))
    assert to_the_buyer(found) == [None]


@pytest.mark.parametrize("name", ["paid_cents", "tax_cents", "claimed_cents", "offer_cents", "quantity"])
def test_a_sum_beyond_all_reason_is_not_priced_and_spoils_no_other_case(
    policy: Policy, think: Think, name: str
) -> None:
    found = propose(
        think("seller", "seller"), policy, facts(PART | {name: 4e18}, {"remedy_asked": "full_refund"}), days(2)
    )
    assert to_the_buyer(found) == [None, 1_000]


def test_a_model_sure_of_another_party_than_policy_finds_is_a_conflict(policy: Policy, think: Think) -> None:
    lost = facts(*[{"declared_lost": True}] * 3)
    found = propose(think("seller", "seller?", "carrier"), policy, lost, days(3))
    assert found.liability.conflict.tolist() == ["K01", "", ""]


def test_what_policy_leaves_open_is_the_models_or_nobodys(policy: Policy, think: Think) -> None:
    found = propose(think("seller", "seller?"), policy, facts({}, {}), days(2))
    assert named(found) == [("seller", "model"), (None, "nobody")]
    assert found.liability.abstained.tolist() == ["", "A02"]


def test_while_a_clause_that_goes_first_waits_for_a_fact_nobody_is_named(policy: Policy, think: Think) -> None:
    found = propose(think("seller"), policy, facts({"signed": None}), days(1))
    assert named(found) == [(None, "nobody")]
    assert found.liability.abstained.tolist() == ["A04"]
    assert found.follows.findings.missing(0)["SIGNED"] == (("signed", ("carrier",)),)


def test_a_party_that_policy_says_is_not_at_fault_is_not_named(policy: Policy, think: Think) -> None:
    found = propose(think("seller", "carrier"), policy, facts({"sent_back": True}, {"sent_back": True}), days(2))
    assert named(found) == [(None, "nobody"), ("carrier", "model")]
    assert (found.liability.abstained.tolist(), found.liability.conflict.tolist()) == (["A05", ""], ["K02", ""])


def test_entitlement_and_cost_follow_from_the_fault_whoever_found_it(policy: Policy, think: Think) -> None:
    asked = facts({}, {"declared_lost": True}, {"signed": True}, {})
    follows = propose(think("seller", "buyer", "seller", "seller?"), policy, asked, days(4)).follows
    assert follows.entitled.tolist() == [1, 1, 0, UNKNOWN]
    assert follows.priced.tolist() == [True, True, True, False]
    assert follows.lines.refund().tolist() == [1_000, 1_000, 0, 0]
    assert [LIABLE[party] for party in follows.lines.net()[:2, :4].argmin(axis=1)] == ["seller", "carrier"]


def test_without_knowing_what_was_paid_nothing_is_priced(policy: Policy, think: Think) -> None:
    follows = propose(think("seller"), policy, facts({"paid_cents": None}), days(1)).follows
    assert follows.entitled.tolist() == [1]
    assert (follows.priced.tolist(), int(follows.lines.cents.sum())) == ([False], 0)


def test_the_remedy_is_the_one_asked_for_and_none_for_who_is_not_entitled(policy: Policy, think: Think) -> None:
    asked = facts({"remedy_asked": "reshipment"}, {"remedy_asked": "full_refund", "signed": True}, {})
    follows = propose(think("seller", "seller", "seller"), policy, asked, days(3)).follows
    assert [REMEDIES[place] for place in follows.remedy] == ["reshipment", "reject", "return_and_refund"]


def test_many_at_once_are_answered_as_each_alone(policy: Policy, think: Think) -> None:
    rows = [{"signed": s, "declared_lost": d, "sent_back": b} for s in (True, False, None) for d in (True, False, None)
            for b in (True, False)]  # fmt: skip
    thought = [LIABLE[i % 6] + "?" * (i % 4 == 0) for i in range(len(rows))]
    whole = propose(think(*thought), policy, facts(*rows), days(len(rows)))
    for i, (row, party) in enumerate(zip(rows, thought, strict=True)):
        alone = propose(think(party), policy, facts(row), days(1))
        assert named(alone)[0] == named(whole)[i]
        assert alone.liability.conflict[0] == whole.liability.conflict[i]
        assert alone.follows.lines.of(0) == whole.follows.lines.of(i)
