"""Other worlds: the usual one with its rates moved about, so that what holds in one world can be tried in many."""

from typing import Final

import numpy as np

from training.simulate.draws import Draws
from training.simulate.world import World

MOVED: Final = (
    "abuser_lies", "opportunist_lies", "honest_lies", "impatience", "dropped_by_buyer", "misuse", "hopes", "wrong_item",
    "short_item", "defective", "mislisted_products", "never_shipped", "carrier_late", "lost", "pilfered",
    "misdelivered", "single_thefts", "spree_takes", "taken_in_share", "crooked_sellers", "tote_swaps", "lost_on_return",
    "mislaid", "misgraded", "carrier_traces", "seller_admissions", "buyer_admissions", "attaches", "buyer_answers",
    "weight_missing", "weight_copied", "geo_share", "photo_share", "skips", "says_insufficient",
)  # fmt: skip
"""Numbers that differ from world to world; all are shares."""
SPREAD: Final = 0.35
"""How far the logarithm of each moves: a third up or down, twice that now and then."""


def another_world(number: int, *, spread: float = SPREAD, **changes: object) -> World:
    """World number so-and-so; number 0 is the usual one. What is named is set instead of moved."""
    usual = World()
    if number == 0:
        return usual.changed(changes)
    chance = Draws(number, 0).of("worlds")
    factors = np.exp(chance.normal(0, spread, len(MOVED) + len(usual.contested)))
    moved = {name: min(getattr(usual, name) * float(f), 0.9) for name, f in zip(MOVED, factors, strict=False)}
    disputed = zip(usual.contested.items(), factors[len(MOVED) :], strict=True)
    contested = {story: min(share * float(f), 0.9) for (story, share), f in disputed}
    return usual.changed({**moved, "contested": contested, **changes})
