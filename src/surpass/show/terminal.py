"""An account on the terminal; nothing that users wrote is read as markup or as an escape."""

import sys

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table as Grid
from rich.text import Text

from surpass.core.account import (
    Account,
    Chapter,
    Curve,
    Fact,
    Figure,
    IntervalChart,
    Pair,
    Passage,
    Standing,
    Table,
)
from surpass.show.escape import ELLIPSIS, cleaned, cut
from surpass.show.lines import curve_lines, interval_lines, matrix_table
from surpass.show.standing import badge_mark, badge_word, headline_sentence

_ROWS_SHOWN = 20
_PAIRS_SHOWN = 5
_CELL_CHARACTERS = 2000
_EXCERPT_CHARACTERS = 60
_WORD_CHARACTERS = 24
_BADGE_STYLE = {
    Standing.DONE: "bold white on grey30",
    Standing.HOLDS: "bold white on dark_green",
    Standing.DOES_NOT_HOLD: "bold white on dark_red",
    Standing.CANNOT_TELL: "bold black on yellow3",
}
_WON = {True: ("won", "green"), False: ("lost", "red"), None: ("tie", "dim")}


def print_account(account: Account, console: Console | None = None) -> None:
    """Print headline, facts, chapters and warnings, and the next command last."""
    screen = console or Console(file=sys.stdout, highlight=False)
    account = cleaned(account)
    screen.print()
    screen.print(Text(account.title, style="dim"))
    screen.print(_headline(account))
    for paragraph in account.text:
        screen.print(Text(paragraph))
    if account.facts:
        screen.print()
        screen.print(_facts(account.facts))
    for chapter in account.chapters:
        _print_chapter(chapter, screen)
    if account.warnings:
        screen.print()
    for warning in account.warnings:
        screen.print(Text.assemble(("Warning: ", "bold yellow"), warning))
    if account.next_command:
        screen.print()
        screen.print(Text.assemble(("Next: ", "bold"), (account.next_command, "cyan")))


def _headline(account: Account) -> Text:
    badge = f" {badge_mark(account.standing)} {badge_word(account)} "
    return Text.assemble(
        (badge, _BADGE_STYLE[account.standing]), " ", (headline_sentence(account), "bold")
    )


def _facts(facts: tuple[Fact, ...]) -> Grid:
    grid = Grid.grid(padding=(0, 2, 0, 0))
    for fact in facts:
        grid.add_row(Text(fact.label, style="dim"), Text(fact.value, style="bold"), Text(fact.note))
    return grid


def _print_chapter(chapter: Chapter, screen: Console) -> None:
    screen.print()
    screen.print(Text(chapter.title, style="bold underline"))
    for paragraph in chapter.text:
        screen.print(Text(paragraph))
    for figure in chapter.figures:
        screen.print()
        _print_figure(figure, screen)
    for table in chapter.tables:
        screen.print()
        _print_table(table, screen)
    for pair in chapter.pairs[:_PAIRS_SHOWN]:
        screen.print()
        screen.print(_pair(pair, screen.width))
    if (more := len(chapter.pairs) - _PAIRS_SHOWN) > 0:
        screen.print(Text(f"{ELLIPSIS} {more} more in the report file", style="dim"))
    for passage in chapter.passages:
        screen.print()
        screen.print(_passage(passage, coloured=screen.color_system is not None))


def _print_figure(figure: Figure, screen: Console) -> None:
    room = screen.width - 2
    if isinstance(figure, IntervalChart):
        lines, unit = interval_lines(figure, room), figure.unit
    elif isinstance(figure, Curve):
        lines, unit = curve_lines(figure, room), f"{figure.y_label} over {figure.x_label}"
    else:
        _print_table(matrix_table(figure, room), screen)
        return
    screen.print(Text(figure.title, style="bold"))
    drawn = Text("\n".join(lines), no_wrap=True, overflow="ellipsis")
    drawn.append(f"\n{unit}", style="dim")
    screen.print(_indented(drawn))


def _print_table(table: Table, screen: Console) -> None:
    if table.title:
        screen.print(Text(table.title, style="bold"))
    least = [_least_width(table, column) for column in range(len(table.columns))]
    fits = sum(least) + 2 * len(least) <= screen.width - 2
    screen.print(_indented(_grid(table, least) if fits else _stacked(table)))
    if (more := len(table.rows) - _ROWS_SHOWN) > 0:
        screen.print(_indented(Text(f"{ELLIPSIS} {more} more", style="dim")))
    if table.note:
        screen.print(Text(table.note, style="dim"))


def _least_width(table: Table, column: int) -> int:
    """Numbers are never wrapped, words below 24 characters neither."""
    cells = [row[column] for row in (table.columns, *table.rows[:_ROWS_SHOWN])]
    if table.columns[column] in table.numeric:
        return max(map(len, cells))
    words = [len(word) for cell in cells for word in cell.split()]
    return min(max(words, default=1), _WORD_CHARACTERS)


def _shown(table: Table, name: str, cell: str) -> str:
    """The cell, whole unless its column is of excerpts; two thousand characters at most."""
    return cut(cell, _EXCERPT_CHARACTERS if name in table.excerpts else _CELL_CHARACTERS)


def _grid(table: Table, least: list[int]) -> Grid:
    """Aligned columns without a frame; what does not fit its column goes on below."""
    grid = Grid(box=None, padding=(0, 2, 0, 0), header_style="dim", show_edge=False)
    for name, width in zip(table.columns, least, strict=True):
        is_number = name in table.numeric
        grid.add_column(
            Text(name),
            justify="right" if is_number else "left",
            min_width=width,
            no_wrap=is_number,
            overflow="fold",
        )
    for row in table.rows[:_ROWS_SHOWN]:
        cells = zip(table.columns, row, strict=True)
        grid.add_row(*(Text(_shown(table, name, cell)) for name, cell in cells))
    return grid


def _stacked(table: Table) -> Text:
    """For terminals too narrow for the columns: each row's cells below its first."""
    lines = Text()
    for first, *others in table.rows[:_ROWS_SHOWN]:
        lines.append(_shown(table, table.columns[0], first), style="bold")
        for name, cell in zip(table.columns[1:], others, strict=True):
            lines.append(f"\n  {name}: ", style="dim").append(_shown(table, name, cell))
        lines.append("\n")
    lines.rstrip()
    return lines


def _indented(what: RenderableType) -> Padding:
    return Padding(what, (0, 0, 0, 2), expand=False)


def _passage(passage: Passage, *, coloured: bool) -> RenderableType:
    """The text under its title; where no colour can be seen, marked parts stand in ⟦ and ⟧."""
    whole = Text()
    for part in passage.stretches:
        if part.marked:
            whole.append(part.text if coloured else f"⟦{part.text}⟧", style="black on green3")
        else:
            whole.append(part.text, style="dim")
    whole = Text("\n").join(whole.split("↵", include_separator=True))
    return Group(Text(passage.title, style="bold"), _indented(whole))


def _pair(pair: Pair, width: int) -> RenderableType:
    word, style = _WON[pair.won]
    room = max(20, width - 12)
    head = Text.assemble((word.upper(), f"bold {style}"), f"  {cut(pair.row, room)}")
    grid = Grid.grid(padding=(0, 2, 0, 0))
    for name in ("asked", "expected", "base", "tuned"):
        answer = Text(cut(getattr(pair, name), 3 * room))
        grid.add_row(Text(name, style="dim"), answer)
    body = Grid.grid()
    body.add_row(head)
    body.add_row(_indented(grid))
    return body
