"""The commands that people use: score, explain, serve."""

from collections.abc import Callable

COMMANDS: tuple[Callable[..., None], ...] = ()
