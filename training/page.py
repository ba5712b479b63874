"""What people read of a training, of an evaluation and of the versions: tables on a terminal, every figure once."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from rich import box
from rich.table import Table

from features.terminal import iso, printable
from models.abstention import ALWAYS_ABSTAIN
from models.head import Head
from training.fit import NAME
from training.promotion import Promotion
from training.registry import Version
from training.train import Trained

COLUMNS = ("log_loss", "auc", "macro_f1", "brier", "ece", "coverage", "error_above")
PASSED = {True: "pass", False: "FAIL", None: "–"}


def of_training(trained: Trained) -> Iterator["str | Table"]:
    """Gates, figures beside the baselines, what the labels are worth, and when a party is named."""
    head, shown = trained.parts.heads[NAME], trained.figures
    labels, all_cases = shown["labels"], sum(shown["labels"].values())
    shares = ", ".join(f"{name} {share:.1%}" for name, share in zip(head.classes, head.prior, strict=True))
    yield (
        f"Learnt from {labels['label']:,} labelled cases of {all_cases:,} known before "
        f"{iso(trained.parts.trained_until)}: {shares}."
    )
    yield _table("Gates", ("gate", "", "what must hold", "what was found"), _gates(trained.gates))
    yield _figures("Answers on rolling folds, to cases nothing had been learnt from", "", shown["out_of_fold"])
    yield _table("Folds", ("asked about cases opened from", "learnt from", "asked", "left out"), _folds(shown["folds"]))
    yield from _labels(labels, shown["labels_by_age"])
    yield from _threshold(head, shown["out_of_fold"]["model"], trained.history.config.max_error)
    yield f"Trees: {shown['rounds']} rounds of depth {shown['depth']}; the rolling folds lost least with these."


def of_evaluation(document: Mapping[str, Any], head: Head) -> Iterator["str | Table"]:
    """The figures of an evaluation, headline first, then by reason, moment and audited column."""
    found = document["heads"][NAME]
    yield from document["notes"]
    if found is None:
        return
    yield f"{found['n']:,} labelled cases answered by bundle {found['bundle'][:12]}."
    rivals = found["baselines"] or {}
    rows = {"model": found, "before calibration": found["before_calibration"], **rivals}
    yield _figures("Answers to cases that came later", "", rows)
    yield (
        f"Calibration error {_number(found['ece'])} (95 %: {_range(found['ece_interval'])}); before calibration "
        f"{_number(found['before_calibration']['ece'])} (95 %: {_range(found['before_calibration']['ece_interval'])})."
    )
    for part in ("by_reason", "by_moment"):
        if document[part]:
            yield _figures(part.replace("_", " ").capitalize(), part.removeprefix("by_"), document[part])
    for column, rows in document["by_audit"].items():
        yield _figures(f"By {printable(column)}", column, rows)
    yield _table(
        "How often it is wrong, the more it answers",
        ("surest share", "wrong", "confidence from"),
        ((f"{p['coverage']:.0%}", f"{p['error']:.1%}", f"{p['confidence']:.2f}") for p in found["risk_coverage"]),
    )
    yield from _threshold(head, found, found["promise"]["max_error"])
    yield from _promise(found["promise"])
    yield from _labels(found["labels"], found["labels_by_age"])


def of_versions(versions: Iterable[Version], live: Promotion | None) -> "str | Table":
    """One line a registered version, and since when the one in use has been."""
    rows = [
        (
            str(version.version),
            iso(version.created_at)[:16],
            version.bundle[:12],
            ", ".join(version.failed) or "none",
            f"since {live.at[:16]}" if live is not None and live.version == version.version else "",
        )
        for version in versions
    ]
    names = ("version", "registered", "bundle", "gates failed", "in use")
    return _table("", names, rows) if rows else "No version is registered yet; triage train makes one."


def _gates(gates: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, ...]]:
    for gate in gates:
        yield gate["code"], PASSED[gate["passed"]], gate["demand"], printable(gate["sentence"])


def _folds(folds: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, ...]]:
    for fold in folds:
        yield fold["origin"][:16], f"{fold['learnt_from']:,}", f"{fold['asked']:,}", f"{fold['left_out']:,}"


def _figures(title: str, first: str, rows: Mapping[str, Mapping[str, Any]]) -> Table:
    """A row of figures for each set of answers; a column that no row has is left out."""
    names = [name for name in ("n", "prior_log_loss", *COLUMNS) if any(_there(row.get(name)) for row in rows.values())]
    said = [
        (printable(str(name)), *("" if n not in row else f"{row[n]:,}" if n == "n" else _number(row[n]) for n in names))
        for name, row in rows.items()
    ]
    return _table(title, (first, *(name.replace("_", " ") for name in names)), said)


def _labels(counts: Mapping[str, int], by_age: Mapping[str, Mapping[str, float]]) -> Iterator["str | Table"]:
    """What became of every case as a label, and from which age on rulings are labels."""
    yield "Cases by what they are worth as labels: " + ", ".join(f"{n:,} {name}" for name, n in counts.items()) + "."
    rows = ((f"{age} days", f"{band['rulings']:,}", f"{band['label_share']:.1%}") for age, band in by_age.items())
    yield _table("Labels by age", ("age of the ruling", "rulings", "share that is a label"), rows)


def _threshold(head: Head, found: Mapping[str, Any], max_error: float) -> Iterator[str]:
    if head.act_above >= ALWAYS_ABSTAIN:
        yield f"It never names anybody: at no confidence is the error surely at most {max_error:.0%}."
        return
    yield (
        f"It names a party from a confidence of {head.act_above:.3f} on: in {found['coverage']:.1%} of the cases, "
        f"and is wrong in {_number(found['error_above'])} of them (promised: at most {max_error:.0%})."
    )


def _promise(promise: Mapping[str, Any]) -> Iterator[str]:
    if promise["kept"] is not None:
        kept = "kept" if promise["kept"] else "NOT KEPT"
        yield f"The promise was {kept} here (95 %: {_range(promise['error_interval'])})."


def _table(title: str, names: Iterable[str], rows: Iterable[tuple[str, ...]]) -> Table:
    table = Table(title=title or None, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD, pad_edge=False)
    for place, name in enumerate(names):
        table.add_column(name, overflow="fold", justify="left" if place == 0 else "default")
    for row in rows:
        table.add_row(*row)
    return table


def _there(value: object) -> bool:
    return isinstance(value, int | float) and value == value


def _number(value: float | None) -> str:
    return f"{value:.4f}" if _there(value) else "–"


def _range(interval: tuple[float, float]) -> str:
    return f"{_number(interval[0])} to {_number(interval[1])}"
