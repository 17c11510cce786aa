"""A table as CSV that a spreadsheet opens as text and numbers, never as formulas."""

import csv
import io

from surpass.core.account import Table
from surpass.show.escape import cell_for_csv


def table_csv(table: Table) -> str:
    """The columns' names and the rows, every cell quoted (RFC 4180, lines end with CRLF).

    Quoting all cells also holds where a spreadsheet takes the semicolon for the separator.
    """
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, quoting=csv.QUOTE_ALL)
    for row in (table.columns, *table.rows):
        writer.writerow([cell_for_csv(cell) for cell in row])
    return stream.getvalue()
