"""The keys by which a clause speaks of remedies are a closed list that its readers can rely on."""

from features.vocabulary import REMEDIES
from models.remedy import ACTIONS, FINDS_KEYS


def test_each_key_is_named_once_and_says_what_it_means() -> None:
    names = [key.name for key in FINDS_KEYS]
    assert len(names) == len(set(names))
    assert all(key.meaning for key in FINDS_KEYS)


def test_a_key_has_a_closed_list_exactly_where_it_holds_words_or_shares() -> None:
    assert all(bool(key.codes) == (key.kind in ("word", "words", "shares")) for key in FINDS_KEYS)


def test_an_action_is_no_remedy() -> None:
    assert not set(ACTIONS) & set(REMEDIES)
