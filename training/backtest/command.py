"""The command that tries a policy on settled cases: ``triage policy backtest``."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from features import terminal
from features.terminal import AsJson, BadInput, Data, Mapping, Tell

if TYPE_CHECKING:
    from features.ledger import Ledger
    from training.backtest.backtest import Both, Trial
    from training.backtest.settled import Span

New = Annotated[Path, typer.Option("--policy", help="File or folder of the policy that is tried.")]
Old = Annotated[
    Path | None, typer.Option("--against", help="The policy it is compared with; without it the one that is shipped.")
]
From = Annotated[str | None, typer.Option("--from", help="Try cases ruled on from this day on.")]
To = Annotated[str | None, typer.Option("--to", help="Try cases ruled on before this day.")]
Report = Annotated[Path | None, typer.Option("--out", help="Write a report with charts: an HTML file.")]


def backtest(
    data: Data,
    policy: New,
    against: Old = None,
    since: From = None,
    until: To = None,
    mapping: Mapping = None,
    out: Report = None,
    as_json: AsJson = False,
) -> None:
    """Try a policy on settled cases, as they were known just before each ruling, beside the one in use."""
    from features.tables import NEVER, NULL_INSTANT
    from models.policy import HOUSE, load
    from training.backtest.document import to_json
    from training.backtest.html import write
    from training.backtest.page import of_backtest
    from training.backtest.settled import Span

    span = Span(
        NULL_INSTANT if since is None else terminal.instant(since), NEVER if until is None else terminal.instant(until)
    )
    if span.start >= span.end:
        raise BadInput(f"--from {since} is not before --to {until}; no ruling lies between them.")
    if out is not None and not out.parent.is_dir():
        raise BadInput(f"there is no folder {out.parent} for the report; make it, or name another.")
    old, new = load(against or HOUSE), load(policy)
    with terminal.progress() as tell:
        trial, ledger, currency = _prepared(data, mapping, (old, new), span, tell)
        found = trial.run(threads=terminal.threads(len(trial.settled.asks)), tell=tell)
        tell("drawing sellers for the intervals")
        document = to_json(found, span, ledger, currency)
    if out is not None:
        write(document, out)
    if as_json:
        terminal.print_json(document)
    else:
        terminal.show(*of_backtest(document))


def _prepared(
    data: Path, mapping: Path | None, policies: "Both", span: "Span", tell: Tell
) -> "tuple[Trial, Ledger, str | None]":
    """A trial on this history, of which nothing else is held afterwards, and the account of its rows."""
    import pyarrow as pa

    from features.data import read_data
    from training.backtest.backtest import prepare
    from training.backtest.wanted import wanted

    pa.set_memory_pool(
        pa.system_memory_pool()
    )  # Arrow's own asks again and again for what it gave back: a third slower
    checked = read_data(data, mapping, tell, wanted=wanted(*policies))
    tell("finding the settled cases")
    return prepare(checked.tables, policies, span), checked.ledger, checked.currency
