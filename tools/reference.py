"""Writes docs/reference.md from the code: every command, table, feature, code, key, setting and route there is.

``make docs`` writes the page; ``--check`` fails where the page no longer says what the code says.
"""

import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

import typer.main

import triage
from features.build import LISTED
from features.contract import TABLES
from features.facts_answers import SELLER_ANSWERS
from features.facts_money import RECHARGE
from features.facts_parcel import DAMAGED, REFUSED
from features.history_features import history_feature
from features.keys import CASE_KEYS
from features.ledger import DROPS
from features.outcomes import MEASURES
from features.terminal import EXIT
from features.text import SOURCES
from features.unknown import UNKNOWN
from models.lines import LINES
from models.opinion import ABSTENTIONS
from models.policy import READ
from models.proposal import CONFLICTS, SILENT
from models.remedy import FINDS_KEYS
from models.steps import LAPSES, STEPS
from models.terms import Clocks, Terms
from serving.app import create_app
from serving.settings import Settings
from training.config import TrainingConfig
from training.gates import ALL_GATES
from training.simulate.world import World

PAGE = Path(__file__).parent.parent / "docs" / "reference.md"


def page() -> str:
    """The whole reference as Markdown."""
    parts = (
        ["# Reference", "", "Made from the code by `make docs`; do not edit."],
        _commands(),
        _tables(),
        _features(),
        _facts(),
        _codes("Why a row is dropped (`D..`)", DROPS.items()),
        _codes("Why a feature is null (`U..`)", UNKNOWN.items()),
        _codes("Why nobody is named (`A..`)", (*ABSTENTIONS.items(), *SILENT.items())),
        _codes("Where policy and model disagree (`K..`)", CONFLICTS.items()),
        _codes("What must hold before a model may replace another (`G..`)", ((g.code, g.demand) for g in ALL_GATES)),
        _lines(),
        _steps(),
        _finds(),
        _terms(),
        _training_keys(),
        _world(),
        _settings(),
        _routes(),
    )
    return "\n".join(line for part in parts for line in (*part, "")).rstrip() + "\n"


def _commands() -> Iterator[str]:
    yield "## Commands"
    for name, command in _named_commands("triage", typer.main.get_command(triage.app)):
        yield from ("", f"### `{name}`", "", _sentence(command.help), "")
        rows = []
        for option in command.params:
            if option.name != "help":
                said = option.opts[-1] if option.param_type_name == "option" else option.name.upper()
                default = "required" if option.required else _shown(option.default)
                rows.append((f"`{said}`", default, option.help or ""))
        if rows:
            yield from _table(("option", "default", "meaning"), rows)
    yield from ("", "### Exit codes", "")
    yield from _table(("code", "meaning"), ((str(code), said) for code, said in EXIT.items()))


def _named_commands(name: str, command: Any) -> Iterator[tuple[str, Any]]:
    below = getattr(command, "commands", None)
    if below is None:
        yield name, command
        return
    for word, found in below.items():
        yield from _named_commands(f"{name} {word}", found)


def _tables() -> Iterator[str]:
    yield "## Tables"
    yield from (
        "",
        "Instants are UTC; money is whole minor units. `cases` alone is enough to score; to train takes `rulings` too.",
        "`cases` may have any `attr_*` (features) and `audit_*` (sliced in evaluation, never features) columns.",
    )
    for table in TABLES.values():
        yield from ("", f"### `{table.name}`", "", f"Key: {', '.join(f'`{name}`' for name in table.key)}.", "")
        rows = (
            (
                f"`{c.name}`" + (" *" if c.required else ""),
                c.type.value,
                c.meaning + (f": {', '.join(f'`{code}`' for code in c.codes)}" if c.codes else ""),
            )
            for c in table.columns
        )
        yield from _table(("column (* required)", "type", "meaning"), rows)


def _features() -> Iterator[str]:
    yield "## Features"
    yield from ("", "What may be cited may be told to a party as a reason.", "")
    rows = [(f"`{f.name}`", f.family, f.unit, "yes" if f.citable else "no", f.reason, f.sentence) for f, _ in LISTED]
    yield from _table(("feature", "family", "unit", "citable", "reason", "what people are told"), rows)
    yield from (
        "",
        "Every `attr_*` column that training held is one more feature, told under reason `R20`.",
        "",
        "Where there are texts, their wording is scored by earlier rulings on like wording (reason `R70`), as",
        f"`text.<source>.<class>`, for each class and {', '.join(f'`{source}`' for source in SOURCES)}.",
        "",
        f"History (reason `R30`) is told for each key that the data has ({', '.join(f'`{k}`' for k in CASE_KEYS)} and",
        "each text `attr_*`), named `history.<key>.<measure>.<window>`:",
        "",
    )
    measures = [m for m in MEASURES if m not in ("merits", "final")] + ["weight", "recent", "claims"]
    shown = (history_feature("seller", m, 90) for m in measures)
    yield from _table(("measure", "unit", "for example"), ((f"`{f.measure}`", f.unit, f.sentence) for f in shown))


