"""The command that looks at a history before anything is learnt from it."""

from features.terminal import AsJson, Data, Mapping


def check(data: Data, mapping: Mapping = None, as_json: AsJson = False) -> None:
    """Account for every row of a history, and say what would spoil a training."""
