"""What cases of one world share, by fraud and by innocence: doors, devices, payments, pictures, lanes."""

from collections import defaultdict

import pytest


def shared_by(rows, column):
    """The buyers of each value that several have."""
    buyers = defaultdict(set)
    for row in rows:
        buyers[row[column]].add(row["buyer_id"])
    return [them for them in buyers.values() if len(them) > 1]


@pytest.mark.parametrize("column", ["address_id", "device_id", "payment_id"])
def test_households_share_what_rings_share(simulated, column):
    kind = {row["case_id"]: row["buyer_kind"] for row in simulated.rows("truth")}
    cases = simulated.rows("cases")
    ring = {row["buyer_id"] for row in cases if kind[row["case_id"]] == "ring"}
    groups = shared_by(cases, column)
    assert any(them <= ring for them in groups)
    assert any(not them & ring for them in groups)


def test_a_dormitory_is_one_address_of_many_buyers(simulated):
    assert max(len(them) for them in shared_by(simulated.rows("cases"), "address_id")) >= 6


def test_pictures_go_round_among_cases_and_few_are_the_very_same_file(write_world):
    files = write_world(cases=4000, seed=2).rows("evidence")
    known = [row for row in files if not row["catalogue_image"] and row["party"] == "buyer"]
    cases = {name: defaultdict(set) for name in ("phash", "sha256")}
    for row in known:
        for name, found in cases.items():
            found[row[name]].add(row["case_id"])
    again = {name: sum(len(c) for c in found.values() if len(c) > 1) for name, found in cases.items()}
    assert again["phash"] > again["sha256"] > 0


def test_a_listings_own_picture_is_sent_by_honest_buyers_too(simulated):
    honest = {row["case_id"] for row in simulated.rows("truth") if row["honest_claim"]}
    listed = [row for row in simulated.rows("evidence") if row["catalogue_image"] and row["party"] == "buyer"]
    assert any(row["case_id"] in honest for row in listed)


@pytest.mark.slow
def test_a_lost_trailer_shows_as_losses_on_one_lane_in_the_same_days(write_world):
    world = write_world(cases=15_000, seed=8)
    tagged = {row["case_id"] for row in world.rows("tags") if row["tag"] == "lost_trailer"}
    order = {row["order_id"]: row for row in world.rows("orders")}
    lanes = defaultdict(set)
    for row in world.rows("cases"):
        if row["case_id"] in tagged:
            placed = order[row["order_id"]]["placed_at"]
            lanes[order[row["order_id"]]["lane"], placed.year, placed.month].add(row["buyer_id"])
    assert max(len(buyers) for buyers in lanes.values()) >= 5
