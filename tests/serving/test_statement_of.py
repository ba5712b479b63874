"""A statement made from a proposal names the clauses that decided, and the rows of the case that bear each out."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pytest

from features.asks import Asks, asks_as_of
from features.build import build
from features.check import check
from features.facts import facts
from features.tables import Tables
from features.view import View
from models.bundle import Bundle
from models.opinion import opinions
from models.policy import HOUSE, Policy, load
from models.proposal import RULED_OUT, Proposals, propose
from serving.letter import write
from serving.reader import AUDIENCES, LANGUAGES
from serving.sentence import Anchor
from serving.sources import Sources
from serving.statement import Statement
from serving.statement_of import Occasion, statement_of
from serving.words import words

DAY: Final = 86_400_000_000

MakeCase = Callable[..., dict[str, list[dict[str, Any]]]]


@pytest.fixture(scope="module")
def house() -> Policy:
    return load(HOUSE)


def proposed(tables: Tables, asks: Asks, policy: Policy, bundle: Bundle) -> Proposals:
    days = tables.instants("cases", "opened_at")[asks.case] // DAY
    return propose(opinions(bundle, build(tables, asks, bundle.fitted)), policy, facts(tables, asks), days)


def made(tables: Tables, asks: Asks, found: Proposals, policy: Policy, ask: int = 0) -> Statement:
    occasion = Occasion(case_id="C-1", as_of=int(asks.as_of[ask]), bundle="4f2a")
    return statement_of(found, ask, policy, Sources(View(tables, asks), ask), occasion)


@pytest.fixture
def told(make_case: MakeCase, small_bundle: Bundle, house: Policy) -> Callable[..., Statement]:
    """A statement on one case that was lost or signed for, whose rows are changed as asked."""

    def tell(*events: dict[str, Any], order: dict[str, Any] | None = None, **changes: Any) -> Statement:
        rows = make_case(**changes)
        rows["orders"][0].update(order or {})
        scan = rows["events"][0]
        rows["events"] = [scan | dict.fromkeys(("signed", "address_match", "distance_m", "code")) | {"weight_g": 400.0}]
        for i, event in enumerate(events):
            later = scan["happened_at"] + (i + 1) * (rows["cases"][0]["opened_at"] - scan["happened_at"]) / 10
            rows["events"].append(
                {"event_id": f"x{i}", "order_id": scan["order_id"], "happened_at": later, "known_at": later} | event
            )
        tables = check({name: pa.Table.from_pylist(found) for name, found in rows.items()}).tables
        asks = asks_as_of(tables, np.array([0]), tables.instants("cases", "opened_at")[:1] + DAY)
        return made(tables, asks, proposed(tables, asks, house, small_bundle), house)

    return tell


def test_the_clause_that_decides_is_a_ground_and_its_facts_rest_on_events(told: Callable[..., Statement]) -> None:
    found = told({"kind": "lost_declared"}, reason="inr_lost_in_transit")
    assert (found.fault.value, found.fault.rests_on) == ("carrier", (Anchor("clause", "CARR-LOSS"),))
    (ground,) = [ground for ground in found.grounds if ground.clause == "CARR-LOSS"]
    read = {known.fact.name: (known.value, known.rests_on) for known in ground.read}
    assert read["declared_lost"] == (True, (Anchor("event", "x0"),))
    assert read["delivered"] == (False, ())
    assert not found.by_model


def test_a_door_that_was_recorded_rests_on_the_delivery(told: Callable[..., Statement]) -> None:
    at_the_door = {"kind": "delivered", "signed": True, "address_match": True, "distance_m": 5.0}
    label = {"kind": "label_created", "weight_g": 410.0}
    found = told(at_the_door, label, reason="inr_delivered_denied")
    (ground,) = [ground for ground in found.grounds if ground.clause == "DEL-SIGNED"]
    assert {known.rests_on for known in ground.read if known.fact.name in ("signed", "door_distance_m")} == {
        (Anchor("event", "x0"),)
    }


def test_what_is_open_rests_on_the_clauses_it_waits_for(told: Callable[..., Statement]) -> None:
    found = told({"kind": "delivered", "signed": True}, reason="inr_delivered_denied")
    assert found.fault.value is None
    assert Anchor("clause", "DEL-SIGNED") in found.fault.rests_on
    assert "address_match" in {awaited.fact for awaited in found.awaited}


def test_a_clause_that_limits_the_remedy_given_is_a_ground(told: Callable[..., Statement]) -> None:
    noted = {"kind": "exception", "code": "damaged"}
    found = told(noted, reason="box_damaged_item_ok", remedy_asked="full_refund")
    (ground,) = [ground for ground in found.grounds if ground.clause == "BOX-ONLY"]
    assert ground.ruled_out == ("full_refund", "return_and_refund", "exchange", "reshipment")
    assert {known.rests_on for known in ground.read if known.fact.name == "damage_noted"} == {(Anchor("event", "x0"),)}


def test_a_clause_that_says_whether_the_item_comes_back_is_a_ground(told: Callable[..., Statement]) -> None:
    light = [{"kind": "label_created", "weight_g": 900.0}, {"kind": "hub_in", "weight_g": 401.0}]
    light = [event | {"weight_measured": True} for event in light]
    found = told(*light, order={"paid_cents": 800}, reason="missing_item_parts", stage="inspection")
    assert found.entitled.value is True
    (ground,) = [ground for ground in found.grounds if ground.clause == "RTNLESS-SMALL"]
    assert ground.returns == "never"


def test_a_clause_that_only_rules_a_remedy_out_is_a_ground(told: Callable[..., Statement]) -> None:
    smoking = {"claim_text": "There was smoke and it caught fire", "language": "en"}
    found = told(
        {"kind": "delivered"}, order={"category": "food"}, reason="expired_spoiled", stage="inspection", **smoking
    )
    ruled_out = {ground.clause: ground.ruled_out for ground in found.grounds if ground.returns}
    assert ruled_out == dict.fromkeys(("SAFE-HAZARD", "PERISH-NORETURN"), ("return_and_refund", "exchange"))


def test_a_clause_that_rules_the_models_party_out_is_a_ground(
    small_asks: tuple[Tables, Asks], small_bundle: Bundle, house: Policy
) -> None:
    tables, asks = small_asks
    some = asks.take(np.arange(40))
    found = proposed(tables, some, house, small_bundle)
    (ask, *_), clause = next(
        (np.flatnonzero(found.follows.findings.applies[:, i] == 1), clause)
        for i, clause in enumerate(house.clauses)
        if clause.finds.not_fault and (found.follows.findings.applies[:, i] == 1).any()
    )
    silent = replace(found, liability=replace(found.liability, abstained=np.full(len(some), RULED_OUT)))
    assert clause.id in {ground.clause for ground in made(tables, some, silent, house, int(ask)).grounds}


def test_whom_the_model_names_rests_on_rows_of_the_case_or_on_the_bundle(
    small_asks: tuple[Tables, Asks], small_bundle: Bundle, house: Policy
) -> None:
    tables, asks = small_asks
    some = asks.take(np.arange(0, len(asks), 40))
    found = proposed(tables, some, house, small_bundle)
    by_model = [made(tables, some, found, house, ask) for ask in range(len(some))]
    by_model = [statement for statement in by_model if statement.by_model]
    assert by_model
    assert {anchor.kind for statement in by_model for anchor in statement.fault.rests_on} <= {"event", "record"}
    assert all(statement.fault.rests_on for statement in by_model)


def test_everything_said_of_a_world_of_cases_rests_on_what_is_there(
    small_asks: tuple[Tables, Asks], small_bundle: Bundle, house: Policy
) -> None:
    tables, asks = small_asks
    some = asks.take(np.arange(0, len(asks), 40))
    found = proposed(tables, some, house, small_bundle)
    events = set(tables.array("events", "event_id").to_pylist())
    clauses = {clause.id for clause in house.clauses}
    for ask in range(len(some)):
        statement = made(tables, some, found, house, ask)
        for audience in AUDIENCES:
            for language in LANGUAGES:
                letter = write(statement, audience, words(language))
                anchors = {a for section in letter.sections for s in section.sentences for a in s.anchors}
                assert {a.id for a in anchors if a.kind == "event"} <= events
                assert {a.id for a in anchors if a.kind == "clause"} <= clauses
                assert {a.kind for a in anchors} <= {"event", "clause", "line", "record"}
