"""Texts that stop too early.

**Finds** inputs, and written answers, that seem cut off: another row has the same text and more;
the last word is the beginning of commoner ones, or one that other words nearly always follow; many
texts end at one and the same length; a bracket stays open in an answer; nearly all texts end in a
full stop and this one does not.

**Why it matters.** A cut input may lack what its answer rests on, so the model learns to make
things up; a cut answer teaches it to stop in mid-sentence. It is most often an export's length
limit.

**How it decides.** By the rules above, each named in the row's reason; only texts of at least 5
words (15 letters in scripts without spaces) are looked at. Records and labels are not: `structure`
finds broken JSON.

**When it cannot tell.** A text cut between two sentences looks complete, and in scripts without
spaces one cut within a word. Cut after a whole word, it is found where nearly all texts end in a
full stop (9 of 10), and seldom where people write without (2 of 10). With 1 in 10 of 1,500 public
rows cut within a word, 6 of 10 cuts were found in spoken commands and SMS, 8 of 10 in bank
questions and sums, and 9 of 10 finds were cuts. Of rows left whole, fewer than 1 in 100 were called
cut.

**What to do.** Export the full texts again. Rows that stay cut are better dropped.
"""

import re
from collections.abc import Iterator

import polars as pl

from surpass.core.columns import INPUT, ROW, TARGET
from surpass.core.settings import Section
from surpass.core.settings.section import Count, Share
from surpass.core.wording import counted
from surpass.data.checks.result import CheckResult, Evidence, clear, evidence_frame
from surpass.data.last_words import STOPPED_SHARE, half_words, unfinished, usage
from surpass.text.canonical import canonical
from surpass.text.shingles import spaceless
from surpass.text.spaceless import begins_so

NAME = "truncated"

_STOPS = r"""[.!?…。！？:;)\]}>"'”’»*`|]$|https?://\S+$"""  # noqa: RUF001
_OFTEN = 0.25  # share of texts without a full stop that end so: then all of them were cut
_LONG_WORDS = 12  # from here on a text that another one extends is hardly a question of its own
_LETTERS_A_WORD = 3  # in scripts without spaces
_BRACKETS = {")": "(", "]": "[", "}": "{"}
_SMILEYS = re.compile(r"[:;=]['-]?[()\[\]{}]+")


class Options(Section, frozen=True, kw_only=True):
    """How much evidence a cut needs."""

    fewest_words: Count = 5  # of a text that is looked at
    pile_rows: Count = 5  # texts of one length, the longest there is, that show a limit
    stop_share: Share = 0.95  # of the texts that end in a full stop, for the others to stand out


def find(examples: pl.DataFrame, options: Options, kind: str) -> CheckResult:
    """Name each row's first sign of a cut, in the input and in written answers."""
    columns = {INPUT: "input"} | ({TARGET: "answer"} if kind == "generate" else {})
    evidence = []
    for column, name in columns.items():
        seen: set[str] = set()
        texts = examples.select(ROW, pl.col(column).str.strip_chars().alias("text"))
        words = texts.filter(_words(texts["text"]) >= options.fewest_words)
        unstopped = words.filter(~pl.col("text").str.contains(_STOPS))
        for row, partner, sign in _signs(texts["text"], words, unstopped, column, options):
            if row not in seen:
                seen.add(row)
                evidence.append(Evidence(row, partner, f"The {name} {sign}.", "review", column))
    if not evidence:
        return clear(NAME, examples.height, "No text shows a sign of being cut off.")
    rows = len({item.row for item in evidence})
    return CheckResult(
        check=NAME,
        examined=examples.height,
        state="found",
        severity="review",
        summary=f"{counted(rows, 'row seems', 'rows seem')} cut off "
        f"({rows / examples.height:.1%} of all).",
        advice="Export the full texts again, or drop those rows.",
        evidence=evidence_frame(evidence),
    )


def _words(texts: pl.Series) -> pl.Series:
    """Words of each text; in scripts without spaces three letters count as one."""
    letters = texts.str.len_chars() // _LETTERS_A_WORD
    counted_words = pl.Series(texts.str.count_matches(r"\w+"))
    return counted_words.zip_with(~spaceless(texts), letters)


def _signs(
    texts: pl.Series, words: pl.DataFrame, unstopped: pl.DataFrame, column: str, options: Options
) -> Iterator[tuple[str, str | None, str]]:
    """Row, partner and what shows the cut; the surest signs first."""
    yield from _extended(words)
    for row in _at_the_limit(texts, unstopped, options.pile_rows):
        yield row, None, "ends at the greatest length, as many others do, without a full stop"
    spaced = unstopped.filter(~spaceless(unstopped["text"]))
    used, stopped_share = usage(texts), 1 - unstopped.height / max(words.height, 1)
    for row, word in half_words(spaced, used):
        yield row, None, f"ends in the middle of a word ({word!r})"
    for row, text in words.iter_rows() if column == TARGET else ():
        if bracket := _open_bracket(text):
            yield row, None, f"leaves a bracket open ({bracket})"
    followed = unfinished(spaced, used, words.height)
    for row, word in followed:
        yield row, None, f"ends in {word!r}, which other words follow elsewhere"
    often = stopped_share >= STOPPED_SHARE and len(followed) >= _OFTEN * unstopped.height
    if words.height > 20 and (stopped_share > options.stop_share or often):
        for row in unstopped[ROW]:
            yield row, None, "has no full stop at its end, as most others have"


def _extended(words: pl.DataFrame) -> Iterator[tuple[str, str | None, str]]:
    """Texts that another row begins with, and goes on from.

    In alphabetical order a text's extensions follow it directly. A text that ends in a full stop is
    complete, whatever another row adds; so is a short question that another row asks at length.
    """
    forms = words.with_columns(canonical(words["text"]).alias("form")).sort("form", ROW)
    following = forms.unique("form", keep="first", maintain_order=True).select(
        "form", pl.col("form").shift(-1).alias("longer"), pl.col(ROW).shift(-1).alias("partner")
    )
    begun = following.filter(pl.col("longer").str.starts_with(pl.col("form")))
    open_ended = forms.filter(~pl.col("text").str.contains(_STOPS))
    found = open_ended.join(begun, on="form", maintain_order="left")
    for row, form, longer, partner in found.select(ROW, "form", "longer", "partner").iter_rows():
        bare = begins_so(form[-1])
        within_word = longer[len(form)].isalnum() and form[-1].isalnum() and not bare
        long = (len(form) // _LETTERS_A_WORD if bare else form.count(" ") + 1) >= _LONG_WORDS
        if within_word or (long and _goes_on(form, longer)):
            yield row, partner, f"stops where row {partner} goes on"


def _goes_on(form: str, longer: str) -> bool:
    """Whether the longer text adds words, not only a question mark."""
    return any(character.isalnum() for character in longer[len(form) :])


def _at_the_limit(texts: pl.Series, unstopped: pl.DataFrame, pile_rows: int) -> list[str]:
    """Rows at the greatest length, if so many stop there that an export must have cut them."""
    lengths = texts.str.len_chars()
    longest = lengths.max()
    if not isinstance(longest, int) or int((lengths == longest).sum()) < pile_rows:
        return []
    return unstopped.filter(pl.col("text").str.len_chars() == longest)[ROW].to_list()


def _open_bracket(text: str) -> str | None:
    """The first bracket that is never closed; smileys are none."""
    waiting: list[str] = []
    for character in _SMILEYS.sub("", text):
        if character in _BRACKETS.values():
            waiting.append(character)
        elif waiting and waiting[-1] == _BRACKETS.get(character):
            waiting.pop()
    return waiting[0] if waiting else None
