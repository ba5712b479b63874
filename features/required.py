"""The list of required evidence: which kinds a reason requires at a stage, and from which party.

It is read from ``required_evidence.yaml`` once and held against the vocabulary, so that a slip in it stops everything.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Final

import yaml

from features.errors import TriageError
from features.vocabulary import EVIDENCE_KINDS, PARTIES, REASONS, STAGES

FILE: Final = "required_evidence.yaml"


class BadRequirement(TriageError):
    """The list of required evidence names something that there is not, or leaves a reason out."""


@dataclass(frozen=True, slots=True)
class Requirement:
    """One thing that a reason requires of a party: any one of these kinds of evidence, at these stages."""

    party: str
    any_of: tuple[str, ...]
    stages: tuple[str, ...] = STAGES


@cache
def required_evidence() -> Mapping[str, tuple[Requirement, ...]]:
    """For each reason what it requires, as the file says."""
    return read_requirements(resources.files("features").joinpath(FILE).read_text("utf-8"))


def read_requirements(text: str) -> Mapping[str, tuple[Requirement, ...]]:
    """For each reason what it requires, in the order written.

    Raises
    ------
    BadRequirement
        When a reason is missing or unknown, or a requirement is not one; it says which and what was expected.
    """
    try:
        found = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise BadRequirement(f"{FILE} is not YAML: {error}") from error
    if not isinstance(found, dict):
        raise BadRequirement(f"{FILE} must list requirements by reason.")
    for reason in (*REASONS, *found):
        if reason not in found or reason not in REASONS:
            wrong = "lacks the reason" if reason in REASONS else "knows no reason"
            raise BadRequirement(f"{FILE} {wrong} {reason}; it must list each of the contract, [] for nothing.")
    return {reason: _requirements(reason, found[reason]) for reason in REASONS}


def _requirements(reason: str, entries: Any) -> tuple[Requirement, ...]:
    if not isinstance(entries, list):
        raise BadRequirement(f"{FILE}, {reason}: expected a list, [] for nothing.")
    made = tuple(_requirement(f"{FILE}, {reason}, requirement {i}", entry) for i, entry in enumerate(entries, 1))
    if len(set(made)) < len(made):
        raise BadRequirement(f"{FILE}, {reason}: a requirement stands there twice.")
    return made


def _requirement(where: str, entry: Any) -> Requirement:
    if not isinstance(entry, dict) or not {"party", "any_of"} <= set(entry) <= {"party", "any_of", "stages"}:
        raise BadRequirement(f"{where}: expected party, any_of and, where it does not always hold, stages.")
    (party,) = _among(where, "party", [entry["party"]], PARTIES)
    kinds = _among(where, "any_of", entry["any_of"], EVIDENCE_KINDS)
    return Requirement(party, kinds, _among(where, "stages", entry.get("stages", list(STAGES)), STAGES))


def _among(where: str, key: str, values: Any, codes: tuple[str, ...]) -> tuple[str, ...]:
    if not isinstance(values, list) or not values:
        raise BadRequirement(f"{where}: {key} must be a list that is not empty.")
    for value in values:
        if value not in codes:
            raise BadRequirement(f"{where}: {key} {value!r} is none of {', '.join(codes)}.")
    return tuple(values)
