"""Which fixture to choose.

``market``   a simulated history of 1,500 disputes, checked; read-only
``house``    the house policy
``changed``  the house policy with texts in it replaced: ``changed({"value: 75000": "value: 2500"})``
``tried``    the house policy against itself with signatures wanted from $25 on, on all of ``market``
"""

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from features.data import read_data
from features.tables import Tables
from models.policy import HOUSE, Policy, load
from training.backtest.backtest import Backtest, prepare
from training.backtest.settled import Span
from training.simulate.simulate import simulate
from training.simulate.world import World

CHEAPER = {"value: 75000": "value: 2500"}

Changed = Callable[[Mapping[str, str]], Path]


@pytest.fixture(scope="session")
def market_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("market")
    simulate(folder / "data", folder / "truth", World(), cases=1500, seed=3, tell=lambda _: None)
    return folder / "data"


@pytest.fixture(scope="session")
def market(market_path: Path) -> Tables:
    return read_data(market_path).tables


@pytest.fixture(scope="session")
def house() -> Policy:
    return load(HOUSE)


@pytest.fixture(scope="session")
def changed(tmp_path_factory: pytest.TempPathFactory) -> Changed:
    def change(texts: Mapping[str, str]) -> Path:
        folder = Path(shutil.copytree(HOUSE, tmp_path_factory.mktemp("policies") / "changed"))
        for file in folder.glob("*.yaml"):
            text = file.read_text(encoding="utf-8")
            for old, new in texts.items():
                text = text.replace(old, new)
            file.write_text(text, encoding="utf-8")
        return folder

    return change


@pytest.fixture(scope="session")
def tried(market: Tables, house: Policy, changed: Changed) -> Backtest:
    return prepare(market, (house, load(changed(CHEAPER))), Span()).run(threads=1)
