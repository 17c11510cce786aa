"""What `surpass split` says."""

from surpass.core.account import Account, Chapter, Fact, Table
from surpass.core.records.dataset import Sides
from surpass.core.records.results import SplitData
from surpass.core.wording import counted

_CLUSTERS = ("cluster of near-duplicates was", "clusters of near-duplicates were")
_REMOVED = ("training row was", "training rows were")


def sides_account(sides: Sides, added: int, versions: tuple[str, ...]) -> Account:
    """How the rows were dealt out.

    Args:
        sides: Rows and groups.
        added: Rows that mitigation added to train.
        versions: What is said of the kept version.
    """
    table = Table(
        title="",
        columns=("side", "rows", "groups"),
        rows=(
            ("train", str(sides.train_rows), str(sides.train_groups)),
            ("valid", str(sides.valid_rows), str(sides.valid_groups)),
            ("test, sealed", str(sides.test_rows), str(sides.test_groups)),
        ),
        numeric=("rows", "groups"),
    )
    return Account(
        title="Split",
        headline=f"Sealed as test: {counted(sides.test_rows, 'row')} of "
        f"{counted(sides.test_groups, 'group')}.",
        text=(
            f"{counted(sides.joined_clusters, *_CLUSTERS)} kept on one side; "
            f"{counted(sides.removed_rows, *_REMOVED)} removed, because valid or test shows them.",
            "Verified: no test row shares a group or its text with training.",
            *(
                [f"{counted(added, 'row')} added by mitigation, to training alone."]
                if added
                else ()
            ),
            *versions,
        ),
        facts=(Fact(label="test block", value=sides.block[:12]),),
        chapters=(Chapter(title="Sides", tables=(table,)),),
        next_command="surpass seal",
        data=split_data(sides),
    )


def split_data(sides: Sides) -> SplitData:
    """The sides, for programs."""
    return SplitData(
        version=sides.version,
        block=sides.block,
        rows={"train": sides.train_rows, "valid": sides.valid_rows, "test": sides.test_rows},
        groups={
            "train": sides.train_groups,
            "valid": sides.valid_groups,
            "test": sides.test_groups,
        },
        joined_clusters=sides.joined_clusters,
        removed_rows=sides.removed_rows,
        labels=sides.labels,
    )
