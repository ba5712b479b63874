"""Puts the benchmarks' last results into README.md, between the lines that name them.

A block starts with ``<!-- figures: NAME -->`` and ends with ``<!-- end of figures -->``; what stands between is
written here and nowhere else, so that README and results cannot disagree.
"""

import re
from pathlib import Path
from typing import Final

from benchmarks.report import published

README: Final = Path(__file__).parents[1] / "README.md"
_BLOCK: Final = re.compile(r"(<!-- figures: (\w+) -->\n).*?(<!-- end of figures -->)", re.DOTALL)


def with_figures(text: str) -> str:
    """The page with every block of figures as last published."""
    return _BLOCK.sub(lambda block: f"{block[1]}\n{published(block[2])}\n{block[3]}", text)


if __name__ == "__main__":
    found = README.read_text(encoding="utf-8")
    README.write_text(with_figures(found), encoding="utf-8")
