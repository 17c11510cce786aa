"""MLflow as a tracker: a server, or a database file that its client writes itself."""

import contextlib
import logging
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

# Before the import, which reads them: nothing is sent home, and a dead server costs seconds.
os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
os.environ.setdefault("DO_NOT_TRACK", "true")
os.environ.setdefault("MLFLOW_HTTP_REQUEST_TIMEOUT", "15")
os.environ.setdefault("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "1")
os.environ.setdefault("MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT", "true")

from mlflow.entities import Dataset, DatasetInput, InputTag, Metric, Param, RunTag
from mlflow.exceptions import MlflowException
from mlflow.tracking import MlflowClient

from surpass.core.digest import short
from surpass.core.records.tracking import (
    ALIAS,
    AnyEvent,
    Ended,
    Judged,
    MovedBack,
    Points,
    Released,
    Scored,
    Started,
    known,
)
from surpass.release.tracker import Undelivered

_RUN, _MODEL, _FILES = (
    "surpass.run",
    "surpass.model",
    "surpass.files",
)  # tags by which ours is found
_MOST_METRICS, _MOST_PARAMS, _LONGEST = 1000, 100, 500  # that MLflow takes at once

logging.getLogger("mlflow").setLevel(logging.ERROR)
logging.getLogger("alembic").setLevel(logging.ERROR)


class Place(NamedTuple):
    """Where MLflow keeps things."""

    uri: str  # http(s)://… or sqlite:///…
    project: str  # name of the experiment
    artifacts: Path | None  # folder for files; none: the server's


class MlflowTracker:
    """Runs, curves and a registry with the alias `champion`."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._runs: dict[str, str] = {}  # our run -> MLflow's
        with _reported(place.uri):
            self._client = MlflowClient(tracking_uri=place.uri, registry_uri=place.uri)

    def deliver(self, events: Sequence[AnyEvent]) -> None:
        """See `Tracker`."""
        with _reported(self._place.uri):
            for event in events:
                self._tell(event)

    def _tell(self, event: AnyEvent) -> None:
        if isinstance(event, MovedBack):  # it needs no run
            self._champion(event.task, event.model, event.files)
        else:
            self._tell_of(self._run(event), event)

    def _tell_of(self, run: str, event: AnyEvent) -> None:
        match event:
            case Started():
                self._started(run, event)
            case Points(points=points):
                told = [(n, v, p.at, p.step) for p in points for n, v in known(p.values).items()]
                self._metrics(run, told)
            case Ended():
                self._ended(run, event)
            case Scored():
                self._scores(run, event.values, event.at)
            case Judged():
                self._scores(run, event.values, event.at)
                said = {"surpass.outcome": event.outcome, "surpass.headline": event.headline}
                self._tags(run, said)
            case Released():
                self._released(run, event)

    def _ended(self, run: str, event: Ended) -> None:
        self._scores(run, event.values, event.at)
        if event.folder is not None and Path(event.folder).is_dir():
            self._client.log_artifacts(run, event.folder, Path(event.folder).name)
        self._client.set_terminated(run, "FINISHED", end_time=event.at)

    def _run(self, event: AnyEvent) -> str:
        """MLflow's run of our run; made where it is missing."""
        if event.run in self._runs:
            return self._runs[event.run]
        experiment = self._experiment()
        found = self._client.search_runs([experiment], f"tags.`{_RUN}` = '{event.run}'")
        if found:
            run = str(found[0].info.run_id)
        else:
            name = event.name if isinstance(event, Started) else event.run[:40]
            made = self._client.create_run(
                experiment, start_time=event.at, tags={_RUN: event.run}, run_name=name
            )
            run = str(made.info.run_id)
        self._runs[event.run] = run
        return run

    def _experiment(self) -> str:
        name, files = self._place.project, self._place.artifacts
        found = self._client.get_experiment_by_name(name)
        if found is not None:
            return str(found.experiment_id)
        return str(
            self._client.create_experiment(
                name, artifact_location=files.as_uri() if files else None
            )
        )

    def _started(self, run: str, event: Started) -> None:
        params = [Param(name, text[:_LONGEST]) for name, text in event.settings.items()]
        for begin in range(0, len(params), _MOST_PARAMS):
            self._client.log_batch(run, params=params[begin : begin + _MOST_PARAMS])
        rows = Dataset(
            name=self._place.project,
            digest=short(event.dataset),
            source_type="surpass",
            source=event.dataset,
        )
        used = DatasetInput(rows, [InputTag("mlflow.data.context", "training")])
        self._client.log_inputs(run, [used])

    def _scores(self, run: str, values: dict[str, float | None], at: int) -> None:
        self._metrics(run, [(name, value, at, 0) for name, value in known(values).items()])

    def _metrics(self, run: str, told: list[tuple[str, float, int, int]]) -> None:
        """The same value of the same moment and step is kept once, however often it is told."""
        metrics = [Metric(*one) for one in told]
        for begin in range(0, len(metrics), _MOST_METRICS):
            self._client.log_batch(run, metrics=metrics[begin : begin + _MOST_METRICS])

    def _tags(self, run: str, tags: dict[str, str]) -> None:
        self._client.log_batch(run, tags=[RunTag(name, text) for name, text in tags.items()])

    def _released(self, run: str, event: Released) -> None:
        name, place = registered(event.task), f"releases/{event.files[:12]}"
        if event.upload and Path(event.folder).is_dir():
            self._client.log_artifacts(run, event.folder, place)
        with contextlib.suppress(MlflowException):
            self._client.create_registered_model(name)  # there already
        if self._version(name, event.model, event.files) is None:
            source = self._client.get_run(run).info.artifact_uri
            tags = {_MODEL: event.model, _FILES: event.files, "surpass.name": event.name}
            self._client.create_model_version(
                name, f"{source}/{place}", run_id=run, tags=tags | event.tags
            )
        self._champion(event.task, event.model, event.files)

    def _champion(self, task: str, model: str, files: str) -> None:
        version = self._version(registered(task), model, files)
        if version is not None:
            self._client.set_registered_model_alias(registered(task), ALIAS, version)

    def _version(self, name: str, model: str, files: str) -> str | None:
        """Of a release; of one that was never told here, there is none."""
        wanted = {_MODEL: model, _FILES: files}
        for version in self._client.search_model_versions(f"name = '{name}'"):
            if wanted.items() <= version.tags.items():
                return str(version.version)
        return None


def registered(task: str) -> str:
    """A task's name as a registered model's, which may hold no slash, colon or quote."""
    return "".join("-" if letter in "/:.%\"'\\" else letter for letter in task).strip() or "model"


@contextlib.contextmanager
def _reported(uri: str) -> Iterator[None]:
    """Whatever MLflow and what it stands on raise, as one sentence without a password."""
    try:
        yield
    except Exception as error:  # noqa: BLE001 (its stores, databases and servers raise anything)
        said = " ".join(str(error).split())[:300]
        raise Undelivered(
            f"MLflow at {uri} did not take what happened: {said}",
            fix="Nothing is lost: `surpass track` tells it again.",
        ) from None
