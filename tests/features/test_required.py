"""The list of required evidence is whole, and a slip in it is told where it stands."""

import pytest

from features.required import BadRequirement, Requirement, read_requirements, required_evidence
from features.vocabulary import REASONS, STAGES

NOTHING = "".join(f"{reason}: []\n" for reason in REASONS)


def test_the_list_names_every_reason_of_the_contract() -> None:
    assert tuple(required_evidence()) == REASONS


def test_no_seller_is_asked_for_video_alone() -> None:
    for entries in required_evidence().values():
        for entry in entries:
            assert entry.party != "seller" or not all(kind.endswith("video") for kind in entry.any_of)


def test_a_requirement_holds_at_every_stage_unless_it_names_some() -> None:
    text = NOTHING.replace(
        "defective: []",
        "defective: [{party: buyer, any_of: [item_photo]}, {party: seller, any_of: [serial_record], stages: [appeal]}]",
    )
    assert read_requirements(text)["defective"] == (
        Requirement("buyer", ("item_photo",), STAGES),
        Requirement("seller", ("serial_record",), ("appeal",)),
    )


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ("{party: courier, any_of: [item_photo]}", "defective, requirement 1: party 'courier' is none of buyer"),
        ("{party: buyer, any_of: [selfie]}", "any_of 'selfie' is none of"),
        ("{party: buyer, any_of: []}", "any_of must be a list that is not empty"),
        ("{party: buyer, any_of: [item_photo], stages: [later]}", "stages 'later' is none of request"),
        ("{party: buyer}", "expected party, any_of"),
        ("{party: buyer, any_of: [item_photo], weight: 2}", "expected party, any_of"),
        ("{party: buyer, any_of: [item_photo]}, {party: buyer, any_of: [item_photo]}", "stands there twice"),
    ],
)
def test_a_slip_in_a_requirement_is_told_where_it_stands(entry: str, said: str) -> None:
    with pytest.raises(BadRequirement, match=said):
        read_requirements(NOTHING.replace("defective: []", f"defective: [{entry}]"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (NOTHING.replace("defective: []\n", ""), "lacks the reason defective"),
        (f"{NOTHING}too_dear: []\n", "knows no reason too_dear"),
        ("- defective", "must list requirements by reason"),
        ("a: [", "is not YAML"),
    ],
)
def test_a_list_that_is_not_one_entry_for_each_reason_is_refused(text: str, said: str) -> None:
    with pytest.raises(BadRequirement, match=said):
        read_requirements(text)
