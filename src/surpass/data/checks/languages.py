"""Which languages the rows are in, and rows in one that nobody expects.

**Finds** inputs and written answers in a language that hardly any other row has, or that
`expected` does not name.

**Why it matters.** A model answers well in the languages that it was taught. Some stray rows in
another one teach it little, and a test cannot judge them apart; where they are meant to be there,
they need rows of their own, and a criterion of their own.

**How it decides.** By script where one language has it (Thai, Korean, Greek); else by the small
words that hold sentences together, in 18 languages of Latin letters and 8 of three other scripts,
and by letters that few languages have. A language is told only where it is well ahead of the next;
the first 600 characters count. A language is expected if 5 % of the texts that can be told are in
it. Records are not looked at, for their values are mostly names; nor are programs and labels.

**When it cannot tell.** Texts under 4 words (5 letters in a script of their own), commands, lists
of names; near relatives (Danish and Norwegian) where the text is short. Under 20 texts that can be
told. Titles in another language ("add it to Canciones del Mundo") can mislead it.

**What to do.** Drop or translate rows that are there by accident. If they are meant to be there,
write [checks.languages] expected = ["en", "de"], collect more of them, and judge them apart:
`slices = ["language"]` under [data] makes the input's language a column that criteria and slices
may use, in files that have no column of that name.
"""

from collections import Counter

import polars as pl

from surpass.core.columns import INPUT, ROW, TARGET
from surpass.core.errors import BadInput
from surpass.core.settings import Section
from surpass.core.settings.section import Count, Share
from surpass.core.wording import counted
from surpass.data.checks.result import CheckResult, Evidence, cannot_tell, clear, evidence_frame
from surpass.text.languages import NAMES, languages_of

NAME = "languages"

_MOST_SHOWN = 4  # languages in the summary


class Options(Section, frozen=True, kw_only=True):
    """Which languages the rows should be in."""

    expected: tuple[str, ...] = ()  # ISO 639-1 codes; none: those of 5 % of the texts
    smallest_share: Share = 0.05  # of the texts, from which on a language is expected
    fewest_told: Count = 20  # texts whose language can be told


def find(examples: pl.DataFrame, options: Options, kind: str) -> CheckResult:
    """Say the shares of the languages, and name the rows in one that is not expected.

    Raises:
        BadInput: an expected language is not one that can be told.
    """
    _require_known(options.expected)
    total = examples.height
    columns = {INPUT: "input"} | ({TARGET: "answer"} if kind == "generate" else {})
    told = {
        column: found
        for column in columns
        if (found := languages_of(examples[column])).count() >= options.fewest_told
    }
    if not told:
        return cannot_tell(
            NAME,
            total,
            f"Under {options.fewest_told} texts are long enough to tell their language.",
        )
    said = "; ".join(_shares(columns[column], found) for column, found in told.items())
    evidence = [
        Evidence(
            row,
            None,
            f"The {columns[column]} is in {NAMES[code]}; {_most(found)} of the others are in "
            f"{NAMES[_commonest(found)]}.",
            column=column,
        )
        for column, found in told.items()
        for row, code in _unexpected(examples[ROW], found, options)
    ]
    if not evidence:
        return clear(NAME, total, f"{said}.")
    rows = len({item.row for item in evidence})
    return CheckResult(
        check=NAME,
        examined=total,
        state="found",
        severity="review",
        summary=f"{counted(rows, 'row is', 'rows are')} in a language that is not expected. "
        f"{said}.",
        advice="Drop or translate what is there by accident; name what is meant to be there in "
        "[checks.languages] expected.",
        evidence=evidence_frame(evidence),
    )


def _require_known(expected: tuple[str, ...]) -> None:
    foreign = [code for code in expected if code not in NAMES]
    if foreign:
        raise BadInput(
            f"[checks.languages] expected names {foreign[0]!r}, which is no language that can be "
            "told.",
            fix=f"Those that can: {', '.join(NAMES)}.",
        )


def _unexpected(rows: pl.Series, found: pl.Series, options: Options) -> list[tuple[str, str]]:
    """Rows and their language, the rarest language first."""
    times = Counter(found.drop_nulls())
    fewest = options.smallest_share * times.total()
    usual = {code for code, number in times.items() if number >= fewest}
    expected = set(options.expected) or usual
    strange = [
        (row, code) for row, code in zip(rows, found, strict=True) if code and code not in expected
    ]
    return sorted(strange, key=lambda one: (times[one[1]], one[1]))


def _shares(name: str, found: pl.Series) -> str:
    """As a sentence: Inputs: English 93.0%, German 4.0%, cannot be told 3.0%."""
    counts = Counter(found)
    untold = counts.pop(None, 0)
    listed = [
        f"{NAMES[code]} {times / found.len():.1%}"
        for code, times in counts.most_common(_MOST_SHOWN)
    ]
    more = len(counts) - _MOST_SHOWN
    listed += [f"{counted(more, 'other language')}"] if more > 0 else []
    return f"{name.capitalize()}s: {', '.join(listed)}, cannot be told {untold / found.len():.1%}"


def _commonest(found: pl.Series) -> str:
    times: Counter[str] = Counter(found.drop_nulls())
    return times.most_common(1)[0][0]


def _most(found: pl.Series) -> str:
    times = Counter(found.drop_nulls())
    return f"{times.most_common(1)[0][1] / times.total():.0%}"
