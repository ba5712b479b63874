"""What people write in a simulated world: three languages, much variety, nothing left unfilled."""

from collections import Counter

import pytest

from features.vocabulary import REASONS
from training.simulate.matters import OF_REASON
from training.simulate.phrases.en import ENGLISH
from training.simulate.phrases.es import SPANISH
from training.simulate.phrases.zh import CHINESE
from training.simulate.talk import INTENTS

LANGUAGES = [ENGLISH, SPANISH, CHINESE]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_has_words_for_every_reason_and_intent(language):
    assert set(language.claiming.by_reason) == set(REASONS)
    assert set(language.writing.by_intent) == set(INTENTS)
    assert set(language.claiming.by_seller) >= set(OF_REASON["returns"])


def test_texts_are_varied_and_filled_in(simulated):
    texts = simulated.column("cases", "claim_text") + simulated.column("messages", "text")
    assert not [text for text in texts if "{" in text or not text]
    assert len(set(texts)) > 0.5 * len(texts)


def test_three_languages_are_written(simulated):
    assert set(simulated.column("cases", "language")) == {"en", "zh", "es"}
    assert min(Counter(simulated.column("messages", "language")).values()) > 100
