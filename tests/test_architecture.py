"""The plan of the house holds: what stands where, who may know whom, and what is loaded when."""

import ast
import json
import re
import statistics
import subprocess
import sys
from functools import cache
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from features.asks import Asks
from features.errors import __doc__ as drawn
from features.tables import Tables

ROOT = Path(__file__).parent.parent
PACKAGES = ("features", "models", "training", "serving")
TRAINING_STACK = ("mlflow", "shap", "sklearn", "pandas", "optuna", "matplotlib", "threadpoolctl", "catboost")


@cache
def modules() -> tuple[tuple[str, ast.Module], ...]:
    """Every module of the four packages: its path from the root, and its code."""
    paths = [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]
    return tuple((str(path.relative_to(ROOT)), ast.parse(path.read_text(encoding="utf-8"))) for path in paths)


def run(code: str, *arguments: str, cwd: Path = ROOT) -> str:
    """What a child Python prints."""
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], cwd=cwd, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_every_top_level_name_means_this_project_wherever_one_stands(tmp_path: Path) -> None:
    code = "import sys, importlib.util as u; print(*(u.find_spec(n).origin for n in sys.argv[1:]), sep='\\n')"
    for name, origin in zip((*PACKAGES, "triage"), run(code, *PACKAGES, "triage", cwd=tmp_path).split(), strict=True):
        assert Path(origin).is_relative_to(ROOT), name


def test_nothing_imports_the_composition_root() -> None:
    for path, code in modules():
        for node in ast.walk(code):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [str(node.module)] if isinstance(node, ast.ImportFrom) else []
            assert not [name for name in names if name.split(".")[0] == "triage"], path


def test_help_loads_nothing_heavy() -> None:
    web, arrays = ("fastapi", "pydantic", "uvicorn"), ("lightgbm", "numba", "duckdb", "pyarrow", "numpy", "scipy")
    heavy = (*web, *arrays, *TRAINING_STACK)
    code = """
import sys
sys.argv = ["triage", "--help"]
import triage
try:
    triage.main()
except SystemExit as done:
    assert not done.code
print("LOADED", *sorted({name.split(".")[0] for name in sys.modules}))
"""
    loaded = run(code).rpartition("LOADED")[2].split()
    assert not set(heavy) & set(loaded)


def test_serving_answers_where_nothing_of_training_is_installed(
    small_bundle_path: Path, small_asks: tuple[Tables, Asks], tmp_path: Path
) -> None:
    """LightGBM and Arrow load scikit-learn and pandas where they find them, so here none of it is to be found."""
    tables = small_asks[0]
    for name in tables.names:
        pq.write_table(tables[name], tmp_path / f"{name}.parquet")
    code = """
import sys
class NotInstalled:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in sys.argv[3:]:
            raise ModuleNotFoundError(name)
sys.meta_path.insert(0, NotInstalled())
from pathlib import Path
from fastapi.testclient import TestClient
from serving.app import create_app
from serving.examples import CASES
from serving.settings import Settings
import serving.backlog, serving.commands, serving.explain
with TestClient(create_app(Settings(data=Path(sys.argv[1]), bundle=Path(sys.argv[2])))) as client:
    body = next(iter(CASES.values()))["value"]
    answer = client.post("/v1/proposals", json=body)
    assert answer.status_code == 200, answer.text
    print(answer.json()["bundle"])
"""
    assert run(code, str(tmp_path), str(small_bundle_path), *TRAINING_STACK).strip()


def test_tests_are_no_package() -> None:
    assert not list((ROOT / "tests").rglob("__init__.py"))


def test_no_file_holds_two_ideas() -> None:
    folders = (*PACKAGES, "tests", "benchmarks", "examples")
    lines = {
        str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines())
        for folder in folders
        for path in (ROOT / folder).rglob("*.py")
    }
    assert not {path: n for path, n in lines.items() if n > 400}
    assert statistics.median(n for path, n in lines.items() if path.startswith(PACKAGES)) <= 120


def errors() -> dict[str, str]:
    """Every error made on purpose: the class and the module it is declared in."""
    bases = {
        node.name: (path, [base.id for base in node.bases if isinstance(base, ast.Name)])
        for path, code in modules()
        for node in ast.walk(code)
        if isinstance(node, ast.ClassDef)
    }

    def is_ours(name: str) -> bool:
        return name == "TriageError" or any(is_ours(base) for base in bases.get(name, ("", []))[1])

    return {name: path for name, (path, _) in bases.items() if is_ours(name) and name != "TriageError"}


def test_the_tree_of_errors_is_drawn_whole_and_right() -> None:
    found = re.findall(r"[├└]── (\w+) +(\S+\.py) ", str(drawn))
    assert dict(found) == errors()
    assert len(found) == len(dict(found))


def test_the_base_error_is_never_raised_itself() -> None:
    for path, code in modules():
        raised = [node.exc for node in ast.walk(code) if isinstance(node, ast.Raise)]
        called = [e.func for e in raised if isinstance(e, ast.Call)]
        assert "TriageError" not in [f.id for f in called if isinstance(f, ast.Name)], path


@pytest.mark.parametrize("package", PACKAGES)
def test_every_module_says_in_its_first_line_what_is_true_in_it(package: str) -> None:
    for path, code in modules():
        if path.startswith(package):
            assert (ast.get_docstring(code) or "").partition("\n")[0], path


def test_artefacts_are_plain_data(small_bundle_path: Path) -> None:
    for file in small_bundle_path.glob("*.json"):
        assert isinstance(json.loads(file.read_bytes()), dict | list)
    for path, code in modules():
        imported = {alias.name for node in ast.walk(code) if isinstance(node, ast.Import) for alias in node.names}
        assert not imported & {"pickle", "joblib", "cloudpickle", "dill", "marshal", "shelve"}, path
