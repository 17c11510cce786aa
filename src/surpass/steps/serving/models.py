"""The models that a project can serve: its base and everything that was ever released."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import numpy as np
from numpy.typing import NDArray

from surpass.core.environment import threads
from surpass.core.errors import BadInput
from surpass.core.records.release import MODEL_FILE, PROMPT_FILE, Release, ReleasedModel
from surpass.evaluate.label_scoring import label_probabilities, named
from surpass.evaluate.readings import Reading
from surpass.model.find import Base, find_base
from surpass.release.folder import require_whole
from surpass.serve.models import BASE, Model
from surpass.steps.closed_sets import wording
from surpass.steps.evaluate import stored_evaluation
from surpass.steps.machine import number_type
from surpass.steps.project import Project
from surpass.steps.releasing.read import champion, releases
from surpass.steps.split import current_split
from surpass.store.ledger import FILE_NAME
from surpass.store.objects import read_record

_USUAL_TOKENS = 256  # of an answer of the base, where no evaluation says how many it may have
_CAP = re.compile(r"at most (\d+) tokens")  # how an evaluation of texts says what it allowed

if TYPE_CHECKING:
    from surpass.model.likelihood import LabelScores
    from surpass.serve.engine import Ready


class ProjectModels:
    """A catalogue that follows the ledger: looking again costs no more than asking for its time."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._seen: tuple[int, int] | None = None
        self._champion = BASE
        self._releases: dict[str, Release] = {}
        self._base = _base_model(project)

    def champion(self) -> str:
        """The last release, or what a rollback brought back; before the first one the base.

        Raises:
            BadInput: the ledger cannot be read.
        """
        path = self._project.folder / FILE_NAME
        stat = path.stat() if path.exists() else None
        seen = (0, 0) if stat is None else (stat.st_mtime_ns, stat.st_size)
        if seen != self._seen:
            live = champion(self._project)
            self._releases = {one.name: one for one in releases(self._project)}
            self._champion = BASE if live is None else live.name
            self._seen = seen
        return self._champion

    def names(self) -> tuple[str, ...]:
        """Every release whose files are here, and the base."""
        self.champion()
        here = (name for name, one in self._releases.items() if one.folder.is_dir())
        return (*here, BASE)

    def model(self, name: str) -> Model:
        """What a release, or the base, is told and how it answers.

        Raises:
            BadInput: there is none of that name.
        """
        if name == BASE:
            return self._base
        self.champion()
        if name not in self._releases:
            raise BadInput(
                f"There is no model {name[:80]!r}.",
                fix=f"Name `champion` or `{BASE}`, or a release.",
            )
        return _released(self._releases[name])

    def load(self, name: str) -> "Ready":
        """Load a model as it was evaluated.

        Raises:
            BadInput: there is none of that name, or it is of another base.
            BadMachine: its files are gone or changed.
        """
        from surpass.model.load import load  # pulls in torch
        from surpass.serve.engine import ready

        project, model = self._project, self.model(name)
        base = find_base(project.settings.model.base, project.folder)
        if name == BASE:
            loaded = load(base, number_type(project), threads=threads())
            return ready(loaded, model, _reading(_base_reading(project, model.labels)))
        release = self._releases[name]
        require_whole(release.folder)
        made = _read(release.folder)
        if made.form == "weights":
            base = Base(name=name, folder=release.adapter, digest=made.content)
        elif base.digest != made.base_digest:
            raise BadInput(
                f"{name} was tuned on {made.base}, and [model] base is another one now.",
                fix="Set [model] base back, or release a model of the present one.",
            )
        adapter = release.adapter if made.form == "adapter" else None
        loaded = load(base, made.number_type, adapter, threads=threads())
        return ready(loaded, model, _reading(Reading(scoring=made.scoring, prior=made.prior)))


def _released(release: Release) -> Model:
    made = _read(release.folder)
    return Model(
        name=release.name,
        kind=made.kind,
        instruction=(release.folder / PROMPT_FILE).read_text(encoding="utf-8"),
        labels=made.labels,
        most_tokens=made.max_new_tokens or _USUAL_TOKENS,
    )


def _read(folder: Path) -> ReleasedModel:
    return msgspec.json.decode((folder / MODEL_FILE).read_bytes(), type=ReleasedModel)


def _base_model(project: Project) -> Model:
    """The untuned base, told what the tuned models are told."""
    words = wording(project, current_split(project).sides)
    most = project.settings.generation.max_new_tokens
    if most == "auto" and project.settings.serving.upstream is not None:
        most = _USUAL_TOKENS  # the base may not be on this machine at all
    elif most == "auto":
        judged = stored_evaluation(project, "zero-shot", "valid")
        cap = None if judged is None else _CAP.search(judged.record.scoring)
        most = _USUAL_TOKENS if cap is None else int(cap[1])
    return Model(BASE, project.settings.kind, words.instruction, words.labels, most)


def _base_reading(project: Project, labels: tuple[str, ...]) -> Reading:
    """As its zero-shot evaluation chose it; where there is none, the sum of log-probabilities."""
    judged = stored_evaluation(project, "zero-shot", "valid") if labels else None
    if judged is None:
        return Reading(scoring="sum", prior=())
    return read_record(judged.folder, "reading", Reading)


def _reading(reading: Reading) -> "Callable[[LabelScores], NDArray[np.float64]]":
    """Reads label scores as evaluation did."""

    def read(scores: "LabelScores") -> NDArray[np.float64]:
        prior = np.array(reading.prior)
        return label_probabilities(scores.sums, scores.lengths, named(reading.scoring), prior)

    return read
