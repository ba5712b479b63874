"""A letter as PDF, with its font inside, so that it reads the same everywhere; the same letter gives the same bytes."""

import logging
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from fpdf import FPDF
from fpdf.enums import WrapMode, XPos, YPos
from fpdf.fonts import TTFFont

from features.errors import TriageError
from serving.letter import Letter
from serving.letter_page import on_one_line, what_it_rests_on
from serving.words import Words

FONT: Final = Path(__file__).parent / "fonts" / "NotoSansSC.ttf"
FAMILY: Final = "noto"
WITHOUT_SPACES: Final = ("zh",)
"""Languages that break a line between any two letters."""

INK: Final = (34, 34, 34)
FAINT: Final = (100, 100, 100)
TITLE, HEADING, BODY, SMALL = 16, 12, 10, 8
LINE_MM: Final = 0.53
"""Height of a line, per point of its letters."""
INDENT_MM: Final = 4
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)

logging.getLogger("fontTools").setLevel(logging.ERROR)


class CannotPrint(TriageError):
    """A letter holds a character that the font of PDFs lacks."""


def pdf(letter: Letter, speak: Words) -> bytes:
    """The letter as a PDF of A4 pages.

    Raises
    ------
    CannotPrint
        Where the font lacks a character of the letter.
    """
    page = _Page(letter)
    page.put(letter.title, TITLE)
    page.ln(2)
    for name, value in letter.about:
        page.put(f"{name}: {value}", BODY, FAINT)
    for section in letter.sections:
        page.head(section.title)
        for sentence in section.sentences:
            page.put(sentence.text, BODY, indent=INDENT_MM)
            page.put(what_it_rests_on(sentence, speak), SMALL, FAINT, indent=INDENT_MM)
            page.ln(1.2)
    return bytes(page.output())


class _Page(FPDF):
    """A4 pages that a letter is put on from top to bottom."""

    def __init__(self, letter: Letter) -> None:
        super().__init__(format="A4")
        self._wrap = WrapMode.CHAR if letter.language in WITHOUT_SPACES else WrapMode.WORD
        self.add_font(FAMILY, fname=FONT)
        self._letters = frozenset(embedded.cmap) if isinstance(embedded := self.fonts[FAMILY], TTFFont) else frozenset()
        self.set_margins(22, 18)
        self.set_auto_page_break(True, 18)
        self.set_title(letter.title)
        self.set_lang(letter.language)
        self.set_creation_date(_EPOCH + timedelta(microseconds=letter.at))
        self.add_page()

    def head(self, title: str) -> None:
        """A heading, never the last line of a page."""
        self.ln(3)
        if self.will_page_break(25):
            self.add_page()
        self.start_section(on_one_line(title))
        self.put(title, HEADING)
        self.ln(1)

    def put(self, text: str, size: int, colour: tuple[int, int, int] = INK, indent: float = 0) -> None:
        """A paragraph in letters of a size in points."""
        line = on_one_line(text)
        if lacking := sorted({letter for letter in line if ord(letter) not in self._letters}):
            codes = ", ".join(f"U+{ord(letter):04X}" for letter in lacking[:5])
            raise CannotPrint(f"the font of PDFs has no {codes}; ask for the statement as Markdown or HTML.")
        self.set_font(FAMILY, size=size)
        self.set_text_color(*colour)
        self.set_x(self.l_margin + indent)
        self.multi_cell(0, size * LINE_MM, line, align="L", wrapmode=self._wrap, new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def footer(self) -> None:
        """The number of the page, at its foot."""
        self.set_y(-14)
        self.set_font(FAMILY, size=SMALL)
        self.set_text_color(*FAINT)
        self.cell(0, SMALL * LINE_MM, str(self.page_no()), align="C")
