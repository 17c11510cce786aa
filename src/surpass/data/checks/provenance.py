"""Files of rows of which nobody says where they come from, or whether they may be used.

**Finds** files under [data] train, valid and test without origin, licence or consent under
[data.sources].

**Why it matters.** Who asks later where the model's training data came from (a customer, an
auditor, a person whose words are in it) gets no answer, and what may not be used is found too late.

**How it decides.** It reads what [data.sources."FILE"] states. It does not judge it: whether a
licence permits training, or a consent is valid, is for people.

**When it cannot tell.** While no file at all has a section: then nobody has begun to state sources.
It never knows whether what is stated is true.

**What to do.** Write origin, licence and consent of each file into surpass.toml. Where no person's
words are in a file, say so: consent = "no personal data".
"""

import polars as pl

from surpass.core.columns import ROW, SOURCE
from surpass.core.settings import Section
from surpass.core.settings.data import Source
from surpass.core.wording import counted
from surpass.data.checks.beside import Beside
from surpass.data.checks.result import CheckResult, Evidence, cannot_tell, clear, evidence_frame

NAME = "provenance"
NEEDS = ("sources",)

_EXAMPLE = 'Write [data.sources."{}"] with origin, licence and consent into surpass.toml.'


class Options(Section, frozen=True, kw_only=True):
    """What has to be stated of each file."""

    stated: tuple[str, ...] = ("origin", "licence", "consent")  # some of these three


def find(examples: pl.DataFrame, options: Options, kind: str, beside: Beside) -> CheckResult:  # noqa: ARG001
    """Name each file with what is not stated of it."""
    total, sources = examples.height, beside.sources
    if not sources or all(source is None for source in sources.values()):
        first = next(iter(sources), "FILE")
        summary = f"No source is stated for {counted(len(sources), 'file')}."
        return cannot_tell(NAME, total, summary, _EXAMPLE.format(first))
    gaps = {name: gap for name, one in sources.items() if (gap := _gap(one, options.stated))}
    if not gaps:
        summary = (
            f"{' and '.join(options.stated)} of all {counted(len(sources), 'file')} are stated."
        )
        return clear(NAME, total, summary[:1].upper() + summary[1:])
    first, missing = next(iter(gaps.items()))
    evidence = [
        Evidence(row, None, f"{name} ({counted(rows, 'row')}) states no {', no '.join(gap)}.")
        for name, gap in gaps.items()
        for row, rows in [_first_row(examples, name)]
    ]
    return CheckResult(
        check=NAME,
        examined=total,
        state="found",
        severity="review",
        summary=f"{len(gaps)} of {counted(len(sources), 'file')} "
        f"{'does' if len(gaps) == 1 else 'do'} not state all of its source: {first} states no "
        f"{', no '.join(missing)}.",
        advice=_EXAMPLE.format(first),
        evidence=evidence_frame(evidence),
    )


def _gap(source: Source | None, wanted: tuple[str, ...]) -> list[str]:
    """What is not stated of a file."""
    given = {} if source is None else {n: getattr(source, n) for n in source.__struct_fields__}
    return [name for name in wanted if not (given.get(name) or "").strip()]


def _first_row(examples: pl.DataFrame, name: str) -> tuple[str, int]:
    """A file's first row and how many it has here; the file's name where its rows are closed."""
    inside = examples.filter(pl.col(SOURCE).str.replace(r":\d+$", "") == name)[ROW]
    return (inside[0], inside.len()) if inside.len() else (name, 0)
