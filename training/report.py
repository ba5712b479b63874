"""The pictures of a training: can its probabilities be believed, what does silence buy, what moves it, what drifts."""

import io
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import numpy as np

from features.tables import Numbers
from models import metrics
from models.calibration import softmax
from models.metrics import Judged
from training.train import Learnt, Trained

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def plots(trained: Trained) -> Mapping[str, bytes]:
    """PNG pictures by file name, of each head its own."""
    found = {}
    for name, learnt in trained.learnt.items():
        for picture, draw in _PICTURES.items():
            found[f"{name}_{picture}.png"] = _drawn(draw, learnt)
        found[f"{name}_shap_summary.png"] = _shap_summary(learnt)
    return found


def _drawn(draw: Callable[["Axes", Learnt], None], learnt: Learnt) -> bytes:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7, 5), layout="constrained")
    draw(figure.add_subplot(), learnt)
    return _png(figure)


def _png(figure: object) -> bytes:
    file = io.BytesIO()
    figure.savefig(file, format="png", dpi=110, bbox_inches="tight", metadata={"Software": None})  # type: ignore[attr-defined]
    return file.getvalue()


def _reliability(axes: "Axes", learnt: Learnt) -> None:
    """Confidence against how often it was right, before and after calibration, in bins of equal weight."""
    answers = learnt.trial.answers
    before = Judged(softmax(answers.scores), answers.labels, answers.weights, learnt.evidence.model.case)
    for name, judged in (("before calibration", before), ("after, measured on other folds", learnt.evidence.model)):
        order = np.argsort(judged.confidence(), kind="stable")
        mass = np.cumsum(judged.weight[order])
        bins = np.minimum((mass / mass[-1] * metrics.BINS).astype(np.int64), metrics.BINS - 1)
        weight = np.bincount(bins, judged.weight[order])
        said = np.bincount(bins, judged.weight[order] * judged.confidence()[order]) / weight
        right = np.bincount(bins, judged.weight[order] * judged.correct()[order]) / weight
        axes.plot(said, right, marker="o", label=f"{name}: ECE {metrics.ece(judged):.3f}")
    axes.axline((0.5, 0.5), slope=1, color="grey", linewidth=0.8)
    axes.set(xlabel="confidence", ylabel="share right", title="Reliability on rolling folds")
    axes.legend()


def _risk_coverage(axes: "Axes", learnt: Learnt) -> None:
    """The error among the surest answers, the more are given."""
    curve = metrics.risk_coverage(learnt.evidence.model)
    axes.plot(curve.coverage, curve.error)
    axes.axhline(learnt.history.config.max_error, color="grey", linewidth=0.8)
    axes.set(xlabel="share of cases answered", ylabel="share wrong", title="Risk and coverage on rolling folds")


def _label_drift(axes: "Axes", learnt: Learnt) -> None:
    """How the labels are divided, month by month of opening."""
    history = learnt.history
    examples = history.examples
    case = history.past.asks.case[examples.rows]
    opened = history.past.tables.instants("cases", "opened_at")[case].astype("datetime64[us]").astype("datetime64[M]")
    months, place = np.unique(opened, return_inverse=True)
    bottom = np.zeros(len(months))
    total = np.bincount(place, examples.weights)
    for label, word in enumerate(history.classes):
        share = np.bincount(place, examples.weights * (examples.labels == label), len(months)) / total
        axes.bar(months.astype("datetime64[D]"), share, width=25, align="edge", bottom=bottom, label=word)
        bottom += share
    axes.set(xlabel="opened", ylabel="share of labels", title="Labels by month of opening")
    axes.legend()


def _shap_summary(learnt: Learnt) -> bytes:
    """Which features move the answer, and which way, on a sample of what the model learnt from."""
    import matplotlib as mpl
    import shap
    from matplotlib import pyplot as plt

    mpl.use("Agg")
    head = learnt.head
    catalog, seen = learnt.history.past.catalog, head.seen(learnt.sample)
    found = head.contributor.explain(seen).contributions
    names = [catalog.names[i] for i in head.columns]
    if found.shape[1] == 1:
        shap.summary_plot(found[:, 0], seen, feature_names=names, show=False, max_display=20, rng=0)
    else:
        by_class: list[Numbers] = list(found.transpose(1, 0, 2))
        shap.summary_plot(
            by_class, seen, feature_names=names, class_names=list(head.classes), show=False, max_display=20
        )
    figure = plt.gcf()
    picture = _png(figure)
    plt.close(figure)
    return picture


_PICTURES = {"reliability": _reliability, "risk_coverage": _risk_coverage, "label_drift": _label_drift}
