"""The commands that people use: score, explain, statement, serve."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from features import terminal
from features.terminal import UNEXPECTED, AsJson, Data, Mapping
from serving.reader import Audience, Language

Named = Annotated[Path | None, typer.Option(help="Folder of a bundle; else the champion.")]
Scores = Annotated[Path, typer.Option(help="Where the scores go: a file that ends in .parquet or .csv.")]
AsOf = Annotated[str | None, typer.Option(help="The instant asked about; else the last one that DATA knows of.")]
Case = Annotated[str, typer.Option(help="The id of the case.")]
Reader = Annotated[Audience, typer.Option("--for", help="Who is to read it.")]
In = Annotated[Language, typer.Option(help="The language of the statement.")]
Document = Annotated[Path, typer.Option(help="Where it goes: a file that ends in .md, .html or .pdf.")]
All = Annotated[bool, typer.Option("--all", help="Score cases that are ruled on already, too.")]
History = Annotated[Path, typer.Option(help="Folder with the history that answers are set against.")]
OfPolicy = Annotated[
    Path | None, typer.Option("--policy", help="File or folder of the policy asked first; else the one shipped.")
]
Port = Annotated[int | None, typer.Option(min=0, max=65535, help="Port to listen at; 0: any free one; else 8000.")]


def score(
    data: Data,
    out: Scores,
    mapping: Mapping = None,
    bundle: Named = None,
    policy: OfPolicy = None,
    as_of: AsOf = None,
    every_case: All = False,
) -> None:
    """Score the open cases: who is probably liable, how sure, how urgent and why. Rejected rows get their own file."""
    from features.attributes import unmatched_attributes
    from features.data import read_data
    from models.champion import load_usable
    from models.policy import HOUSE, load
    from serving.backlog import find_backlog
    from serving.backlog import score as score_backlog
    from serving.sheet import require_writable

    require_writable(out)
    instant = None if as_of is None else terminal.instant(as_of)
    used, asked = load_usable(bundle, terminal.home()), load(policy or HOUSE)
    with terminal.progress() as tell:
        checked = read_data(data, mapping, tell)
        at = checked.tables.last_known if instant is None else instant
        backlog = find_backlog(checked.tables, at, ruled_too=every_case)
        threads = terminal.threads(len(backlog.cases))
        done = score_backlog(checked, used, backlog, out, policy=asked, threads=threads, tell=tell)
    terminal.show(
        f"As of {terminal.iso(at)}: {done.scored:,} cases scored into {out}; a party is named in {done.named:,}.",
        f"Ruled on by then: {backlog.ruled:,}. Not opened by then: {backlog.not_opened:,}.",
        f"Rows that break the contract: {done.rejected:,}, each with its reason in {done.rejects}.",
        *map(terminal.printable, unmatched_attributes(checked.tables, used.fitted.catalog)),
    )
    if done.failed:
        terminal.show(f"NOT SCORED: {done.failed:,} cases whose shard failed; they stand in {done.rejects} too.")
        raise typer.Exit(UNEXPECTED)


def explain(
    data: Data,
    case: Case,
    mapping: Mapping = None,
    bundle: Named = None,
    policy: OfPolicy = None,
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """Explain one case: who is probably liable, how sure, why in an account that adds up, and what was not known."""
    from features.data import read_data
    from models.champion import load_usable
    from models.policy import HOUSE, load
    from serving.explain import explain as explain_case
    from serving.page import of_proposal

    instant = None if as_of is None else terminal.instant(as_of)
    used, asked = load_usable(bundle, terminal.home()), load(policy or HOUSE)
    with terminal.progress() as tell:
        checked = read_data(data, mapping, tell)
        tell("asking about the case")
        found = explain_case(checked, used, case, checked.tables.last_known if instant is None else instant, asked)
    if as_json:
        terminal.print_json(found.model_dump())
    else:
        terminal.show(*of_proposal(found))


def statement(
    data: Data,
    case: Case,
    reader: Reader,
    out: Document,
    mapping: Mapping = None,
    bundle: Named = None,
    policy: OfPolicy = None,
    as_of: AsOf = None,
    language: In = "en",
) -> None:
    """Write the statement of reasons about one case for one of its readers; every sentence names what it rests on."""
    from features.data import read_data
    from models.champion import load_usable
    from models.policy import HOUSE, load
    from serving.explain import answer
    from serving.sheet import require_writable, whole
    from serving.stating import MEDIA, Wanted
    from serving.stating import statement as state
    from serving.words import words

    forms = {f".{form}": form for form in MEDIA}
    require_writable(out, tuple(forms))
    instant = None if as_of is None else terminal.instant(as_of)
    used, asked = load_usable(bundle, terminal.home()), load(policy or HOUSE)
    with terminal.progress() as tell:
        checked = read_data(data, mapping, tell)
        tell("asking about the case")
        found = answer(checked, used, case, checked.tables.last_known if instant is None else instant, asked)
    document = state(found, case, Wanted(reader, words(language), forms[out.suffix]))
    with whole(out) as new:
        new.write_bytes(document)


def serve(
    data: History, mapping: Mapping = None, bundle: Named = None, policy: OfPolicy = None, port: Port = None
) -> None:
    """Answer over HTTP, on this machine alone: who is probably liable, and why, one case or many at a time."""
    from serving.listen import listen
    from serving.settings import read_settings

    listen(read_settings({"data": data, "mapping": mapping, "bundle": bundle, "policy": policy, "port": port}))


COMMANDS: tuple[Callable[..., None], ...] = (score, explain, statement, serve)
