"""An expression is found where it stands, unless a negator undoes it; and the lists are lists."""

import pytest

from features.lexicon import CELLS, BadLexicon, language_of, lexicons, read_lexicons

GOOD = """
xx:
  spaced: true
  reach: 1
  negators: ["no"]
  pauses: [sed]
  admission: [mea culpa]
  denial: [non feci]
  promise: [dabo]
  future: [cras]
  past: [heri]
"""


def found(language: str, text: str) -> set[str]:
    bits = lexicons()[language].found_in(text)
    return {cell for place, cell in enumerate(CELLS) if bits >> place & 1}


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "Sorry, we sent the wrong size.", {"admission", "past"}),
        ("en", "Unfortunately it is OUT OF STOCK", {"admission"}),
        ("en", "It never arrived", {"denial", "past"}),
        ("en", "We’ll refund you tomorrow", {"promise", "future"}),
        ("en", "Thank you for your message", set()),
        ("es", "No me llego nada", {"denial", "past"}),
        ("es", "Perdón, fue nuestro error.", {"admission", "past"}),
        ("es", "Mañana le vamos a reembolsar", {"promise", "future"}),
        ("zh", "我没有收到", {"denial"}),
        ("zh", "不好意思发错了,会补发", {"admission", "promise", "future"}),
        ("zh", "谢谢", set()),
    ],
)
def test_what_people_say_is_found(language: str, text: str, expected: set[str]) -> None:
    assert found(language, text) == expected


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "We did not forget it."),
        ("en", "That was not our mistake."),
        ("en", "We never said it was our fault, sir."),
        ("en", "I don't think we made a mistake."),
        ("es", "No fue nuestra culpa."),
        ("es", "Nunca nos equivocamos."),
        ("zh", "这不是我们的错。"),
        ("zh", "我们没有发错。"),
    ],
)
def test_a_negated_admission_is_none(language: str, text: str) -> None:
    assert "admission" not in found(language, text)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "No, that was our mistake."),
        ("en", "It is not the carrier. Our fault."),
        ("en", "It is not our fault. Well, it is our fault."),
        ("en", "It was not sent because we forgot."),
        ("es", "No, fue nuestra culpa."),
        ("es", "No llegó porque nos equivocamos."),
        ("zh", "不，是我们的错。"),
    ],
)
def test_a_negator_reaches_over_no_pause_and_undoes_one_expression_only(language: str, text: str) -> None:
    assert "admission" in found(language, text)


def test_a_promise_that_is_refused_is_none() -> None:
    assert "promise" not in found("en", "We are not going to refund this.")
    assert "promise" not in found("zh", "我们不会补发。")
    assert "promise" in found("zh", "我们会补发。")


def test_a_part_of_a_word_is_no_expression() -> None:
    assert found("en", "Will is my husband") == {"future"}
    assert found("en", "Willow in goodwill") == set()
    assert found("es", "El yate") == set()


@pytest.mark.parametrize(("tag", "language"), [("en-US", "en"), ("ZH_hans_CN", "zh"), (" es ", "es"), ("", "")])
def test_a_language_is_known_without_its_country(tag: str, language: str) -> None:
    assert language_of(tag) == language


def test_each_language_has_ten_to_forty_expressions_in_each_cell() -> None:
    assert set(lexicons()) == {"en", "zh", "es"}
    for lexicon in lexicons().values():
        cells = [cell for expressions in lexicon.starting.values() for _, cell in expressions]
        assert all(10 <= cells.count(place) <= 40 for place in range(len(CELLS)))


@pytest.mark.parametrize(
    ("was", "now", "said"),
    [
        ("xx:", "xx: [", "not YAML"),
        (GOOD, "[]", "by language"),
        ("  past: [heri]\n", "", "expected spaced, reach"),
        ("past:", "paste:", "expected spaced, reach"),
        ("spaced: true", "spaced: 1", "true or false"),
        ("reach: 1", "reach: -1", "a number of words"),
        ('["no"]', "[no]", "negators: expected a list"),
        ("[heri]", "heri", "past: expected a list"),
        ("[heri]", "[]", "at least one"),
        ("[heri]", "[heri, Herí]", "none twice"),
    ],
)
def test_what_is_no_list_of_expressions_is_refused(was: str, now: str, said: str) -> None:
    assert set(read_lexicons(GOOD)) == {"xx"}
    with pytest.raises(BadLexicon, match=said):
        read_lexicons(GOOD.replace(was, now))
