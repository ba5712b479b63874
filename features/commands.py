"""The command that looks at a history before anything is learnt from it."""

from features.terminal import AsJson, Data, Mapping, print_json, progress


def check(data: Data, mapping: Mapping = None, as_json: AsJson = False) -> None:
    """Account for every row of a history, and say what would spoil a training."""
    from features.data import read_data

    with progress() as tell:
        checked = read_data(data, mapping, tell)
    print_json(checked.ledger.to_json())
