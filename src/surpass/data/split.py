"""Deal the examples out as train, valid and test, so that nothing of the test is seen before."""

from typing import NamedTuple

import numpy as np
import polars as pl

from surpass.core.columns import GROUP, PARTNER, REASON, ROW, SOURCE, TARGET
from surpass.core.errors import BadInput
from surpass.core.settings import Split
from surpass.core.wording import counted
from surpass.data.atoms import Members, find_atoms, joined
from surpass.data.leaks import leaks
from surpass.text.near_duplicates import NEAR_DUPLICATE
from surpass.text.shingles import text_hashes

_NOTHING = pl.DataFrame(schema={ROW: pl.String, PARTNER: pl.String, REASON: pl.String})
_ROUNDS = 5  # of joining what the verification still finds


class Parts(NamedTuple):
    """The three sides, and what was done to keep them apart."""

    train: pl.DataFrame
    valid: pl.DataFrame
    test: pl.DataFrame
    joined_clusters: int  # clusters of near duplicates that were kept on one side
    removed: pl.DataFrame  # rows that the user's own valid or test showed: ROW, PARTNER, REASON


def split(
    examples: pl.DataFrame,
    settings: Split,
    *,
    stratify: bool,
    valid: pl.DataFrame | None = None,
    test: pl.DataFrame | None = None,
    threshold: float = NEAR_DUPLICATE,
) -> Parts:
    """Split by groups and clusters of near-duplicate inputs, which are never parted.

    A side that the user gives is taken as it is. Rows of the other sides that leak into it are
    removed from those (train first, then valid), never from the test.

    Args:
        examples: The rows to deal out.
        settings: Shares of the rows and seed. The same seed deals the same rows in any order alike.
        stratify: Keep the share of each label alike on all sides, as far as whole groups allow. A
            label always keeps a row in train.
        valid: The user's own validation rows.
        test: The user's own test rows.
        threshold: Jaccard of inputs from which on they are near duplicates.

    Raises:
        BadInput: too few groups or rows for three sides, one label only, or nothing left to train.
    """
    _require_own_rows(examples, valid, test)
    removed = [_NOTHING]
    if test is not None:
        examples, gone = _without_leaks(examples, test, threshold)
        removed.append(gone)
    if test is not None and valid is not None:
        valid, gone = _without_leaks(valid, test, threshold)
        removed.append(gone)
    if valid is not None:
        examples, gone = _without_leaks(examples, valid, threshold)
        removed.append(gone)
    shares = {"test": settings.test_share} if test is None else {}
    shares |= {"valid": settings.valid_share} if valid is None else {}
    _require_variety(examples, len(shares) + 1, stratify=stratify)
    dealt = _deal(examples, shares, settings.seed, threshold, stratify=stratify)
    sides = {name: examples.filter(dealt.side == name) for name in ("train", *shares)}
    own = {"valid": valid, "test": test}
    sides |= {name: frame for name, frame in own.items() if frame is not None}
    sides, gone = _settled(sides, threshold)
    return Parts(
        train=sides["train"],
        valid=sides["valid"],
        test=sides["test"],
        joined_clusters=dealt.joined_clusters,
        removed=pl.concat([*removed, gone]),
    )


def _settled(
    sides: dict[str, pl.DataFrame], threshold: float
) -> tuple[dict[str, pl.DataFrame], pl.DataFrame]:
    """The sides without the rows that still leak, and those rows; nearly always none.

    A passage counts as boilerplate where many training rows have it, so a removal can make another
    passage telling: it is looked for until nothing is found.
    """
    gone = _NOTHING
    while True:
        before = gone.height
        for earlier, later in (("train", "test"), ("valid", "test"), ("train", "valid")):
            sides[earlier], found = _without_leaks(sides[earlier], sides[later], threshold)
            gone = pl.concat([gone, found])
        if gone.height == before:
            return sides, gone


def _require_own_rows(
    examples: pl.DataFrame, valid: pl.DataFrame | None, test: pl.DataFrame | None
) -> None:
    """A row's name means one row, whichever file it comes from."""
    given = [frame.select(ROW, SOURCE) for frame in (examples, valid, test) if frame is not None]
    twice = pl.concat(given).filter(pl.col(ROW).is_duplicated())
    if not twice.is_empty():
        name = twice[ROW][0]
        first, second, *_ = twice.filter(pl.col(ROW) == name)[SOURCE]
        raise BadInput(
            f"{first} and {second} have the same id {name!r}.",
            fix="Make ids unique over all files, or remove `id` from [data].",
        )
    for name, frame in (("valid", valid), ("test", test)):
        if frame is not None and frame.is_empty():
            raise BadInput(
                f"The files of [data] {name} have no rows left.", fix="Add rows to them."
            )


