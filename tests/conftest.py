"""Which fixture to choose.

``world``        about 400 checked cases of four parties with orders, events, rulings and appeals; shared, read-only
``make_world``   the same kind of world with other sizes or seeds, as raw Arrow tables
``make_case``    one case as rows by table, as a client would send it; change what the test is about
``small_parts``  what a real bundle of six parties is made of, trained on a small world in about a second
``small_bundle_path``  the folder it was written to; copy it before changing anything
``small_bundle`` the same, loaded
``small_asks``   the checked tables and asks that bundle was trained on
``triage``       run the program: ``triage("score", data, "--out", out, home=home)``
``trained_home`` a history on disk and what ``triage train`` made of it, once; copy its home before changing it
"""

import fcntl
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import Result
from typer.testing import CliRunner

import triage as program
from features.asks import Asks, asks_at_moments
from features.build import Fitted, build, fit_categories, resolve_catalog
from features.contract import TABLES
from features.tables import ARROW, NEVER, Tables
from features.vocabulary import LIABLE
from models.bundle import Bundle, Parts, case_hash, load, save
from models.calibration import Calibration
from models.head import Head, liability_columns
from models.trees import TreeParams, Trees
from training.texts import fit_texts

Rows = dict[str, list[dict[str, Any]]]
START = datetime(2025, 1, 1, tzinfo=UTC)
REASONS = ("not_shipped", "inr_lost_in_transit", "damaged_item", "not_as_described", "changed_mind")
USUAL = {  # who is usually liable for what the buyer says, so that there is something to learn
    "not_shipped": "seller",
    "inr_lost_in_transit": "carrier",
    "damaged_item": "shared",
    "not_as_described": "seller",
    "changed_mind": "none",
}


SAID = {  # what is written about a case, mostly in the language that is named
    "en": (
        "It never arrived.",
        "The box was crushed.",
        "We forgot to ship it, sorry.",
        "We will refund you.",
        "Any news?",
    ),
    "zh": ("没有收到", "打开就是坏的", "是我们的错，会补发", "已经寄出了", "有消息吗？"),
    "es": ("No me llegó", "Vino roto", "Fue nuestro error", "Le vamos a reembolsar", "¿Hay noticias?"),
    "fr": ("Je ne l'ai pas reçu",),
}


def world_rows(cases: int, seed: int) -> Rows:
    """A small marketplace: sellers and carriers that differ, late rulings, a few defaults and appeals."""
    rng = np.random.default_rng(seed)
    rows: Rows = {name: [] for name in ("cases", "orders", "events", "rulings", "appeals")}
    said = np.random.default_rng([seed, 1])
    rows["messages"] = []
    careless = rng.random(12) < 0.4
    for i in range(cases):
        opened = START + timedelta(days=300 * i / cases, minutes=int(rng.integers(0, 600)))
        seller, carrier, reason = int(rng.integers(12)), int(rng.integers(3)), REASONS[int(rng.integers(5))]
        case_id, order_id = f"c{seed}-{i:05d}", f"o{seed}-{i:05d}"
        placed = opened - timedelta(days=int(rng.integers(3, 20)))
        paid = int(rng.integers(500, 20000))
        ruled = opened + timedelta(days=float(rng.gamma(2.0, 4.0)) + 2.5)
        liable = USUAL[reason]
        if rng.random() < 0.35:
            liable = "seller" if careless[seller] else ("carrier" if carrier == 2 else "buyer")
        if rng.random() < 0.05:
            liable = "platform"
        rows["cases"].append(
            {
                "case_id": case_id, "opened_at": opened,
                "escalated_at": opened + timedelta(days=2) if rng.random() < 0.6 else None,
                "order_id": order_id, "line_id": "1", "buyer_id": f"b{int(rng.integers(150))}",
                "seller_id": f"s{seller}", "reason": reason, "claimed_cents": paid,
                "remedy_asked": "full_refund", "language": ["en", "zh", "es"][int(rng.integers(3))],
                "address_id": f"a{int(rng.integers(140))}", "attr_tier": ["new", "known"][int(careless[seller])],
                "attr_score": float(rng.normal()), "audit_region": ["west", "east"][int(rng.integers(2))],
                "currency": "USD",
            }
        )  # fmt: skip
        rows["cases"][-1]["claim_text"] = str(said.choice(SAID[rows["cases"][-1]["language"]])) if i % 7 else None
        for k in range(int(said.integers(4))):
            language = str(said.choice(list(SAID)))
            rows["messages"].append(
                {
                    "message_id": f"m{seed}-{i:05d}-{k}", "case_id": case_id, "party": ("buyer", "seller")[k % 2],
                    "sent_at": opened + timedelta(hours=float(said.gamma(2.0, 30.0))), "language": language,
                    "text": str(said.choice(SAID[language])),
                }
            )  # fmt: skip
        rows["orders"].append(
            {
                "order_id": order_id, "line_id": "1", "known_at": placed, "placed_at": placed,
                "ship_by_at": placed + timedelta(days=2), "promised_at": placed + timedelta(days=7),
                "category": ["beauty", "apparel", "home"][int(rng.integers(3))], "sku": f"k{int(rng.integers(40))}",
                "quantity": 1, "unit_price_cents": paid, "paid_cents": paid, "carrier": f"carrier{carrier}",
                "service": "ground", "lane": f"carrier{carrier}|CA>TX", "fulfilment": "seller_shipped",
                "label_owner": "platform", "currency": "USD",
            }
        )  # fmt: skip
        rows["events"].append(
            {
                "event_id": f"e{seed}-{i:05d}", "case_id": None, "order_id": order_id, "kind": "first_scan",
                "happened_at": placed + timedelta(days=1), "known_at": placed + timedelta(days=1, hours=5),
                "actor": "carrier", "weight_g": float(rng.integers(100, 900)), "weight_measured": True,
            }
        )  # fmt: skip
        if i > cases * 0.95:
            continue
        default = rng.random() < 0.08
        rows["rulings"].append(
            {
                "case_id": case_id, "ruled_at": ruled, "liable": "seller" if default else liable,
                "entitled": liable != "buyer", "remedy": "full_refund", "refund_cents": paid,
                "basis": "default" if default else "merits", "provisional": False, "evidence_sufficient": True,
                "arbitrator_id": f"r{int(rng.integers(5))}", "currency": "USD",
            }
        )  # fmt: skip
        if rng.random() < 0.06:
            turned = bool(rng.random() < 0.4)
            rows["appeals"].append(
                {
                    "case_id": case_id, "appealed_at": ruled + timedelta(days=3),
                    "decided_at": ruled + timedelta(days=9) if rng.random() < 0.9 else None,
                    "new_evidence": turned, "overturned": turned, "liable_after": "buyer" if turned else None,
                }
            )  # fmt: skip
    return rows


