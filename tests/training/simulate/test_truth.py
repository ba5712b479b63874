"""The truth of a world: fault follows from who held what where it happened, and rulings err as often as set."""

import ast
from pathlib import Path

import pytest

from training.simulate.stories import CUSTODY

ROOT = Path(__file__).parents[3]


def derived(row):
    """Whose fault it is from the places where its causes lay."""
    holders = {CUSTODY[place] for place in (row["cause"], row["second_cause"]) if place}
    return holders.pop() if len(holders) == 1 else "shared"


def test_fault_is_derived_from_custody(simulated):
    assert all(row["liable"] == derived(row) for row in simulated.rows("truth"))


def test_a_story_is_told_by_what_the_scales_would_say(simulated):
    for row in simulated.rows("truth"):
        if row["story"] in ("short", "empty_by_mistake") and not row["floor_pair"]:
            assert row["packed_g"] < row["expected_g"]
        if row["story"] == "decoy":
            assert row["packed_g"] == 28


def test_every_party_is_at_fault_somewhere(simulated):
    assert set(simulated.column("truth", "liable")) == {"buyer", "seller", "carrier", "platform", "shared", "none"}


def test_the_first_ruling_of_the_truth_is_the_one_written(simulated):
    ruled = {r["case_id"]: r["liable"] for r in simulated.rows("rulings") if not r["provisional"]}
    truth = {r["case_id"]: r["ruled_first"] for r in simulated.rows("truth")}
    assert all(truth[case] == liable for case, liable in ruled.items())


@pytest.mark.slow
@pytest.mark.parametrize("error", [0.05, 0.2])
def test_rulings_on_the_merits_err_as_often_as_the_world_says(write_world, error):
    world = write_world(cases=8000, seed=4, arbitrator_error=error)
    merits = [e for e in world.column("truth", "arbitrator_erred") if e is not None]
    assert sum(merits) / len(merits) == pytest.approx(error, abs=0.015)


def test_only_its_command_imports_the_simulation():
    for folder in ("features", "models", "training", "serving"):
        for path in (ROOT / folder).rglob("*.py"):
            if "simulate" in path.parts or path == ROOT / "training" / "commands.py":
                continue
            tree = ast.parse(path.read_text(encoding="utf-8"))
            named = [n.module or "" for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)]
            assert not [name for name in named if name.startswith("training.simulate")], path
