"""A team's own ``attr_*`` columns as features: text becomes a category, a number stays one."""

import pyarrow as pa

from features.catalog import Feature
from features.tables import Numbers, Tables
from features.view import View, Words

REASON = "R20"


def attribute_features(tables: Tables, leave_out: tuple[str, ...] = ()) -> tuple[Feature, ...]:
    """The features of every ``attr_*`` column that holds a value, by name."""
    cases = tables["cases"]
    names = sorted(n for n in cases.column_names if n.startswith("attr_") and n not in leave_out)
    return tuple(_feature(name, cases.schema.field(name).type) for name in names if _holds(cases, name))


def _holds(cases: pa.Table, name: str) -> bool:
    return int(cases.column(name).null_count) < int(cases.num_rows)


def _feature(name: str, of: pa.DataType) -> Feature:
    said = name.removeprefix("attr_").replace("_", " ")
    text = pa.types.is_string(of)
    return Feature(
        name=name,
        family="attributes",
        kind="category" if text else "number",
        sentence=f"The {said} recorded when the case was opened.",
        unit="category" if text else "number",
        reads=(f"cases.{name}",),
        reason=REASON,
        subject=name,
    )


def attribute_values(view: View, feature: Feature) -> Numbers | Words:
    """The values of one attribute by ask; null throughout where the column is missing."""
    if feature.kind == "category":
        return view.case_words(feature.name)
    return view.case_numbers(feature.name)
