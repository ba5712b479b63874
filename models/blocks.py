"""What a procedure says that no clause does: blocks that people wrote on a day, each bound to the clauses it leans on.

A block decides nothing. Where a clause that it is bound to changed after the block was written, it is stale: somebody
must read it again, and until then it says so wherever it is printed.
"""

import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from features.vocabulary import REASONS, STAGES, Codes
from models.marked import Marked

PARTS: Final[dict[str, Codes]] = {
    "returns": (
        "windows", "labels", "drop_off", "inspection", "refund", "cost", "returnless", "replacement", "clocks",
    ),
    "arbitration": ("start", "ask", "decide", "remedy", "senior", "tell"),
}  # fmt: skip
"""The documents of a procedure and their parts, in order; each reason is a part of its own in arbitration."""

_ID: Final = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_MARKUP: Final = re.compile(r"^\s*(#|>|```|~~~|\||={3,}|-{3,}|\*{3,})|<|!\[|\]\(", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Block:
    """One block: its text is Markdown of paragraphs and lists only.

    Attributes
    ----------
    bound_to
        Ids of the clauses on which it leans.
    document, parts, reasons
        Where it stands: in parts of a document, or on the pages of reasons.
    stages
        The stages for which it is written; none means all.
    """

    id: str
    title: str
    written_at: datetime.date
    bound_to: Codes
    document: str
    parts: Codes
    reasons: Codes
    stages: Codes
    text: str
    file: str
    line: int


def read_block(entry: Marked, clauses: Sequence[str], others: Sequence[str]) -> Block:
    """One block of a policy that has these clauses, beside blocks of these other ids."""
    found = entry.fields(("id", "title", "written_at", "bound_to", "where", "text"))
    name = found["id"].code()
    if not _ID.fullmatch(name) or name in others:
        raise found["id"].bad(f"{name[:40]!r} is no id of a block, or another block has it", "small words, with -")
    document, parts, reasons, stages = _where(found["where"])
    return Block(
        id=name, title=found["title"].text(), written_at=found["written_at"].day(),
        bound_to=_bound(found["bound_to"], clauses), document=document, parts=parts, reasons=reasons, stages=stages,
        text=_text(found["text"]), file=entry.file, line=entry.line,
    )  # fmt: skip


def _where(entry: Marked) -> tuple[str, Codes, Codes, Codes]:
    found = entry.fields(("document",), ("parts", "reasons", "stages"))
    document = found["document"].word(tuple(PARTS))
    if ("parts" in found) == ("reasons" in found) or ("reasons" in found and document != "arbitration"):
        raise entry.bad("it does not say where it stands", "parts: of the document, or reasons: in arbitration")
    return (
        document,
        found["parts"].words(PARTS[document]) if "parts" in found else (),
        found["reasons"].words(REASONS) if "reasons" in found else (),
        found["stages"].words(STAGES) if "stages" in found else (),
    )


def _bound(entry: Marked, clauses: Sequence[str]) -> Codes:
    names = [item.code() for item in entry.items()]
    for item, name in zip(entry.items(), names, strict=True):
        if name not in clauses:
            raise item.bad(f"there is no clause {name[:40]!r}", "the id of a clause of this policy")
    if len(set(names)) < len(names):
        raise entry.bad("a clause stands here twice", "each once")
    return tuple(names)


def _text(entry: Marked) -> str:
    value = entry.value()
    if not isinstance(value, str) or not value.strip():
        raise entry.bad("this is no text", "paragraphs and lists")
    if found := _MARKUP.search(value):
        raise entry.bad(f"{found[0].strip()!r} stands in it", "paragraphs and lists, without headings, links or HTML")
    return value.strip()