def _require_variety(examples: pl.DataFrame, sides: int, *, stratify: bool) -> None:
    if examples.is_empty():
        raise BadInput("No row is left to train on.", fix="Add rows that are not in your test.")
    labels = examples[TARGET].unique()
    if stratify and labels.len() == 1:
        raise BadInput(
            f"All rows ({examples.height:,}) have one label ({labels[0]!r}): nothing to learn.",
            fix="Add rows of other labels, or check [task] output.",
        )
    groups = examples[GROUP].n_unique()
    if groups < sides:
        raise BadInput(
            f"{counted(examples.height, 'row')} in {counted(groups, 'group')} cannot be dealt out "
            f"to {sides} sides.",
            fix="Collect more groups, or check [data] group.",
        )


def _without_leaks(
    rows: pl.DataFrame, later: pl.DataFrame, threshold: float
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The rows that show nothing of a later side, and the others with what they show."""
    gone = _NOTHING
    while not (found := _showing(rows, later, threshold)).is_empty():
        gone = pl.concat([gone, found])
        rows = rows.join(found, on=ROW, how="anti", maintain_order="left")
    return rows, gone


def _showing(rows: pl.DataFrame, later: pl.DataFrame, threshold: float) -> pl.DataFrame:
    """Rows of an earlier side that show one of a later: ROW, PARTNER (of the later), REASON."""
    found = leaks(rows, later, threshold).unique(PARTNER, keep="first", maintain_order=True)
    return found.select(pl.col(PARTNER).alias(ROW), pl.col(ROW).alias(PARTNER), REASON)


class _Dealt(NamedTuple):
    side: pl.Series  # name of the side of each row
    joined_clusters: int


def _deal(
    examples: pl.DataFrame, shares: dict[str, float], seed: int, threshold: float, *, stratify: bool
) -> _Dealt:
    """Deal out atoms, verify, join what still leaks, and deal again."""
    if not shares:
        return _Dealt(pl.repeat("train", examples.height, eager=True), 0)
    atoms = find_atoms(examples, threshold)
    atom, place = atoms.atom, {row: number for number, row in enumerate(examples[ROW])}
    for _ in range(_ROUNDS):
        side = _sides(examples, atom, shares, seed, stratify=stratify)
        leaking = _crossing(examples, side, threshold)
        if leaking.is_empty():
            break
        pairs = np.array([[place[row], place[partner]] for row, partner, _ in leaking.iter_rows()])
        atom = joined(atom, pairs[:, 0], pairs[:, 1])
    return _Dealt(side, atoms.joined_clusters)


def _crossing(examples: pl.DataFrame, side: pl.Series, threshold: float) -> pl.DataFrame:
    """Rows of train or valid that show a test row, and of train that show a valid row."""
    train, valid, test = (examples.filter(side == name) for name in ("train", "valid", "test"))
    pairs = ((train, test), (valid, test), (train, valid))
    return pl.concat([_showing(earlier, later, threshold) for earlier, later in pairs])


def _sides(
    examples: pl.DataFrame, atom: Members, shares: dict[str, float], seed: int, *, stratify: bool
) -> pl.Series:
    """The side of each row: atoms in hash order fill test, then valid, label by label.

    What one label's groups cannot meet of a share is carried over to the next label. The first
    group of each label is train's.
    """
    order = text_hashes(pl.Series([f"{seed}:{row}" for row in examples[ROW]]))
    label = examples[TARGET] if stratify else pl.repeat("", examples.height, eager=True)
    rows = pl.DataFrame({"atom": atom, "order": order, "label": label})
    dealt = (
        rows.group_by("atom")
        .agg(pl.len().alias("size"), pl.col("order").min(), pl.col("label").mode().min())
        .with_columns(pl.col("size").sum().over("label").alias("of_label"))
        .sort("of_label", "label", "order")
    )
    names: list[str] = []
    owed = dict.fromkeys(shares, 0.0)  # rows that each side still lacks
    for stratum in dealt.partition_by("label", maintain_order=True):
        for name, share in shares.items():
            owed[name] += share * stratum["of_label"][0]
        names += ["train", *(_place(size, owed) for size in stratum["size"][1:])]
    dealt = _with_every_side(dealt.with_columns(pl.Series("side", names)), shares)
    return rows.join(dealt, on="atom", how="left", maintain_order="left")["side"]


def _place(size: int, owed: dict[str, float]) -> str:
    """The first side that lacks at least half of the atom; takes note of it."""
    for name, rows in owed.items():
        if size / 2 <= rows:
            owed[name] = rows - size
            return name
    return "train"


def _with_every_side(dealt: pl.DataFrame, shares: dict[str, float]) -> pl.DataFrame:
    """Give a side without rows the smallest atom that train can spare."""
    for name in shares:
        if name in dealt["side"]:
            continue
        train = pl.col("side") == "train"
        spare = dealt.with_row_index("place").filter(train & (train.sum().over("label") > 1))
        if spare.is_empty():
            raise BadInput(
                f"{counted(dealt.height, 'group or cluster', 'groups or clusters')} of near "
                f"duplicates: no row is left for {name}.",
                fix="Collect more groups; each label needs two at least.",
            )
        chosen = spare.sort("size", "order")["place"][0]
        sides = dealt["side"].to_list()
        sides[chosen] = name
        dealt = dealt.with_columns(pl.Series("side", sides))
    return dealt
