"""A score of wording follows from the latest weights that there were, and from what was written by then."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest

from features.asks import asks_as_of
from features.build import FeatureTable, Fitted, build
from features.catalog import Catalog
from features.ngrams import BUCKETS
from features.tables import HOUR, Tables
from features.text import SOURCES, STEP, TextBlock, block_of, pack, text_feature, text_features, unpack

T0 = datetime(2025, 3, 1, tzinfo=UTC)
Row = dict[str, Any]
AsTables = Callable[[dict[str, list[Row]]], Tables]
CASE: Row = {"case_id": "c", "opened_at": T0, "claim_text": "lost", "language": "en"}
CATALOG = Catalog(tuple(text_feature(source, "carrier") for source in SOURCES))
START = int(T0.timestamp() * 1e6)


def message(text: str | None, hours: float, party: str = "buyer") -> Row:
    sent = T0 + timedelta(hours=hours)
    return {"message_id": f"m{hours}", "case_id": "c", "party": party, "sent_at": sent, "language": "en", "text": text}


def block(hours: float, weight: int) -> TextBlock:
    weights = pack(np.full(BUCKETS, weight, dtype=np.int8))
    return TextBlock(START + int(hours * HOUR), dict.fromkeys(CATALOG.names, weights))


BLOCKS = (block(1, 32), block(3, 64))


@pytest.fixture
def score(tables_of: AsTables) -> Callable[..., FeatureTable]:
    def score(rows: dict[str, list[Row]], hours: float, blocks: tuple[TextBlock, ...] = BLOCKS) -> FeatureTable:
        tables = tables_of(rows)
        asks = asks_as_of(tables, np.zeros(1, dtype=np.int64), np.array([START + int(hours * HOUR)]))
        return build(tables, asks, Fitted(CATALOG, {}, (), 1.0, blocks))

    return score


Score = Callable[..., FeatureTable]


def test_the_latest_block_that_had_begun_by_then_is_used(score: Score) -> None:
    runs = 7  # of " lost ", four of three characters and three of four
    claims = [score({"cases": [CASE]}, hours).values[0, 0] for hours in (0.9, 1, 2.9, 3, 99)]
    np.testing.assert_allclose(claims, [np.nan, runs**0.5, runs**0.5, 2 * runs**0.5, 2 * runs**0.5])


def test_before_the_first_block_there_is_no_score_and_it_is_said_why(score: Score) -> None:
    found = score({"cases": [CASE], "messages": [message("lost", 0)]}, 0.5)
    assert [(feature.subject, why) for feature, why in found.unknown(0)] == [
        ("claim", "U08"), ("buyer_messages", "U08"), ("seller_messages", "U07"),
    ]  # fmt: skip


def test_what_nobody_wrote_has_no_score_and_it_is_said_why(score: Score) -> None:
    silent = CASE | {"claim_text": None}
    for rows, why in (({"messages": []}, "U07"), ({"messages": [message(None, 0)]}, "U07"), ({}, "U01")):
        found = score({"cases": [silent], **rows}, 5)
        assert [cause for _, cause in found.unknown(0)] == ["U04", why, why]


def test_a_message_counts_from_when_it_was_sent_and_for_who_sent_it(score: Score) -> None:
    rows = {"cases": [CASE], "messages": [message("lost", 5), message("lost", 7, "seller")]}
    assert [np.isfinite(score(rows, hours).values[0, 1:]).tolist() for hours in (4.9, 5, 7)] == [
        [False, False], [True, False], [True, True],
    ]  # fmt: skip


def test_messages_of_one_party_are_scored_together(score: Score) -> None:
    one = score({"cases": [CASE], "messages": [message("lost", 4)]}, 9).values[0, 1]
    two = score({"cases": [CASE], "messages": [message("lost", 4), message("LOST", 5)]}, 9).values[0, 1]
    assert two == pytest.approx(one * 2**0.5)


def test_weights_that_are_all_nought_say_nothing(score: Score) -> None:
    assert score({"cases": [CASE]}, 9, (block(1, 0),)).values[0, 0] == 0.0


def test_every_instant_has_the_last_block_begun_by_then() -> None:
    instants = np.array([block.since for block in BLOCKS])
    assert block_of(BLOCKS, np.append(instants - 1, instants)).tolist() == [-1, 0, 0, 1]
    assert block_of((), instants).tolist() == [-1, -1]


def test_weights_come_back_as_they_were_packed() -> None:
    weights = np.arange(BUCKETS).astype(np.int8)
    np.testing.assert_array_equal(unpack((pack(weights),))[0], weights)
    assert STEP * 32 == 1.0


def test_scores_are_there_for_the_texts_that_there_are(tables_of: AsTables) -> None:
    without = {"cases": [CASE | {"claim_text": None}]}
    assert text_features(tables_of(without), ("buyer", "seller")) == ()
    assert [f.name for f in text_features(tables_of({"cases": [CASE]}), ("buyer", "seller"))] == ["text.claim.seller"]
    both = {"cases": [CASE], "messages": [message("a", 0)]}
    assert len(text_features(tables_of(both), ("buyer", "seller", "none"))) == 3 * len(SOURCES)


def test_no_party_is_told_of_wording() -> None:
    assert not any(feature.citable for feature in CATALOG)
    assert {feature.reason for feature in CATALOG} == {"R70"}
