"""The commands that learn: train, evaluate, list versions, promote, roll back."""

from collections.abc import Callable

COMMANDS: tuple[Callable[..., None], ...] = ()
