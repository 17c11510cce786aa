"""Names of the columns of our frames. A frame of many rows is a polars frame with these columns.

Examples: ROW, INPUT, TARGET, GROUP, TIME, SOURCE, any number of ATTRIBUTE columns, and REFERENCES
where they are declared; TURNS where inputs are conversations.
Evidence of a check: ROW, PARTNER, REASON, PROPOSAL, COLUMN, REPLACEMENT.
Predictions of one model on one split: ROW, GROUP, TARGET, ANSWER, STATUS, PROBABILITIES, OUT_TOKENS
and the ATTRIBUTE and REFERENCES columns of the examples; IN_TOKENS, SECONDS, COST, SAMPLES and
PASSED where known.
Requests of the journal: REQUEST, TASK, AT, UNIT, SESSION, MODEL, RELEASE, EXPERIMENT, ARM, STATUS,
FINISH_REASON, LATENCY_MS, FIRST_TOKEN_MS, INPUT_TOKENS, OUTPUT_TOKENS, INPUT, OUTPUT, LABEL,
CONFIDENCE, COST, KEY.
Feedback of the journal: FEEDBACK, REQUEST, SESSION, UNIT, NAME, VALUE, LABEL, COMMENT, CORRECTION,
AT, KEY.
Exposures of the journal: EXPERIMENT, UNIT, ARM, SHARE, AT, REQUEST.
"""

ROW = "row"  # str: the user's id, else file stem and line; unique
INPUT = "input"  # str: what the model is given
TARGET = "target"  # str: the expected answer; records as compact JSON
GROUP = "group"  # str: rows of one group never straddle the split; the row itself if undeclared
TIME = "time"  # str or null: as the user wrote it
SOURCE = "source"  # str: file:line
TURNS = "turns"  # list[bool] or null: the input is a conversation (core/transcript.py), which the
# chat template renders as its turns; of each turn, whether it may be learned. Null: one text. Where
# no file holds conversations the column is left out
MADE_FROM = "made_from"  # str: of a row that mitigation added, the training row that it is made of
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

REQUEST = "request"  # str: id of a request, sorted as they came
TASK = "task"  # str: name of the task that was served
AT = "at"  # datetime, UTC, to the microsecond
UNIT = "unit"  # str: who is counted, such as one user; the request itself where nobody is named
SESSION = "session"  # str or null: one conversation
MODEL = "model"  # str: what the client asked for: an alias, a release, "base"
RELEASE = "release"  # str: what answered: "task@digest12" or "base"
EXPERIMENT = "experiment"  # str or null
ARM = "arm"  # str or null: which model of the experiment
FINISH_REASON = "finish_reason"  # str or null: "stop", "length", or why nothing came
LATENCY_MS = "latency_ms"  # f64 or null: from the request read to the answer complete
FIRST_TOKEN_MS = "first_token_ms"  # noqa: S105 (f64 or null: until the first token was ready)
INPUT_TOKENS = "input_tokens"  # int or null
OUTPUT_TOKENS = "output_tokens"  # int or null
OUTPUT = "output"  # str or null: the answer, redacted unless the task keeps all; null: not kept
LABEL = "label"  # str or null: the label that a classifier chose, or that feedback names
CONFIDENCE = "confidence"  # f64 or null: the chosen label's probability
KEY = "key"  # str or null: id of the access key; null: none was needed
FEEDBACK = "feedback"  # str: id of one vote; voting again replaces it
NAME = "name"  # str: what the vote is about, such as "helpful"
VALUE = "value"  # f64 or null: the vote as a number, yes is 1 and no is 0
COMMENT = "comment"  # str or null
CORRECTION = "correction"  # str or null: what the answer should have been
SHARE = "share"  # f64: of the units that the experiment gives this arm

LANGUAGE = "language"  # what the user's files may lack: then it is told from the input


def attribute(name: str) -> str:
    """The frame's column for the user's column `name`."""
    return ATTRIBUTE + name
