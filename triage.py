"""The whole product on one page: which commands there are.

``check`` a history, ``train`` and ``evaluate`` on it, ``promote`` what holds, ``score`` and ``explain`` what is open,
``serve`` proposals over HTTP. Only this file knows both the jobs that learn and the service that people use.
"""

import os

import typer

from features import terminal
from features.commands import check
from serving import commands as serving
from training import commands as training

app = typer.Typer(
    cls=terminal.Program,
    help=__doc__,
    epilog=terminal.epilog(),
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for command in (check, *training.COMMANDS, *serving.COMMANDS):
    app.command()(command)


def main() -> None:
    """Run the program ``triage``."""
    # LightGBM's threads wait asleep: awake they take ten times as long where others want the processor too.
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    app()


if __name__ == "__main__":
    main()
