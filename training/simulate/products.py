"""What is sold: price, weight, how it can fail, and what its listing says of it."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from training.simulate.calendar import Calendar
from training.simulate.columns import Columns, Flags, Floats, Ints, choose
from training.simulate.draws import Draws
from training.simulate.sellers import CATEGORIES, Sellers
from training.simulate.world import World

PER_SELLER: Final = 8
PRICE: Final = (0.9, 1.0, 1.0, 1.2, 2.2, 0.8, 1.0)
"""Median price of each category relative to all."""
PRICE_OF_ITEM: Final = (
    (0.8, 0.8, 1.8), (1.2, 0.6, 1.6), (2.0, 0.6, 1.0), (0.9, 0.7, 2.2), (0.5, 0.5, 2.4), (0.9, 0.8, 0.8),
    (1.0, 0.6, 1.2),
)  # fmt: skip
"""The same of each product of a category, relative to its category."""
GRAMS: Final = (220, 420, 260, 1300, 700, 900, 600)
FRAGILE: Final = (0.35, 0.02, 0.15, 0.45, 0.55, 0.15, 0.2)
WEARS: Final = (0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.1)
ITEMS: Final = (
    (
        ("face serum", "精华液", "sérum facial"),
        ("lip set", "唇釉套装", "set de labiales"),
        ("hair dryer", "吹风机", "secador"),
    ),
    (("dress", "连衣裙", "vestido"), ("scarf", "围巾", "bufanda"), ("sneakers", "运动鞋", "zapatillas")),
    (
        ("massage gun", "筋膜枪", "pistola de masaje"),
        ("vitamin jar", "维生素", "vitaminas"),
        ("scale", "体重秤", "báscula"),
    ),
    (("lamp", "台灯", "lámpara"), ("glass set", "玻璃杯套装", "juego de vasos"), ("air fryer", "空气炸锅", "freidora")),
    (("earbuds", "耳机", "audífonos"), ("power bank", "充电宝", "batería portátil"), ("tablet", "平板电脑", "tableta")),
    (
        ("tea box", "茶叶礼盒", "caja de té"),
        ("snack box", "零食礼包", "caja de botanas"),
        ("honey jar", "蜂蜜", "tarro de miel"),
    ),
    (
        ("toy set", "玩具套装", "set de juguetes"),
        ("card binder", "卡册", "carpeta de cartas"),
        ("backpack", "背包", "mochila"),
    ),
)
"""For each category some products, as they are called in English, Chinese and Spanish."""
SOFT: Final = ("dress", "scarf", "sneakers", "backpack")
"""Products that no fall breaks."""
STILL: Final = (
    "face serum", "lip set", "scarf", "vitamin jar", "glass set", "tea box", "snack box", "honey jar", "card binder",
)  # fmt: skip
"""Products that have nothing in them that could stop working."""
COPIED: Final = (1.6, 1.4, 0.6, 0.1, 1.2, 0.05, 0.5)
"""How often a category is counterfeited, relative."""
POWER_BANK: Final = (4, 1)


@dataclass(frozen=True, slots=True)
class Products(Columns):
    """Products by number; those of seller s are s * PER_SELLER and the following."""

    category: Ints
    item: Ints
    price_cents: Ints
    grams: Ints
    fragile: Flags
    breakable: Flags
    perishable: Flags
    serial: Flags  # each piece bears a number
    worn: Flags  # clothing, shoes
    battery: Flags
    works: Flags  # there is something that can stop working
    defects: Floats  # share of pieces that fail
    mislisted: Flags  # the listing says what the piece is not
    spoken: Flags  # ... or a livestream said it, while the listing was right
    flaw_told: Flags  # the listing tells of a flaw
    wrong_chart: Flags
    fake: Flags
    edited_on: Ints  # day on which the listing was changed; -1 never
    bin_from: Ints  # day from which a warehouse bin holds another variant, for two days; -1 never


def products(world: World, cal: Calendar, draws: Draws, shop: Sellers) -> Products:
    """Eight products for each seller, most of them in its main category."""
    chance = draws.of("products")
    n = len(shop) * PER_SELLER
    seller = np.arange(n) // PER_SELLER
    other = choose(chance, world.category_mix, n)
    category = np.where(chance.random(n) < 0.8, shop.category[seller], other)
    item = chance.integers(0, 3, n)
    still = np.array([[name in STILL for name, _, _ in items] for items in ITEMS])[category, item]
    soft = np.array([[name in SOFT for name, _, _ in items] for items in ITEMS])[category, item]
    price = world.price_median_cents * np.exp(world.price_spread * np.clip(chance.normal(0, 1, n), -2, 3))
    price = price * np.array(PRICE)[category] * np.array(PRICE_OF_ITEM)[category, item]
    price = np.clip(price, 300, 200_000)
    careless, crooked = shop.careless[seller], shop.crooked[seller]
    mislisted = chance.random(n) < world.mislisted_products * np.clip(careless, 0.3, 3)
    edits = (mislisted & (chance.random(n) < 0.35)) | (chance.random(n) < 0.03)
    return Products(
        category=category,
        item=item,
        price_cents=(np.round(price / 100) * 100 - 1).astype(np.int64),
        grams=np.round(np.array(GRAMS)[category] * np.exp(chance.normal(0, 0.5, n))).astype(np.int64) + 15,
        fragile=~soft & (chance.random(n) < np.array(FRAGILE)[category]),
        breakable=~soft,
        perishable=category == CATEGORIES.index("food"),
        serial=(category == CATEGORIES.index("electronics")) & (price > 3_000),
        worn=chance.random(n) < np.array(WEARS)[category],
        battery=(category == POWER_BANK[0]) & (item == POWER_BANK[1]),
        works=~still,
        defects=~still
        * np.clip(world.defective * np.exp(chance.normal(-0.4, 0.9, n)) * np.where(category == 4, 2.2, 0.8), 0, 0.3),
        mislisted=mislisted,
        spoken=mislisted & (chance.random(n) < world.spoken_share),
        flaw_told=chance.random(n) < world.flaws_told,
        wrong_chart=(category == 1) & (chance.random(n) < world.wrong_charts),
        fake=chance.random(n) < np.where(crooked, 0.25, world.fake_products) * np.array(COPIED)[category],
        edited_on=np.where(edits, chance.integers(20, cal.days, n), -1),
        bin_from=np.where(
            (shop.fulfilment[seller] == 2) & (chance.random(n) < world.wrong_bins), chance.integers(5, cal.days, n), -1
        ),
    )
