"""An account that a notebook shows as it should look."""

import msgspec

from surpass.core.account import Account


class Said(Account, frozen=True, kw_only=True):
    """What a verb has to say; a notebook draws it, `print` reads its headline."""

    def _repr_html_(self) -> str:
        """The account as an HTML fragment."""
        from surpass.show.notebook import to_html_fragment

        return to_html_fragment(self)

    def __str__(self) -> str:
        return self.headline


def said(account: Account) -> Said:
    """The same account, able to show itself."""
    return Said(**msgspec.structs.asdict(account))
