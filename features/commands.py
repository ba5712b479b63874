"""The command that looks at a history before anything is learnt from it."""

import sys

from features.terminal import AsJson, Data, Mapping, print_json, progress


def check(data: Data, mapping: Mapping = None, as_json: AsJson = False) -> None:
    """Account for every row of a history, and say what would spoil a training."""
    from features.data import read_data
    from features.leaks import leaks

    with progress() as tell:
        checked = read_data(data, mapping, tell)
        tell("looking for columns that hold the answer")
        found = leaks(checked.tables)
    if as_json:
        print_json(checked.ledger.with_notes(leak.sentence for leak in found).to_json())
        return

    from rich.console import Console

    from features.overview import overview

    Console(width=None if sys.stdout.isatty() else 120).print(overview(checked, found))
