"""The numbers of a world: named, sourced, changed by a file, refused where they cannot be."""

from dataclasses import fields

import pytest

from training.simulate.shares import STARTS
from training.simulate.stories import NAMES
from training.simulate.world import BadWorld, World
from training.simulate.worlds import another_world


def test_every_number_says_what_it_is_and_where_it_comes_from():
    assert all(f.metadata["says"] and f.metadata["source"] for f in fields(World))


def test_a_world_file_changes_single_numbers(tmp_path):
    path = tmp_path / "world.toml"
    path.write_text('lost = 0.01\n[contested]\nstolen = 0.5\n[starts]\ntote_swap = "2026-01-01"\n')
    world = World.load(path)
    assert (world.lost, world.contested["stolen"], world.contested["lost"]) == (0.01, 0.5, World().contested["lost"])
    assert world.starts["tote_swap"] == "2026-01-01"


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"lots": 1}, "lots"),
        ({"contested": {"nothing": 0.1}}, "contested"),
        ({"lost": "many"}, "lost"),
        ({"lost": -0.1}, "lost"),
        ({"buyer_languages": [1.0]}, "buyer_languages"),
        ({"starts": {"decoy": "soon"}}, "decoy"),
        ({"last_day": "someday"}, "last_day"),
    ],
)
def test_what_cannot_be_is_refused_by_name(given, named):
    with pytest.raises(BadWorld, match=named):
        World().changed(given)


def test_every_story_says_how_often_it_is_disputed_and_asked_about():
    world = World()
    assert set(world.contested) == set(world.asked) == set(NAMES)


@pytest.mark.slow
def test_a_mechanism_that_never_starts_leaves_no_case(write_world):
    world = write_world(cases=1500, seed=3, starts=dict.fromkeys(STARTS, "never"))
    stories = set(world.column("truth", "story"))
    assert not stories & {"decoy", "altered_label", "tote_swapped"}
    assert "chargeback_opened" not in world.column("events", "kind")
    assert not any(world.column("rulings", "saw_proposal"))


@pytest.mark.slow
def test_switching_one_mechanism_on_leaves_the_others_orders_as_they_were(write_world):
    without = write_world(cases=1500, seed=3, starts={"chargebacks": "never"})
    usual = write_world(cases=1500, seed=3)
    columns = ["case_id", "opened_at", "reason", "seller_id", "claimed_cents"]
    assert without.table("cases").select(columns).equals(usual.table("cases").select(columns))


def test_other_worlds_differ_from_the_usual_one_and_from_each_other():
    usual, one, two = (another_world(number) for number in (0, 1, 2))
    assert usual == World()
    assert len({usual.lost, one.lost, two.lost}) == 3
    assert one == another_world(1)


def test_another_world_takes_what_is_set():
    assert another_world(3, arbitrator_error=0.2).arbitrator_error == 0.2
