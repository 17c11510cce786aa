"""An account inside a notebook: a fragment whose style touches nothing around it."""

from surpass.core.account import Account
from surpass.show.pages import fill
from surpass.show.view import lay_out


def to_html_fragment(account: Account) -> str:
    """For `_repr_html_`: headline, facts, charts, tables, pairs; in the notebook's own colours."""
    return fill("fragment.html.j2", lay_out(account))
