"""What can be done where groups get other answers or are missing, with numbers before and after.

Nothing here is done unasked: each function gives weights, rows or a list for a person to accept.
"""

from collections.abc import Callable
from fractions import Fraction
from math import ceil

import msgspec
import numpy as np
import polars as pl

from surpass.core.columns import INPUT, ROW, SOURCE, TARGET
from surpass.core.digest import digest_text
from surpass.core.errors import BadInput
from surpass.data.fields import fields_of
from surpass.measure.statistics import Floats
from surpass.text.canonical import canonical_text

VALUE, ROWS, WANTED = "value", "rows", "wanted"
"""Of a collection list: the group, its rows now, and how many more."""


class Reweighed(msgspec.Struct, frozen=True, eq=False):
    """Weights under which group and answer are independent."""

    weights: Floats  # shape (rows,), mean 1
    before: float  # the widest gap between groups in the rate of any answer
    after: float  # the same under the weights
    empty: tuple[tuple[str, str], ...]  # groups and answers without a row, that no weight mends


class Resampled(msgspec.Struct, frozen=True):
    """Copies under which group and answer are nearly independent, without dropping a row."""

    copies: dict[str, int]  # row -> further copies of it; rows without any are left out
    before: float  # the widest gap between groups in the rate of any answer
    after: float  # the same with the copies
    empty: tuple[tuple[str, str], ...]  # groups and answers without a row, that no copy mends


class Augmented(msgspec.Struct, frozen=True, eq=False):
    """New rows with terms swapped."""

    rows: pl.DataFrame  # columns as the examples'; ROW and SOURCE say what each was made from
    before: float | None  # share of the rows with a term that have their twin; none: no term
    after: float | None


class Collection(msgspec.Struct, frozen=True, eq=False):
    """How many rows of each group to collect."""

    rows: pl.DataFrame  # VALUE, ROWS, WANTED
    before: float  # largest distance of a share from the wanted one
    after: float


def reweighed(groups: pl.Series, answers: pl.Series) -> Reweighed:
    """Weights w(g, y) = P(g) P(y) / P(g, y) of each row.

    Raises:
        BadInput: there are no rows, or a row without a group.

    Source: Kamiran and Calders 2012, Data preprocessing techniques for classification without
        discrimination, "Reweighing".
    """
    if groups.is_empty() or groups.null_count():
        raise BadInput(
            f"{groups.null_count()} of {groups.len()} rows have no group.",
            fix="Give rows with a group; leave the others out.",
        )
    frame = pl.DataFrame({"group": groups, "answer": answers})
    of_group, of_answer = pl.len().over("group"), pl.len().over("answer")
    expected = of_group.cast(pl.Float64) * of_answer / frame.height
    weights = frame.select(expected / pl.len().over("group", "answer")).to_series().to_numpy()
    cells = set(frame.unique().iter_rows())
    every = {(g, a) for g in groups.unique() for a in answers.unique()}
    return Reweighed(
        weights=weights / weights.mean(),
        before=_widest_gap(frame, np.ones(frame.height)),
        after=_widest_gap(frame, weights),
        empty=tuple(sorted(every - cells)),
    )


def resampled(rows: pl.Series, groups: pl.Series, answers: pl.Series, most: int = 9) -> Resampled:
    """The weights of `reweighed` as whole copies: training takes rows, and knows no weights.

    The group and answer that is too frequent by most keeps its rows as they are; all others are
    brought up to it. Within one of them copies are as even as they can be, and the rows that get
    one more are told by a hash of their names.

    Args:
        rows: Name of each row.
        groups: Its group.
        answers: Its answer.
        most: Copies of one row, at most: what is rare is learned by heart, not learned.

    Raises:
        BadInput: as `reweighed`.

    Source: Kamiran and Calders 2012, "Sampling", with rows added and none removed.
    """
    found = reweighed(groups, answers)
    frame = pl.DataFrame(
        {"row": rows, "group": groups, "answer": answers, "weight": found.weights}
    ).with_columns(pl.col("row").map_elements(digest_text, pl.String).alias("order"))
    scale = 1 / float(found.weights.min())
    times = np.ones(frame.height)
    places = frame.with_row_index("place").sort("order")
    for _, cell in places.group_by("group", "answer", maintain_order=True):
        wanted = min(round(cell["weight"][0] * scale * cell.height), cell.height * (1 + most))
        each, more = divmod(wanted, cell.height)
        times[cell["place"].to_numpy()] = each
        times[cell["place"].head(more).to_numpy()] = each + 1
    copies = {row: int(n) - 1 for row, n in zip(rows, times, strict=True) if n > 1}
    plain = frame.select("group", "answer")
    return Resampled(copies, found.before, _widest_gap(plain, times), found.empty)


def widest_gap(groups: pl.Series, answers: pl.Series) -> float | None:
    """Largest difference between two groups in the rate of any answer; none: under two groups."""
    frame = pl.DataFrame({"group": groups, "answer": answers}).drop_nulls()
    if frame["group"].n_unique() < 2:
        return None
    return _widest_gap(frame, np.ones(frame.height))


