"""What answers: models by their immutable names, and who says which one a request gets."""

from collections.abc import AsyncGenerator, Sequence
from typing import NamedTuple, Protocol

from surpass.model.turns import Asked

CHAMPION = "champion"
BASE = "base"


class Model(NamedTuple):
    """A model as it was evaluated: its name, what it is told, and how it answers."""

    name: str  # "task@digest12", or "base"
    kind: str  # classify, extract, generate or code
    instruction: str
    labels: tuple[str, ...]  # of a classifier; its answer is the likeliest of them
    most_tokens: int  # of an answer that is written


class Catalogue(Protocol):
    """Knows every model that may be asked for."""

    def champion(self) -> str:
        """Name of the model that is live now."""

    def names(self) -> tuple[str, ...]:
        """Every model by its immutable name, the base among them."""

    def model(self, name: str) -> Model:
        """The model of that name.

        Raises:
            BadInput: there is none.
        """


class Assignment(NamedTuple):
    """What an experiment gives a unit."""

    experiment: str
    arm: str
    share: float  # of the units that this arm is given
    release: str  # immutable name of the model that answers


class Assign(Protocol):
    """Says which arm of which experiment a unit belongs to; the same each time."""

    def __call__(self, unit: str, task: str) -> Assignment | None:
        """The arm; None: no experiment runs."""


class Ask(NamedTuple):
    """One question to one model."""

    model: Model
    asked: Asked  # the input, as evaluation puts it
    most_tokens: int
    stop: tuple[str, ...] = ()
    likeliest: int | None = None  # None: no log-probabilities; else of so many tokens more


class Spelled(NamedTuple):
    """A token as text, with its log-probability."""

    text: str
    log_probability: float | None
    likeliest: tuple[tuple[str, float], ...] = ()


class Piece(NamedTuple):
    """A part of an answer."""

    text: str
    tokens: tuple[Spelled, ...] = ()
    finish_reason: str | None = None  # of the last piece: "stop" or "length"
    input_tokens: int = 0  # of the last piece
    output_tokens: int = 0  # of the last piece


class Labelled(NamedTuple):
    """How likely each label is for one text."""

    probabilities: tuple[float, ...]  # in the order of the model's labels; their sum is 1
    input_tokens: int

    @property
    def best(self) -> int:
        """Place of the likeliest label; ties go to the first, as in evaluation."""
        return max(range(len(self.probabilities)), key=self.probabilities.__getitem__)


class Engine(Protocol):
    """Runs models in this process."""

    def write(self, ask: Ask) -> AsyncGenerator[Piece, None]:
        """The answer in pieces; closing the iterator stops the model."""

    async def label(self, model: Model, asked: Sequence[Asked]) -> list[Labelled]:
        """Probabilities of the labels for each input."""

    async def warm(self, name: str) -> None:
        """Load a model before it is asked."""
