"""Written answers, records and programs that are probably wrong, those to look at first.

**Finds** answers that lack what nearly all others have (a key or the type of its value, a part such
as "Summary:", a heading, a tag, one line; code that parses); answers that state numbers, names or
field values that their input does not; answers in another language than their input; answers that
belong to another input; and answers of words that hardly any other has.

**Why it matters.** A row whose answer is another row's teaches the model to ignore its input; a
fact that stands nowhere teaches it to make things up; a form that is not kept to breaks whatever
reads the answers.

**How it decides.** *Form*: what 95 of 100 answers have, the others lack. *Facts*: only of a kind
(numbers, names, one field) that 90 of 100 answers take from their input altogether; dates are
compared by their numbers, and what answers state of their own accord ("24 hours") is left out.
*Language*: only where 95 of 100 answers are in their input's (`languages` says how one is told).
*Another's answer*: a model of words (IBM's first, Brown et al. 1993) learns from the other rows
which words of an input bring which words of an answer; rows of one group and near duplicates are
kept out with the row. An answer is shown if many other inputs explain it as well as its own does.
From how many do so the check estimates how many answers are mismatched and how often it is right,
and shows as many as 80 % precision allows. *Unusual*: the answer's loss under that model is far
(8 standard deviations) above that of answers of its length. A language model would see more; this
needs none.

**How far to trust it.** With one answer in 20 exchanged for another row's, in 2,000 rows of
restaurant descriptions (E2E) and of worked sums (GSM8K), its model of words found 91 % and 95 % of
them, and 91 % and 99 % of what it showed was exchanged (`benchmarks/planted.py`). Of two changed
numbers in 100 descriptions all were found; of sums, which work numbers out, none can be. Facts that
the input lacks are often in the files already: descriptions that people wrote add some.

**When it cannot tell.** Labels (see `wrong_labels`), and under 50 rows. Each part says by itself
that it could not judge: facts, where answers are not taken from inputs; another's answer, under 200
rows or where fewer than 85 % of the answers are explained best by their own input (talk, poems). An
answer that is wrong in one word of many is seldom found.

**What to do.** Look at the rows in this order, the surest signs first. Mend what is wrong; drop
what belongs elsewhere. Where the form is meant to vary, raise `nearly_all`.
"""

from collections.abc import Iterator
from typing import NamedTuple

import polars as pl

from surpass.core.columns import INPUT, ROW, TARGET
from surpass.core.settings import Section
from surpass.core.settings.section import Count, Share
from surpass.core.wording import counted
from surpass.data.checks.result import (
    CheckResult,
    Evidence,
    cannot_tell,
    clear,
    evidence_frame,
    shortened,
)
from surpass.data.contract import broken
from surpass.data.grounding import Stray, ungrounded
from surpass.text.languages import NAMES, languages_of

NAME = "wrong_outputs"


class Options(Section, frozen=True, kw_only=True):
    """How regular answers must be before an exception is one."""

    nearly_all: Share = 0.95  # of the answers, whose form the others must have
    grounded_share: Share = 0.9  # of the answers with a kind of fact, that take it from the input
    explained_share: Share = 0.85  # of the answers, that their own input must explain best
    least_precision: Share = 0.8  # estimated, of the answers that are shown as another row's
    most_deviations: Count = 8  # from the loss of answers of a like length
    fewest_rows: Count = 50
    fewest_learned: Count = 200  # rows, to learn which words bring which
    most_rows: Count = 5_000  # that are compared; with more, so many drawn by a hash of their ids


class _Part(NamedTuple):
    """What one way of looking says."""

    found: list[tuple[str, str]]  # row and reason, the surest first
    what: str  # "5 break the form of nearly all others"
    silent: str = ""  # why it could not judge; empty where it could
    more: str = ""  # how sure it is


