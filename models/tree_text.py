"""What a text of trees must look like before LightGBM may read it.

LightGBM trusts its text: a wrong length or a child that points nowhere ends the process. Digests show that a
bundle is the one that was written, not who wrote it; so every count, index and number is checked here as well,
and whatever passes is safe to read, even where it is not the truth.
"""

import re
from collections.abc import Mapping
from itertools import pairwise
from typing import Final

_HEAD: Final = (
    "version", "num_class", "num_tree_per_iteration", "label_index", "max_feature_idx", "objective",
    "feature_names", "feature_infos", "tree_sizes",
)  # fmt: skip
_NODES: Final = ("split_feature", "split_gain", "threshold", "decision_type", "left_child", "right_child")
_LEAVES: Final = ("leaf_value", "leaf_weight", "leaf_count")
_INSIDE: Final = ("internal_value", "internal_weight", "internal_count")
_CATEGORIES: Final = ("cat_boundaries", "cat_threshold")
_NUMBERS: Final = ("split_gain", "leaf_value", "leaf_weight", "internal_value", "internal_weight", "shrinkage")

_WHOLE: Final = r"-?(?:0|[1-9][0-9]{0,9})"
_POWER: Final = r"e(?:-[0-9]{2,3}|\+(?:[0-9]{2}|[12][0-9]{2}|30[0-7]))"
_NUMBER: Final = rf"-?(?:[0-9](?:\.[0-9]{{1,20}})?{_POWER}|[0-9]{{1,20}}(?:\.[0-9]{{1,25}})?)"
_INFO: Final = rf"(?:none|\[{_NUMBER}:{_NUMBER}\]|{_WHOLE}(?::{_WHOLE})*)"
_END: Final = "end of trees\n"


def _line_of(word: str) -> re.Pattern[str]:
    return re.compile(rf"(?:{word}(?: {word})*)?")


_WHOLES, _ALL_NUMBERS, _INFOS = _line_of(_WHOLE), _line_of(_NUMBER), _line_of(_INFO)
_THRESHOLDS: Final = _line_of(rf"(?:inf|{_NUMBER})")
"""A threshold is infinite where a split only sets missing values apart."""

Fields = Mapping[str, str]


def require_sound(text: str) -> None:
    """Raise ValueError, naming the tree, unless LightGBM can read this text without going astray."""
    title, _, lines = text.partition("\n")
    head, _, trees = lines.partition("\n\n")
    fields = _fields(head, _HEAD, "the head")
    sizes = _wholes(fields, "tree_sizes", "the head")
    features = _require_head(fields, title, len(sizes))
    start = 0
    for i, size in enumerate(sizes):
        if size <= 0:
            raise ValueError(f"tree {i} has no size")
        _require_tree(trees[start : start + size], i, features)
        start += size
    if trees[start:] != _END:
        raise ValueError("the trees do not end where they say")


def _require_head(fields: Fields, title: str, trees: int) -> int:
    """The number of features, once the head is found consistent."""
    classes, last = (_whole(fields, name, "the head") for name in ("num_class", "max_feature_idx"))
    binary = classes == 1 and fields["objective"] == "binary sigmoid:1"
    several = 2 < classes <= 100 and fields["objective"] == f"multiclass num_class:{classes}"
    right = (
        (binary or several)
        and (title, fields["version"], fields["label_index"]) == ("tree", "v4", "0")
        and _whole(fields, "num_tree_per_iteration", "the head") == classes
        and trees > 0
        and trees % classes == 0
        and fields["feature_names"] == " ".join(f"f{i}" for i in range(last + 1))
        and len(fields["feature_infos"].split(" ")) == last + 1
        and _INFOS.fullmatch(fields["feature_infos"])
    )
    if not right:
        raise ValueError("the head of the trees is not consistent")
    return last + 1


