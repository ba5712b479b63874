"""The worked example on real complaints: every row is accounted for, whatever a reader is told to overlook."""

from pathlib import Path

import pytest

from features.check import Checked
from features.data import read_data
from features.leaks import leaks
from training.config import TrainingConfig

ROOT = Path(__file__).parents[2]
PROCON = ROOT / "../shared/data/procon"
EXAMPLE = ROOT / "examples/procon"
TROUBLESOME = (104, 343, 453, 939, 1575, 1717, 1803, 1898)
"""The lines of the raw sample whose quoted field holds a delimiter."""

pytestmark = pytest.mark.skipif(
    not (PROCON / "complaints.parquet").is_file(), reason="the PROCON complaints are not at ../shared/data/procon"
)


@pytest.fixture(scope="module")
def complaints() -> Checked:
    return read_data(PROCON, EXAMPLE / "mapping")


@pytest.fixture(scope="module")
def sample() -> Checked:
    return read_data(PROCON, EXAMPLE / "mapping_raw")


def test_every_complaint_is_kept_or_dropped_with_a_code(complaints: Checked) -> None:
    cases, rulings = (complaints.ledger.tables[name] for name in ("cases", "rulings"))
    assert cases.source_rows == rulings.source_rows == {"complaints.parquet": 68_810}
    assert (cases.rows_in, cases.rows_kept, cases.dropped, cases.not_taken) == (68_810, 68_800, {"D01": 10}, 0)
    assert (rulings.rows_in, rulings.rows_kept, rulings.dropped, rulings.not_taken) == (68_810, 68_787, {"D01": 23}, 0)


def test_the_complaints_hold_no_column_that_tells_the_answer(complaints: Checked) -> None:
    assert leaks(complaints.tables) == ()


def test_the_problem_and_whatever_else_came_later_is_left_out(complaints: Checked) -> None:
    assert complaints.tables["cases"].column_names == [
        "case_id", "opened_at", "seller_id", "attr_industry", "attr_subject", "attr_supplier_kind", "attr_state",
        "attr_region", "audit_sex", "audit_age",
    ]  # fmt: skip


def test_the_raw_sample_is_whole_under_its_own_quoting(sample: Checked) -> None:
    for account in sample.ledger.tables.values():
        assert account.source_rows == {"raw_2017_sample.csv": 2_009}
        assert (account.rows_in, account.rows_kept, account.not_taken) == (2_009, 2_009, 0)
    assert sample.ledger.notes == ()


@pytest.mark.parametrize(
    "lenient",
    [
        "",
        ", ignore_errors = true",
        ", null_padding = true",
        ", strict_mode = false",
        ", store_rejects = true",
        ", strict_mode = false, null_padding = true, ignore_errors = true, sample_size = 100",
        ", escape = '', rejects_limit = 1, store_rejects = true, auto_detect = true",
    ],
)
def test_without_quotes_the_eight_lines_are_named_and_none_is_kept(
    sample: Checked, tmp_path: Path, lenient: str
) -> None:
    for name in ("cases", "rulings"):
        sql = (EXAMPLE / "mapping_raw" / f"{name}.sql").read_text()
        (tmp_path / f"{name}.sql").write_text(sql.replace("quote = '\"'", f"quote = ''{lenient}"))
    found = read_data(PROCON, tmp_path)
    for account in found.ledger.tables.values():
        assert account.source_rows == {"raw_2017_sample.csv": 2_009}
        assert (account.rows_in, account.rows_kept, account.not_taken) == (2_001, 2_001, 8)
    assert f"line {', '.join(map(str, TROUBLESOME))}." in found.ledger.notes[0]
    for column in ("opened_at", "seller_id", "attr_subject", "audit_age"):
        whole = sample.tables["cases"].column(column).to_pylist()
        assert found.tables["cases"].column(column).to_pylist() == [
            value for line, value in enumerate(whole, 1) if line not in TROUBLESOME
        ]


def test_its_training_settings_can_be_read() -> None:
    assert TrainingConfig.read(EXAMPLE / "train.toml").maturity_days == 0
