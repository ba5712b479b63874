"""The whole product on one page: which commands there are.

``check`` a history, ``train`` and ``evaluate`` on it, ``promote`` what holds, ``score`` and ``explain`` what is open,
``serve`` proposals over HTTP, ``policy`` for the clauses that are in force; ``demo`` does all of it on a simulated
marketplace. Only this file knows both the jobs that learn and the service that people use.
"""

import os
import shutil
from collections.abc import Callable
from typing import Annotated

import typer

from features import terminal
from features.commands import check
from models import commands as policy
from serving import commands as serving
from training import commands as training
from training.simulate.commands import simulate

Cases = Annotated[int, typer.Option(min=1000, help="How many disputes to simulate.")]
Serve = Annotated[bool, typer.Option(help="Serve at the end, until Ctrl-C.")]


def demo(cases: Cases = 5_000, serve: Serve = True) -> None:
    """Simulate a marketplace, check it, learn from it, score what is open, show three cases, and serve."""
    from serving.showcase import showcase

    room = terminal.home() / "demo"
    data, scores = room / "data", room / "scores.parquet"
    shutil.rmtree(room, ignore_errors=True)
    simulate(data, cases=cases, truth=room / "truth")
    check(data)
    try:
        training.train(data)
    except typer.Exit:
        terminal.show("A version that failed gates is promoted all the same: it is only the demo's.")
    training.promote(training.newest(), force=True, why="the demo shows every step, whatever the gates say")
    serving.score(data, scores)
    for shows, case in showcase(scores).items():
        terminal.show(f"\nAn open case ({shows}):")
        serving.explain(data, case)
    if serve:
        serving.serve(data)


app = typer.Typer(
    cls=terminal.Program,
    help=__doc__,
    epilog=terminal.epilog(),
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
COMMANDS: tuple[Callable[..., None], ...] = (check, *training.COMMANDS, *serving.COMMANDS, demo)
for command in COMMANDS:
    app.command()(command)
POLICY = typer.Typer(
    help="What policy says: check it, show it, compare two days, list its facts, try another on settled cases.",
    no_args_is_help=True,
)
for name, about_policy in {**policy.COMMANDS, **training.ABOUT_POLICY}.items():
    POLICY.command(name)(about_policy)
app.add_typer(POLICY, name="policy")


def main() -> None:
    """Run the program ``triage``."""
    # LightGBM's threads wait asleep: awake they take ten times as long where others want the processor too.
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    app()


if __name__ == "__main__":
    main()