def _require_tree(block: str, i: int, features: int) -> None:
    place = f"tree {i}"
    title, _, lines = block.partition("\n")
    if title != f"Tree={i}" or not lines.endswith("\n\n\n"):
        raise ValueError(f"{place} is not where it should be")
    categories = () if "\nnum_cat=0\n" in lines else _CATEGORIES
    names = ("num_leaves", "num_cat", *_NODES, *_LEAVES, *_INSIDE, *categories, "is_linear", "shrinkage")
    fields = _fields(lines[:-3], names, place)
    leaves = _whole(fields, "num_leaves", place)
    if not 1 <= leaves <= 1 << 15 or fields["is_linear"] != "0":
        raise ValueError(f"{place} is of a kind that is not read here")
    lengths = dict.fromkeys((*_NODES, *_INSIDE), leaves - 1) | dict.fromkeys(_LEAVES, leaves) | {"shrinkage": 1}
    if leaves == 1:
        lengths["leaf_weight"] = 0
    for name, length in lengths.items():
        if len(fields[name].split()) != length:
            raise ValueError(f"{place} has a {name} of the wrong length")
    for name in _NUMBERS:
        if not _ALL_NUMBERS.fullmatch(fields[name]):
            raise ValueError(f"{place} has a {name} that is not a number")
    if min(_wholes(fields, "leaf_count", place) + _wholes(fields, "internal_count", place)) < 1:
        raise ValueError(f"{place} counts no case somewhere")
    _require_branches(fields, leaves, place)
    _require_splits(fields, features, place)


def _require_branches(fields: Fields, leaves: int, place: str) -> None:
    """Each node but the first hangs below exactly one earlier node, and so does each leaf."""
    sides = (_wholes(fields, "left_child", place), _wholes(fields, "right_child", place))
    expected = [*range(-leaves, 0), *range(1, leaves - 1)] if leaves > 1 else []
    later = all(child < 0 or child > node for side in sides for node, child in enumerate(side))
    if sorted(sides[0] + sides[1]) != expected or not later:
        raise ValueError(f"the branches of {place} do not make a tree")


def _require_splits(fields: Fields, features: int, place: str) -> None:
    """Each split asks about a feature there is, in a way there is, of categories there are."""
    if not _THRESHOLDS.fullmatch(fields["threshold"]):
        raise ValueError(f"{place} has a threshold that is not a number")
    kinds = _wholes(fields, "decision_type", place)
    count = _whole(fields, "num_cat", place)
    by_category = [t for t, kind in zip(fields["threshold"].split(), kinds, strict=True) if kind & 1]
    right = (
        all(0 <= feature < features for feature in _wholes(fields, "split_feature", place))
        and all(0 <= kind < 12 for kind in kinds)
        and by_category == [str(i) for i in range(count)]
    )
    if right and count:
        starts, words = (_wholes(fields, name, place) for name in _CATEGORIES)
        right = (
            len(starts) == count + 1
            and (starts[0], starts[-1]) == (0, len(words))
            and all(a < b for a, b in pairwise(starts))
            and all(0 <= word < 1 << 32 for word in words)
        )
    if not right:
        raise ValueError(f"a split of {place} asks about something that is not there")


def _fields(lines: str, names: tuple[str, ...], place: str) -> Fields:
    pairs = [line.partition("=") for line in lines.split("\n")]
    if tuple(name for name, _, _ in pairs) != names:
        raise ValueError(f"{place} lacks a line or has one too many")
    return {name: value for name, _, value in pairs}


def _wholes(fields: Fields, name: str, place: str) -> list[int]:
    if not _WHOLES.fullmatch(fields[name]):
        raise ValueError(f"{place} has a {name} that is not whole")
    return [int(word) for word in fields[name].split()]


def _whole(fields: Fields, name: str, place: str) -> int:
    found = _wholes(fields, name, place)
    if len(found) != 1:
        raise ValueError(f"{place} has a {name} of the wrong length")
    return found[0]
