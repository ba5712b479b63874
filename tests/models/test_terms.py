"""Terms are the parameters of a policy by their names, in whole cents, hours, days and hundredths of a percent."""

from dataclasses import asdict, fields

import numpy as np
import pytest

from features.vocabulary import GRADES
from models.remedy import FINDS_KEYS
from models.terms import BadTerms, Clocks, Terms


def as_parameters(terms: Terms | Clocks) -> dict[str, object]:
    """The parameters as a policy writes them: shares from 0 to 1."""
    units = {f.name: f.metadata["unit"] for f in fields(terms)}
    return {name: value / 10_000 if units[name] == "share" else value for name, value in asdict(terms).items()}


def test_terms_are_made_from_the_parameters_of_a_policy(terms: Terms, clocks: Clocks) -> None:
    parameters = {**as_parameters(terms), **as_parameters(clocks), "return_window_days": 30}
    assert Terms.of(parameters) == terms
    assert Clocks.of(parameters) == clocks


def test_a_parameter_without_a_value_is_named(terms: Terms) -> None:
    parameters = as_parameters(terms)
    del parameters["cover_max_cents"]
    with pytest.raises(BadTerms, match=r"cover_max_cents \(cents\): the carrier answers"):
        Terms.of(parameters)


@pytest.mark.parametrize(
    ("name", "value"),
    [("cover_max_cents", -1), ("cover_max_cents", 0.5), ("cover_max_cents", True), ("deduct_share_max", 1 / 3),
     ("deduct_share_max", "0.5"), ("return_label_cents", float("nan"))],
)  # fmt: skip
def test_a_value_that_cannot_be_used_is_refused(terms: Terms, name: str, value: object) -> None:
    with pytest.raises(BadTerms, match=name):
        Terms.of({**as_parameters(terms), name: value})


def test_a_finding_by_the_name_of_a_term_has_its_unit() -> None:
    units = {f.name: f.metadata["unit"] for kind in (Terms, Clocks) for f in fields(kind)}
    shared = [key for key in FINDS_KEYS if key.name in units]
    assert len(shared) == 10
    assert all(units[key.name] == key.kind for key in shared)


def test_each_grade_has_its_deduction_and_no_grade_has_none(terms: Terms) -> None:
    grades = np.arange(-1, len(GRADES))
    assert terms.deduction(grades).tolist() == [0, 0, 2_000, 7_000, 10_000, 10_000]
