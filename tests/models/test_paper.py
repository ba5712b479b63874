"""Pages are counted as a printer would: never fewer than the metrics of the face give."""

import re
from math import ceil
from pathlib import Path

import matplotlib
import pytest
from fpdf import FPDF

from features.vocabulary import REASONS
from models.paper import LINES, POINT, pages, paragraphs, width
from models.policy import HOUSE, load
from models.printed import Printed
from models.procedure import procedure
from models.procedure_reason import reason_page

HELVETICA = Path(matplotlib.get_data_path()) / "fonts" / "pdfcorefonts" / "Helvetica.afm"
"""The metrics of the face, as its maker publishes them."""
NAMES = {"’": "quoteright"}


def printed_pages(markdown: str) -> int:
    """The pages that a printer of the same paper, face and size really fills."""
    paper = FPDF(format="A4")
    paper.set_margin(20)
    paper.set_auto_page_break(True, 20)
    paper.add_page()
    paper.set_font("Helvetica", size=10)
    for paragraph in paragraphs(markdown.splitlines()):
        plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", paragraph.removeprefix("> ")).replace("*", "").lstrip("# ")
        if plain:
            paper.multi_cell(0, 13 / 72 * 25.4, plain.encode("cp1252").decode("latin-1"), new_x="LMARGIN", new_y="NEXT")
        else:
            paper.ln(13 / 72 * 25.4 / 2)
    return paper.page_no()


@pytest.mark.parametrize("reason", REASONS)
def test_a_reason_really_prints_on_two_pages_and_on_no_more_than_told(reason: str) -> None:
    policy = load(HOUSE)
    page = "\n".join(reason_page(Printed.of(policy, max(block.written_at for block in policy.blocks)), reason))
    assert printed_pages(page) <= ceil(pages(page)) <= 2


@pytest.fixture(scope="module")
def face() -> dict[str, float]:
    """By letter its width in points."""
    rows = re.findall(r"^C (\d+) ; WX (\d+) ;", HELVETICA.read_text("latin-1"), re.MULTILINE)
    return {chr(int(code)): int(wide) / 1000 * POINT for code, wide in rows}


def test_no_line_is_told_narrower_than_it_prints(face: dict[str, float]) -> None:
    policy = load(HOUSE)
    lines = [line for page in procedure(policy, policy.days[-1]).values() for line in page.splitlines()]
    plain = [re.sub(r"\[([^\]]*)\]\([^)]*\)|\*\*|`", r"\1", line) for line in lines if len(line) > 60]
    assert [
        line for line in plain if width(line) < sum(face.get(letter, 0) for letter in re.sub(r"[*]", "", line))
    ] == []


def test_every_letter_is_told_at_least_as_wide_as_it_is_but_for_few(face: dict[str, float]) -> None:
    narrower = [
        letter for letter, wide in face.items() if letter.isalnum() and letter.isascii() and width(letter) < wide
    ]
    assert narrower == []


def test_a_full_page_of_full_lines_is_one_page() -> None:
    assert pages("\n".join(f"- {'n' * 60}" for _ in range(LINES))) == pytest.approx(1)


def test_lines_that_run_on_are_one_paragraph() -> None:
    assert pages("one\ntwo\nthree") == pages("one two three")
    assert pages("> one\n> two") == pages("> one two")


def test_a_longer_text_takes_more() -> None:
    assert pages("word " * 2000) > pages("word " * 1000) > 1


def test_a_row_takes_the_lines_of_its_highest_cell() -> None:
    assert pages(f"| {'word ' * 100}| a |") > pages("| word | a |")


def test_the_target_of_a_link_is_not_printed() -> None:
    assert width("[DEL-SIG](clauses.md#del-sig)") == width("DEL-SIG")
