"""Who admits, denies and promises is counted by party, and only in a language that is covered."""

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest

from features.asks import Asks
from features.build import Fitted, build
from features.catalog import Catalog
from features.lexicon import language_of, lexicons
from features.said import SAID
from features.tables import Tables

T0 = datetime(2025, 3, 1, tzinfo=UTC)
Row = dict[str, Any]
Rows = dict[str, list[Row]]
Say = Callable[..., float | None]
CASE: Row = {"case_id": "c", "opened_at": T0, "claim_text": "It never arrived", "language": "en"}


def message(text: str | None, language: str | None = "en", party: str = "seller", hours: float = 0.0) -> Row:
    sent, name = T0 + timedelta(hours=hours), f"{party} {language} {text} {hours}"
    return {"message_id": name, "case_id": "c", "party": party, "sent_at": sent, "language": language, "text": text}


ADMITS, THANKS = message("Sorry, our mistake, we will refund"), message("Thank you")
FOREIGN = message("Our mistake", "fr")


def world(*messages: Row, **case: Any) -> Rows:
    return {"cases": [CASE | case], "messages": list(messages)}


@pytest.mark.parametrize(
    ("name", "expected"),
    [("claim_admits", 0.0), ("claim_denies", 1.0), ("claim_promises", 0.0), ("claim_looks_back", 1.0)],
)
def test_a_claim_is_read_in_its_language(say: Say, name: str, expected: float) -> None:
    assert say(name, world()) == expected
    assert say(name, world(language="en-GB")) == expected
    assert say(name, world(language="fr")) is None
    assert say(name, world(language=None)) is None
    assert say(name, world(claim_text=None)) is None


def test_messages_are_counted_by_party_from_when_they_were_sent(say: Say) -> None:
    rows = world(ADMITS, THANKS, message("it was our mistake", hours=5))
    assert [say("seller_admits", rows, hours) for hours in (0, 4.9, 5)] == [1.0, 1.0, 2.0]
    assert say("seller_promises", rows) == 1.0
    assert say("buyer_admits", rows) == 0.0


def test_tense_is_a_share_of_what_could_be_read(say: Say) -> None:
    rows = world(ADMITS, THANKS, FOREIGN)
    assert say("seller_looks_ahead", rows) == 0.5
    assert say("buyer_looks_ahead", rows) is None


def test_a_party_that_wrote_nothing_admits_nothing_and_one_that_cannot_be_read_is_not_known_to(say: Say) -> None:
    assert say("seller_admits", world()) == say("seller_admits", world(message(None))) == 0.0
    assert say("seller_admits", world(FOREIGN)) is None
    assert say("seller_admits", world(FOREIGN, ADMITS)) == 1.0
    assert say("seller_admits", {"cases": [CASE]}) is None


def test_why_nothing_is_known_is_said(tables_of: Callable[[Rows], Tables], causes_of: Callable[..., Any]) -> None:
    def causes(rows: Rows) -> list[str | None]:
        found = causes_of(tables_of(rows))
        return [found.get(name) for name in ("claim_admits", "seller_admits", "seller_looks_back")]

    assert causes(world(FOREIGN, language="fr")) == ["U09", "U09", "U09"]
    assert causes(world(claim_text=None)) == ["U04", None, "U07"]
    assert causes({"cases": [CASE]}) == [None, "U01", "U01"]


def covered(row: Row) -> bool:
    return row["language"] is not None and language_of(row["language"]) in lexicons()


def test_lexicons_move_nothing_in_a_language_that_they_do_not_cover(
    in_worlds: Callable[..., None],
    fit_world: Callable[[Rows], tuple[Tables, Fitted]],
    tables_of: Callable[[Rows], Tables],
    every_ask: Callable[[Tables], Asks],
) -> None:
    def claim(rows: Rows, rng: random.Random) -> None:
        def other(row: Row, column: str) -> Row:
            words = rng.choice((ADMITS["text"], "We will resend", "没有收到", "x"))
            return row if covered(row) or row[column] is None else row | {column: words}

        tables, fitted = fit_world(rows)
        own = replace(fitted, catalog=Catalog(tuple(feature for feature, _ in SAID)))
        moved = rows | {"cases": [other(row, "claim_text") for row in rows["cases"]]}
        if "messages" in rows:
            moved["messages"] = [other(row, "text") for row in rows["messages"]]
        asks = every_ask(tables)
        found = build(tables_of(moved), asks, own).values
        np.testing.assert_array_equal(found, build(tables, asks, own).values)
        foreign = np.array([not covered(row) for row in rows["cases"]])[asks.case]
        assert np.isnan(found[foreign][:, [f.subject == "claim" for f, _ in SAID]]).all()

    in_worlds(claim)


def test_a_partys_own_words_may_be_cited_but_not_their_tense() -> None:
    assert {feature.reason for feature, _ in SAID if feature.citable} == {"R71", "R72", "R73"}
    assert {feature.reason for feature, _ in SAID if not feature.citable} == {"R74"}
