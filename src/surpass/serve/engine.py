"""The engine built in: the base and released models, each loaded once, answering one at a time.

Prompts and label scores come from the functions that evaluation uses: what was measured is served.
"""

import asyncio
import threading
from collections import OrderedDict, defaultdict
from collections.abc import AsyncGenerator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from surpass.core.errors import BadInput
from surpass.core.progress import Silent
from surpass.model.likelihood import LabelScores, score_labels
from surpass.model.load import Loaded
from surpass.model.one_answer import Beginning, Written, read_beginning, write_answer
from surpass.model.template import encode_answer, encode_prompt
from surpass.model.turns import Asked
from surpass.serve.models import Ask, Labelled, Model, Piece, Spelled
from surpass.serve.refusals import Refusal
from surpass.serve.spelling import Spelling

Probabilities = Callable[[LabelScores], NDArray[np.float64]]


class Ready(NamedTuple):
    """A model in memory."""

    loaded: Loaded
    model: Model
    probabilities: Probabilities  # reads label scores as the evaluation of this model did
    labels: tuple[tuple[int, ...], ...]  # tokens of each, end token included
    beginning: Beginning


def ready(loaded: Loaded, model: Model, probabilities: Probabilities) -> Ready:
    """Read what all requests to a model share."""
    labels = tuple(tuple(encode_answer(loaded.tokenizer, one)) for one in model.labels)
    return Ready(loaded, model, probabilities, labels, read_beginning(loaded, model.instruction))


class LocalEngine:
    """Runs models in one thread; label questions that wait are answered together."""

    def __init__(self, load: Callable[[str], Ready], *, keep: int, waiting: int) -> None:
        """Nothing is loaded yet.

        Args:
            load: Loads the model of a name.
            keep: Models in memory; the one asked longest ago gives way.
            waiting: Requests that may wait; more are told to come later.
        """
        self._load, self._keep, self._most_waiting = load, keep, waiting
        self._ready: OrderedDict[str, Ready] = OrderedDict()
        self._waiting = 0
        self._to_label: defaultdict[str, list[_Question]] = defaultdict(list)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="model")

    async def warm(self, name: str) -> None:
        """Load a model beside those that are answering."""
        if name not in self._ready:
            loaded = await asyncio.to_thread(self._load, name)
            await asyncio.wrap_future(self._thread.submit(self._add, loaded))

    async def label(self, model: Model, asked: Sequence[Asked]) -> list[Labelled]:
        """Probabilities of the labels for each input, in one pass with all that wait.

        Raises:
            BadInput: a text is longer than the model reads.
            Refusal: too many wait.
        """
        loop = asyncio.get_running_loop()
        with self._place():
            questions = [_Question(one, loop.create_future(), loop) for one in asked]
            self._to_label[model.name] += questions
            self._thread.submit(self._label_waiting, model.name)
            return list(await asyncio.gather(*(one.answer for one in questions)))

    async def write(self, ask: Ask) -> AsyncGenerator[Piece, None]:
        """The answer in pieces; closing the iterator stops the model at its next token.

        Raises:
            BadInput: the text is longer than the model reads.
            Refusal: too many wait.
        """
        loop, stopped = asyncio.get_running_loop(), threading.Event()
        pieces: asyncio.Queue[Piece | Exception] = asyncio.Queue()

        def say(piece: Piece | Exception) -> None:
            loop.call_soon_threadsafe(pieces.put_nowait, piece)

        with self._place():
            self._thread.submit(self._write, ask, say, stopped)
            try:
                while True:
                    piece = await pieces.get()
                    if isinstance(piece, Exception):
                        raise piece
                    yield piece
                    if piece.finish_reason is not None:
                        return
            finally:
                stopped.set()

    def close(self) -> None:
        """Let the thread end."""
        self._thread.shutdown(wait=True, cancel_futures=True)

    def _place(self) -> "_Place":
        if self._waiting >= self._most_waiting:
            raise Refusal(
                503, f"{self._waiting} requests wait for the model.", "busy", wait_seconds=2.0
            )
        return _Place(self)

    def _add(self, one: Ready) -> Ready:
        self._ready[one.model.name] = one
        while len(self._ready) > self._keep:
            self._ready.popitem(last=False)
        return one

    def _find(self, name: str) -> Ready:
        if name in self._ready:
            self._ready.move_to_end(name)
            return self._ready[name]
        return self._add(self._load(name))

    def _label_waiting(self, name: str) -> None:
        """Answer every question that waits for this model now."""
        questions = self._to_label.pop(name, [])
        if not questions:
            return  # answered together with an earlier one
        try:
            self._label(self._find(name), questions)
        except Exception as error:  # noqa: BLE001 (carried to the edge, where it is logged)
            for one in questions:
                one.fail(error)

    def _label(self, model: Ready, questions: "list[_Question]") -> None:
        longest = max(map(len, model.labels))
        prompts, fitting = [], []
        for one in questions:
            prompt = _prompt(model, one.asked)
            if len(prompt) + longest > model.loaded.context:
                one.fail(_too_long(len(prompt) + longest, model.loaded.context))
            else:
                prompts.append(prompt)
                fitting.append(one)
        if not fitting:
            return
        scores = score_labels(model.loaded, prompts, model.labels, progress=Silent())
        for one, prompt, row in zip(fitting, prompts, model.probabilities(scores), strict=True):
            one.tell(Labelled(tuple(row.tolist()), len(prompt)))

    def _write(
        self, ask: Ask, say: Callable[[Piece | Exception], None], stopped: threading.Event
    ) -> None:
        try:
            if not stopped.is_set():
                _write(self._find(ask.model.name), ask, say, stopped)
        except Exception as error:  # noqa: BLE001 (carried to the edge, where it is logged)
            say(error)


