"""The text family: what the wording of a case resembles, by rulings known before; one score per source and class.

The weights behind a score were fitted forward in time, a block of time after the other. An ask uses the latest block
that had begun by then, in training, in a backlog and live alike; before the first block there is no score. Whoever
reads a score reads no words, and a party's style is never given to it as a reason.
"""

from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from features.catalog import Feature
from features.ngrams import BUCKETS, Grams, grams
from features.own_rows import supplied
from features.tables import Instants, Numbers, Tables
from features.view import View

REASON: Final = "R70"

SOURCES: Final = {
    "claim": ("cases.claim_text",),
    "buyer_messages": ("messages.party", "messages.text"),
    "seller_messages": ("messages.party", "messages.text"),
}
"""Where texts are read, and the columns that make them."""

STEP: Final = 1 / 32
"""Log-odds in one unit of a weight; a power of two, so that sums of weights are exact in any order."""

LARGEST: Final = 127
"""The largest weight: a byte holds it."""

Positions = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class TextBlock:
    """Weights from the instant ``since`` (microseconds) on: by feature a byte per bucket, as text (base 64)."""

    since: int
    weights: Mapping[str, str]


def pack(weights: NDArray[np.int8]) -> str:
    """Weights (BUCKETS,) as a block stores them."""
    return b64encode(weights.astype(np.int8).tobytes()).decode("ascii")


@lru_cache(maxsize=256)
def unpack(packed: tuple[str, ...]) -> NDArray[np.int8]:
    """The weights (features, BUCKETS) of some features as a block stores them; ValueError where they are not such."""
    found = [np.frombuffer(b64decode(weights, validate=True), dtype=np.int8) for weights in packed]
    if any(len(weights) != BUCKETS for weights in found):
        raise ValueError("the weights of a text are not one byte per bucket")
    return np.stack(found)


def require_scorable(blocks: tuple[TextBlock, ...], names: set[str]) -> None:
    """ValueError unless the blocks stand in order of time and each weighs exactly these features."""
    in_order = all(block.since < later.since for block, later in pairwise(blocks))
    if not in_order or any(set(block.weights) != names for block in blocks):
        raise ValueError("the weights of its texts are not those of its catalog, in order of time")
    for block in blocks:
        unpack(tuple(block.weights.values()))


def text_features(tables: Tables, classes: tuple[str, ...]) -> tuple[Feature, ...]:
    """The scores of every source that these tables have, for the classes a model is to tell apart; of two, one."""
    told = classes[1:] if len(classes) == 2 else classes
    read = [source for source, columns in SOURCES.items() if all(tables.codes(*c.split("."))[1] for c in columns)]
    return tuple(text_feature(source, measure) for source in read for measure in told)


def text_feature(source: str, measure: str) -> Feature:
    """The score of one source for one class."""
    whose = source.replace("_messages", "'s messages")
    return Feature(
        name=f"text.{source}.{measure}",
        family="text",
        kind="number",
        sentence=f"How far the wording of the {whose} resembles that of cases that ended with '{measure}'.",
        unit="score",
        reads=SOURCES.get(source, ()),
        reason=REASON,
        subject=source,
        citable=False,
        measure=measure,
    )


def text_scores(view: View, features: tuple[Feature, ...], blocks: tuple[TextBlock, ...]) -> Numbers:
    """The scores of these features: (features, asks), NaN where nothing is written, or was learnt, by then.

    A score is the sum of the weights of all that was written, over the root of how many they are: so what says
    nothing moves a long text no further than a short one.
    """
    found = np.full((len(features), len(view.asks)), np.nan)
    for source in dict.fromkeys(feature.subject for feature in features):
        places = [i for i, feature in enumerate(features) if feature.subject == source]
        if all(supplied(view.tables, column) for column in SOURCES[source]):
            found[places] = _of_source(view, source, [features[i].name for i in places], blocks)
    return found


def _of_source(view: View, source: str, names: list[str], blocks: tuple[TextBlock, ...]) -> Numbers:
    ask, text, written = _written(view, source)
    block = block_of(blocks, view.asks.as_of)[ask]
    many = len(view.asks)
    total, size = np.zeros((len(names), many)), np.zeros(many)
    for number in np.flatnonzero(np.bincount(block + 1)[1:]):
        here = np.flatnonzero(block == number)
        needed, place = np.unique(text[here], return_inverse=True)
        read = written.take(needed)
        sums = read.sums(unpack(tuple(blocks[number].weights[name] for name in names)))[:, place]
        cell = np.arange(len(names))[:, None] * many + ask[here]
        total += np.bincount(cell.ravel(), sums.ravel(), minlength=total.size).reshape(total.shape)
        size += np.bincount(ask[here], read.sizes[place], minlength=many)
    return np.asarray(np.divide(total * STEP, np.sqrt(size), out=np.full(total.shape, np.nan), where=size > 0))


def block_of(blocks: tuple[TextBlock, ...], as_of: Instants) -> Positions:
    """The position of the block that each instant uses, -1 before the first."""
    since = np.array([block.since for block in blocks], dtype=np.int64)
    return np.asarray(np.searchsorted(since, as_of, "right") - 1)


def _written(view: View, source: str) -> tuple[Positions, Positions, Grams]:
    """Pairs of an ask and a text known by then, as a position among texts, and these."""
    if source == "claim":
        words = view.case_words("claim_text")
        ask = np.flatnonzero(words.codes >= 0)
        return ask, words.codes[ask], view.tables.once(claim_grams)
    rows = view.rows("messages")
    text, values = rows.words("text")
    known = view.tables.once(message_grams)
    theirs = np.flatnonzero(rows.are("party", source.removesuffix("_messages")) & (text >= 0))
    supposed = values[len(known) :]
    return rows.ask[theirs], text[theirs], known.followed_by(grams(supposed)) if supposed else known


def claim_grams(tables: Tables) -> Grams:
    """The buckets of every claim, by its position among all."""
    return grams(tables.codes("cases", "claim_text")[1])


def message_grams(tables: Tables) -> Grams:
    """The buckets of every message, by its position among all."""
    return grams(tables.codes("messages", "text")[1])