def find(examples: pl.DataFrame, options: Options, kind: str) -> CheckResult:
    """Name the answers that stand out, by form, facts, language and words; the surest first."""
    total = examples.height
    if kind == "classify":
        return cannot_tell(NAME, total, "Labels are judged by `wrong_labels`.")
    if total < options.fewest_rows:
        summary = f"{counted(total, 'row')}; {options.fewest_rows} are needed."
        return cannot_tell(NAME, total, summary, "Collect more rows.")
    parts = [
        _form(examples, kind, options),
        _facts(examples, kind, options),
        _language(examples, kind, options),
        *_words(examples, options),
    ]
    found = [one for part in parts for one in part.found]
    silent = [part.silent for part in parts if part.silent]
    unsure = f" Not judged: {'; '.join(silent)}." if silent else ""
    if not found:
        return clear(NAME, total, f"No answer stands out.{unsure}")
    rows = len({row for row, _ in found})
    said = ", ".join(part.what.format(_rows(part)) for part in parts if part.found)
    more = " ".join(part.more for part in parts if part.found and part.more)
    return CheckResult(
        check=NAME,
        examined=total,
        state="found",
        severity="review",
        summary=f"{counted(rows, 'answer looks', 'answers look')} wrong: {said}."
        + (f" {more}" if more else "")
        + unsure,
        advice="Look at them in this order: surpass label start --check wrong_outputs.",
        evidence=evidence_frame(Evidence(row, None, why, column=TARGET) for row, why in found),
    )


def _rows(part: _Part) -> str:
    return f"{len({row for row, _ in part.found}):,}"


def _form(examples: pl.DataFrame, kind: str, options: Options) -> _Part:
    found = broken(examples, kind, options.nearly_all)
    return _Part([(one.row, one.reason) for one in found], "{} of another form than nearly all")


def _facts(examples: pl.DataFrame, kind: str, options: Options) -> _Part:
    what = "{} with facts that their input lacks"
    if kind == "code":
        return _Part([], what)
    found = ungrounded(examples, kind, options.grounded_share)
    silent = "" if found.judged else "facts (no kind of them is always taken from the input)"
    return _Part([(one.row, _lacking(one)) for one in found.stray], what, silent)


def _lacking(stray: Stray) -> str:
    listed = ", ".join(map(shortened, stray.facts))
    return (
        f"Its input does not state {listed} ({stray.what}; those of {stray.grounded_share:.1%} of "
        "the answers stand in their input)."
    )


def _language(examples: pl.DataFrame, kind: str, options: Options) -> _Part:
    """Answers in another language than their input, where nearly all are in the same."""
    what = "{} in another language than their input"
    if kind != "generate":
        return _Part([], what)
    told = examples.select(
        ROW,
        languages_of(examples[INPUT]).alias(INPUT),
        languages_of(examples[TARGET]).alias(TARGET),
    ).drop_nulls()
    other = told.filter(pl.col(INPUT) != pl.col(TARGET))
    if told.height < options.fewest_rows:
        return _Part([], what, "languages (too few texts are long enough)")
    if other.height > (1 - options.nearly_all) * told.height:
        return _Part([], what)
    return _Part(
        [
            (row, f"The input is {NAMES[asked]}, the answer {NAMES[said]}.")
            for row, asked, said in other.iter_rows()
        ],
        what,
    )


def _words(examples: pl.DataFrame, options: Options) -> Iterator[_Part]:
    """What a model of words says: answers of another input, and unusual ones."""
    theirs, unusual = "{} that other inputs explain as well as their own", "{} of unusual words"
    if examples.height < options.fewest_learned:
        silent = f"words (under {options.fewest_learned} rows)"
        yield _Part([], theirs, silent)
        return

    from surpass.data.mismatched import mismatched  # it imports scipy

    found = mismatched(
        examples, options.most_rows, options.least_precision, options.most_deviations
    )
    row = examples[ROW]
    if found.explained_share < options.explained_share:
        yield _Part(
            [],
            theirs,
            f"whether an answer is another input's (words tell it of {found.explained_share:.0%} "
            f"of the answers; {options.explained_share:.0%} are needed)",
        )
    else:
        pairs = zip(found.places.tolist(), found.equalled.tolist(), strict=True)
        yield _Part(
            [
                (
                    row[place],
                    f"{share:.0%} of the other rows' inputs explain it as well as its own.",
                )
                for place, share in pairs
            ],
            theirs,
            more=""
            if found.precision is None
            else f"Of those that other inputs explain, some {found.precision:.0%} are estimated to "
            "be mismatched.",
        )
    odd = zip(found.unusual.tolist(), found.deviations.tolist(), strict=True)
    yield _Part(
        [
            (row[place], f"Its words are unlike those of answers of its length ({far:.0f} standard "
             "deviations).")
            for place, far in odd
        ],
        unusual,
    )  # fmt: skip
