"""The reference page says what the code says, and every code that people meet has its words."""

import re
import subprocess
import sys
from pathlib import Path

from features.build import LISTED
from features.ledger import DROPS
from features.unknown import UNKNOWN
from models.lines import LINES
from models.opinion import ABSTENTIONS
from models.policy import READ
from models.proposal import CONFLICTS, SILENT
from models.steps import STEPS
from training.gates import ALL_GATES

ROOT = Path(__file__).parent.parent
REFERENCE = (ROOT / "docs" / "reference.md").read_text(encoding="utf-8")


def test_the_reference_is_made_from_the_code_as_it_stands() -> None:
    found = subprocess.run(
        [sys.executable, "tools/reference.py", "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert found.returncode == 0, found.stderr


def test_every_code_stands_in_the_reference_once() -> None:
    codes = [
        *DROPS,
        *UNKNOWN,
        *ABSTENTIONS,
        *SILENT,
        *CONFLICTS,
        *(known.code for known in (*ALL_GATES, *LINES, *STEPS)),
    ]
    assert [REFERENCE.count(f"| `{code}` |") for code in codes] == [1] * len(codes)


def test_every_feature_stands_in_the_reference_with_its_sentence() -> None:
    assert all(f"| `{f.name}` |" in REFERENCE and f.sentence in REFERENCE for f, _ in LISTED)


def test_every_fact_stands_in_the_reference_with_its_sentence() -> None:
    assert all(f"| `{fact.name}` |" in REFERENCE and fact.sentence in REFERENCE for fact in READ)


def test_links_between_the_pages_lead_somewhere() -> None:
    pages = [
        ROOT / "README.md",
        ROOT / "SECURITY.md",
        *(ROOT / "docs").rglob("*.md"),
        *(ROOT / "examples").rglob("*.md"),
    ]
    broken = [
        f"{page.name}: {target}"
        for page in pages
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
        if not (page.parent / target).exists()
    ]
    assert broken == []
