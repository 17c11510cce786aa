"""Hostile rows go through every renderer and every field of an account: nothing acts."""

import csv
import functools
import io
import re
import unicodedata
from collections.abc import Callable

import msgspec
import pytest
from hostile import HOSTILE, TAGS, account_of, hostile_account, intervals_of, matrix_of
from markup import Markup
from rich.console import Console
from sample import read_back

from surpass.core.account import Account, Figure
from surpass.show.as_csv import table_csv
from surpass.show.as_json import to_json
from surpass.show.charts import draw
from surpass.show.escape import visible
from surpass.show.notebook import to_html_fragment
from surpass.show.progress import TerminalProgress
from surpass.show.report import render_report
from surpass.show.terminal import print_account

BENIGN = "benign words"
FIRST_ROWS = (0, 7, 13)  # which row meets which field shifts with the first
ALLOWED_ELEMENTS = {
    "a", "article", "aside", "body", "caption", "code", "dd", "details", "div", "dl", "dt",
    "figcaption", "figure", "footer", "h1", "h2", "h3", "head", "header", "html", "li", "main",
    "mark", "meta", "nav", "ol", "p", "pre", "section", "span", "strong", "style", "summary",
    "table", "tbody", "td", "th", "thead", "title", "tr", "ul",
    "svg", "g", "line", "path", "text",
}  # fmt: skip
OUR_ESCAPES = re.compile(r"\x1b\[[0-9;]*m")

hostile_rows = pytest.mark.parametrize("row", HOSTILE, ids=lambda row: ascii(row)[:24])


def texts(tree: object) -> set[str]:
    if isinstance(tree, dict):
        return texts(list(tree.values()))
    if isinstance(tree, list | tuple):
        return set().union(*map(texts, tree))
    return {tree} if isinstance(tree, str) else set()


@functools.cache
def report(first: int | None) -> Markup:
    account = account_of(BENIGN) if first is None else hostile_account(first)
    return Markup(render_report(account))


@functools.cache
def fragment(first: int | None) -> Markup:
    account = account_of(BENIGN) if first is None else hostile_account(first)
    return Markup(to_html_fragment(account))


@functools.cache
def benign_chart(figure: Callable[[str], Figure]) -> Markup:
    return Markup(draw(figure(BENIGN)))


def many_labels(row: str) -> Figure:
    return matrix_of(row, 31)


def unmarked(page: Markup) -> list[tuple[str, list[str]]]:
    """Which words of an answer are marked depends on the words, and on nothing else."""
    return [element for element in page.skeleton if element[0] != "mark"]


def unseen(text: str) -> list[str]:
    return [one for one in text if unicodedata.category(one) in {"Cc", "Cf", "Cs", "Zl", "Zp"}]


def on_terminal(account: Account, width: int = 100, *, colours: bool = False) -> str:
    stream = io.StringIO()
    print_account(account, Console(file=stream, width=width, force_terminal=colours))
    return stream.getvalue()


def test_the_fixture_reaches_every_text_of_an_account():
    assert texts(msgspec.to_builtins(account_of(BENIGN))) - TAGS == {BENIGN}
    assert texts(msgspec.to_builtins(hostile_account(0))) - TAGS == set(HOSTILE)


@pytest.mark.parametrize("page", [report, fragment])
@pytest.mark.parametrize("first", FIRST_ROWS)
def test_pages_have_the_same_elements_whatever_the_rows_say(page, first):
    shown = page(first)
    assert unmarked(shown) == unmarked(page(None))
    assert {tag for tag, _ in shown.elements} <= ALLOWED_ELEMENTS
    assert not unseen(shown.text.replace("\n", ""))


@pytest.mark.parametrize("first", FIRST_ROWS)
def test_pages_show_every_row_as_text(first):
    shown = report(first).text.replace("\n", "")
    assert not [row for row in HOSTILE if visible(row) not in shown]


@pytest.mark.parametrize("page", [report, fragment])
@pytest.mark.parametrize("first", FIRST_ROWS)
def test_no_attribute_runs_or_loads_anything(page, first):
    shown = page(first)
    names = {name for _, attributes in shown.elements for name in attributes}
    assert not {name for name in names if name.startswith("on")}
    assert not names & {"src", "srcset", "xlink:href", "action", "formaction", "style", "data"}
    assert all(link.startswith("#chapter-") for link in shown.values("href"))
    painted = shown.values("fill", "stroke")
    assert all(one in {"none", "currentColor"} or one.startswith("var(--") for one in painted)


@hostile_rows
@pytest.mark.parametrize("figure", [intervals_of, many_labels])
def test_charts_have_the_same_elements_whatever_the_rows_say(figure, row):
    drawn = Markup(draw(figure(row)))
    assert drawn.skeleton == benign_chart(figure).skeleton
    assert visible(row)[:30] in drawn.text


@hostile_rows
@pytest.mark.parametrize("width", [40, 100])
def test_the_terminal_shows_every_character_and_obeys_none(row, width):
    plain = on_terminal(account_of(row), width)
    coloured = OUR_ESCAPES.sub("", on_terminal(account_of(row), width, colours=True))
    for shown in (plain, coloured):
        assert not unseen(shown.replace("\n", ""))
        assert visible(row)[:12] in shown


@hostile_rows
def test_progress_shows_every_character_and_obeys_none(row):
    stream = io.StringIO()
    ticks = iter(range(0, 1000, 20))
    console = Console(file=stream, width=200)
    with TerminalProgress(console, clock=lambda: float(next(ticks))) as progress:
        progress.start(row, 4)
        progress.advance(2, row)
        progress.finish()
    assert not unseen(stream.getvalue().replace("\n", ""))
    assert stream.getvalue().count(visible(row)) == 3


@hostile_rows
def test_no_cell_of_a_csv_file_is_a_formula(row):
    table = account_of(row).chapters[0].tables[0]
    for cells in csv.reader(io.StringIO(table_csv(table), newline="")):
        for cell in cells:
            assert not cell.lstrip().startswith(("=", "+", "-", "@", "\t", "\r"))
            assert not unseen(cell)


@hostile_rows
def test_json_keeps_the_rows_and_shows_them_harmlessly(row):
    text = to_json(account_of(row))
    assert not unseen(text.replace("\n", ""))
    if "\ud800" not in row:
        assert read_back(text) == account_of(row)
