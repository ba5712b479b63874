"""The one file that knows MLflow: what was trained from what, how it did, and under which number it is kept.

MLflow keeps the account and a copy of the bytes. Nothing is ever loaded through it: its loaders run code from
tampered folders, so a bundle that comes back is taken for files and checked by its own digests.
"""

import logging
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from features.errors import TriageError
from models.bundle import load
from training.promotion import Candidate, CannotPromote

if TYPE_CHECKING:
    from mlflow import MlflowClient

NAME: Final = "dispute-triage"
"""The registered model, and the experiment."""

CHAMPION: Final = "champion"
BUNDLE: Final = "bundle"
BUNDLES: Final = "bundles"
GATES_FAILED: Final = "gates_failed"

AT_ONCE: Final = 500
"""How many numbers one request may carry; MLflow takes no more than a thousand."""


class RegistryFailed(TriageError):
    """MLflow did not do what was asked of it."""


@contextmanager
def _in_plain_words() -> Iterator[None]:
    """Say MLflow's own failures as an expected error."""
    from mlflow.exceptions import MlflowException

    try:
        yield
    except MlflowException as error:
        said = str(error).split("\n")[0][:300]
        raise RegistryFailed(f"MLflow failed: {said}; see that MLFLOW_TRACKING_URI is right and reachable.") from error


@dataclass(frozen=True, slots=True)
class Version:
    """A registered version as the registry lists it; ``failed`` names the gates that did not hold."""

    version: int
    bundle: str
    run: str
    failed: tuple[str, ...]
    is_champion: bool
    created_at: int  # microseconds UTC


@dataclass(frozen=True, slots=True)
class Record:
    """All that is kept of one training.

    ``metrics`` are numbers by name, ``documents`` plain data by file name, ``plots`` pictures by file name.
    """

    bundle: str
    folder: Path
    params: Mapping[str, Any]
    metrics: Mapping[str, float]
    documents: Mapping[str, Any]
    plots: Mapping[str, bytes]
    failed: tuple[str, ...]


class Registry:
    """Versions under ``home``, or where ``uri`` points: an MLflow tracking server or database."""

    def __init__(self, home: Path, uri: str | None) -> None:
        os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
        os.environ.setdefault("MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR", "false")
        home.mkdir(parents=True, exist_ok=True)
        self._home = home.resolve()
        self._local = uri is None
        self._uri = uri or f"sqlite:///{self._home / 'mlflow.db'}"

    @property
    def _client(self) -> "MlflowClient":
        from mlflow import MlflowClient

        for noisy in ("mlflow", "alembic"):
            logging.getLogger(noisy).setLevel(logging.WARNING)
        return MlflowClient(tracking_uri=self._uri, registry_uri=self._uri)

    @_in_plain_words()
    def register(self, record: Record) -> int:
        """Keep the account of a training and the bundle's bytes, and return the new version's number."""
        from mlflow.entities import Metric, Param

        client = self._client
        run = client.create_run(self._experiment(client), run_name=record.bundle[:12])
        known, now = run.info.run_id, run.info.start_time
        client.log_batch(known, params=[Param(name, str(value)) for name, value in record.params.items()])
        metrics = [Metric(name, value, now, 0) for name, value in record.metrics.items()]
        for start in range(0, len(metrics), AT_ONCE):
            client.log_batch(known, metrics=metrics[start : start + AT_ONCE])
        for name, data in record.documents.items():
            client.log_dict(known, data, name)
        with tempfile.TemporaryDirectory() as folder:
            for name, picture in record.plots.items():
                (Path(folder) / name).write_bytes(picture)
            client.log_artifacts(known, folder, "plots")
        client.log_artifacts(known, str(record.folder), BUNDLE)
        client.set_terminated(known)
        if not client.search_registered_models(f"name='{NAME}'"):
            client.create_registered_model(NAME)
        tags = {BUNDLE: record.bundle, GATES_FAILED: ",".join(record.failed)}
        source = f"{run.info.artifact_uri}/{BUNDLE}"
        return int(client.create_model_version(NAME, source, known, tags=tags).version)

    @_in_plain_words()
    def versions(self) -> list[Version]:
        """Every registered version, the newest first."""
        client = self._client
        champion = self._champion(client)
        found = [
            Version(
                version=int(v.version),
                bundle=v.tags.get(BUNDLE, ""),
                run=v.run_id or "",
                failed=tuple(filter(None, v.tags.get(GATES_FAILED, "").split(","))),
                is_champion=str(v.version) == champion,
                created_at=int(v.creation_timestamp) * 1000,
            )
            for v in client.search_model_versions(f"name='{NAME}'")
        ]
        return sorted(found, key=lambda version: -version.version)

    @_in_plain_words()
    def fetch(self, version: int) -> Candidate:
        """A version with its bundle in a folder under home, checked by its digests."""
        found = next((v for v in self.versions() if v.version == version), None)
        if found is None:
            raise CannotPromote(f"there is no version {version}; `triage models` lists them.")
        path = self._home / BUNDLES / found.bundle
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(dir=path.parent) as folder:
                copy = self._client.download_artifacts(found.run, BUNDLE, folder)
                load(Path(copy))
                Path(copy).rename(path)
        if load(path).id != found.bundle:
            raise CannotPromote(f"{path} is not the bundle that version {version} was registered with; remove it.")
        return Candidate(version, found.bundle, path, found.failed)

    @_in_plain_words()
    def mirror_champion(self, version: int) -> None:
        """Let MLflow's alias say what the champion file says."""
        self._client.set_registered_model_alias(NAME, CHAMPION, str(version))

    def _experiment(self, client: "MlflowClient") -> str:
        found = client.get_experiment_by_name(NAME)
        if found is not None:
            return str(found.experiment_id)
        place = (self._home / "mlruns").as_uri() if self._local else None
        return str(client.create_experiment(NAME, artifact_location=place))

    def _champion(self, client: "MlflowClient") -> str | None:
        models = client.search_registered_models(f"name='{NAME}'")
        return str(models[0].aliases.get(CHAMPION)) if models else None
