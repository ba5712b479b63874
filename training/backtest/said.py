"""What one policy says of an example: its answers, by which clauses, on which values, and what is paid."""

from collections.abc import Iterator, Mapping
from typing import Any

Found = Mapping[str, Any]


def said(of: Found) -> str:
    """What one policy says of an example, as the document has it."""
    parts = ["; ".join(_answers(of))]
    values = of["values"] | of["only_here"]
    if values:
        parts.append("Read: " + "; ".join(f"{clause}: {_read(found)}" for clause, found in values.items()))
    if of["only_here"]:
        parts.append(f"Applies only here, or on other values: {', '.join(of['only_here'])}")
    paid = (f"{line['payer']} to {line['payee']} {line['cents'] / 100:,.2f} ({line['code']})" for line in of["lines"])
    parts.append("Paid: " + (", ".join(paid) or "nothing"))
    return ". ".join(parts) + "."


def _answers(of: Found) -> Iterator[str]:
    for question, answer in of["answers"].items():
        by, waits = of["clauses"].get(question), of["waits_for"].get(question)
        ground = f" ({by})" if by else f" (waits for {', '.join(waits)})" if waits else ""
        yield f"{question.replace('_', ' ')}: {answer or 'not known'}{ground}"


def _read(found: Found) -> str:
    return ", ".join(f"{fact} = {value(read)}" for fact, read in found.items())


def value(read: object) -> str:
    """A fact as read, None where it is not known."""
    if isinstance(read, bool):
        return "yes" if read else "no"
    if isinstance(read, float):
        return f"{read:,.2f}".rstrip("0").rstrip(".")
    return "not known" if read is None else str(read)
