"""What goes wrong, said as RFC 9457 problems: one table from error to status, and nothing of the input echoed.

A problem names table, column and case. Of what a client sent only a case id is repeated, and only a plain one; a case
in a batch is named by its place too.
"""

import re
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field

from features.check import BadCase, Drop
from features.errors import TriageError
from models.policy import PolicyGap
from serving.desk import CaseNotFound, NotReady
from serving.letter_pdf import CannotPrint
from serving.stating import NothingToState

MEDIA_TYPE: Final = "application/problem+json"

STATUS: Final[dict[type[TriageError], int]] = {
    BadCase: 422,
    CannotPrint: 406,
    CaseNotFound: 404,
    NotReady: 503,
    NothingToState: 409,
    PolicyGap: 409,
}
"""The answer to each error that a request can meet; the nearest ancestor counts."""

BEFORE_ANY_REQUEST: Final = (
    "BadFile", "BadInput", "BadLexicon", "BadMapping", "BadPolicy", "BadRequirement", "BadSettings", "BadTerms",
    "BundleMismatch", "CannotListen", "CannotWrite", "NoChampion",
)  # fmt: skip
"""The errors that stop a command or the start of the service, so that no request can meet them."""

TITLES: Final = {
    400: "The body cannot be read.",
    404: "There is nothing here.",
    405: "This is not done here.",
    406: "The statement cannot be printed in this form; ask for another.",
    409: "Policy has nothing to say about this case.",
    413: "The body is too large.",
    415: "Send application/json, not compressed.",
    422: "The request breaks the contract.",
    500: "Something unexpected failed.",
    503: "The service is not ready.",
}
"""What each status means here."""

_PLAIN: Final = re.compile(r"[A-Za-z0-9._-]{1,64}")


class ProblemOut(BaseModel):
    """A problem as RFC 9457 has it, with the place in the request where it was found."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    type: str = Field(default="about:blank", examples=["about:blank"])
    title: str
    status: int
    detail: str
    table: str | None = None
    row: int | None = Field(default=None, description="the row of the table, counted from 1")
    column: str | None = None
    case_id: str | None = Field(
        default=None, description="null where the id is not plain text of at most 64 characters"
    )
    item: int | None = Field(default=None, description="the place in a batch, counted from 0")
    expected: str | None = None
    code: str | None = Field(default=None, description="the code under which a history would drop the row")


def plain_case_id(found: object) -> str | None:
    """A case id that may be repeated: at most 64 characters of A–Z a–z 0–9 . _ -."""
    return found if isinstance(found, str) and _PLAIN.fullmatch(found) else None


def sent_case_id(body: Any) -> str | None:
    """The plain id of the case in a body of any shape, where there is one."""
    try:
        return plain_case_id(body["cases"][0]["case_id"])
    except (TypeError, LookupError):
        return None


def status_of(error: TriageError) -> int:
    """The status that answers an error; 500 where it has no row, which a test forbids."""
    return next((STATUS[of] for of in type(error).__mro__ if of in STATUS), 500)


def problem(status: int, detail: str = "") -> ProblemOut:
    """A problem that no row of a case is to blame for."""
    title = TITLES.get(status, TITLES[500 if status >= 500 else 400])
    return ProblemOut(title=title, status=status, detail=detail or title)


def misplaced(drop: Drop, item: int | None = None) -> ProblemOut:
    """The problem with one value, which stands at a place and should be what was expected there."""
    case_id = plain_case_id(drop.case_id)
    where = ".".join(filter(None, (drop.table, drop.column))) or "the body"
    row = f", row {drop.row}" if drop.row else ""
    whose = f" of case {case_id}" if case_id else f" of item {item}" if item is not None else ""
    return ProblemOut(
        title=TITLES[422],
        status=422,
        detail=f"{where}{row}{whose}: expected {drop.expected}.",
        table=drop.table or None,
        row=drop.row or None,
        column=drop.column or None,
        case_id=case_id,
        item=item,
        expected=drop.expected,
        code=drop.code or None,
    )
