"""Evidence counts where it is admissible; items of one kind that contradict each other agree with nobody."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest

from features.asks import asks_as_of
from features.facts import facts
from features.facts_kinds import GIVEN_BY, SYNTHETIC
from features.required import required_evidence
from features.tables import HOUR, Tables
from features.vocabulary import EVIDENCE_KINDS

T0 = datetime(2025, 3, 10, tzinfo=UTC)
Row = dict[str, Any]
Rows = dict[str, list[Row]]
Tell = Callable[..., dict[str, Any]]
PHOTO: Row = {"kind": "item_photo", "party": "buyer", "supports_claim": True}


@pytest.fixture
def tell(tables_of: Callable[[Rows], Tables]) -> Tell:
    """The facts of a damaged item, five hours after the claim, with these items given at the claim."""

    def tell(*items: Row, requests: tuple[Row, ...] = (), reason: str | None = "damaged_item") -> dict[str, Any]:
        given = {"case_id": "c", "known_at": T0}
        asked = {"case_id": "c", "asked_at": T0}
        tables = tables_of(
            {
                "cases": [
                    {"case_id": "c", "opened_at": T0, "reason": reason, "stage": "request"},
                    {"case_id": "d", "opened_at": T0 - timedelta(days=9)},
                ],
                "evidence": [given | {"evidence_id": f"v{i}"} | item for i, item in enumerate(items)],
                "requests": [asked | {"request_id": f"r{i}"} | row for i, row in enumerate(requests)],
            }
        )
        as_of = tables.instants("cases", "opened_at")[:1] + 5 * HOUR
        found: dict[str, Any] = facts(tables, asks_as_of(tables, np.zeros(1, dtype=np.int64), as_of)).to_pylist()[0]
        return found

    return tell


def test_every_kind_can_be_given_by_those_whom_the_list_requires_it_of() -> None:
    assert tuple(GIVEN_BY) == EVIDENCE_KINDS
    wanted = {(e.party, kind) for entries in required_evidence().values() for e in entries for kind in e.any_of}
    assert [(party, kind) for party, kind in wanted if party not in GIVEN_BY[kind]] == []


@pytest.mark.parametrize(
    ("item", "shown"),
    [
        ({}, True),
        ({"linked": True, "legible": True, "synthetic_score": SYNTHETIC - 0.01}, True),
        ({"linked": False}, False),
        ({"legible": False}, False),
        ({"synthetic_score": SYNTHETIC}, False),
    ],
)
def test_an_item_counts_unless_it_is_known_not_to_be_admissible(tell: Tell, item: Row, shown: bool) -> None:
    found = tell(PHOTO | item)
    assert found["item_photo_shown"] is shown
    assert found["item_photo_agrees"] is (True if shown else None)


@pytest.mark.parametrize("column", ["sha256", "phash"])
def test_an_item_of_another_case_does_not_count_unless_it_is_everybodys(tell: Tell, column: str) -> None:
    there = PHOTO | {"case_id": "d", "known_at": T0 - timedelta(days=8), column: "x"}
    found = tell(PHOTO | {column: "x"}, there)
    assert (found["item_photo_shown"], found["buyer_file_reused"]) == (False, True)
    found = tell(PHOTO | {column: "x", "catalogue_image": True}, there | {"catalogue_image": True})
    assert (found["item_photo_shown"], found["buyer_file_reused"]) == (True, False)
    found = tell(PHOTO | {column: "x"}, there | {"known_at": T0 + timedelta(hours=6)})
    assert (found["item_photo_shown"], found["buyer_file_reused"]) == (True, False)


def test_items_of_one_kind_that_conflict_agree_with_nobody(tell: Tell) -> None:
    against = PHOTO | {"party": "seller", "supports_claim": False}
    assert tell(PHOTO, PHOTO)["item_photo_agrees"] is True
    assert tell(against)["item_photo_agrees"] is False
    assert tell(PHOTO, against)["item_photo_agrees"] is None
    assert tell(PHOTO, against | {"legible": False})["item_photo_agrees"] is True
    assert tell(PHOTO | {"supports_claim": None})["item_photo_agrees"] is None


def test_evidence_conflicts_where_the_buyers_agrees_and_anothers_contradicts(tell: Tell) -> None:
    against = {"kind": "packing_photo", "party": "seller", "supports_claim": False}
    assert tell(PHOTO, against)["evidence_conflicts"] is True
    assert tell(PHOTO, against | {"party": "carrier"})["evidence_conflicts"] is True
    assert tell(PHOTO, against | {"party": "buyer"})["evidence_conflicts"] is False
    assert tell(PHOTO, against | {"linked": False})["evidence_conflicts"] is False
    assert tell(PHOTO, against | {"supports_claim": True})["evidence_conflicts"] is False


def test_a_burden_is_met_by_what_is_admissible_alone(tell: Tell) -> None:
    box = {"kind": "outer_box_photo", "party": "buyer"}
    met = ("buyer_burden_met", "seller_burden_met", "carrier_burden_met")
    assert [tell(PHOTO, box)[name] for name in met] == [True, False, True]
    assert tell(PHOTO)["buyer_burden_met"] is False
    assert tell(PHOTO, box | {"legible": False})["buyer_burden_met"] is False
    assert tell(PHOTO, box | {"party": "seller"})["buyer_burden_met"] is False
    assert [tell(PHOTO, box, reason=None)[name] for name in met] == [None, None, None]


def test_what_was_asked_for_due_and_not_given_is_withheld(tell: Tell) -> None:
    asked = {"kind": "packing_photo", "party": "seller", "due_at": T0 + timedelta(hours=4)}
    given = {"kind": "packing_photo", "party": "seller"}
    assert tell(requests=(asked,))["seller_withheld"] is True
    assert tell(requests=(asked,))["buyer_withheld"] is False
    assert tell(given, requests=(asked,))["seller_withheld"] is False
    assert tell(requests=(asked | {"due_at": T0 + timedelta(hours=6)},))["seller_withheld"] is False
    none = asked | {"answered_at": T0 + timedelta(hours=1), "answer": "unavailable"}
    assert tell(requests=(none,))["seller_withheld"] is False