def smallest_share(groups: pl.Series) -> float | None:
    """Share of the rarest group among the rows that have one; none: no row has."""
    known = groups.drop_nulls()
    if known.is_empty():
        return None
    return float(min(known.value_counts()["count"].to_list()) / known.len())


def share_with_twin(inputs: pl.Series, swap: Callable[[str], str]) -> float | None:
    """Share of the rows with a term whose twin is among the rows; none: no row has a term."""
    forms = {canonical_text(text) for text in inputs}
    other = [(text, swap(text)) for text in inputs]
    twins = [canonical_text(b) in forms for a, b in other if a != b]
    return sum(twins) / len(twins) if twins else None


def _widest_gap(frame: pl.DataFrame, weights: Floats) -> float:
    """Largest difference between two groups in the weighted rate of any answer."""
    weighed = frame.with_columns(pl.Series("weight", weights))
    of_group = weighed.group_by("group").agg(pl.col("weight").sum().alias("all"))
    answers = weighed.select(pl.col("answer").unique())
    cells = weighed.group_by("group", "answer").agg(pl.col("weight").sum())
    rates = (
        of_group.join(answers, how="cross")
        .join(cells, on=["group", "answer"], how="left")
        .with_columns((pl.col("weight").fill_null(0) / pl.col("all")).alias("rate"))
    )
    gaps = rates.group_by("answer").agg(pl.col("rate").max() - pl.col("rate").min())
    return float(gaps["rate"].to_numpy().max())


def augmented(examples: pl.DataFrame, swap: Callable[[str], str], kind: str) -> Augmented:
    """The twin of each row with a term in its input, where no row is it already.

    The twin keeps group and attributes, so that it never straddles the split; written answers are
    swapped too, labels are not. A record whose keys a swap would change is left out.

    Args:
        examples: The rows to add to: those of train, never of valid or test.
        swap: As `text.swaps.swapper` makes it.
        kind: Of the task.
    """
    forms = {canonical_text(text) for text in examples[INPUT]}
    other = [swap(text) for text in examples[INPUT]]
    pairs = zip(examples[INPUT], other, strict=True)
    changes = np.array([a != b for a, b in pairs], dtype=bool)
    has_twin = np.array([canonical_text(text) in forms for text in other], dtype=bool)
    answers = [
        swap(answer) if kind in ("generate", "extract") else answer for answer in examples[TARGET]
    ]
    keeps = np.ones(examples.height, dtype=bool)
    if kind == "extract":
        before, after = fields_of(examples[TARGET]), fields_of(pl.Series(answers, dtype=pl.String))
        keeps = np.array(
            [list(a or ()) == list(b or ()) for a, b in zip(before, after, strict=True)]
        )
    made = examples.with_columns(
        pl.Series(INPUT, other, dtype=pl.String),
        pl.Series(TARGET, answers, dtype=pl.String),
        pl.col(ROW) + " swapped",
        pl.col(SOURCE) + " (terms swapped)",
    ).filter(pl.Series(changes & ~has_twin & keeps, dtype=pl.Boolean))
    made = made.filter(
        pl.Series([canonical_text(text) for text in made[INPUT]]).is_first_distinct()
    )
    count = int(changes.sum())
    twins = int((changes & has_twin).sum())
    new = int((changes & ~has_twin & keeps).sum())
    return Augmented(
        rows=made,
        before=twins / count if count else None,
        after=(twins + new) / count if count else None,
    )


def collection_list(groups: pl.Series, wanted: dict[str, float]) -> Collection:
    """The fewest rows to collect for each group to have its share of the named groups' rows.

    Args:
        groups: Of each row; others than the wanted ones are left out.
        wanted: Share of each group, each above 0; together 1.

    Raises:
        BadInput: the shares are not above 0, or not 1 together.
    """
    if not wanted or min(wanted.values()) <= 0 or abs(sum(wanted.values()) - 1) > 1e-6:
        raise BadInput(
            f"The wanted shares make {sum(wanted.values()):.3f} together.",
            fix="Give each group a share above 0; together they make 1.",
        )
    rows = {value: int((groups == value).sum()) for value in wanted}
    # As fractions: 0.1 * 30 is a little more than 3 in floating point, and would ask for a row.
    shares = {value: Fraction(share).limit_denominator(10**6) for value, share in wanted.items()}
    total = max(rows[value] / share for value, share in shares.items())
    more = {value: ceil(shares[value] * total) - rows[value] for value in wanted}
    frame = pl.DataFrame(
        [(value, rows[value], more[value]) for value in wanted],
        schema={VALUE: pl.String, ROWS: pl.Int64, WANTED: pl.Int64},
        orient="row",
    )
    after = {value: rows[value] + more[value] for value in wanted}
    return Collection(frame, _distance(rows, wanted), _distance(after, wanted))


def _distance(rows: dict[str, int], wanted: dict[str, float]) -> float:
    total = max(sum(rows.values()), 1)
    return max(abs(rows[value] / total - share) for value, share in wanted.items())
