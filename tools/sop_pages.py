"""Writes docs/sop: the operating procedure of the house policy on one day, as ``triage policy sop`` does.

``make docs`` writes the pages; ``--check`` fails where they no longer say what the policy says.
"""

import datetime
import sys
from pathlib import Path
from typing import Final

from models.policy import HOUSE, load
from models.procedure import procedure

PAGES: Final = Path(__file__).parent.parent / "docs" / "sop"
DAY: Final = datetime.date(2026, 11, 24)
"""The day on which the newest of what people wrote for it was written; by then every newest clause is in force."""


def main() -> int:
    """Write the pages, or with ``--check`` say whether they are fresh."""
    pages = procedure(load(HOUSE), DAY)
    if "--check" not in sys.argv:
        PAGES.mkdir(exist_ok=True)
        for name, text in pages.items():
            (PAGES / name).write_text(text, encoding="utf-8")
        return 0
    stale = [name for name, text in pages.items() if (PAGES / name).read_text("utf-8") != text]
    if stale:
        sys.stderr.write(f"docs/sop is not what the policy says ({', '.join(stale)}); run: make docs\n")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