class _Place:
    """A place in the queue, given back in the end."""

    def __init__(self, engine: LocalEngine) -> None:
        self._engine = engine

    def __enter__(self) -> None:
        self._engine._waiting += 1  # noqa: SLF001 (its own place)

    def __exit__(self, *_: object) -> None:
        self._engine._waiting -= 1  # noqa: SLF001


class _Question(NamedTuple):
    """An input whose label is wanted, and who waits for it."""

    asked: Asked
    answer: "asyncio.Future[Labelled]"
    loop: asyncio.AbstractEventLoop

    def tell(self, labelled: Labelled) -> None:
        self.loop.call_soon_threadsafe(self._set, labelled)

    def fail(self, error: Exception) -> None:
        self.loop.call_soon_threadsafe(self._set, error)

    def _set(self, outcome: Labelled | Exception) -> None:
        if self.answer.done():  # who waited has left
            return
        if isinstance(outcome, Exception):
            self.answer.set_exception(outcome)
        else:
            self.answer.set_result(outcome)


def _prompt(model: Ready, asked: Asked) -> list[int]:
    return encode_prompt(model.loaded.tokenizer, model.model.instruction, (), asked)


def _write(
    model: Ready, ask: Ask, say: Callable[[Piece | Exception], None], stopped: threading.Event
) -> None:
    """Write one answer, saying each part as soon as its text is certain."""
    prompt = _prompt(model, ask.asked)
    spelling = Spelling(model.loaded.tokenizer, ask.stop)
    count = 0
    last: tuple[Spelled, ...] = ()
    for written in write_answer(
        model.loaded,
        prompt,
        model.beginning,
        most_tokens=ask.most_tokens,
        likeliest=ask.likeliest or 0,
    ):
        if stopped.is_set():
            return
        count += 1
        text = spelling.add(written.token)
        tokens = () if ask.likeliest is None else (_spelled(model, written),)
        if spelling.ended:
            last = tokens
            break
        if text or tokens:
            say(Piece(text, tokens))
    cut = count == ask.most_tokens and not spelling.ended
    ends = 0 if cut or spelling.ended else 1  # the end token is counted, too
    say(Piece(spelling.rest(), last, "length" if cut else "stop", len(prompt), count + ends))


def _spelled(model: Ready, written: Written) -> Spelled:
    spell = model.loaded.tokenizer.decode
    likeliest = tuple((spell([token]), value) for token, value in written.likeliest)
    return Spelled(spell([written.token]), written.log_probability, likeliest)


def _too_long(tokens: int, context: int) -> BadInput:
    return BadInput(
        f"Prompt and longest label have {tokens} tokens; the model reads at most {context}.",
        fix="Send a shorter text.",
    )
