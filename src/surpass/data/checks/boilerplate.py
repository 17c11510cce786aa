"""Written answers that no person meant as one: refusals, talk about itself, loops, the input again.

**Finds** answers that speak as a machine ("As an AI language model", "my knowledge cutoff");
answers that refuse; answers that go round in circles; answers that say the input again, whole, with
or without more behind it. Of records, the values are looked at.

**Why it matters.** Such answers were mostly written by another model, or left by a failed export. A
few hundred of them teach a model to refuse, to speak of itself, or not to stop.

**How it decides.** Phrases in English for the first two. Circles: more than half of the runs of 4
words stood there before (texts of 24 words or more), one piece stands 4 times on end at the end, or
zlib makes the text 6 times shorter (200 characters or more). The input again: the answer begins
with all words of the input, which are 6 or more.

**When it cannot tell.** For labels and code. Refusals in other languages, and polite evasions, are
not found; a refusal that your guideline asks for is. Texts in verse and tables repeat themselves on
purpose.

**What to do.** Look at the rows; drop or rewrite those that nobody meant. Where the answers are
meant to refuse or to repeat the input, there is nothing to mend.
"""

import re
from collections import Counter
from collections.abc import Iterator

import polars as pl

from surpass.core.columns import INPUT, ROW, TARGET
from surpass.core.settings import Section
from surpass.core.settings.section import Count, Share
from surpass.core.wording import counted
from surpass.data.checks.result import CheckResult, Evidence, cannot_tell, clear, evidence_frame
from surpass.data.fields import fields_of
from surpass.measure.refusal import refuses
from surpass.text.repetition import compression, final_loop, repeated_share
from surpass.text.spaceless import begins_so

NAME = "boilerplate"

_MACHINE = re.compile(
    r"\bas an? (?:ai|artificial intelligence|(?:large )?language model|virtual assistant"
    r"|chat ?bot)\b"
    r"|\bi(?: am|'m) (?:just |only )?an? (?:ai\b|artificial intelligence|(?:large )?language model)"
    r"|\bmy (?:knowledge cut-?off|training data|last (?:knowledge )?update)\b"
    r"|\b(?:trained|developed|created) by (?:openai|anthropic|google deepmind|meta ai)\b"
    r"|^(?:sure|certainly|of course)[!,.]? here(?:'s| is| are) (?:the|a|an|your) "
    r"(?:rewritten|revised|possible|requested|generated|sample)\b"
)
_OFTEN = 0.3  # share of rows from which on a habit may be the task


class Options(Section, frozen=True, kw_only=True):
    """What counts as a circle, and as the input again."""

    repeated_share: Share = 0.5  # of the runs of 4 words, that stood there before
    compression: Count = 6  # times that zlib makes the text shorter
    fewest_words: Count = 6  # of an input that an answer repeats


def find(examples: pl.DataFrame, options: Options, kind: str) -> CheckResult:
    """Name the first sign in each answer."""
    total = examples.height
    if kind not in ("generate", "extract"):
        return cannot_tell(NAME, total, "Only written answers and records are looked at.")
    if total == 0:
        return cannot_tell(NAME, 0, "There are no rows.", "Name files with rows in [data] train.")
    found = [
        (row, what, detail)
        for row, asked, text in _texts(examples, kind)
        for what, detail in _first(asked, text, options)
    ]
    if not found:
        return clear(NAME, total, "No answer refuses, loops, speaks as a machine or repeats.")
    evidence = [Evidence(row, None, f"The answer {what}{more}.") for row, what, more in found]
    kinds = Counter(what for _, what, _ in found)
    rows = len({row for row, _, _ in found})
    listed = "; ".join(f"{number:,} x {what}" for what, number in kinds.most_common())
    return CheckResult(
        check=NAME,
        examined=total,
        state="found",
        severity="review",
        summary=f"{counted(rows, 'answer')} of {total:,} may be nobody's: {listed}.",
        advice="If the task asks for such answers, keep them; else drop or rewrite them."
        if rows >= _OFTEN * total
        else "Drop or rewrite those that nobody meant.",
        evidence=evidence_frame(evidence),
    )


def _texts(examples: pl.DataFrame, kind: str) -> Iterator[tuple[str, str, str]]:
    """Row, input and what was written: the answer, or each value of the record."""
    rows, asked, answers = (examples[name] for name in (ROW, INPUT, TARGET))
    if kind == "generate":
        yield from zip(rows, asked, answers, strict=True)
        return
    for row, text, fields in zip(rows, asked, fields_of(answers), strict=True):
        for value in (fields or {}).values():
            yield row, text, value


def _first(asked: str, text: str, options: Options) -> Iterator[tuple[str, str]]:
    """What is wrong with an answer, and a detail; nothing where nothing is."""
    plain = " ".join(text[:2000].replace("\u2019", "'").casefold().split())
    if machine := _MACHINE.search(plain):
        yield "speaks as a machine", f' ("{machine.group()[:40]}")'
    elif refuses(text):
        yield "refuses", ""
    elif circle := _circle(text, options):
        yield "goes round in circles", f" ({circle})"
    elif again := _again(asked, text, options.fewest_words):
        yield "says the input again", again


def _circle(text: str, options: Options) -> str:
    """How a text repeats itself; empty where it does not."""
    share, times = repeated_share(text), compression(text)
    if share is not None and share > options.repeated_share:
        return f"{share:.0%} of its runs of 4 words stood there before"
    if times is not None and times > options.compression:
        return f"zlib makes it {times:.0f} times shorter"
    return "it ends in one piece 4 times on end" if final_loop(text) else ""


def _again(asked: str, text: str, fewest: int) -> str:
    """Whether an answer begins with all words of its input; empty where it does not."""
    if text[:1].casefold() != asked[:1].casefold():
        return ""
    word = r"\w{1,3}" if begins_so(asked) else r"\w+"
    words = re.findall(word, asked.casefold())
    said = re.findall(word, text[: 2 * len(asked) + 100].casefold())
    if len(words) < fewest or said[: len(words)] != words:
        return ""
    return " and nothing else" if len(said) == len(words) else " and goes on"
