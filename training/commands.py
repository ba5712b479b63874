"""The commands that learn: train, evaluate, list versions, promote, roll back."""

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from features import terminal
from features.terminal import GATES_FAILED, AsJson, Data, Mapping, Tell
from training.backtest.command import backtest
from training.extra import require_training_libraries
from training.simulate.commands import simulate

if TYPE_CHECKING:
    from models.bundle import Bundle
    from training.registry import Registry

Until = Annotated[
    str | None, typer.Option(help="Learn from what was known before this instant; else from all outcomes there are.")
]
Config = Annotated[Path | None, typer.Option(help="TOML file with training keys; every key is optional.")]
Tune = Annotated[int, typer.Option(min=0, help="Try so many other ways to grow trees on the rolling folds.")]
Out = Annotated[Path | None, typer.Option(help="New folder for the bundle; else it goes under TRIAGE_HOME by its id.")]
Named = Annotated[Path | None, typer.Option(help="Folder of a bundle; else the champion.")]
Since = Annotated[
    str | None, typer.Option("--from", help="Ask about cases opened from this instant on; else from the training cut.")
]
LearntFrom = Annotated[
    Path | None, typer.Option(help="Data the bundle was trained on, for the baselines; else DATA, where it holds that.")
]
TruthOf = Annotated[Path | None, typer.Option("--truth", help="Folder of the truth that `triage simulate` wrote.")]
At = Annotated[str | None, typer.Option(help="Say which version was in use at this instant.")]
Force = Annotated[bool, typer.Option(help="Promote although gates failed; say --why.")]
Why = Annotated[str, typer.Option(help="The reason, kept in the promotion ledger.")]


def train(
    data: Data, mapping: Mapping = None, until: Until = None, config: Config = None, tune: Tune = 0, out: Out = None
) -> None:
    """Learn from a history, look at the gates, and keep the bundle as a new version. Exit code 3: gates failed."""
    require_training_libraries()
    from features.data import read_data
    from training.config import TrainingConfig
    from training.dataset import refuse_many_drops
    from training.keep import keep, require_free
    from training.labels import after_last_outcome
    from training.page import of_training
    from training.train import train as learn

    keys = TrainingConfig() if config is None else TrainingConfig.read(config)
    cut = None if until is None else terminal.instant(until)
    require_free(out)
    with terminal.progress() as tell:
        checked = read_data(data, mapping, tell)
        refuse_many_drops(checked.ledger, keys.max_dropped_share)
        cut = after_last_outcome(checked.tables) if cut is None else cut
        champion = _champion(tell)
        threads = os.cpu_count() or 1
        trained = learn(checked.tables, cut, keys, champion=champion, trials=tune, threads=threads, tell=tell)
        kept = keep(trained, checked.ledger.to_json(), terminal.home(), out, _registry(), tell=tell)
    terminal.show(*of_training(trained))
    terminal.show(f"Bundle {kept.bundle} in {kept.folder}, registered as version {kept.version}.")
    if kept.failed:
        terminal.show(f"Gates failed: {', '.join(kept.failed)}. It takes --force --why to promote this version.")
        raise typer.Exit(GATES_FAILED)
    terminal.show(f"Every gate held: triage promote {kept.version}")


def evaluate(
    data: Data,
    mapping: Mapping = None,
    bundle: Named = None,
    since: Since = None,
    learnt_from: LearntFrom = None,
    truth: TruthOf = None,
    as_json: AsJson = False,
) -> None:
    """Ask a bundle about cases that came after it, and hold its answers against the rulings."""
    require_training_libraries()
    from features.data import read_data
    from models.champion import load_usable
    from training.evaluate import evaluate as ask
    from training.figures import to_json
    from training.later import later_baselines
    from training.page import of_evaluation
    from training.truth import Truth

    start = None if since is None else terminal.instant(since)
    known = None if truth is None else Truth.read(truth)
    asked = load_usable(bundle, terminal.home())
    with terminal.progress() as tell:
        tables = read_data(data, mapping, tell).tables
        tell("asking about later cases")
        found = ask(tables, asked, start, threads=terminal.threads(tables.count("cases")))
        tell("asking the baselines")
        past = tables if learnt_from is None else read_data(learnt_from, mapping, tell).tables
        rivals = {name: later_baselines(each, past) for name, each in found.items()}
        tell("drawing samples for the intervals")
        document = to_json(found, rivals, known)
    if as_json:
        terminal.print_json(document)
    else:
        terminal.show(*of_evaluation(document, asked.heads))


def models(at: At = None) -> None:
    """List the registered versions, the gates they failed and which is in use; or which was, at an instant."""
    require_training_libraries()
    from training.page import of_versions
    from training.promotion import live_at, promotions

    home = terminal.home()
    if at is not None:
        then = live_at(home, datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=terminal.instant(at)))
        if then is None:
            terminal.show("No version was in use then.")
        else:
            terminal.show(f"Version {then.version} was in use, since {then.at}: bundle {then.bundle}.")
        return
    with terminal.progress() as tell:
        tell("asking the registry")
        versions = _registry().versions()
    live = promotions(home)[-1:]
    terminal.show(of_versions(versions, live[0] if live else None))


def newest() -> int:
    """The number of the version registered last."""
    return _registry().versions()[0].version


def promote(
    version: Annotated[int, typer.Argument(help="The version, as `triage models` lists it.")],
    force: Force = False,
    why: Why = "",
) -> None:
    """Put a version in use; one that failed its gates only with --force and --why."""
    require_training_libraries()
    from training.promotion import promote as put_in_use

    home, registry = terminal.home(), _registry()
    with terminal.progress() as tell:
        tell("fetching the bundle")
        candidate = registry.fetch(version)
        done = put_in_use(home, candidate, datetime.now(UTC), force=force, why=why)
        registry.mirror_champion(version)
    terminal.show(f"Version {done.version} is in use since {done.at}: bundle {done.bundle}.")


def rollback() -> None:
    """Go back to the version that was in use before the present one."""
    require_training_libraries()
    from training.promotion import rollback as go_back

    done = go_back(terminal.home(), datetime.now(UTC))
    _registry().mirror_champion(done.version)
    terminal.show(f"Version {done.version} is in use again since {done.at}: bundle {done.bundle}.")


def _registry() -> "Registry":
    from training.registry import Registry

    return Registry(terminal.home(), os.environ.get("MLFLOW_TRACKING_URI") or None)


def _champion(tell: Tell) -> "Bundle | None":
    """The bundle in use, which a gate compares with; None where there is none, or this code cannot build for it."""
    from models.bundle import BundleMismatch, require_buildable
    from models.champion import FILE, load_champion

    if not (terminal.home() / FILE).exists():
        return None
    champion = load_champion(terminal.home())
    try:
        require_buildable(champion)
    except BundleMismatch as error:
        tell(f"the champion is not compared with: {error}")
        return None
    return champion


COMMANDS: tuple[Callable[..., None], ...] = (train, evaluate, models, promote, rollback, simulate)
"""The commands under ``triage``."""

ABOUT_POLICY: dict[str, Callable[..., None]] = {"backtest": backtest}
"""The commands under ``triage policy``, by name."""
