"""What people write in a simulated world: three languages, much variety, nothing left unfilled."""

from collections import Counter

import pytest

from features.vocabulary import REASONS
from training.simulate.claims import RETURNED
from training.simulate.phrases.en import ENGLISH
from training.simulate.phrases.es import SPANISH
from training.simulate.phrases.zh import CHINESE
from training.simulate.talk import INTENTS

LANGUAGES = [ENGLISH, SPANISH, CHINESE]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_has_words_for_every_reason_and_intent(language):
    assert set(language.claiming.by_reason) == set(REASONS)
    assert set(language.writing.by_intent) == set(INTENTS)
    assert set(language.claiming.by_seller) >= set(RETURNED)


def test_texts_are_varied_and_filled_in(simulated):
    texts = simulated.column("cases", "claim_text") + simulated.column("messages", "text")
    assert not [text for text in texts if "{" in text or not text]
    assert len(set(texts)) > 0.5 * len(texts)


def test_three_languages_are_written(simulated):
    assert set(simulated.column("cases", "language")) == {"en", "zh", "es"}
    assert min(Counter(simulated.column("messages", "language")).values()) > 100


def said(simulated, *reasons):
    """What sellers and buyers write in cases of these reasons."""
    wanted = {row["case_id"] for row in simulated.rows("cases") if row["reason"] in reasons}
    return [row["text"].lower() for row in simulated.rows("messages") if row["case_id"] in wanted]


def test_nobody_offers_to_let_the_buyer_keep_what_never_came(simulated):
    texts = said(simulated, "not_shipped", "inr_lost_in_transit", "inr_delivered_denied")
    assert texts
    assert not [text for text in texts if "keep" in text or "se lo queda" in text or "不用寄回" in text]


def test_nobody_speaks_of_a_delivery_photo_where_none_was_taken(simulated):
    photographed = {row["order_id"] for row in simulated.rows("events") if row["kind"] == "delivered" and row["photo"]}
    for row in simulated.rows("cases"):
        if row["reason"].startswith("inr_") and row["order_id"] not in photographed:
            assert "picture" not in row["claim_text"].lower().replace("ask me for pictures", "")
            assert "delivery photo" not in row["claim_text"].lower()
