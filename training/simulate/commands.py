"""The command that makes a marketplace whose truth is known."""

from pathlib import Path
from typing import Annotated

import typer

from features.terminal import progress, show

Out = Annotated[Path, typer.Argument(help="Folder to write the tables to.")]
Truth = Annotated[Path | None, typer.Option(help="Folder to write the truth to; no command but evaluate reads it.")]
WorldFile = Annotated[Path | None, typer.Option("--world", help="TOML file that changes numbers of the usual world.")]
Cases = Annotated[int, typer.Option(min=1, help="How many disputes to write.")]
Seed = Annotated[int, typer.Option(min=0, help="The seed; it is part of every id.")]
Describe = Annotated[bool, typer.Option("--describe", help="Print the world's rates beside public ones.")]


def simulate(
    out: Out,
    cases: Cases = 2000,
    seed: Seed = 1,
    truth: Truth = None,
    world: WorldFile = None,
    describe: Describe = False,
) -> None:
    """Write a simulated marketplace: all tables of so many disputes, and the truth to a folder of its own."""
    from training.simulate.describe import described
    from training.simulate.simulate import simulate as write
    from training.simulate.world import World

    numbers = World.load(world)
    with progress() as tell:
        tally = write(out, truth, numbers, cases=cases, seed=seed, tell=tell)
    if describe:
        show(*described(numbers, tally))
