"""What parties say of faults, dangers and injuries counts in languages that are listed; in others it is not known."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest

from features.asks import asks_as_of
from features.facts import facts
from features.facts_answers import ADMISSION
from features.facts_safety import HAZARD, INJURY, hazard_lexicons
from features.mentions import Sought
from features.tables import Tables

T0 = datetime(2025, 3, 1, tzinfo=UTC)
Row = dict[str, Any]
Rows = dict[str, list[Row]]
CASE: Row = {"case_id": "c", "opened_at": T0, "claim_text": "It broke", "language": "en"}
SOUGHT = {"hazard": HAZARD, "injury": INJURY}
SAID = ("buyer_admits", "seller_admits", "hazard_mentioned", "injury_mentioned")


@pytest.fixture
def tell(tables_of: Callable[[Rows], Tables]) -> Callable[..., tuple[bool | None, ...]]:
    def tell(*messages: Row, **case: Any) -> tuple[bool | None, ...]:
        rows = [{"message_id": f"m{i}", "case_id": "c", "sent_at": T0} | m for i, m in enumerate(messages)]
        tables = tables_of({"cases": [CASE | case], "messages": rows})
        found = facts(tables, asks_as_of(tables, np.zeros(1, dtype=np.int64), tables.instants("cases", "opened_at")))
        return tuple(found.column(name)[0].as_py() for name in SAID)

    return tell


def message(text: str, language: str = "en", party: str = "buyer") -> Row:
    return {"party": party, "text": text, "language": language}


def test_an_admission_counts_for_the_party_that_made_it(tell: Callable[..., Any]) -> None:
    assert tell(message("Sorry, our mistake", party="seller"))[:2] == (False, True)
    assert tell(message("Sorry, my mistake"))[:2] == (True, False)
    assert tell(claim_text="I ordered the wrong size")[:2] == (True, False)


def test_a_danger_or_an_injury_counts_wherever_the_buyer_speaks_of_it(tell: Callable[..., Any]) -> None:
    assert tell()[2:] == (False, False)
    assert tell(claim_text="The power bank is swollen.")[2:] == (True, False)
    assert tell(message("It got so hot that my daughter has a blister."))[2:] == (True, True)
    assert tell(message("It burned my hand", party="seller"))[2:] == (False, False)


def test_in_a_language_that_is_not_listed_nothing_is_known_unless_something_else_says_so(
    tell: Callable[..., Any],
) -> None:
    assert tell(language="fr") == (None, False, None, None)
    assert tell(message("C'est cassé", "fr", party="seller")) == (False, None, False, False)
    assert tell(message("It caught fire and burned my hand"), language="fr")[2:] == (True, True)
    assert tell(claim_text=None, language=None) == (False, False, False, False)


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "There was smoke and then flames", {"hazard"}),
        ("en", "Nobody was hurt", set()),
        ("en", "It is not swollen", set()),
        ("en", "It would not stop smoking", {"hazard"}),
        ("en", "I cut my finger and it is bleeding", {"injury"}),
        ("en", "The colour is not what I ordered", set()),
        ("es", "Se hinchó y me quemó la mano.", {"hazard", "injury"}),
        ("es", "No hubo fuego", set()),
        ("es", "El color no es el que pedi", set()),
        ("zh", "充电宝鼓包了，还烫到我的手。", {"hazard", "injury"}),
        ("zh", "没有受伤", set()),
        ("zh", "颜色不对", set()),
    ],
)
def test_an_expression_is_found_as_written_and_not_after_a_negator(
    language: str, text: str, expected: set[str]
) -> None:
    found = {cell for cell, sought in SOUGHT.items() if sought.holding(language, [text]).all()}
    assert found == expected


@pytest.mark.parametrize("sought", [ADMISSION, HAZARD, INJURY])
@pytest.mark.parametrize("language", list(hazard_lexicons()))
def test_no_expression_is_set_aside_unread_however_it_is_written(sought: Sought, language: str) -> None:
    lexicon = sought.lexicons()[language]
    written = [expression.strip() for those in lexicon.starting.values() for expression, _ in those]
    forms = (str.upper, str.title, "¿{}!".format, lambda text: text.replace(" ", " \n\u00a0").replace("'", "’"))
    texts = [*written, *(form(text) for form in forms for text in written), "", "’"]
    found = [bool(lexicon.found_in(text) >> sought.cell & 1) for text in texts]
    assert sought.holding(language, texts).tolist() == found
    assert any(found)
