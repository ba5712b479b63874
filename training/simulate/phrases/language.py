"""What a language must bring to be written in: phrases for claims and messages, by matter."""

from collections.abc import Mapping
from dataclasses import dataclass

Phrases = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Claiming:
    """Phrases of claims. ``by_reason`` are of any product; ``of_item`` only of some."""

    openings: Phrases
    asks: Phrases
    asks_for: Mapping[str, Phrases]  # by the remedy asked for
    by_reason: Mapping[str, Phrases]
    of_item: Mapping[str, Phrases]  # by "reason item", in English words for both; by "reason many" of several
    when: Mapping[str, Phrases]  # by "reason photo" of a door photographed, "reason waiting" where nothing has come
    details: Mapping[str, Phrases]  # by story: what only somebody would say to whom it happened, or who invents well
    pressure: Phrases
    by_seller: Mapping[str, Phrases]  # what a seller claims who opens a case about a return


@dataclass(frozen=True, slots=True)
class Writing:
    """Phrases of messages. ``about`` ("intent matter") adds those that fit a matter only."""

    buyer_greets: Phrases
    seller_greets: Phrases
    closings: Phrases
    by_intent: Mapping[str, Phrases]
    about: Mapping[str, Phrases]


@dataclass(frozen=True, slots=True)
class Language:
    """One language: how sentences are joined, and what is said in them."""

    join: str
    claiming: Claiming
    writing: Writing
