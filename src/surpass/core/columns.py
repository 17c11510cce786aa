"""Names of the columns of our frames. A frame of many rows is a polars frame with these columns.

Examples: ROW, INPUT, TARGET, GROUP, TIME, SOURCE, any number of ATTRIBUTE columns, and REFERENCES
where they are declared.
Evidence of a check: ROW, PARTNER, REASON, PROPOSAL, COLUMN, REPLACEMENT.
Predictions of one model on one split: ROW, GROUP, TARGET, ANSWER, STATUS, PROBABILITIES, OUT_TOKENS
and the ATTRIBUTE and REFERENCES columns of the examples; IN_TOKENS, SECONDS, COST, SAMPLES and
PASSED where known.
"""

ROW = "row"  # str: the user's id, else file stem and line; unique
INPUT = "input"  # str: what the model is given
TARGET = "target"  # str: the expected answer; records as compact JSON
GROUP = "group"  # str: rows of one group never straddle the split; the row itself if undeclared
TIME = "time"  # str or null: as the user wrote it
SOURCE = "source"  # str: file:line
ATTRIBUTE = "@"  # prefix of every other column of the user's file, as str or null: "@region"

ANNOTATOR = "annotator"  # str: who gave an answer
GIVEN = "given"  # str: the answer as the files give it, before people reviewed it

PARTNER = "partner"  # str or null: the other row of a pair
REASON = "reason"  # str: one sentence for people
PROPOSAL = "proposal"  # "drop", "fix", "review"
COLUMN = "column"  # str or null: the column of the examples that a proposed fix changes
REPLACEMENT = "replacement"  # str or null: the value of a proposed fix

ANSWER = "answer"  # str: what the model wrote, or the label it chose
STATUS = "status"  # "ok", "unreadable" or "truncated"
PROBABILITIES = "probabilities"  # list[f64] in the order of the label set, or null
OUT_TOKENS = "out_tokens"  # int or null: generated tokens, 0 for scored labels
IN_TOKENS = "in_tokens"  # int or null: tokens of the prompt
SECONDS = "seconds"  # f64 or null: wall seconds until this row's answer was complete
COST = "cost"  # f64 or null: price of this row's answer, in the currency of the price

REFERENCES = "references"  # list[str] or null: texts as good as the target; may be left out

SAMPLES = "samples"  # int: answers to the row that were judged
PASSED = "passed"  # int: how many of them passed; for code by its tests, run apart from the answer
PASSED_DEFAULT = "passed_default"  # int: the same with answer and tests in one process
OUTCOMES = "outcomes"  # list[str]: what became of each answer, a word

BASE_LOSS = "base_loss"  # f64: of a text, nats per token, by the base model
TUNED_LOSS = "tuned_loss"  # f64: the same by the tuned model


def attribute(name: str) -> str:
    """The frame's column for the user's column `name`."""
    return ATTRIBUTE + name
