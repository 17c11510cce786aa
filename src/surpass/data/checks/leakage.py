"""Test rows that the model meets before the test: in training, in the instruction, or by time.

**Finds** rows of training that show rows of your own validation or test files; rows whose input
stands in the instruction; and rows that change with time, where a test is dealt at random.

**Why it matters.** A model that has seen the test remembers it; its score says nothing of rows that
are new. A test from the same weeks as training says nothing of the weeks to come.

**The six kinds, and what finds each.** *The same text* on both sides, *nearly the same text* or a
passage of it, and *the same group* (customer, conversation, document by [data] group): this check
in your own files, `straddle` before a split, `surpass split` itself, and `surpass check` once the
test is sealed. *Training later than the test*: this check, by [data] time. *Metadata that tells the
answer*: `leaking_columns`. *Few-shot examples taken from the data*: this check, by [task] prompt.

**How it decides.** *Sides*: equal or nearly equal inputs, shared passages of 8 words, shared
groups, by the hashes that guard the sealed test. *Instruction*: a run of 4 words and more, a line,
or a quotation that is a row's input, or nearly all of it. Sealed test rows are asked about by
hashes only, so nothing is opened. *Time*: the newest rows (as many as the test's share) are told
from the older ones by a model of words; if it does so with an AUC of 0.6 or more, 3 standard errors
above chance, rows change with time. How many test rows are older than the newest training row is
counted where the sides are known, and of a test that is dealt at random it is nearly all.

**When it cannot tell.** Times without a column, or written so that nobody can order them. Under 200
rows with a time it is not asked whether rows change. Once a test is sealed its times stay closed.
Of the instruction: paraphrases, and texts under 4 words. A passage in a script without spaces is
found only as nearly the same text.

**What to do.** Take the quoted rows out of the instruction, and write examples of your own, or drop
the rows. If rows change with time, put the newest ones into a file of their own and name it in
[data] test: the check names the day. Rows of training that show your own test are removed from
training by `surpass split`.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

import polars as pl

from surpass.core.columns import PARTNER, REASON, ROW, TIME
from surpass.core.settings import Section, Split
from surpass.core.settings.section import Count, Share
from surpass.core.wording import counted
from surpass.data.checks.beside import Beside
from surpass.data.checks.result import (
    CheckResult,
    Evidence,
    Severity,
    cannot_tell,
    clear,
    evidence_frame,
)
from surpass.data.leaks import fingerprints, leaks_against
from surpass.data.moments import moment_of
from surpass.data.quoted import quoted_rows

NAME = "leakage"
NEEDS = ("later", "prompt", "side_of")

_GRAVITY: tuple[Severity, ...] = ("error", "fix", "review", "note")
_NAME_THEM = "Name the column of times in [data] time, and your instruction in [task] prompt."
_KNOWN = 0.9  # share of the rows whose time can be read, from which on times are asked about
_SHOWN = 50  # of the newest rows


class Options(Section, frozen=True, kw_only=True):
    """How large a test would be, and when rows count as changing with time."""

    test_share: Share = Split().test_share
    changing_auc: Share = 0.6  # of newest rows told from older ones, from which on rows change
    fewest_timed: Count = 200  # rows with a time, to ask whether they change
    most_timed: Count = 1_200  # that are compared; with more, so many drawn by a hash of their ids


class _Part(NamedTuple):
    """What one of the ways says."""

    said: str
    evidence: list[Evidence]
    severity: Severity = "review"
    advice: str = ""
    judged: bool = True  # False: it has nothing to go by


def find(examples: pl.DataFrame, options: Options, kind: str, beside: Beside) -> CheckResult:  # noqa: ARG001
    """Look for leaks between sides, through the instruction, and through time."""
    total = examples.height
    if total == 0:
        return cannot_tell(NAME, 0, "There are no rows.", "Name files with rows in [data] train.")
    parts = [
        *_sides(examples, beside),
        _instruction(examples, beside),
        _time(examples, options, beside),
    ]
    found = [part for part in parts if part.evidence]
    found.sort(key=lambda part: _GRAVITY.index(part.severity))
    said = " ".join(part.said for part in [*found, *(p for p in parts if not p.evidence)])
    if not found:
        judged = any(part.judged for part in parts)
        return clear(NAME, total, said) if judged else cannot_tell(NAME, total, said, _NAME_THEM)
    return CheckResult(
        check=NAME,
        examined=total,
        state="found",
        severity=found[0].severity,
        summary=said,
        advice=" ".join(part.advice for part in found),
        evidence=evidence_frame(item for part in found for item in part.evidence),
    )


def _sides(examples: pl.DataFrame, beside: Beside) -> Iterator[_Part]:
    """Rows of training that show the user's own validation or test rows."""
    for side in beside.later:
        if side.sealed:
            continue  # `surpass check` compares with a sealed test by itself, and stops
        pairs = leaks_against(examples, side.prints)
        if pairs.is_empty():
            yield _Part(f"No row shows one of your own {side.name} rows.", [])
            continue
        shown = pairs.unique(PARTNER, keep="first", maintain_order=True)
        how = Counter(reason.rstrip(".").lower() for reason in pairs.unique(ROW)[REASON])
        listed = "; ".join(f"{times:,} x {reason}" for reason, times in how.most_common())
        yield _Part(
            f"{counted(pairs[ROW].n_unique(), 'row')} of your own {side.name} can be seen in "
            f"{counted(shown.height, 'row')} of training ({listed}).",
            [
                Evidence(mine, theirs, f"It shows row {theirs} of {side.name}: {reason}")
                for theirs, mine, reason in shown.select(ROW, PARTNER, REASON).iter_rows()
            ],
            advice=f"`surpass split` removes them from training; your {side.name} stays as it is.",
        )


