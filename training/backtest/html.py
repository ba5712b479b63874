"""A backtest as one HTML page: charts, tables, and a case for each kind of change. Data is shown as text."""

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any, Final

from features.terminal import BadInput
from models.lines import ACCOUNTS
from training.backtest.charts import Bar, bars
from training.backtest.document import SHARES
from training.backtest.page import PARTS, WORDS, cases_told, cell, dollars
from training.backtest.said import said

Found = Mapping[str, Any]

STYLE: Final = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a}"
    "table{border-collapse:collapse;width:100%;font-size:14px}"
    "td,th{padding:.2rem .6rem;text-align:right;border-bottom:1px solid #ddd}"
    "td:first-child,th:first-child{text-align:left}figure{margin:1.5rem 0}figcaption{font-weight:600}"
    "svg{width:100%;font:13px system-ui,sans-serif}rect.more{fill:#3b6ea5}rect.less{fill:#b5533c}"
    "line.interval{stroke:#1a1a1a;stroke-width:1.5}line.zero{stroke:#888}"
)


def write(document: Found, out: Path) -> None:
    """Write the page to a file.

    Raises
    ------
    BadInput
        Where the file cannot be written.
    """
    try:
        out.write_text(page(document), encoding="utf-8")
    except OSError as error:
        raise BadInput(f"the report cannot be written to {out}: {error.strerror}.") from error


def page(document: Found) -> str:
    """The whole page."""
    return "\n".join(_page(document)) + "\n"


def _page(document: Found) -> Iterator[str]:
    title = f"{document['new']['policy']} against {document['old']['policy']}"
    yield f'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>{escape(title)}</title>'
    yield f"<style>{STYLE}</style>\n</head>\n<body>\n<h1>{escape(title)}</h1>"
    yield f"<p>{escape(document['new']['title'])} against {escape(document['old']['title'])}.</p>"
    for sentence in (*cases_told(document), *document["notes"]):
        yield f"<p>{escape(sentence)}</p>"
    yield from _whole(document["whole"])
    for key, title in PARTS.items():
        yield from _part(f"By {title}", document[key])
    yield "<h2>What changes</h2>"
    rows = [
        (change["kind"].replace("_", " "), _way(change), f"{change['cases']:,}", change["example"])
        for change in document["changes"]
    ]
    yield _table(("", "from → to", "cases", "such as"), rows)
    yield from _examples(document["examples"])
    yield "</body>\n</html>"


def _whole(figures: Found) -> Iterator[str]:
    yield f"<h2>All cases</h2>\n<p>{figures['cases']:,} settled cases.</p>"
    shown = [(WORDS[name], figures[name]) for name in SHARES]
    yield bars("Share of the cases", [_share(label, figure) for label, figure in shown], _percent)
    yield _money(figures["moved_cents"])
    rows = [(label, *cell(figure)) for label, figure in shown]
    yield _table(("", "cases", "share", "95 %"), rows)


def _money(moved: Found) -> str:
    of = [Bar(account, moved[account]["cents"], *moved[account]["interval"]) for account in ACCOUNTS]
    title = "Money moved: who gets more or less, where both policies say what is paid"
    return bars(title, of, lambda cents: dollars(round(cents)))


def _part(title: str, rows: Mapping[str, Found]) -> Iterator[str]:
    yield f"<h2>{escape(title)}</h2>"
    yield bars("Rulings that flip in anything", [_share(name, row["flipped"]) for name, row in rows.items()], _percent)
    change = [_share(name, row["review_change"]) for name, row in rows.items()]
    yield bars("People have to look, more or less", change, _percent)
    said = [
        (
            name, f"{row['cases']:,}",
            *(f"{row[figure]['cases']:,}" for figure in ("flipped", "no_longer_decided", "decided_now")),
            *(dollars(row["moved_cents"][account]["cents"]) for account in ACCOUNTS),
        )
        for name, row in rows.items()
    ]  # fmt: skip
    yield _table(("", "cases", "flip", "become undecidable", "become decidable", *ACCOUNTS), said)


def _examples(examples: Sequence[Found]) -> Iterator[str]:
    for example in examples:
        yield f"<h3>{escape(example['kind'].replace('_', ' '))}: {escape(_way(example))}</h3>"
        yield (
            f"<p>Case {escape(example['case_id'])} as known at {example['as_of']}. "
            f"The arbitrator found: {example['arbitrator_found']}.</p>\n<dl>"
        )
        for which in ("old", "new"):
            yield f"<dt>{which.capitalize()} policy</dt><dd>{escape(said(example[which]))}</dd>"
        yield "</dl>"


def _way(change: Found) -> str:
    return f"{change['from']} → {change['to']}"


def _share(label: str, figure: Found) -> Bar:
    return Bar(label, figure["share"], *figure["interval"])


def _percent(share: float) -> str:
    return f"{share:.2%}"


def _table(names: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    head = "".join(f"<th>{escape(name)}</th>" for name in names)
    body = "".join(f"<tr>{''.join(f'<td>{escape(text)}</td>' for text in row)}</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
