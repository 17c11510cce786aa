"""Where the report was written."""

from pathlib import Path

import msgspec

from surpass.core.account import Account


def written_account(path: Path, account: Account) -> Account:
    """What `surpass report` says: the first screen, and the file."""
    return msgspec.structs.replace(
        account,
        text=(*account.text, f"The report is {path.resolve()}."),
        chapters=account.chapters[:2],
    )
