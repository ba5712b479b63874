"""Every order of a block, long before anybody complains: who buys what from whom, for how much, sent how."""

from dataclasses import dataclass

import numpy as np

from features.tables import DAY, HOUR, Instants
from training.simulate.calendar import Calendar
from training.simulate.columns import Columns, Flags, Ints, allot, choose, one_of
from training.simulate.district import Buyers
from training.simulate.draws import Draws
from training.simulate.market import Market
from training.simulate.products import PER_SELLER
from training.simulate.routes import ABROAD, TAX_RATE, WAREHOUSES, lane_code
from training.simulate.world import World

CHANNELS = ("livestream", "short_video", "shop_tab", "search")


@dataclass(frozen=True, slots=True)
class Orders(Columns):
    """The orders of a block, sorted by buyer."""

    buyer: Ints
    seller: Ints
    product: Ints
    placed_at: Instants
    ship_by_at: Instants
    promised_at: Instants
    quantity: Ints
    unit_cents: Ints
    seller_discount: Ints
    platform_discount: Ints
    shipping: Ints
    tax: Ints
    paid: Ints
    two_parcels: Flags
    channel: Ints
    fulfilment: Ints
    carrier: Ints
    express: Flags
    origin: Ints
    destination: Ints

    @property
    def lane(self) -> Ints:
        """The number of each order's lane."""
        return lane_code(self.carrier, self.origin, self.destination)

    @property
    def total(self) -> Ints:
        """What the buyer paid in all: the line, its shipping and its tax."""
        return self.paid + self.shipping + self.tax


def orders(world: World, market: Market, people: Buyers, draws: Draws) -> Orders:
    """The orders of a block over all days of the world."""
    chance = draws.of("orders")
    n, cal, shop = world.block_orders, market.calendar, market.sellers
    buyer = allot(chance, people.weight, n)
    placed = cal.instants_of_orders(chance, n)
    seller = market.seller_of_order(chance, placed)
    product = seller * PER_SELLER + (PER_SELLER * chance.random(n, dtype=np.float32) ** 1.8).astype(np.int64)
    goods = market.products
    quantity = 1 + (chance.random(n, dtype=np.float32) < 0.14) + (chance.random(n, dtype=np.float32) < 0.03)
    listed = goods.price_cents[product] * quantity
    fulfilment = shop.fulfilment[seller]
    by_platform = fulfilment == 2
    region = people.region[buyer]
    nearest = np.array(WAREHOUSES)[np.argmin(np.abs(region[:, None] - np.array(WAREHOUSES)), axis=1)]
    seller_discount = np.where(chance.random(n) < 0.2, listed * one_of(chance, (5, 10, 15, 20), n) // 100, 0)
    platform_discount = np.where(chance.random(n) < world.vouchers, listed * one_of(chance, (5, 10, 20), n) // 100, 0)
    paid = listed - seller_discount - platform_discount
    shipping = np.where(listed < 3_000, one_of(chance, (0, 399, 499, 599), n), 0)
    express = chance.random(n) < 0.12
    origin = np.where(by_platform, nearest, shop.origin[seller])
    return Orders(
        buyer=buyer,
        seller=seller,
        product=product,
        placed_at=placed,
        ship_by_at=_due(cal, placed, np.where(by_platform, 1, 2)),
        promised_at=_due(cal, placed, np.where(express, 4, 7) + 8 * (origin == ABROAD)) + 5 * HOUR,
        quantity=quantity.astype(np.int64),
        unit_cents=goods.price_cents[product],
        seller_discount=seller_discount,
        platform_discount=platform_discount,
        shipping=shipping,
        tax=np.round(paid * np.array(TAX_RATE)[region]).astype(np.int64),
        paid=paid,
        two_parcels=(quantity > 1) & (chance.random(n) < world.split_orders),
        channel=choose(chance, world.channel_mix, n),
        fulfilment=fulfilment,
        carrier=np.where(chance.random(n) < 0.85, shop.carrier[seller], choose(chance, world.carrier_mix, n)),
        express=express,
        origin=origin,
        destination=region,
    )


def _due(cal: Calendar, placed: Instants, days: Ints) -> Instants:
    """The end of the day so many days later, moved to the next open day."""
    return cal.rolled(placed // DAY * DAY + (days + 1) * DAY - 1_000_000)
