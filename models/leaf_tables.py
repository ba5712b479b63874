"""For each small group of leaves, what every feature contributes for every pattern of answers on the way to them.

Within one leaf a feature's contribution depends only on which features of its path a row satisfies (Yang 2021), so
it can be looked up. Leaves below one split share their way to it; they are looked up together as long as a pattern
of one bit for each feature on the way, and one for each split below, stays short.
"""

import math
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from models.branches import Split, Tree, trees_of
from models.kernel import BLOCK, CATEGORY, LARGEST, NUMBER, NUMBER_OR_ZERO, Numbers, Places, compiled

SHORT: Final = 8
"""Bits of a pattern up to which leaves are looked up together: longer ones save sums and cost memory."""

MOST: Final = 1 << 26
"""Numbers in all tables of a text: half a gigabyte."""

Term = tuple[int, int]
"""A split's place and the answer that counts: 0 left, 1 right."""


class BeyondTables(ValueError):
    """The trees would need larger tables than are made."""


@dataclass(frozen=True, slots=True)
class Way:
    """The way to a node: for each feature asked about the answers that lead there, and the share of cases that went."""

    terms: dict[int, tuple[Term, ...]] = field(default_factory=dict)
    shares: dict[int, float] = field(default_factory=dict)

    def on(self, feature: int, term: Term, share: float) -> "Way":
        """The way to a child."""
        terms = self.terms | {feature: (*self.terms.get(feature, ()), term)}
        return Way(terms, self.shares | {feature: self.shares.get(feature, 1.0) * share})


