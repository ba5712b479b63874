"""What people read of a training, of an evaluation and of the versions: tables on a terminal, every figure once."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from rich import box
from rich.table import Table

from features.terminal import iso, printable
from models.abstention import ALWAYS_ABSTAIN
from models.bundle import LIABILITY
from models.head import Head
from training.promotion import Promotion
from training.registry import Version
from training.train import Learnt, Trained

COLUMNS = ("log_loss", "auc", "macro_f1", "brier", "ece", "coverage", "error_above")
PASSED = {True: "pass", False: "FAIL", None: "–"}


def of_training(trained: Trained) -> Iterator["str | Table"]:
    """Gates; of each head its figures beside the baselines, what its labels are worth, and when it keeps silent."""
    yield f"Learnt from {len(trained.parts.case_hashes):,} cases known before {iso(trained.parts.trained_until)}."
    yield _table("Gates", ("gate", "", "what must hold", "what was found"), _gates(trained.gates))
    yield from trained.notes
    for name, learnt in trained.learnt.items():
        yield from _of_head(name, learnt)


def _of_head(name: str, learnt: Learnt) -> Iterator["str | Table"]:
    head, shown = learnt.head, learnt.figures
    shares = ", ".join(f"{word} {share:.1%}" for word, share in zip(head.classes, head.prior, strict=True))
    yield f"\n{name.upper()}: {shares}."
    yield _figures("Answers on rolling folds, to cases nothing had been learnt from", "", shown["out_of_fold"])
    yield _table("Folds", ("asked about cases opened from", "learnt from", "asked", "left out"), _folds(shown["folds"]))
    yield from _labels(name, shown["labels"], shown["labels_by_age"])
    yield from _threshold(head, shown["out_of_fold"]["model"], learnt.history.config.max_error)
    yield f"Trees: {shown['rounds']} rounds of depth {shown['depth']}; the rolling folds lost least with these."


def of_evaluation(document: Mapping[str, Any], heads: Mapping[str, Head]) -> Iterator["str | Table"]:
    """The figures of an evaluation, headlines first, then by reason, moment and audited column."""
    yield from document["notes"]
    for name, found in document["heads"].items():
        if found is not None:
            yield from _of_answers(name, found, heads[name])
    for part in ("by_reason", "by_moment"):
        if document[part]:
            yield _figures(f"Liability {part.replace('_', ' ')}", part.removeprefix("by_"), document[part])
    for column, rows in document["by_audit"].items():
        yield _figures(f"Liability by {printable(column)}", column, rows)
    if document["truth"] is not None:
        yield from _of_truth(document["truth"])


def _of_truth(found: Mapping[str, Any]) -> Iterator["str | Table"]:
    """Accuracy and log-loss of everybody against the truth, in all and part by part."""
    for by, parts in found.items():
        rows = {"": parts} if by == "in_all" else parts
        names = [name for name, said in next(iter(rows.values())).items() if isinstance(said, Mapping)]
        columns = ("", "n", *(f"{name}: right" for name in names), *(f"{n}: log-loss" for n in names[1:]), "gap closed")
        yield _table(
            f"Against the truth, {by.replace('_', ' ')}",
            columns,
            (
                (
                    printable(part),
                    f"{row['n']:,}",
                    *(f"{row[name]['accuracy']:.1%}" for name in names),
                    *(_number(row[name]["log_loss"]) for name in names[1:]),
                    f"{row['gap_closed']:.0%}" if "gap_closed" in row else "–",
                )
                for part, row in rows.items()
            ),
        )


def _of_answers(name: str, found: Mapping[str, Any], head: Head) -> Iterator["str | Table"]:
    yield f"\n{name.upper()}: {found['n']:,} labelled cases answered by bundle {found['bundle'][:12]}."
    rivals = found["baselines"] or {}
    rows = {"model": found, "before calibration": found["before_calibration"], **rivals}
    yield _figures("Answers to cases that came later", "", rows)
    for rival, figures in rivals.items():
        mean, *bounds = figures["ours_less"]
        yield f"Log-loss against '{rival}': {mean:+.4f} (95 %: {_range((bounds[0], bounds[1]))})."
    yield (
        f"Calibration error {_number(found['ece'])} (95 %: {_range(found['ece_interval'])}); before calibration "
        f"{_number(found['before_calibration']['ece'])} (95 %: {_range(found['before_calibration']['ece_interval'])})."
    )
    yield _table(
        "How often it is wrong, the more it answers",
        ("surest share", "wrong", "confidence from"),
        ((f"{p['coverage']:.0%}", f"{p['error']:.1%}", f"{p['confidence']:.2f}") for p in found["risk_coverage"]),
    )
    yield from _threshold(head, found, found["promise"]["max_error"])
    yield from _promise(found["promise"])
    yield from _labels(name, found["labels"], found["labels_by_age"])


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


def _labels(name: str, counts: Mapping[str, int], by_age: Mapping[str, Mapping[str, float]]) -> Iterator["str | Table"]:
    """What became of every case, or ask, as a label, and from which age on rulings are labels of fault."""
    what = "Cases" if name == LIABILITY else "Asks"
    yield f"{what} by what they are worth as labels: " + ", ".join(f"{n:,} {said}" for said, n in counts.items()) + "."
    if name != LIABILITY:
        return
    rows = ((f"{age} days", f"{band['rulings']:,}", f"{band['label_share']:.1%}") for age, band in by_age.items())
    yield _table("Labels by age", ("age of the ruling", "rulings", "share that is a label"), rows)


def _threshold(head: Head, found: Mapping[str, Any], max_error: float) -> Iterator[str]:
    if head.act_above >= ALWAYS_ABSTAIN:
        yield f"It names nothing: at no confidence is the error surely at most {max_error:.0%}."
        return
    yield (
        f"It names an answer from a confidence of {head.act_above:.3f} on: in {found['coverage']:.1%} of the cases, "
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
