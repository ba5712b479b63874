"""Sellers, who differ: in size, care, packing, filming, answering, honesty, holidays and language."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from features.tables import DAY, Instants
from training.simulate.calendar import Calendar, lunar_new_years
from training.simulate.columns import Columns, Flags, Floats, Ints, choose
from training.simulate.draws import Draws
from training.simulate.routes import ABROAD, CARRIERS, REGIONS
from training.simulate.world import World

SIZES: Final = ("small", "medium", "large")
LANGUAGES: Final = ("en", "zh", "es")
CATEGORIES: Final = ("beauty", "apparel", "health", "home", "electronics", "food", "other")
FULFILMENT: Final = ("platform_shipped", "seller_shipped", "platform_fulfilled")


@dataclass(frozen=True, slots=True)
class Sellers(Columns):
    """Sellers by number; rates are shares between 0 and 1, multipliers have 1 as their mean."""

    weight: Floats  # share of orders, unnormalised
    size: Ints
    origin: Ints
    language: Ints
    category: Ints
    fulfilment: Ints
    carrier: Ints
    careless: Floats  # multiplies picking and label errors
    poor_packing: Floats  # share of parcels without enough padding
    slow: Floats  # multiplies handling time
    filming: Floats  # share of parcels filmed while packed
    weighing: Floats
    answering: Floats  # share of claims answered in time
    generous: Floats
    crooked: Flags  # sends decoys, denies what came back
    free_returns: Flags
    since_day: Ints
    away_lunar: Flags
    away_from: Ints
    away_days: Ints


def sellers(world: World, cal: Calendar, draws: Draws, n: int) -> Sellers:
    """(n,) sellers, a few of them large."""
    chance = draws.of("sellers")
    weight = np.minimum(chance.pareto(world.seller_size_tail, n) + 0.08, world.largest_seller)
    rank = np.argsort(np.argsort(-weight)) / n
    size = np.where(rank < 0.05, 2, np.where(rank < 0.25, 1, 0))
    abroad = chance.random(n) < world.sellers_abroad
    language = np.where(abroad, 1, choose(chance, world.seller_languages, n))
    care = chance.beta(2.0, 2.0, n)  # one trait behind packing, picking and answering
    steady = np.array([0.85, 1.0, 1.1])[size]
    fulfilment = choose(chance, world.fulfilment_mix, n)
    return Sellers(
        weight=weight,
        size=size,
        origin=np.where(abroad & (fulfilment != 2), ABROAD, chance.integers(len(REGIONS), size=n)),
        language=language,
        category=choose(chance, world.category_mix, n),
        fulfilment=fulfilment,
        carrier=choose(chance, world.carrier_mix, n) % len(CARRIERS),
        careless=np.exp(chance.normal(-0.3, 0.7, n)) * (1.6 - 1.2 * care),
        poor_packing=np.clip(chance.beta(1.3, 6.0, n) * (1.7 - 1.4 * care), 0, 0.95),
        slow=np.exp(chance.normal(-0.06, 0.35, n)),
        filming=np.where(chance.random(n) < world.filming_sellers[0] + size * world.filming_sellers[1], 0.9, 0.06),
        weighing=np.where(size == 2, 0.8, np.where(size == 1, 0.4, 0.12)),
        answering=np.clip(chance.beta(8, 2, n) * steady, 0.05, 0.98),
        generous=chance.beta(2.0, 2.0, n),
        crooked=(chance.random(n) < world.crooked_sellers) & (size < 2),
        free_returns=chance.random(n) < world.free_return_sellers,
        since_day=np.where(chance.random(n) < 0.6, -1, chance.integers(0, cal.days, n)),
        away_lunar=(language == 1) & (chance.random(n) < world.away_at_lunar_new_year),
        away_from=chance.integers(0, cal.days, n),
        away_days=np.where((size < 2) & (chance.random(n) < world.away_otherwise), chance.integers(6, 21, n), 0),
    )


def away_until(shop: Sellers, seller: Ints, at: Instants, cal: Calendar) -> Instants:
    """For each seller asked about when it is back at work; the instant itself where it is not away."""
    back = at.copy()
    for day in lunar_new_years(cal):
        begins, ends = cal.start + (day - 4) * DAY, cal.start + (day + 11) * DAY
        back = np.where(shop.away_lunar[seller] & (at >= begins) & (at < ends), ends, back)
    leaves = cal.start + shop.away_from[seller] * DAY
    returns = leaves + shop.away_days[seller] * DAY
    return np.where((at >= leaves) & (at < returns), np.maximum(back, returns), back)
