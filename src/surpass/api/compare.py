"""surpass.compare: a verdict on two models' answers in a frame."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

from surpass.api.said import Said, said

if TYPE_CHECKING:
    import polars as pl

    from surpass.core.settings import Criteria


class PandasFrame(Protocol):
    """As much of a pandas frame as is needed to read it."""

    def to_dict(self, orient: str) -> dict[str, list[object]]:
        """Columns by name with `orient="list"`."""
        ...


def compare(
    frame: "pl.DataFrame | PandasFrame | Mapping[str, Sequence[object]]",
    criteria: "Criteria | Mapping[str, object] | None" = None,
    *,
    group: str | None = None,
) -> Said:
    """Judge the answers in column `tuned` against those in `base`; `expected` says what is right.

    Args:
        frame: A polars or pandas frame, or columns by name: `expected`, `base` and `tuned`, and
            any others to group or slice by.
        criteria: As in surpass.toml: `{"primary": [{"metric": "macro_f1", "margin": 0.05}]}`;
            none: more than 2 points of the default metric.
        group: Column of what belongs together, such as the customer.

    Raises:
        BadInput: a column is missing, or the criteria do not fit the answers.
        CannotTell: the metric is undefined on these rows.
    """
    from surpass.core.settings import Criteria
    from surpass.core.settings.read import as_criteria
    from surpass.steps.compare import as_frame
    from surpass.steps.compare import compare as judge_frame
    from surpass.steps.tell.compare import compare_account

    if criteria is None or isinstance(criteria, Criteria):
        asked = criteria
    else:
        asked = as_criteria(criteria, "The criteria")
    return said(compare_account(judge_frame(as_frame(frame), asked, group=group), "base", "tuned"))