def _instruction(examples: pl.DataFrame, beside: Beside) -> _Part:
    """Rows that the instruction quotes; a test row there is an error, a training row is fine."""
    if beside.prompt is None:
        return _Part("No instruction of yours could quote a row.", [], judged=False)
    sides = [("", fingerprints(examples)), *((side.name, side.prints) for side in beside.later)]
    evidence = []
    counts = Counter[str]()
    for name, prints in sides:
        for row, reason in quoted_rows(beside.prompt, prints).iter_rows():
            side = name or beside.side_of.get(row, "")
            counts[side] += 1
            if side != "train":
                where = f" It is a row of {side}." if side else " It may become a row of the test."
                evidence.append(Evidence(row, None, reason + where))
    taught = counts.pop("train", 0)
    fine = f" {counted(taught, 'row')} of train there does no harm." if taught else ""
    if not evidence:
        return _Part(f"The instruction quotes no row of valid or test.{fine}", [])
    listed = ", ".join(
        f"{times:,} of {side}" if side else f"{times:,} not dealt to a side yet"
        for side, times in counts.items()
    )
    return _Part(
        f"The instruction quotes {counted(len(evidence), 'row')} of the data ({listed}).{fine}",
        evidence,
        severity="error" if counts["test"] else "review",
        advice="Write examples of your own into the instruction, or drop those rows from the data.",
    )


class _Times(NamedTuple):
    """Rows with their moments, the oldest first: ROW, TIME as datetime."""

    rows: pl.DataFrame
    test: list[datetime]  # of test rows, where they are known
    test_known: bool
    train_newest: datetime | None  # none: the sides are not known

    @property
    def older(self) -> int:
        """Test rows that are older than the newest training row."""
        newest = self.train_newest
        return 0 if newest is None else sum(moment < newest for moment in self.test)


def _time(examples: pl.DataFrame, options: Options, beside: Beside) -> _Part:
    """Whether rows change with time, and what a test among older rows leaves unsaid."""
    timed = _moments(examples)
    if timed.height < _KNOWN * examples.height or timed[TIME].n_unique() < 2:
        said = "Whether training is later than the test cannot be told without times."
        return _Part(said, [], judged=False)
    times = _times(timed, beside)
    older = _older(times, beside, options)
    sides_known = times.test_known and times.train_newest is not None
    if sides_known and not times.older:
        return _Part("No test row is older than the newest training row.", [])
    if timed.height < options.fewest_timed:
        few = f"Under {options.fewest_timed} rows it cannot be told if it matters."
        return _Part(f"{older} {few}", [], judged=False)
    since = timed[TIME][-max(1, round(options.test_share * timed.height))]

    from surpass.data.newest import newest_told  # it imports scikit-learn

    told = newest_told(examples, timed, since, options.most_timed)
    if told is None:
        few = "Too few rows are left to ask if it matters."
        return _Part(f"{older} {few}", [], judged=False)
    auc, error = told
    said = f"{older} A model of words tells the newest rows from the older ones with an AUC of "
    if auc < options.changing_auc or auc - 3 * error < 0.5:
        return _Part(f"{said}{auc:.2f} (0.5 is chance): they do not seem to change.", [])
    newest = timed.filter(pl.col(TIME) >= since).tail(_SHOWN).reverse()
    return _Part(
        f"{said}{auc:.2f} (0.5 is chance): rows change with time, and what comes is like the "
        "newest.",
        [
            Evidence(row, None, f"It is of {moment:%Y-%m-%d}; a test of what is to come begins at "
                     f"{since:%Y-%m-%d}.")
            for row, moment in newest.iter_rows()
        ],
        advice=f"Put the rows since {since:%Y-%m-%d} into a file of their own and name it in "
        "[data] test.",
    )  # fmt: skip


def _moments(examples: pl.DataFrame) -> pl.DataFrame:
    """ROW and TIME of the rows whose time can be read, the oldest first."""
    moments = pl.Series(
        TIME, [moment_of(time) for time in examples[TIME]], dtype=pl.Datetime("us", "UTC")
    )
    return examples.select(ROW, moments).drop_nulls().sort(TIME, ROW)


def _times(timed: pl.DataFrame, beside: Beside) -> _Times:
    """Times by side, as far as the sides are known and open."""
    side = pl.Series("side", [beside.side_of.get(row, "") for row in timed[ROW]], dtype=pl.String)
    by_side = timed.with_columns(side)
    test = by_side.filter(pl.col("side") == "test")[TIME].to_list()
    known = bool(test)
    given = next((one for one in beside.later if one.name == "test"), None)
    if given is not None:
        own = [moment_of(time) for time in given.times]
        test, known = [moment for moment in own if moment is not None], not given.sealed
    taught = by_side.filter(~pl.col("side").is_in(["valid", "test"]))
    dealt = bool(beside.side_of) or (given is not None and not given.sealed)
    newest = taught[TIME].max() if dealt and taught.height else None
    return _Times(timed, test, known, newest if isinstance(newest, datetime) else None)


def _older(times: _Times, beside: Beside, options: Options) -> str:
    """How many test rows are older than what training has seen."""
    if times.test_known and times.train_newest is not None:
        return (
            f"{times.older:,} of {counted(len(times.test), 'test row')} came about before the "
            f"newest training row ({times.train_newest:%Y-%m-%d})."
        )
    if any(side.sealed for side in beside.later):
        return "The times of the sealed test stay closed."
    about = round(options.test_share * times.rows.height)
    return (
        f"A test that is dealt at random has some {about:,} rows, nearly all of them older than "
        "the newest training row."
    )
