"""Where the report was written."""

from pathlib import Path

import msgspec

from surpass.core.account import Account
from surpass.core.records.results import VerdictData


def written_account(path: Path, account: Account) -> Account:
    """What `surpass report` says: the first screen, and the file."""
    return msgspec.structs.replace(
        account,
        text=(*account.text, f"The report is {path.resolve()}."),
        chapters=account.chapters[:2],
        data=_with_path(account.data, path),
    )


def _with_path(data: msgspec.Struct | None, path: Path) -> msgspec.Struct | None:
    if not isinstance(data, VerdictData):
        return data
    return msgspec.structs.replace(data, report=str(path.resolve()))
