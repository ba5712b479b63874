"""Every benchmark still runs and finds what it compares to be equal; README shows the figures last found."""

import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.readme import with_figures

ROOT = Path(__file__).parents[1]


def test_readme_shows_the_figures_last_found() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert with_figures(readme) == readme, "run python -m benchmarks.readme"


@pytest.mark.slow
@pytest.mark.parametrize(
    "name", ["history", "procon", "score", "contributions", "families", "truth", "policy", "backtest"]
)
def test_a_benchmark_runs_and_what_it_compares_is_equal(name: str) -> None:
    command = [sys.executable, "-m", f"benchmarks.{name}", "--quick"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=900, check=False)
    assert done.returncode == 0, done.stderr
    if done.stdout.startswith("skipped"):
        pytest.skip(done.stdout)
    assert "| --- |" in done.stdout