@dataclass(frozen=True, slots=True)
class LeafTables:
    """All trees of a text as the arrays that the kernel reads.

    Attributes
    ----------
    splits, thresholds, words
        The different questions: (feature, kind, whether missing goes left, first word, words), number, bits.
    classes
        Where each class's groups start.
    groups
        (first bit, table start, bits, first column, columns, first leaf), and the same once more for the end.
    bits, terms
        Where each bit's terms start, all of which must hold; a term is twice the split's place, plus 1 for right.
    columns
        The feature of each column of a group's table; the last column is the score.
    tables
        (patterns, columns) of each group, one after another.
    constants, base
        By class: the scores of trees that ask nothing, and the mean score.
    """

    features: int
    splits: Places
    thresholds: Numbers
    words: NDArray[np.uint32]
    classes: Places
    groups: Places
    bits: Places
    terms: Places
    columns: Places
    tables: Numbers
    constants: Numbers
    base: Numbers

    @classmethod
    def of(cls, text: str, features: int) -> "LeafTables":
        """The tables for a checked text of trees; BeyondTables where these would be too large."""
        columns, trees = trees_of(text)
        making = _Making(features)
        classes, constants, base = [0], np.zeros(columns), np.zeros(columns)
        for column in range(columns):
            for tree in trees[column::columns]:
                if tree.splits:
                    making.add(tree)
                else:
                    constants[column] += tree.values[0]
            base[column] = constants[column] + making.mean_since(classes[-1])
            classes.append(len(making.groups))
        return making.done(classes, constants, base)

    def explain(self, X: Numbers, *, threads: int) -> tuple[Numbers, Numbers]:
        """Scores, (rows, classes), and contributions, (rows, classes, features), the same at any thread count.

        Raises
        ------
        ValueError
            When X has another number of features than the trees.
        """
        X = np.ascontiguousarray(X, dtype=np.float64)
        rows, classes = len(X), len(self.base)
        if X.shape != (rows, self.features):
            raise ValueError(f"the trees ask about {self.features} features, but rows of shape {X.shape} were given")
        log_odds, contributions = np.empty((rows, classes)), np.empty((rows, classes, self.features))
        _, explain = compiled()

        def part(start: int) -> None:
            explain(
                X, start, min(start + step, rows), self.splits, self.thresholds, self.words, self.classes,
                self.groups, self.bits, self.terms, self.columns, self.tables, self.constants, log_odds, contributions,
            )  # fmt: skip

        step = -(-rows // (threads * BLOCK)) * BLOCK
        starts = range(0, rows, step or 1)
        if len(starts) < 2:
            for start in starts:
                part(start)
        else:
            with ThreadPoolExecutor(threads) as pool:
                list(pool.map(part, starts))
        return log_odds, contributions


class _Making:
    """The arrays while trees are added one by one."""

    def __init__(self, features: int) -> None:
        self._features = features
        self._split: dict[Split, int] = {}
        self._bits: list[int] = [0]
        self._terms: list[int] = []
        self._columns: list[int] = []
        self._leaves: list[int] = [0]
        self._values: list[float] = []
        self._asked: list[tuple[int, int, int]] = []
        self._shares: list[float] = []
        self._size = 0
        self.groups: list[tuple[int, ...]] = []

    def add(self, tree: Tree) -> None:
        """Part a tree into groups of leaves from the root down, each as large as patterns allow."""
        below = tree.leaves_below()
        waiting = [(0, Way())]
        while waiting:
            node, way = waiting.pop()
            inside = below[node] - 1 if node >= 0 else 0
            if len(way.terms) > LARGEST:
                raise BeyondTables("a path asks about more features than tables are made for")
            if node < 0 or len(way.terms) + inside <= SHORT:
                self._add_group(tree, node, way)
            else:
                waiting += reversed(list(self._children(tree, node, way)))

    def _children(self, tree: Tree, node: int, way: Way) -> Iterator[tuple[int, Way]]:
        split = tree.splits[node]
        place = self._split.setdefault(split, len(self._split))
        for side in (0, 1):
            yield tree.children[node][side], way.on(split.feature, (place, side), tree.shares[node][side])

    def _add_group(self, tree: Tree, top: int, way: Way) -> None:
        features = {feature: column for column, feature in enumerate(way.terms)}
        first_bit, first_column = len(self._bits) - 1, len(self._columns)
        group_start = len(self._leaves) - 1
        for terms in way.terms.values():
            self._add_bit(terms)
        needed = {feature: (1 << column, 0) for feature, column in features.items()}
        waiting = [(top, way.shares, needed)]
        while waiting:
            node, shares, needed = waiting.pop()
            if node < 0:
                self._add_leaf(tree.values[~node], shares, needed, features)
                continue
            feature = tree.splits[node].feature
            features.setdefault(feature, len(features))
            bit = 1 << len(self._bits) - 1 - first_bit
            self._add_bit(((self._split.setdefault(tree.splits[node], len(self._split)), 0),))
            yes, no = needed.get(feature, (0, 0))
            for side, wanted in ((1, (yes, no | bit)), (0, (yes | bit, no))):
                share = shares.get(feature, 1.0) * tree.shares[node][side]
                waiting.append((tree.children[node][side], shares | {feature: share}, needed | {feature: wanted}))
        self._columns += [*features, self._features]
        bits, width = len(self._bits) - 1 - first_bit, len(features) + 1
        self.groups.append((first_bit, self._size, bits, first_column, width, group_start))
        self._size += width << bits
        if self._size > MOST:
            raise BeyondTables("the trees need more memory than tables are given")

    def _add_bit(self, terms: tuple[Term, ...]) -> None:
        self._terms += [2 * place + side for place, side in terms]
        self._bits.append(len(self._terms))

    def _add_leaf(
        self, value: float, shares: dict[int, float], needed: dict[int, tuple[int, int]], columns: dict[int, int]
    ) -> None:
        self._values.append(value)
        self._asked += [(columns[feature], *wanted) for feature, wanted in needed.items()]
        self._shares += [shares[feature] for feature in needed]
        self._leaves.append(len(self._asked))

    def mean_since(self, group: int) -> float:
        """The mean score in training of the leaves of this group and all later ones."""
        first = self.groups[group][5] if group < len(self.groups) else len(self._values)
        reached = (
            math.prod(self._shares[self._leaves[i] : self._leaves[i + 1]]) for i in range(first, len(self._values))
        )
        return math.fsum(share * value for share, value in zip(reached, self._values[first:], strict=True))

    def done(self, classes: list[int], constants: Numbers, base: Numbers) -> "LeafTables":
        """All that was added, as arrays, with the tables filled."""
        end = (len(self._bits) - 1, self._size, 0, len(self._columns), 0, len(self._values))
        groups = np.array([*self.groups, end], dtype=np.int64)
        tables = np.zeros(self._size)
        fill, _ = compiled()
        fill(
            groups, np.array(self._leaves), np.array(self._values), np.array(self._asked, np.int64).reshape(-1, 3),
            np.array(self._shares), *_points(), tables,
        )  # fmt: skip
        splits, thresholds, words = _questions(list(self._split))
        return LeafTables(
            self._features, splits, thresholds, words, np.array(classes), groups, np.array(self._bits),
            np.array(self._terms, np.int64), np.array(self._columns, np.int64), tables, constants, base,
        )  # fmt: skip


def _questions(splits: list[Split]) -> tuple[Places, Numbers, NDArray[np.uint32]]:
    rows: list[tuple[int, int, bool, int, int]] = []
    words: list[int] = []
    for split in splits:
        kind, missing_left = NUMBER, split.left_if_missing
        if split.categories is not None:
            kind, missing_left = CATEGORY, False
        elif split.missing == 1:
            kind = NUMBER_OR_ZERO
        elif split.missing == 0:
            missing_left = split.threshold >= 0.0
        rows.append((split.feature, kind, missing_left, len(words), len(split.categories or ())))
        words += split.categories or ()
    thresholds = np.array([split.threshold for split in splits], np.float64)
    return np.array(rows, np.int64).reshape(-1, 5), thresholds, np.array(words, np.uint32)


def _points() -> tuple[Numbers, Numbers]:
    """Gauss's points and weights between 0 and 1 for each number of features: exact for their products."""
    points, weights = np.zeros((2, LARGEST + 1, LARGEST // 2 + 1))
    for features in range(LARGEST + 1):
        count = features // 2 + 1
        x, w = np.polynomial.legendre.leggauss(count)
        points[features, :count], weights[features, :count] = (x + 1.0) / 2.0, w / 2.0
    return points, weights
