"""Scenarios can be found by tag, and read as cases."""

import pytest

from training.simulate.casefile import CaseFiles


@pytest.fixture(scope="module")
def larger(write_world):
    return write_world(cases=15_000, seed=8)


TAGS = {
    "porch_thief_and_liar", "right_zip_wrong_door", "hub_bad_week", "return_next_door", "swapped_serial", "worn_dress",
    "crushed_box", "tote_or_bin_swap", "edited_listing", "second_parcel_due", "swollen_power_bank",
    "ring_beside_dormitory", "lunar_new_year_defaults", "lost_trailer",
}  # fmt: skip


@pytest.mark.slow
def test_every_scenario_has_cases(larger):
    assert set(larger.column("tags", "tag")) == TAGS


@pytest.mark.slow
def test_a_thief_is_found_with_the_robbed_and_with_liars(larger):
    tagged = {r["case_id"] for r in larger.rows("tags") if r["tag"] == "porch_thief_and_liar"}
    stories = [r["story"] for r in larger.rows("truth") if r["case_id"] in tagged]
    assert {"stolen", "false_denial"} == set(stories)


def test_a_case_reads_as_a_file_with_the_truth_apart(simulated):
    case_id = simulated.column("rulings", "case_id")[7]
    text = CaseFiles(simulated.data, simulated.truth).read(case_id)
    in_hand, _, truth = text.partition("*In truth*")
    assert case_id in in_hand
    assert "**Ruling**" in in_hand
    assert "Liable:" in truth
