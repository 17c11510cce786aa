"""bleu: how many runs of up to four words of the answers are expected."""

from functools import partial
from typing import ClassVar, Literal

import msgspec
import numpy as np
import polars as pl
import sacrebleu
from sacrebleu.metrics.bleu import BLEU

from surpass.core import columns
from surpass.measure.metrics.metric import accepted_texts, readable_answers
from surpass.measure.statistics import Additive, Floats, Statistics, divided

_ORDERS = 4  # runs of 1 to 4 words


class Bleu(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many runs of one to four words of the answers stand in the expected texts.

    How: over all rows together, the share of the answers' runs that are expected, its geometric
    mean over the lengths 1 to 4, times a penalty if the answers are shorter than expected. With
    several references a run may be in any of them, and the length is that of the closest. 0 to 1,
    where sacreBLEU prints 0 to 100. An unreadable or truncated answer counts as empty.

    When it misleads: it is made for whole test sets; a slice of few rows may have no run of four
    words in common and then nearly no BLEU. It does not see meaning: "not" is one word of many.
    Upper and lower case alone move it by points, so compare only under one signature.

    Source: Papineni et al. 2002; equals sacreBLEU (Post 2018), with exponential smoothing.
    """

    lowercase: bool = False  # whether upper and lower case are the same
    tokenize: Literal["13a", "intl", "char", "zh", "none"] = "13a"  # how words are told apart

    name: ClassVar[str] = "bleu"
    version: ClassVar[int] = 1
    kinds: ClassVar[tuple[str, ...]] = ("generate",)
    title: ClassVar[str] = "BLEU"
    higher_is_better: ClassVar[bool] = True
    by_label: ClassVar[bool] = False
    bounded: ClassVar[bool] = True

    @property
    def library(self) -> str:
        """SacreBLEU's signature; the number of references is that of the data."""
        case = "lc" if self.lowercase else "mixed"
        version = sacrebleu.__version__
        return f"sacrebleu|case:{case}|eff:no|tok:{self.tokenize}|smooth:exp|version:{version}"

    def statistics(self, predictions: pl.DataFrame, labels: tuple[str, ...]) -> Statistics:  # noqa: ARG002
        """A count, lengths answered and expected, then common and answered runs of each length."""
        counting = BLEU(lowercase=self.lowercase, tokenize=self.tokenize, effective_order=True)
        parts = np.ones((predictions.height, 3 + 2 * _ORDERS))
        pairs = zip(readable_answers(predictions), accepted_texts(predictions), strict=True)
        for row, (answer, accepted) in enumerate(pairs):
            found = counting.sentence_score(answer, accepted)
            parts[row, 1:] = found.sys_len, found.ref_len, *found.counts, *found.totals
        rows = predictions[columns.ROW].n_unique()  # the one group more repeats rows
        return Additive(parts, partial(_bleu, rows))


def _bleu(rows: int, parts: Floats) -> Floats:
    """Corpus BLEU as sacreBLEU's compute_bleu with smooth_method="exp".

    Smoothing knows how many runs there are in all, so weights are scaled to the number of rows.
    """
    scaled = parts[..., 1:] * divided(np.full(parts.shape[:-1], rows), parts[..., 0])[..., None]
    answered, expected = scaled[..., 0], scaled[..., 1]
    common, runs = np.split(scaled[..., 2:], 2, axis=-1)
    missing = np.cumsum(common == 0, axis=-1)
    precision = divided(np.where(common > 0, common, 0.5**missing), runs)
    usable = np.asarray(common.any(axis=-1) & (runs > 0).all(axis=-1))
    mean = np.exp(np.log(np.where(usable[..., None], precision, 1)).mean(axis=-1))
    short = np.minimum(0, 1 - divided(expected, answered))
    scores = np.where(usable, mean * np.exp(np.nan_to_num(short)), 0.0)
    return np.where(expected > 0, scores, np.nan)