def as_arrow(rows: Rows) -> dict[str, pa.Table]:
    """The same rows as raw Arrow tables, as a file would give them."""
    return {name: pa.Table.from_pylist(found) for name, found in rows.items() if found}


@pytest.fixture(scope="session")
def make_world() -> Callable[..., dict[str, pa.Table]]:
    """Make raw Arrow tables of a small world: ``make_world(cases=400, seed=1)``."""

    def make(cases: int = 400, seed: int = 1) -> dict[str, pa.Table]:
        return as_arrow(world_rows(cases, seed))

    return make


@pytest.fixture
def make_case() -> Callable[..., Rows]:
    """One open case as rows by table; keyword arguments change columns of its ``cases`` row."""

    def make(**changes: Any) -> Rows:
        rows = world_rows(1, 99)
        rows["cases"][0].update(changes)
        return {"cases": rows["cases"], "orders": rows["orders"], "events": rows["events"]}

    return make


def as_tables(raw: dict[str, pa.Table]) -> Tables:
    """Raw tables that keep the contract, in the contract's types."""
    cast = {}
    for name, table in raw.items():
        known = {c.name: ARROW[c.type] for c in TABLES[name].columns}
        types = [(f.name, known.get(f.name, f.type)) for f in table.schema]
        cast[name] = table.cast(pa.schema(types))
    return Tables(cast)


@pytest.fixture(scope="session")
def small_asks(make_world: Callable[..., dict[str, pa.Table]]) -> tuple[Tables, Asks]:
    """The tables of a small world, and an ask for every moment that a case reached before it was ruled on."""
    tables = as_tables(make_world(cases=500, seed=7))
    ruled = np.full(tables.count("cases"), NEVER)
    np.minimum.at(ruled, tables.case_rows("rulings"), tables.instants("rulings", "ruled_at"))
    return tables, asks_at_moments(tables, ruled)


