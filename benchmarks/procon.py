"""Liability on real complaints, at four cuts in time, beside two strong peers: every model sees the same columns of
the same cases, and no choice looks past a cut.

    python -m benchmarks.procon [--quick]
"""

import sys
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from benchmarks.procon_peers import CatBoostPeer, LightGbmPeer, Peer
from benchmarks.report import Report, Row, Table, publish
from features.data import read_data
from features.tables import Tables
from features.terminal import instant
from models import metrics
from models.bootstrap import interval
from models.bundle import LIABILITY, load, save
from models.metrics import Judged
from training.config import TrainingConfig
from training.evaluate import Evaluation, evaluate
from training.train import train

ROOT: Final = Path(__file__).parents[1]
DATA: Final = ROOT.parent / "shared" / "data" / "procon"
MAPPING: Final = ROOT / "examples" / "procon" / "mapping"
CONFIG: Final = ROOT / "examples" / "procon" / "train.toml"

CUTS: Final = ("2017-07-01", "2017-10-01", "2018-01-01", "2018-04-01")
VENUE: Final = ("attr_state", "attr_region")
"""The columns that say which agency took the complaint; settlement differs widely between them."""

SEEDS: Final = (1, 2, 3)
"""Of the peers, whose mean is taken; ours has one, which its training configuration names."""


@dataclass(frozen=True, slots=True)
class Found:
    """One cut: our evaluation, and for each peer the probabilities of "seller" by seed: (seeds, cases)."""

    cut: str
    ours: Evaluation
    peers: dict[str, NDArray[np.float64]]

    def figures(self, name: str) -> dict[str, float]:
        """Log-loss, AUC and calibration error of one of the models."""
        return {of: float(np.mean([figure(judged) for judged in self._judged(name)])) for of, figure in FIGURES.items()}

    def _judged(self, name: str) -> list[Judged]:
        judged = self.ours.judged
        if name in self.peers:
            return [replace(judged, probability=self._by_class(p)) for p in self.peers[name]]
        prior = np.broadcast_to(np.array(self.ours.bundle.heads["liability"].prior), judged.probability.shape)
        answers = {OURS: judged, RAW: self.ours.raw, PRIOR: replace(judged, probability=prior)}
        return [answers[name]]

    def _by_class(self, seller: NDArray[np.float64]) -> NDArray[np.float64]:
        classes = self.ours.bundle.heads["liability"].classes
        return np.stack([seller if name == "seller" else 1 - seller for name in classes], axis=1)


FIGURES: Final = {"log-loss": metrics.log_loss, "AUC": metrics.auc, "ECE": metrics.ece}
OURS, RAW, PRIOR = "ours", "ours, before calibration", "training prior"


def collapsed(tables: Tables) -> Tables:
    """The complaints without those that equal an earlier one in every column but the case id, outcome included."""
    cases, rulings = tables["cases"].to_pandas(), tables["rulings"].to_pandas()
    both = cases.merge(rulings, on="case_id", how="left")
    kept = pa.array(both["case_id"][~both.drop(columns="case_id").duplicated()])
    return Tables({n: tables[n].filter(pa.compute.is_in(tables[n]["case_id"], value_set=kept)) for n in tables.names})


def at_cut(
    tables: Tables, cut: str, leave_out: tuple[str, ...], peers: tuple[Peer, ...], seeds: tuple[int, ...]
) -> Found:
    """Train and ask every model at one cut."""
    until = instant(cut)
    config = TrainingConfig.read(CONFIG).changed(leave_out=leave_out)
    with TemporaryDirectory() as folder:
        save(train(tables, until, config, threads=1).parts, Path(folder) / "bundle")
        ours = evaluate(tables, load(Path(folder) / "bundle"), until)[LIABILITY]
    asked = ours.asks.case
    answers = {peer.name: np.stack([peer.answer(until, asked, leave_out, seed) for seed in seeds]) for peer in peers}
    found = Found(cut, ours, answers)
    names = {True: "with", False: "without"}[not leave_out]
    said = ", ".join(f"{n} {found.figures(n)['log-loss']:.4f}" for n in (OURS, *answers))
    print(f"{cut}, {names} state and region, log-loss: {said}", file=sys.stderr)
    return found


def means(found: list[Found], name: str) -> dict[str, float]:
    """The figures of one model, averaged over the cuts."""
    each = [at.figures(name) for at in found]
    return {of: float(np.mean([figures[of] for figures in each])) for of in FIGURES}


def by_cut(at: Found) -> Row:
    """Our answers at one cut: calibration before and after with its interval, and what became of the promise."""
    head, judged = at.ours.bundle.heads["liability"], at.ours.judged
    coverage, wrong = metrics.above(judged, head.act_above)
    return {
        "cut": at.cut,
        "cases": judged.cases,
        "log-loss": metrics.log_loss(judged),
        "AUC": metrics.auc(judged),
        "ECE before calibration": metrics.ece(at.ours.raw),
        "its 95 % interval": list(interval(metrics.ece, at.ours.raw, seed=1)),
        "ECE after": metrics.ece(judged),
        "its interval": list(interval(metrics.ece, judged, seed=1)),
        "named": f"{coverage:.1%}",
        "wrong of these": "–" if np.isnan(wrong) else f"{wrong:.1%}",
    }


def compare(tables: Tables, cuts: tuple[str, ...], seeds: tuple[int, ...]) -> Report:
    """All models at all cuts, with and without the venue, and ours without duplicates."""
    peers: tuple[Peer, ...] = (CatBoostPeer(tables), LightGbmPeer(tables))
    with_venue = [at_cut(tables, cut, (), peers, seeds) for cut in cuts]
    without = [at_cut(tables, cut, VENUE, peers, seeds) for cut in cuts]
    once = collapsed(tables)
    alone = [at_cut(once, cut, (), (), seeds) for cut in cuts]
    rows: list[Row] = []
    for name in (OURS, RAW, *(peer.name for peer in peers), PRIOR):
        figures, less = means(with_venue, name), means(without, name)
        rows.append({"model": name, **figures, **{f"{of} without state and region": less[of] for of in FIGURES}})
    fewer = tables.count("cases") - once.count("cases")
    nothing: Row = {f"{of} without state and region": None for of in FIGURES}
    rows.append({"model": f"ours, {fewer:,} duplicates collapsed", **means(alone, OURS), **nothing})
    note = (
        f"Means of the cuts {', '.join(cuts)}; of the peers the mean of {len(seeds)} seeds. "
        "ECE: most probable class, 15 bins of equal mass."
    )
    return Report(
        "procon",
        "python -m benchmarks.procon",
        [
            Table("PROCON: real complaints, learnt before a cut and asked about those opened from it", rows, note),
            Table("Ours, cut by cut", [by_cut(at) for at in with_venue], "Named: at or above the bundle's threshold."),
        ],
    )


def main(arguments: list[str]) -> int:
    """Compare, or say why not."""
    quick = "--quick" in arguments
    if not (DATA / "complaints.parquet").exists():
        print(f"skipped: there is no {DATA / 'complaints.parquet'}; the data is not part of this project")
        return 0
    tables = read_data(DATA, MAPPING).tables
    publish(compare(tables, CUTS[:1] if quick else CUTS, SEEDS[:1] if quick else SEEDS), quick=quick)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
