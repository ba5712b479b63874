"""The links family: how the buyer of a case is tied to other buyers, by what was known before the instant asked about.

A shared thing alone says little: a household shares an address, and a dormitory one with sixty. What tells a ring is
that the same few people share two kinds of things at once, and dispute together.
"""

from collections.abc import Callable
from itertools import combinations
from typing import Final

import numpy as np

from features.own_rows import supplied
from features.row_feature import RowFeature, needs_all, row_feature
from features.tables import Numbers
from features.ties import Lookalike, Tie
from features.view import View

LONG: Final = 365
"""For so many days a dispute ties its buyer to others."""

LATELY: Final = 30
"""Disputes of so many days are told to come together."""

FEW: Final = 2
"""n other buyers count as n / (n + FEW): the first of them weigh most."""

THINGS: Final = {"address": "delivery address", "device": "device", "payment": "means of payment"}
"""What buyers may share, by the column of ``cases`` without its ending."""


def _shared(*things: str) -> RowFeature:
    columns = _columns(*things)
    tie, said = Tie(columns, LONG), " and the ".join(THINGS[thing] for thing in things)
    return _counted(
        f"{'_and_'.join(things)}_shared",
        f"How many other buyers with a dispute in the last {LONG} days share the {said}.",
        columns,
        tie.others,
    )


def _same_seller(thing: str) -> RowFeature:
    columns = (*_columns(thing), "cases.seller_id")
    return _counted(
        f"{thing}_same_seller",
        f"How many other buyers with the same {THINGS[thing]} had a dispute with the seller in the last {LONG} days.",
        columns,
        Tie(columns, LONG).others,
    )


def _image_shared() -> RowFeature:
    return _counted(
        "image_shared",
        f"How many other buyers handed in an image like one of this buyer's in the last {LONG} days.",
        ("evidence.phash", "evidence.party", "evidence.catalogue_image"),
        Lookalike(LONG).others,
    )


def _together(thing: str) -> RowFeature:
    (column,) = _columns(thing)
    everyone, alike = Tie((column,), LONG), Tie((column, "cases.reason"), LATELY)

    def compute(view: View) -> Numbers:
        return alike.others(view) / (everyone.others(view) + FEW)

    return _listed(
        f"{thing}_together",
        f"What share of the other buyers with the same {THINGS[thing]} gave the same reason in the last {LATELY} days.",
        "share",
        (column, "cases.reason"),
        compute,
    )


def _counted(name: str, sentence: str, columns: tuple[str, ...], others: Callable[[View], Numbers]) -> RowFeature:
    def compute(view: View) -> Numbers:
        n = others(view)
        return np.asarray(n / (n + FEW))

    return _listed(name, sentence, f"n/(n+{FEW})", columns, compute)


def _listed(
    name: str, sentence: str, unit: str, columns: tuple[str, ...], compute: Callable[[View], Numbers]
) -> RowFeature:
    reads = ("cases.buyer_id", *columns)

    def of_others(view: View) -> Numbers:
        """Null throughout where the past was made without a column that is read."""
        told = all(supplied(view.past, column) for column in reads)
        return compute(view) if told else np.full(len(view.asks), np.nan)

    of_others.__name__, of_others.__doc__ = name, sentence
    return needs_all(row_feature(of_others, family="links", unit=unit, reads=reads, reason="R80", citable=False))


def _columns(*things: str) -> tuple[str, ...]:
    return tuple(f"cases.{thing}_id" for thing in things)


LINKS: Final[tuple[RowFeature, ...]] = (
    *(_shared(thing) for thing in THINGS),
    *(_shared(*two) for two in combinations(THINGS, 2)),
    *(_same_seller(thing) for thing in THINGS),
    _together("address"),
    _image_shared(),
)