@pytest.fixture(scope="session")
def small_parts(small_asks: tuple[Tables, Asks]) -> Parts:
    """A real bundle's parts: two heads, six classes, history of every key, thresholds that some asks reach."""
    tables, asks = small_asks
    codes, values = tables.codes("rulings", "liable")
    liable = np.full(tables.count("cases"), -1)
    liable[tables.case_rows("rulings")] = np.array([LIABLE.index(v) for v in values])[codes]
    kept = asks.take(np.flatnonzero(liable[asks.case] >= 0))
    catalog = resolve_catalog(tables, LIABLE, (90,))
    until = int(tables.last_known)
    texts = fit_texts(tables, catalog, 7.0, until)
    fitted = Fitted(catalog, fit_categories(tables, kept, catalog), (90,), 20.0, texts)
    X = build(tables, kept, fitted).values
    labels, columns = liable[kept.case], liability_columns(catalog)
    trees = Trees.fit(
        X[:, columns], labels, np.ones(len(kept)), classes=len(LIABLE), rounds=20,
        categorical=tuple(i for i, c in enumerate(columns) if c in catalog.categorical),
        params=TreeParams(learning_rate=0.2, leaves=7, depth=3, min_cases_in_leaf=10),
    )  # fmt: skip
    prior = np.bincount(labels, minlength=len(LIABLE)) / len(labels)
    calibration = Calibration(0.8, (0.05, -0.05, 0.02, 0.0, 0.01, -0.03))
    head = Head("liability", LIABLE, tuple(prior.tolist()), columns, trees, calibration, act_above=0.5)
    hashes = np.sort(case_hash(tables.case_ids.take(pa.array(np.unique(kept.case))).to_pylist()))
    enough = np.asarray((kept.moment > 0) ^ (np.arange(len(kept)) % 5 == 0), dtype=np.int64)
    grown = Trees.fit(
        X, enough, np.ones(len(kept)), classes=2, rounds=10, categorical=catalog.categorical,
        params=TreeParams(learning_rate=0.2, leaves=7, depth=3, min_cases_in_leaf=10),
    )  # fmt: skip
    words, everything = ("insufficient", "sufficient"), tuple(range(len(catalog)))
    other = Head("sufficiency", words, (0.5, 0.5), everything, grown, Calibration(0.9, (0.0, 0.1)), act_above=0.7)
    heads = {"liability": head, "sufficiency": other}
    return Parts(fitted, heads, {"seed": 1, "max_error": 0.1}, until, hashes, X[:20])


@pytest.fixture(scope="session")
def small_bundle_path(small_parts: Parts, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the small bundle, written once."""
    path = tmp_path_factory.mktemp("bundles") / "small"
    save(small_parts, path)
    return path


@pytest.fixture(scope="session")
def small_bundle(small_bundle_path: Path) -> Bundle:
    """The small bundle, loaded."""
    return load(small_bundle_path)


@pytest.fixture(scope="session")
def triage() -> Callable[..., Result]:
    """Run the program in this process: ``triage("models", home=home)``; its output, error output and exit code."""

    def run(*said: object, home: Path, **environment: str) -> Result:
        environment = {"TRIAGE_HOME": str(home), "MLFLOW_TRACKING_URI": "", **environment}
        return CliRunner().invoke(program.app, [str(word) for word in said], env=environment)

    return run


@dataclass(frozen=True)
class TrainedHome:
    """A training by the program: the data, the home it registered a version in, the bundle, and what it said."""

    data: Path
    home: Path
    bundle: Path
    said: str
    exit_code: int


UNTIL = "2025-09-01"
CONFIG = """
maturity_days = 7
max_error = 0.5
folds = 3
max_rounds = 3
rounds_step = 3
learning_rate = 0.1
min_cases_in_leaf = 10
windows_days = [90]
"""


@pytest.fixture(scope="session")
def trained_home(
    triage: Callable[..., Result],
    make_world: Callable[..., dict[str, pa.Table]],
    tmp_path_factory: pytest.TempPathFactory,
) -> TrainedHome:
    """``triage train`` on 800 cases up to UNTIL, once for all workers; too few trees for its gates to hold."""
    worker = tmp_path_factory.getbasetemp()
    room = (worker.parent if worker.name.startswith("popen-") else worker) / "trained"
    room.mkdir(exist_ok=True)
    with (room / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (room / "said").exists():
            (room / "data").mkdir()
            for name, table in make_world(cases=800, seed=5).items():
                pq.write_table(table, room / "data" / f"{name}.parquet")
            (room / "training.toml").write_text(CONFIG)
            options = ("--until", UNTIL, "--config", room / "training.toml", "--out", room / "bundle")
            found = triage("train", room / "data", *options, home=room / "home")
            (room / "said").write_text(f"{found.exit_code}\n{found.stdout}")
    exit_code, said = (room / "said").read_text().split("\n", 1)
    return TrainedHome(room / "data", room / "home", room / "bundle", said, int(exit_code))
