"""An account as one HTML file that loads nothing and runs nothing."""

from surpass.core.account import Account
from surpass.show.pages import fill
from surpass.show.view import lay_out


def render_report(account: Account) -> str:
    """The whole file as text: style and charts inline, for light and dark, desktop, phone, paper.

    Encode it as UTF-8. Drawing takes about a second for the first chart, little for each other.
    """
    return fill("report.html.j2", lay_out(account))
