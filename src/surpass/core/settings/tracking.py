"""[track]: where runs, verdicts and releases are told of beside our own ledger."""

from typing import Annotated, Literal

from msgspec import Meta

from surpass.core.settings.section import Count, Section

TrackerName = Literal["mlflow", "wandb"]
Uri = Annotated[str, Meta(pattern=r"^(https?://[^@\s]+|sqlite:///\S.*)$")]
"""No password in it: that comes from the environment, as the tracker's own client reads it."""


class Track(Section, frozen=True, kw_only=True):
    """Trackers beside the ledger; off unless named. One that is down stops and slows nothing."""

    to: tuple[TrackerName, ...] = ()  # mlflow, wandb or both; empty: nothing is told
    uri: Uri | None = None  # of MLflow: http(s) or sqlite:///; none: a file in .surpass
    project: str | None = None  # experiment or project there; none: the task's name
    online: bool = False  # True: wandb sends at once; False: it writes files for `wandb sync`
    files: bool = True  # False: adapters and released folders are named by digest, not uploaded
    every: Count = 10  # steps between two points of the curves of training
