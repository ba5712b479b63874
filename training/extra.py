"""Training needs libraries that serving does without: they come with the extra ``train``."""

from importlib.util import find_spec
from typing import Final

from features.errors import TriageError

LIBRARIES: Final = ("matplotlib", "mlflow", "optuna", "sklearn", "shap", "threadpoolctl")


class NotInstalled(TriageError):
    """A command of training was called where only serving is installed."""


def require_training_libraries() -> None:
    """Raise NotInstalled, saying what to install, unless every library that training stands on is there."""
    missing = [name for name in LIBRARIES if find_spec(name) is None]
    if missing:
        raise NotInstalled(
            f"this command learns, and {', '.join(missing)} is not installed here; "
            "install the training extra: pip install 'dispute-triage[train]'."
        )
