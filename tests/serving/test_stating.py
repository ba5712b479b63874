"""A statement can be had over HTTP and on the terminal, for each reader, in each language and in each form."""

import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from fastapi.testclient import TestClient
from pypdf import PdfReader

from serving.desk import Desk
from serving.letter import Letter, Section
from serving.letter_page import markdown
from serving.letter_pdf import CannotPrint, pdf
from serving.reader import AUDIENCES, FORMS, LANGUAGES
from serving.sentence import Anchor, Sentence
from serving.settings import Settings
from serving.stating import MEDIA
from serving.words import words

Body = dict[str, Any]
CaseOf = Callable[[int], Body]
Triage = Callable[..., Result]

ANCHOR = (Anchor("clause", "DEL-SIG"),)


def stated(client: TestClient, body: Body, **query: str) -> bytes:
    answer = client.post("/v1/statements", params=query, json=body)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == MEDIA[query.get("form", "html")]  # type: ignore[index]
    return answer.content


def letter(*texts: str, language: str = "en") -> Letter:
    sentences = tuple(Sentence(text, ANCHOR) for text in texts)
    return Letter(language, 1_750_000_000_000_000, "A title", (("Case", "C-1"),), (Section("Money", sentences),))


def text_of(document: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(document)).pages)


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


@pytest.mark.parametrize("reader", AUDIENCES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_each_reader_gets_a_statement_in_each_language(
    client: TestClient, case_of: CaseOf, reader: str, language: str
) -> None:
    text = stated(client, case_of(3), reader=reader, language=language, form="md").decode()
    assert text.startswith(
        f"# {words(language).phrase('statement.title', reader=words(language).phrase(f'statement.for.{reader}'))}"
    )
    assert "c7-00003" in text


def test_a_statement_proposes_what_the_proposal_proposes(client: TestClient, case_of: CaseOf) -> None:
    remedies = set()
    for place in range(40):
        ruling = client.post("/v1/proposals", json=case_of(place)).json()["ruling"]
        text = stated(client, case_of(place), reader="arbitrator", form="md").decode()
        if ruling["remedy"] not in (None, "reject"):
            assert words("en").remedy(ruling["remedy"]) in text
        for line in ruling["lines"]:
            assert f"{line['cents'] // 100:,}.{line['cents'] % 100:02}" in text
        remedies.add(ruling["remedy"])
    assert len(remedies) > 1


def test_only_an_arbitrator_is_told_what_the_model_reckons(client: TestClient, case_of: CaseOf) -> None:
    advice = words("en").phrase("statement.section.advice")
    assert advice in stated(client, case_of(3), reader="arbitrator").decode()
    for reader in ("buyer", "seller"):
        assert advice not in stated(client, case_of(3), reader=reader).decode()


def test_a_pdf_holds_every_sentence_of_the_statement_and_its_anchors(client: TestClient, case_of: CaseOf) -> None:
    for language in LANGUAGES:
        found = squeezed(text_of(stated(client, case_of(3), reader="buyer", language=language, form="pdf")))
        page = stated(client, case_of(3), reader="buyer", language=language, form="md").decode()
        said = [re.sub(r"\\(.)", r"\1", line[2:]) for line in page.splitlines() if line.startswith("- ")]
        for sentence in said[3:]:
            text, _, anchors = sentence.rstrip(")）").rpartition("（" if language == "zh" else " (")
            assert squeezed(text) in found
            assert squeezed(anchors) in found


def test_the_same_letter_gives_the_same_pdf_with_its_font_inside() -> None:
    one, other = (pdf(letter("The buyer gets USD 5.00.", "买家获得退款。"), words("en")) for _ in range(2))
    assert one == other
    assert b"/FontFile2" in one


def test_a_letter_of_many_pages_loses_nothing() -> None:
    texts = [
        f"Sentence {number} of a long letter, which goes on for a while so that it fills a line."
        for number in range(200)
    ]
    document = pdf(letter(*texts), words("en"))
    assert len(PdfReader(io.BytesIO(document)).pages) > 5
    found = squeezed(text_of(document))
    assert all(squeezed(text) in found for text in texts)


def test_a_character_that_the_font_lacks_is_told_and_not_left_out() -> None:
    with pytest.raises(CannotPrint, match="U\\+1F600"):
        pdf(letter("A parcel \N{GRINNING FACE}"), words("en"))
    assert "\N{GRINNING FACE}" in markdown(letter("A parcel \N{GRINNING FACE}"), words("en"))


def test_without_a_policy_there_is_nothing_to_state(
    settings: Settings, desk: Desk, client_of: Callable[..., TestClient], case_of: CaseOf
) -> None:
    with client_of(desk.bundle) as client:
        answer = client.post("/v1/statements", params={"reader": "buyer"}, json=case_of(3))
    assert answer.status_code == 409
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("query", [{}, {"reader": "carrier"}, {"reader": "buyer", "form": "docx"}])
def test_an_unknown_reader_or_form_is_refused(client: TestClient, case_of: CaseOf, query: Body) -> None:
    assert client.post("/v1/statements", params=query, json=case_of(3)).status_code == 422


@pytest.mark.parametrize("form", FORMS)
def test_the_terminal_writes_the_statement_of_a_case_of_the_data(
    trained_home: Any, triage: Triage, tmp_path: Path, form: str
) -> None:
    out = tmp_path / f"s.{form}"
    options = ("--bundle", trained_home.bundle, "--case", "c5-00001", "--for", "seller", "--language", "zh")
    found = triage("statement", trained_home.data, *options, "--out", out, home=tmp_path)
    assert found.exit_code == 0, found.stderr
    text = text_of(out.read_bytes()) if form == "pdf" else out.read_text("utf-8")
    assert "c5-00001" in squeezed(text).replace("\\", "")
    assert [path.name for path in tmp_path.glob("*s.*")] == [out.name]


def test_the_terminal_refuses_a_form_it_cannot_write_before_anything_is_read(triage: Triage, tmp_path: Path) -> None:
    options = ("--case", "C-1", "--for", "buyer", "--out", tmp_path / "s.docx")
    found = triage("statement", "nowhere", *options, home=tmp_path)
    assert (found.exit_code, found.stdout) == (2, "")
    assert ".md" in found.stderr
