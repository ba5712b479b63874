"""A letter as Markdown or HTML. Whatever a client, a party or a clause wrote is shown as text and never as markup."""

import re
from collections.abc import Iterator
from html import escape
from typing import Final

from serving.letter import Letter, Section
from serving.sentence import Sentence
from serving.words import Words

_MARKS: Final = re.compile(r"([\\`*_\[\]#|~<>&])")

STYLE: Final = (
    "body{max-width:44rem;margin:2rem auto;padding:0 1rem;font:16px/1.6 system-ui,sans-serif;color:#222}"
    "dt{float:left;clear:left;width:9rem;color:#555}dd{margin-left:9rem}small{color:#666}li{margin:.3rem 0}"
)


def markdown(letter: Letter, speak: Words) -> str:
    """The letter as Markdown."""
    return "\n".join(_markdown(letter, speak)) + "\n"


def html(letter: Letter, speak: Words) -> str:
    """The letter as a page of HTML that needs no other file."""
    return "\n".join(_html(letter, speak)) + "\n"


def _markdown(letter: Letter, speak: Words) -> Iterator[str]:
    yield f"# {_marked(letter.title)}"
    yield ""
    for name, value in letter.about:
        yield f"- {_marked(name)}: {_marked(value)}"
    for section in letter.sections:
        yield from ("", f"## {_marked(section.title)}", "")
        for sentence in section.sentences:
            text, anchors = _marked(sentence.text), _marked(what_it_rests_on(sentence, speak))
            yield f"- {speak.phrase('statement.rests', text=text, anchors=anchors)}"


def _html(letter: Letter, speak: Words) -> Iterator[str]:
    yield f'<!doctype html>\n<html lang="{escape(letter.language)}">\n<head>\n<meta charset="utf-8">'
    yield f"<title>{_text(letter.title)}</title>\n<style>{STYLE}</style>\n</head>\n<body>"
    yield f"<h1>{_text(letter.title)}</h1>\n<dl>"
    for name, value in letter.about:
        yield f"<dt>{_text(name)}</dt><dd>{_text(value)}</dd>"
    yield "</dl>"
    for section in letter.sections:
        yield from _section(section, speak)
    yield "</body>\n</html>"


def _section(section: Section, speak: Words) -> Iterator[str]:
    yield f"<h2>{_text(section.title)}</h2>\n<ul>"
    for sentence in section.sentences:
        text, anchors = _text(sentence.text), f"<small>{_text(what_it_rests_on(sentence, speak))}</small>"
        yield f"<li>{speak.phrase('statement.rests', text=text, anchors=anchors)}</li>"
    yield "</ul>"


def what_it_rests_on(sentence: Sentence, speak: Words) -> str:
    """The anchors of a sentence, as they stand behind it."""
    return speak.phrase("list.anchors").join(
        speak.phrase(f"anchor.{anchor.kind}", id=anchor.id) for anchor in sentence.anchors
    )


def _text(text: str) -> str:
    return escape(on_one_line(text))


def _marked(text: str) -> str:
    return _MARKS.sub(r"\\\1", on_one_line(text))


def on_one_line(text: str) -> str:
    """The text on one line, without anything that does not print."""
    return "".join(c for c in " ".join(text.split()) if c.isprintable())
