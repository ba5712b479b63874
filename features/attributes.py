"""A team's own ``attr_*`` columns as features: text becomes a category, a number stays one."""

import numpy as np
import pyarrow as pa

from features.catalog import Catalog, Feature
from features.tables import Numbers, Tables
from features.view import View, Words

REASON = "R20"


def attribute_features(tables: Tables, leave_out: tuple[str, ...] = ()) -> tuple[Feature, ...]:
    """The features of every ``attr_*`` column that holds a value, by name."""
    names = [name for name in attribute_names(tables) if name not in leave_out]
    cases = tables["cases"]
    held = (n for n in names if cases.column(n).null_count < len(cases))
    return tuple(attribute_feature(n, text=pa.types.is_string(cases.schema.field(n).type)) for n in held)


def attribute_names(tables: Tables) -> tuple[str, ...]:
    """The ``attr_*`` columns of these tables, by name."""
    return tuple(sorted(name for name in tables["cases"].column_names if name.startswith("attr_")))


def extra_attributes(tables: Tables, catalog: Catalog) -> tuple[str, ...]:
    """The ``attr_*`` columns that no feature of the catalog reads; they are ignored."""
    read = {column for feature in catalog for column in feature.reads}
    return tuple(name for name in attribute_names(tables) if f"cases.{name}" not in read)


def missing_attributes(tables: Tables, catalog: Catalog) -> tuple[str, ...]:
    """The attributes of the catalog that these tables lack, or hold as another kind; they are null throughout."""
    return tuple(f.name for f in catalog if f.family == "attributes" and not of_its_kind(tables, f))


def unmatched_attributes(tables: Tables, catalog: Catalog) -> tuple[str, ...]:
    """Sentences on the attributes that these tables and a bundle do not share."""
    missing, extra = missing_attributes(tables, catalog), extra_attributes(tables, catalog)
    said = (
        f"Not in the data as the bundle knows it, so null throughout: {', '.join(missing)}." if missing else "",
        f"Not known to the bundle, so not read: {', '.join(extra)}." if extra else "",
    )
    return tuple(filter(None, said))


def attribute_feature(name: str, *, text: bool) -> Feature:
    """The feature of one ``attr_*`` column that holds text, or numbers."""
    said = name.removeprefix("attr_").replace("_", " ")
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
    """The values of one attribute by ask; null throughout where the column is missing or of another kind."""
    column, category = feature.reads[0].removeprefix("cases."), feature.kind == "category"
    if not of_its_kind(view.tables, feature):
        return Words(np.full(len(view.asks), -1), []) if category else np.full(len(view.asks), np.nan)
    return view.case_words(column) if category else view.case_numbers(column)


def of_its_kind(tables: Tables, attribute: Feature) -> bool:
    """Whether an attribute is text or a number here as it was in training; one that is missing is not."""
    if not tables.supplied("cases", attribute.name):
        return False
    of = tables["cases"].schema.field(attribute.name).type
    return bool(pa.types.is_null(of) or pa.types.is_string(of) == (attribute.kind == "category"))