def _facts() -> Iterator[str]:
    yield "## Facts"
    yield from (
        "",
        "What policy may read of a case, by name. A fact is null while it is not known: its table was not supplied,",
        "or what it tells of is not there. Where a table was supplied and says nothing of the case, a flag of what",
        "would be there is false, and a count is 0.",
        "",
        "Facts know these words of a team's own, into which a mapping may turn others:",
        f"as `code` of an event {_listed((*REFUSED, *DAMAGED))}, of a seller's answer {_listed(SELLER_ANSWERS[1:])};",
        f"as `kind` of a ledger entry {_listed(RECHARGE)}.",
        "",
    )
    rows = (
        (
            f"`{fact.name}`",
            f"{fact.type}: {_listed(fact.values)}" if fact.values else fact.type,
            "" if fact.unit == fact.type else fact.unit,
            fact.sentence,
            ", ".join(fact.supplied_by),
            _listed(fact.asks_for),
        )
        for fact in READ
    )
    yield from _table(("fact", "type", "unit", "what it says", "who can supply it", "evidence that tells it"), rows)


def _codes(title: str, codes: Iterable[tuple[str, str]]) -> Iterator[str]:
    yield f"## {title}"
    yield ""
    yield from _table(("code", "meaning"), ((f"`{code}`", _sentence(said)) for code, said in codes))


def _lines() -> Iterator[str]:
    yield "## Lines of money (`L..`)"
    yield from (
        "",
        "Whole cents from one account to another; all lines of a case net to zero. What is withheld is set off",
        "against the refund, what is claimed comes from the carrier later; `state` is sales tax the platform holds.",
        "",
    )
    rows = ((f"`{k.code}`", k.payer, k.payee, k.nature, k.ground, _sentence(k.sentence)) for k in LINES)
    yield from _table(("code", "from", "to", "how", "rests on", "meaning"), rows)


def _steps() -> Iterator[str]:
    yield "## Steps of a plan (`S..`)"
    yield from (
        "",
        "A step is in a plan where all that stands under *where* holds; one without stands in for one that was missed.",
        "TRIGGER is what sets the refund off: drop-off, first scan, arrival or grading.",
        "",
    )
    rows = (
        (
            f"`{k.code}`", k.owner, _sentence(k.sentence), ", ".join(k.when), k.clock, k.since if k.clock else "",
            ", ".join(k.needs), k.fallback or "", LAPSES[k.lapse] if k.lapse else "",
        )
        for k in STEPS
    )  # fmt: skip
    yield from _table(("code", "owner", "step", "where", "within", "since", "needs", "else", "or it ends"), rows)


def _finds() -> Iterator[str]:
    yield "## What a clause may find about a remedy"
    yield ""
    rows = ((f"`{k.name}`", k.kind, k.meaning + (f": {', '.join(k.codes)}" if k.codes else "")) for k in FINDS_KEYS)
    yield from _table(("key of `finds`", "kind", "meaning"), rows)


def _terms() -> Iterator[str]:
    yield "## Parameters that a remedy rests on"
    yield from ("", "A policy gives each a dated value; a finding by the same name stands in its place.", "")
    rows = (
        (f"`{f.name}`", f.metadata["unit"], _sentence(f.metadata["says"]))
        for kind in (Terms, Clocks)
        for f in fields(kind)
    )
    yield from _table(("parameter", "unit", "meaning"), rows)


def _training_keys() -> Iterator[str]:
    yield "## Training keys"
    yield from ("", "Top-level keys of the TOML file given with `--config`; each is optional.", "")
    yield from _table(("key", "default"), ((f"`{f.name}`", _shown(f.default)) for f in fields(TrainingConfig)))
    yield from ("", _sentence((TrainingConfig.__doc__ or "").partition("\n\n")[2]))


def _world() -> Iterator[str]:
    yield "## Numbers of a simulated world"
    yield from ("", "Keys of the TOML file given with `simulate --world`; each is optional.", "")
    rows = []
    for field in fields(World):
        default = getattr(World(), field.name)
        shown = "a table" if isinstance(default, Mapping) else _shown(default)
        rows.append((f"`{field.name}`", shown, field.metadata["says"], field.metadata["source"]))
    yield from _table(("key", "default", "meaning", "source"), rows)


def _settings() -> Iterator[str]:
    yield "## Settings of the service"
    yield from ("", "Environment variables; options of `triage serve` go before them.", "")
    rows = []
    for name, field in Settings.model_fields.items():
        default = "required" if field.is_required() else "processors" if name == "workers" else _shown(field.default)
        rows.append((f"`TRIAGE_{name.upper()}`", default, field.description or ""))
    yield from _table(("variable", "default", "meaning"), rows)
    yield from ("", "`MLFLOW_TRACKING_URI` points training at another MLflow store than the one under `TRIAGE_HOME`.")


def _routes() -> Iterator[str]:
    yield "## Routes"
    yield ""
    paths = create_app(Settings(data=Path())).openapi()["paths"]
    rows = (
        (f"`{method.upper()} {path}`", _sentence(found.get("description", found["summary"])))
        for path, methods in paths.items()
        for method, found in methods.items()
    )
    yield from _table(("route", "meaning"), rows)


def _listed(codes: Iterable[str]) -> str:
    return ", ".join(f"`{code}`" for code in codes)


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |"


def _sentence(said: str | None) -> str:
    flat = re.sub(r"\s+", " ", said or "").strip().replace("``", "`")
    return flat[:1].upper() + flat[1:]


def _shown(value: object) -> str:
    if value is None or value == "" or value == ():
        return ""
    if isinstance(value, tuple):
        return f"`{list(value)}`"
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def main() -> int:
    """Write the page, or with ``--check`` say whether it is fresh."""
    if "--check" not in sys.argv:
        PAGE.write_text(page(), encoding="utf-8")
        return 0
    if PAGE.read_text(encoding="utf-8") == page():
        return 0
    sys.stderr.write("docs/reference.md is not what the code says; run: make docs\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
