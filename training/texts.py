"""What wording was worth, block of time by block of time: the weights behind text scores, fitted forward.

The weights of a block rest on rulings known before it began, and on what had been written before those rulings. Each
says how much oftener than among all texts a run of characters was found in texts of cases with that answer; a
text of pseudo-evidence lets rare runs say little.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from features.catalog import Catalog, Feature
from features.ngrams import BUCKETS, Grams
from features.tables import DAY, Tables
from features.text import LARGEST, SOURCES, STEP, TextBlock, claim_grams, message_grams, pack
from features.vocabulary import LIABLE
from training.labels import Labels, labels_before

BLOCKS: Final = 6
"""Blocks of time, at equal numbers of labels newly known."""

PSEUDO: Final = 1.0
"""Texts of pseudo-evidence for either side of a ratio; more of them cost loss on simulated texts, which repeat much."""

AT_ONCE: Final = 1 << 16
"""Texts counted at a time."""

Positions = NDArray[np.int64]


def fit_texts(tables: Tables, catalog: Catalog, maturity_days: float, before: int) -> tuple[TextBlock, ...]:
    """The blocks up to an instant, the last one of which begins there; none where no text is scored."""
    features = tuple(feature for feature in catalog if feature.family == "text")
    if not features:
        return ()
    labels = labels_before(tables, before, maturity_days)
    known = np.minimum(labels.ruled_at[labels.cases] + int(maturity_days * DAY), before - 1)
    shares = np.arange(1, BLOCKS) / BLOCKS
    starts = np.quantile(known, shares, method="lower").astype(np.int64) + 1 if len(known) else np.empty(0, np.int64)
    since = [*(at for at in dict.fromkeys(starts.tolist()) if at < before), before]
    return tuple(TextBlock(at, _weights(features, tables, labels_before(tables, at, maturity_days))) for at in since)


def _weights(features: tuple[Feature, ...], tables: Tables, labels: Labels) -> dict[str, str]:
    found: dict[str, str] = {}
    for source in SOURCES:
        told = [feature for feature in features if feature.subject == source]
        if told:
            weights = log_ratios(*_counts(tables, labels, source))
            found |= {feature.name: pack(weights[LIABLE.index(feature.measure)]) for feature in told}
    return found


def log_ratios(counts: Positions, texts: Positions) -> NDArray[np.int8]:
    """Weights (classes, BUCKETS) from how many texts of each class have a bucket, and how many there are (classes,)."""
    share = texts / max(int(texts.sum()), 1)
    expected = share[:, None] * counts.sum(axis=0)
    ratios = np.log((counts + PSEUDO) / (expected + PSEUDO))
    return np.asarray(np.clip(np.rint(ratios / STEP), -LARGEST, LARGEST).astype(np.int8))


def _counts(tables: Tables, labels: Labels, source: str) -> tuple[Positions, Positions]:
    """By class and bucket how many texts of labelled cases have it, and by class how many there are."""
    case, text, written = _labelled(tables, labels, source)
    cell, many = np.unique(text * len(LIABLE) + labels.liable[case], return_counts=True)
    counts = np.zeros(len(LIABLE) * BUCKETS)
    for start in range(0, len(cell), AT_ONCE):
        part = slice(start, start + AT_ONCE)
        read = written.take(cell[part] // len(LIABLE))
        place = np.repeat(cell[part] % len(LIABLE) * BUCKETS, read.sizes) + read.bucket
        counts += np.bincount(place, np.repeat(many[part], read.sizes), minlength=len(counts))
    by_class = np.bincount(labels.liable[case], minlength=len(LIABLE))
    return counts.reshape(len(LIABLE), BUCKETS).astype(np.int64), by_class


def _labelled(tables: Tables, labels: Labels, source: str) -> tuple[Positions, Positions, Grams]:
    """Pairs of a labelled case and a text written before its ruling, as a position among texts, and these."""
    if source == "claim":
        text, _ = tables.codes("cases", "claim_text")
        since = tables.instants("cases", "opened_at")
        case = np.arange(len(text))
        theirs = text >= 0
        written = tables.once(claim_grams)
    else:
        text, _ = tables.codes("messages", "text")
        since, case = tables.instants("messages", "sent_at"), tables.case_rows("messages")
        party, parties = tables.codes("messages", "party")
        wrote = np.array([*(name == source.removesuffix("_messages") for name in parties), False])[party]
        theirs = (text >= 0) & (case >= 0) & wrote
        written = tables.once(message_grams)
    theirs &= (labels.liable[case] >= 0) & (since < labels.ruled_at[case])
    return case[theirs], text[theirs], written
