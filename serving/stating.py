"""The statement of reasons about a case that was asked about, as a document for one of its readers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from features.errors import TriageError
from features.view import View
from models.course import steps
from serving.desk import Answered
from serving.letter import write
from serving.letter_page import html, markdown
from serving.letter_pdf import pdf
from serving.reader import Audience, Form
from serving.sources import Sources
from serving.statement_of import Occasion, statement_of
from serving.words import Words

MEDIA: Final[Mapping[Form, str]] = {
    "html": "text/html; charset=utf-8",
    "md": "text/markdown; charset=utf-8",
    "pdf": "application/pdf",
}


class NothingToState(TriageError):
    """A statement rests on clauses, and no policy can be asked about this case."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Who is to read a statement, in which words and which form."""

    reader: Audience
    words: Words
    form: Form


def statement(answered: Answered, case_id: str, wanted: Wanted) -> bytes:
    """The statement about one answered case.

    Raises
    ------
    NothingToState
        Where no policy was asked.
    CannotPrint
        Where the font of PDFs lacks a character.
    """
    ruling, features = answered.ruling, answered.features
    if ruling is None:
        raise NothingToState("no policy is asked, or the history has no reasons of claims: there is nothing to state.")
    proposals, place = ruling.proposals, answered.place
    occasion = Occasion(
        case_id=case_id,
        as_of=int(features.asks.as_of[answered.ask]),
        bundle=answered.bundle.id,
        steps=steps(proposals.follows, place),
    )
    sources = Sources(View(features.tables, features.asks), answered.ask)
    letter = write(statement_of(proposals, place, ruling.policy, sources, occasion), wanted.reader, wanted.words)
    if wanted.form == "pdf":
        return pdf(letter, wanted.words)
    return (html if wanted.form == "html" else markdown)(letter, wanted.words).encode()
