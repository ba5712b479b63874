"""The worked example on real complaints: every row is accounted for, whatever a reader is told to overlook."""

from pathlib import Path

import pytest

from features.data import read_data

ROOT = Path(__file__).parents[2]
PROCON = ROOT / "../shared/data/procon"
EXAMPLE = ROOT / "examples/procon"

pytestmark = pytest.mark.skipif(
    not (PROCON / "complaints.parquet").is_file(), reason="the PROCON complaints are not at ../shared/data/procon"
)


def test_every_complaint_is_kept_or_dropped_with_a_code() -> None:
    checked = read_data(PROCON, EXAMPLE / "mapping")
    cases, rulings = (checked.ledger.tables[name] for name in ("cases", "rulings"))
    assert cases.source_rows == rulings.source_rows == {"complaints.parquet": 68_810}
    assert (cases.rows_kept, cases.dropped) == (68_800, {"D01": 10})
    assert (rulings.rows_kept, rulings.dropped) == (68_787, {"D01": 23})
    assert cases.not_taken == rulings.not_taken == 0
