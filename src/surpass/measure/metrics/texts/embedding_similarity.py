"""embedding_similarity: how near answers are to the expected texts as vectors."""

from typing import ClassVar

import msgspec
import numpy as np
import polars as pl

from surpass.measure.encoders import PIECES, Encoder, cosines, encoder
from surpass.measure.metrics.metric import accepted_texts, readable_answers
from surpass.measure.statistics import Floats, Statistics, mean_of

_AT_ONCE = 500  # rows whose vectors are in memory together


class EmbeddingSimilarity(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How near each answer is to the expected text as a vector, by the cosine of their angle.

    How: an encoder turns both texts into vectors; their cosine, below 0 counted as 0, is the row's
    score, and with several references the highest one. Then the mean over rows. An unreadable or
    truncated answer scores 0. The encoder `pieces` needs nothing: it counts runs of two to five
    characters, so it sees spelling alone. `encoder` may also be the folder of a static model, from
    where the command runs, or `hub:` and the id of one, which is fetched; both need
    `pip install 'surpass[embed]'`. The signature holds a digest of the model.

    When it misleads: a mean of word vectors knows no order and hardly a negation: "paid" and "not
    paid" are close, and so are opposites such as hot and cold. Unrelated texts do not score 0, and
    where they begin differs from encoder to encoder, so only differences under one signature say
    something.

    Source: the usual definition; the static models are those of model2vec, vectors of words made
    from a sentence transformer.
    """

    encoder: str = PIECES  # `pieces`, a folder, `hub:ORG/NAME`, or an installed encoder's name

    name: ClassVar[str] = "embedding_similarity"
    version: ClassVar[int] = 1
    kinds: ClassVar[tuple[str, ...]] = ("generate",)
    title: ClassVar[str] = "embedding similarity"
    higher_is_better: ClassVar[bool] = True
    by_label: ClassVar[bool] = False
    bounded: ClassVar[bool] = True

    @property
    def library(self) -> str:
        """What decides the vectors."""
        return encoder(self.encoder).signature

    def statistics(self, predictions: pl.DataFrame, labels: tuple[str, ...]) -> Statistics:  # noqa: ARG002
        """One score a row."""
        answers, accepted = readable_answers(predictions), accepted_texts(predictions)
        turns = encoder(self.encoder)
        scores = [
            _scores(turns, answers[start : start + _AT_ONCE], accepted[start : start + _AT_ONCE])
            for start in range(0, len(answers), _AT_ONCE)
        ]
        return mean_of(np.concatenate([np.zeros(0), *scores]))


def _scores(turns: Encoder, answers: list[str], accepted: list[list[str]]) -> Floats:
    """The highest cosine of each row, 0 to 1."""
    owners = np.repeat(np.arange(len(answers)), [len(texts) for texts in accepted])
    texts = [text for own in accepted for text in own]
    found = cosines(turns.encode(answers)[owners], turns.encode(texts))
    best = np.zeros(len(answers))
    np.maximum.at(best, owners, found)
    return np.minimum(best, 1.0)
