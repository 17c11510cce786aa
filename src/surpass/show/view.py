"""An account laid out for HTML: what the templates of report and notebook draw."""

import re
from typing import NamedTuple

import msgspec
from markupsafe import Markup

from surpass.core.account import (
    Account,
    Chapter,
    Fact,
    Figure,
    IntervalChart,
    Matrix,
    Pair,
    Table,
)
from surpass.show.difference import Piece, pieces
from surpass.show.escape import LINE_END, cleaned
from surpass.show.figures import figure_table
from surpass.show.standing import badge_mark, badge_word, headline_sentence

ROWS_OPEN = 16  # a longer table is folded away
_ROWS_MOST = 1000
_PAIRS_MOST = 60

_DIGEST = re.compile(r"(?=[0-9a-f]*\d)[0-9a-f]{12,64}")
_OUTCOMES = {"PASS": "holds", "FAIL": "fails", "INCONCLUSIVE": "unsure"}
_KINDS = {"done": "holds", "holds": "holds", "does not hold": "fails", "cannot tell": "unsure"}
_PAIR_WORDS = {True: ("won", "holds"), False: ("lost", "fails"), None: ("tie", "even")}


class Cell(NamedTuple):
    """One cell and the names of the styles that it gets."""

    text: str
    style: str


class TableView(msgspec.Struct, frozen=True, kw_only=True):
    """A table with its cells styled; `left_out` rows are only in the JSON."""

    title: str
    head: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str
    row_count: int
    left_out: int
    folded: bool


class FigureView(msgspec.Struct, frozen=True, kw_only=True):
    """A figure drawn for wide and (unless the same drawing must do) for narrow pages."""

    title: str
    wide: Markup
    narrow: Markup | None
    note: str
    numbers: TableView


class PairView(msgspec.Struct, frozen=True, kw_only=True):
    """One row side by side; answers are cut where they leave what was expected."""

    row: str
    word: str
    style: str
    asked: str
    expected: str
    base: tuple[Piece, ...]
    tuned: tuple[Piece, ...]


class PassageView(msgspec.Struct, frozen=True, kw_only=True):
    """A text of which parts are marked."""

    title: str
    text: tuple[Piece, ...]


class ChapterView(msgspec.Struct, frozen=True, kw_only=True):
    """One chapter under its anchor."""

    anchor: str
    title: str
    text: tuple[str, ...]
    figures: tuple[FigureView, ...]
    tables: tuple[TableView, ...]
    pairs: tuple[PairView, ...]
    pairs_left_out: int
    passages: tuple[PassageView, ...]


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """All of an account; `hero` is the one figure that belongs to the first screen."""

    title: str
    style: str
    mark: str
    word: str
    headline: str
    text: tuple[str, ...]
    facts: tuple[Fact, ...]
    hero: FigureView | None
    chapters: tuple[ChapterView, ...]
    warnings: tuple[str, ...]
    next_command: str


def lay_out(account: Account) -> Page:
    """Draw the figures and style the cells; every text is made visible first."""
    account = cleaned(account)
    hero = _hero(account)
    return Page(
        title=account.title,
        style=_KINDS[account.standing.value],
        mark=badge_mark(account.standing),
        word=badge_word(account),
        headline=headline_sentence(account),
        text=account.text,
        facts=account.facts,
        hero=_figure_view(hero) if hero else None,
        chapters=tuple(
            _chapter_view(index, chapter, hero) for index, chapter in enumerate(account.chapters, 1)
        ),
        warnings=account.warnings,
        next_command=account.next_command,
    )


def _hero(account: Account) -> IntervalChart | None:
    """The first interval chart with a declared line, else the first interval chart."""
    charts = [
        figure
        for chapter in account.chapters
        for figure in chapter.figures
        if isinstance(figure, IntervalChart)
    ]
    declared = [chart for chart in charts if chart.line is not None]
    return next(iter(declared or charts), None)


def _chapter_view(index: int, chapter: Chapter, hero: IntervalChart | None) -> ChapterView:
    return ChapterView(
        anchor=f"chapter-{index}",
        title=chapter.title,
        text=chapter.text,
        figures=tuple(_figure_view(one) for one in chapter.figures if one is not hero),
        tables=tuple(_table_view(table) for table in chapter.tables),
        pairs=tuple(_pair_view(pair) for pair in chapter.pairs[:_PAIRS_MOST]),
        pairs_left_out=max(0, len(chapter.pairs) - _PAIRS_MOST),
        passages=tuple(
            PassageView(
                title=one.title,
                text=tuple(Piece(_unfolded(part.text), part.marked) for part in one.stretches),
            )
            for one in chapter.passages
        ),
    )


def _figure_view(figure: Figure) -> FigureView:
    from surpass.show.charts import draw  # loads Vega; an account without figures needs none

    is_matrix = isinstance(figure, Matrix)
    return FigureView(
        title=figure.title,
        wide=Markup(draw(figure)),  # noqa: S704 (drawn by us, its texts are escaped there)
        narrow=None if is_matrix else Markup(draw(figure, narrow=True)),  # noqa: S704
        note=_figure_note(figure),
        numbers=_table_view(figure_table(figure)),
    )


def _figure_note(figure: Figure) -> str:
    if isinstance(figure, Matrix):
        return (
            f"Rows: {figure.row_label}. Columns: {figure.column_label}. "
            "The shade is the share of the row; right answers lie on the diagonal."
        )
    if isinstance(figure, IntervalChart):
        return "Whiskers: lower and upper bound. A missing whisker: no sound bound exists."
    return ""


def _table_view(table: Table) -> TableView:
    is_number = [name in table.numeric for name in table.columns]
    return TableView(
        title=table.title,
        head=tuple(
            Cell(name, "number" if number else "")
            for name, number in zip(table.columns, is_number, strict=True)
        ),
        rows=tuple(
            tuple(
                Cell(text, _cell_style(text, is_number=number))
                for text, number in zip(row, is_number, strict=True)
            )
            for row in table.rows[:_ROWS_MOST]
        ),
        note=table.note,
        row_count=len(table.rows),
        left_out=max(0, len(table.rows) - _ROWS_MOST),
        folded=len(table.rows) > ROWS_OPEN,
    )


def _cell_style(text: str, *, is_number: bool) -> str:
    """Digests stand in monospace, outcomes in their colour, numbers to the right."""
    if text in _OUTCOMES:
        return f"outcome {_OUTCOMES[text]}"
    if _DIGEST.fullmatch(text):
        return "digest"
    return "number" if is_number else ""


def _pair_view(pair: Pair) -> PairView:
    word, style = _PAIR_WORDS[pair.won]
    return PairView(
        row=pair.row,
        word=word,
        style=style,
        asked=_unfolded(pair.asked),
        expected=_unfolded(pair.expected),
        base=pieces(_unfolded(pair.base), _unfolded(pair.expected)),
        tuned=pieces(_unfolded(pair.tuned), _unfolded(pair.expected)),
    )


def _unfolded(text: str) -> str:
    """A record gets one line a field and a written line end becomes one; no character is lost."""
    lines = text.replace(LINE_END, f"{LINE_END}\n")
    is_record = text.startswith("{") and text.endswith("}")
    return lines.replace(',"', ',\n"') if is_record else lines
