"""What clients send: one case as rows of the contract's tables, under the contract's own column names.

The models are made from ``features/contract.py``, so there is one definition. They are strict: an unknown column is
refused, an instant needs its offset, cents are integers. What a case means is judged by ``features/check.py``.
"""

import re
from datetime import UTC, datetime, timedelta
from types import GenericAlias
from typing import Annotated, Any, Final, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    FailFast,
    Field,
    GetPydanticSchema,
    PlainValidator,
    SkipValidation,
    TypeAdapter,
    WithJsonSchema,
    create_model,
    model_validator,
)
from pydantic_core import core_schema

from features.contract import TABLES, Column, Table, Type
from features.convert import EXPECTED_OF
from serving.question import ABOUT_A_CASE, Question, Row

ITEMS: Final = 1000
"""A batch holds at most so many cases."""

_EXAMPLE: Final = "2026-03-31T14:00:00Z"
INSTANT_EXPECTED: Final = f"an instant with an offset, such as {_EXAMPLE}"
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_OWN_NAME: Final = re.compile(r"(attr|audit)_[\w .-]{1,64}")


def _instant(value: object) -> int:
    if not isinstance(value, str) or len(value) > 40:
        raise ValueError("not text")
    found = datetime.fromisoformat(value)
    if found.tzinfo is None:
        raise ValueError("no offset")
    try:
        return (found.astimezone(UTC) - _EPOCH) // timedelta(microseconds=1)
    except OverflowError:
        raise ValueError("out of range") from None


Instant = Annotated[
    int,
    PlainValidator(_instant),
    WithJsonSchema({"type": "string", "format": "date-time", "examples": [_EXAMPLE]}),
]
_Text = Annotated[str, Field(strict=True)]
_Whole = Annotated[int, Field(strict=True, ge=0, le=2**53)]
_Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]
_TYPES: Final[dict[Type, Any]] = {
    Type.TEXT: _Text,
    Type.INSTANT: Instant,
    Type.KNOWN: Instant,
    Type.CENTS: _Whole,
    Type.COUNT: _Whole,
    Type.NUMBER: _Number,
    Type.FLAG: Annotated[bool, Field(strict=True)],
}


def expected(column: Column | None) -> str:
    """What a value of this column must be; None stands for a team's own ``attr_*`` or ``audit_*`` column."""
    if column is None:
        return "text or a finite number"
    if column.codes:
        return f"one of {', '.join(column.codes)}"
    if column.type in (Type.INSTANT, Type.KNOWN):
        return INSTANT_EXPECTED
    return EXPECTED_OF[column.type]


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _OpenRow(BaseModel):
    """A row that may have a team's own columns: text is a category, a number stays one."""

    model_config = ConfigDict(
        extra="allow",
        json_schema_extra={"patternProperties": {"^(attr|audit)_": {"type": ["string", "number", "null"]}}},
    )
    __pydantic_extra__: dict[str, _Text | _Number | None]

    @model_validator(mode="after")
    def _own_columns_are_named_as_such(self) -> "_OpenRow":
        if not all(_OWN_NAME.fullmatch(name) for name in self.model_extra or ()):
            raise ValueError("unknown column")
        return self


def _row_model(table: Table) -> type[BaseModel]:
    fields: dict[str, Any] = {}
    for column in table.columns:
        of: Any = Literal[column.codes] if column.codes else _TYPES[column.type]
        value: Any = Annotated[of if column.required else of | None, Field(description=column.meaning)]
        fields[column.name] = (value, ... if column.required else None)
    base = _OpenRow if table.open_prefixes else _Row
    return create_model(f"{table.name.capitalize()}Row", __base__=base, **fields)


def _case_model() -> type[BaseModel]:
    """One case: exactly one row of ``cases``, and any rows of the tables about it."""
    about_now = "the instant asked about, never later than now; absent: now"
    fields: dict[str, Any] = {"as_of": (Annotated[Instant | None, Field(description=about_now)], None)}
    for table in ABOUT_A_CASE:
        rows: Any = Annotated[GenericAlias(list, (_row_model(table),)), FailFast()]
        if table.name == "cases":
            fields["cases"] = (Annotated[rows, Field(min_length=1, max_length=1)], ...)
        else:
            fields[table.name] = (Annotated[rows, Field(default_factory=list, description=_said(table))], ...)
    return create_model("CaseIn", __base__=_Row, **fields)


def _said(table: Table) -> str:
    return f"rows of {table.name}; left out: not supplied, which is not the same as no rows"


_CASE: Final = _case_model()


def _question(case: BaseModel) -> Question:
    sent = case.model_fields_set - {"as_of"}
    rows = {name: [_sent(row) for row in getattr(case, name)] for name in TABLES if name in sent}
    return Question(rows, case.__dict__["as_of"])


def _sent(row: BaseModel) -> Row:
    names = (*type(row).model_fields, *sorted(row.model_extra or ()))
    return {name: getattr(row, name) for name in names if name in row.model_fields_set}


CaseIn = Annotated[
    Question,
    GetPydanticSchema(lambda _, handler: core_schema.no_info_after_validator_function(_question, handler(_CASE))),
]
"""One case, read into a Question."""

READ_CASE: Final[TypeAdapter[Question]] = TypeAdapter(CaseIn)
"""Reads one case by itself."""


class BatchIn(BaseModel):
    """Up to 1,000 cases, each read and answered by itself."""

    model_config = ConfigDict(extra="forbid")
    items: Annotated[list[SkipValidation[CaseIn]], Field(min_length=1, max_length=ITEMS)]
