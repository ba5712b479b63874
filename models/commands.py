"""The commands about policy: whether it holds together, what it says on a day, what changed, what it may read."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Final

import typer

from features.terminal import BadInput, show

OfPolicy = Annotated[
    Path | None, typer.Option("--policy", help="File or folder of a policy; without it the one that is shipped.")
]
PathOfPolicy = Annotated[
    Path | None, typer.Argument(help="File or folder of a policy; without it the one that is shipped.")
]
On = Annotated[str, typer.Option(help="The day, such as 2026-03-31.")]
FirstDay = Annotated[str, typer.Argument(help="The earlier day, such as 2026-03-31.")]
OtherDay = Annotated[str, typer.Argument(help="The later day.")]


def check(
    path: PathOfPolicy = None,
    cases: Annotated[Path | None, typer.Option(help="Folder of cases that the policy must decide as written.")] = None,
) -> None:
    """Read a policy whole, say every slip in it by file and line, and which blocks are stale by today."""
    from models.policy import HOUSE, load
    from models.policy_cases import read_cases, wrong_in
    from models.stale import stale

    policy = load(path or HOUSE)
    clauses = {clause.id for clause in policy.clauses}
    show(
        f"{policy.recorded} holds together: {len(clauses)} clauses in {len(policy.clauses)} versions, "
        f"{len(policy.parameters)} parameters, {len(policy.reads(policy.clauses))} of {len(policy.facts)} facts read."
    )
    show(*stale(policy, datetime.now(UTC).date()))
    if cases is not None:
        read = read_cases(cases)
        if wrong := list(wrong_in(policy, read)):
            raise BadInput("\n".join(wrong))
        show(f"{len(read)} cases come out as written.")


def print_clauses(on: On, policy: OfPolicy = None) -> None:
    """Print the clauses in force on a day, with the parameters as they are that day."""
    from models.policy import HOUSE, load
    from models.policy_page import clauses_on

    show(*clauses_on(load(policy or HOUSE), _day(on)))


def diff(one: FirstDay, other: OtherDay, policy: OfPolicy = None) -> None:
    """Print what changed in a policy from one day to another."""
    from models.policy import HOUSE, load
    from models.policy_page import changes

    found = list(changes(load(policy or HOUSE), _day(one), _day(other)))
    show(*(found or [f"Nothing changed from {one} to {other}."]))


def sop(
    on: On, out: Annotated[Path, typer.Option(help="Folder for the pages; made where there is none.")],
    policy: OfPolicy = None,
) -> None:  # fmt: skip
    """Write the operating procedure of a day, for returns and for arbitration, made from the clauses in force."""
    from models.policy import HOUSE, load
    from models.procedure import procedure, too_long

    found, day = load(policy or HOUSE), _day(on)
    pages = procedure(found, day)
    out.mkdir(parents=True, exist_ok=True)
    for name, text in pages.items():
        (out / name).write_text(text, encoding="utf-8")
    show(f"{', '.join(pages)} written to {out}.", *too_long(found, day))


def facts() -> None:
    """Print the facts that a clause may read: type, words, meaning, and who can supply each."""
    from models.policy import READ

    for fact in READ:
        words = f" ({', '.join(fact.values)})" if fact.values else ""
        unit = f" in {fact.unit}" if fact.type == "number" else ""
        show(f"{fact.name}: {fact.type}{unit}{words}. {fact.sentence} Supplied by {', '.join(fact.supplied_by)}.")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadInput(f"{text[:40]!r} is not a day; write 2026-03-31.") from None


COMMANDS: Final[Mapping[str, Callable[..., None]]] = {
    "check": check,
    "show": print_clauses,
    "diff": diff,
    "sop": sop,
    "facts": facts,
}
"""The commands under ``triage policy``, by name."""
