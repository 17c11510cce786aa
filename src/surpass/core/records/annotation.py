"""What somebody said the right answer to a row is, wherever they said it."""

from typing import Literal

import msgspec

Verdict = Literal["answered", "accepted", "rejected", "skipped", "undone"]
"""Given by the annotator; proposed to them and found right; found useless; not judged; taken back.
"""


class Annotation(msgspec.Struct, frozen=True, kw_only=True):
    """One line of answers/annotations.jsonl; a later one of the same person on a row replaces it.

    A skipped row is not a rejected one: of the first nothing is known, the second should not teach.
    """

    at: str  # ISO 8601, UTC
    by: str  # the annotator
    row: str
    digest: str  # `digest_text` of the input that they saw: on another one their answer is stale
    verdict: Verdict
    value: str | None = None  # the answer, as TARGET holds it; none if rejected or skipped
    via: str = "page"  # "page", "label-studio" or "prodigy"
    reference: str = ""  # its id there, so that it is taken in once
    queue: str = ""  # the tasks it answers
    seconds: float | None = None
    comment: str = ""  # of a skipped row: why
    saw: bool = False  # True: a model's answer was shown to them
