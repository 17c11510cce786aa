"""ter: how many edits turn the answers into the expected texts."""

from typing import ClassVar

import msgspec
import numpy as np
import polars as pl
import sacrebleu
from sacrebleu.metrics.ter import TER

from surpass.measure.metrics.metric import accepted_texts, readable_answers
from surpass.measure.statistics import Additive, Statistics, share_of


class Ter(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many edits turn the answers into the expected texts, for each word. Lower is better.

    How: over all rows together, the fewest words to put in, take out, replace, or to move as a
    block, over the words expected; with several references the edits to the closest one over their
    mean length. 0 means equal; a long answer has more than 1, so no gate can be set on it. An
    unreadable or truncated answer counts as empty: every expected word must be put in.

    When it misleads: an empty answer has 1, a long and useful one may have 3. A change of one
    letter is a whole word. It takes about 10 ms a sentence and reference, far more for long texts.

    Source: Snover et al. 2006; equals sacreBLEU, with the punctuation left on the words.
    """

    case_sensitive: bool = False  # whether upper and lower case differ

    name: ClassVar[str] = "ter"
    version: ClassVar[int] = 1
    kinds: ClassVar[tuple[str, ...]] = ("generate",)
    title: ClassVar[str] = "TER"
    higher_is_better: ClassVar[bool] = False
    by_label: ClassVar[bool] = False
    bounded: ClassVar[bool] = False

    @property
    def library(self) -> str:
        """SacreBLEU's signature."""
        case = "mixed" if self.case_sensitive else "lc"
        version = sacrebleu.__version__
        return f"sacrebleu|case:{case}|tok:tercom|norm:no|punct:yes|asian:no|version:{version}"

    def statistics(self, predictions: pl.DataFrame, labels: tuple[str, ...]) -> Statistics:  # noqa: ARG002
        """Two counts a row: edits, words expected."""
        counting = TER(case_sensitive=self.case_sensitive)
        parts = np.zeros((predictions.height, 2))
        pairs = zip(readable_answers(predictions), accepted_texts(predictions), strict=True)
        for row, (answer, accepted) in enumerate(pairs):
            found = counting.sentence_score(answer, accepted)
            parts[row] = found.num_edits, found.ref_length
        return Additive(parts, share_of)
