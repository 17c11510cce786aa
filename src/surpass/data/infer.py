"""Guess from the columns what the task is, and say on what grounds."""

import json
import re

import msgspec
import polars as pl

from surpass.core.errors import BadInput
from surpass.data.infer_code import CodeColumns, code_columns

FEWEST_ROWS = 2
MOST_LABELS = 200
LONGEST_LABEL = 60  # characters
_REPEATS = 2  # mean rows a label must have
MOST_SLICES = 12  # distinct values of a slice column
_FEWEST_GROUPS = 3  # one for each side of the split
_TIME_SHARE = 0.95  # of the values must read as dates

# fmt: off
_INPUTS = frozenset((
    "text", "input", "question", "query", "prompt", "message", "utterance", "sentence", "body",
))
_OUTPUTS = frozenset((
    "label", "intent", "output", "target", "answer", "reply", "completion", "response", "record",
    "category", "class", "reference", "summary",
))
_GROUPS = frozenset((
    "customer", "user", "person", "member", "employee", "sender", "conversation", "patient",
    "author", "account", "client", "session", "thread", "document", "group", "speaker",
))
# fmt: on
_IDS = frozenset(("id", "uid", "uuid", "guid", "key", "row", "index"))
_FLAG_SHARE = 0.98  # of the rows with one value, from which on a column is hardly the answer
_FEW_ROWS = 20  # too few to see labels repeat
_TIMES = ("time", "date", "created", "timestamp", "day")


class Inferred(msgspec.Struct, frozen=True, kw_only=True):
    """A guess, with a sentence on each part of it."""

    kind: str  # "classify", "extract", "generate" or "code"
    input: str
    output: str
    group: str | None
    possible_group: str | None  # named like a group, but no value repeats yet
    time: str | None
    id: str | None
    slices: tuple[str, ...]
    code: CodeColumns | None = None  # where the tests stand, of a task of kind "code"
    notes: tuple[str, ...]


def infer(
    frame: pl.DataFrame,
    file: str,
    input: str | None,  # noqa: A002
    output: str | None,
    *,
    told: str = "you named it",
) -> Inferred:
    """Guess the task of a file.

    Args:
        frame: All columns as text, as read_rows gives them.
        file: Name of the file, for the error.
        input: The input column, if the user named it.
        output: The output column, if the user named it.
        told: Who named them, in the words of the notes.

    Raises:
        BadInput: too few rows or columns, a named column that is not there, or nothing to learn
            because all answers are equal.
    """
    _require_rows(frame, file, input, output)
    notes: list[str] = []
    code = code_columns(frame, input, output)
    known = {name for name in code or () if name is not None}
    answer = output or (code.output if code else _output(frame, input, file))
    asked = input or _input(frame.select(pl.exclude(sorted(known - {answer}))), answer)
    kind, why = _code(code) if code else kind_of(frame[answer])
    notes.append(f"Input is {asked!r}: " + (f"{told}." if input else "the longest text."))
    notes.append(f"Output is {answer!r}: " + (f"{told}; " if output else "") + why)
    _require_variety(frame[answer], answer, file)
    rest = [name for name in frame.columns if name not in {asked, answer, *known}]
    identity = next((name for name in rest if _is_id(frame[name])), None)
    rest = [name for name in rest if name != identity]
    group = next((name for name in rest if is_group(frame[name])), None)
    possible = None if group else next((n for n in rest if _may_be_group(frame[n])), None)
    rest = [name for name in rest if name not in {group, possible}]
    time = next((name for name in rest if _is_time(frame[name])), None)
    slices = tuple(name for name in rest if name != time and _is_slice(frame[name], frame[answer]))
    notes += [group_note(group, possible), *_notes(time, identity, slices)]
    return Inferred(
        kind=kind, input=asked, output=answer, group=group, possible_group=possible, time=time,
        id=identity, slices=slices, code=code, notes=tuple(notes),
    )  # fmt: skip


def _require_rows(frame: pl.DataFrame, file: str, input: str | None, output: str | None) -> None:  # noqa: A002
    for name in (input, output):
        if name is not None and name not in frame.columns:
            listed = ", ".join(frame.columns)
            raise BadInput(
                f"{file} has no column {name!r}; it has {listed}.", fix="Name one of them."
            )
    if input is not None and input == output:
        raise BadInput(
            f"{file}: {input!r} is named as input and as output.", fix="Name two columns."
        )
    if frame.width < 2:
        raise BadInput(
            f"{file} has one column ({frame.columns[0]}); an input and an output are needed.",
            fix="Add a column with the expected answers.",
        )
    if frame.height < FEWEST_ROWS:
        raise BadInput(f"{file} has {frame.height} row.", fix="Collect more rows.")


def _require_variety(answers: pl.Series, name: str, file: str) -> None:
    distinct = answers.drop_nulls().unique()
    if _are_labels(answers) and name in distinct:
        raise BadInput(
            f"{file}: the first line ({name!r}, …) looks like a row, not like names of columns.",
            fix="Put a line with the names of the columns first, such as `text,label`.",
        )
    if distinct.is_empty():
        raise BadInput(f"{file}: the output {name!r} is empty on every row.", fix="Fill it.")
    if distinct.len() == 1:
        raise BadInput(
            f"{file}: all {answers.len()} rows have the same output ({distinct[0][:60]!r} in "
            f"{name!r}, one class), so there is nothing to learn.",
            fix="Add rows with other answers, or name another column as output.",
        )


def _output(frame: pl.DataFrame, taken: str | None, file: str) -> str:
    """Records, else what is named like an answer, else labels, else the next longest text."""
    plain = [name for name in frame.columns if not _is_background(frame[name])]
    longest_first = sorted(plain, key=lambda name: -_mean_length(frame[name]))
    asked = taken or next(iter(_named(plain, _INPUTS) or longest_first), None)
    left = [name for name in longest_first if name != asked]
    records = [name for name in left if _are_records(frame[name])]
    labels = [name for name in left if _are_labels(frame[name])]
    labels.sort(key=lambda name: _says_one_thing(frame[name]))  # stable: the longest stay first
    for found in (records, _named(left, _OUTPUTS), labels, left):
        if found:
            return found[0]
    raise BadInput(
        f"{file}: none of the columns {', '.join(frame.columns)} looks like an answer.",
        fix="Name it with --output.",
    )


def _says_one_thing(column: pl.Series) -> bool:
    """Whether nearly all rows have one value: a flag, from which there is little to learn."""
    commonest = column.drop_nulls().value_counts()["count"].max()
    filled = column.len() - column.null_count()
    return not isinstance(commonest, int) or commonest > _FLAG_SHARE * filled


def _is_background(column: pl.Series) -> bool:
    """What is neither asked nor answered: empty, or a name of the row, a group, a date."""
    empty = column.null_count() == column.len()
    group = is_group(column) or _may_be_group(column)
    return empty or _is_id(column) or group or _is_time(column)


def _input(frame: pl.DataFrame, output: str) -> str:
    """A column with the name of an input, else the one with the longest texts."""
    names = [name for name in frame.columns if name != output]
    longest_first = sorted(names, key=lambda name: -_mean_length(frame[name]))
    named = [name for name in _named(names, _INPUTS) if not _are_labels(frame[name])]
    return (named or longest_first)[0]


def kind_of(answers: pl.Series) -> tuple[str, str]:
    """The kind of task whose expected answers these are, and why."""
    if _are_records(answers):
        return "extract", "its values are JSON objects, so records are extracted."
    distinct = answers.n_unique()
    if _are_labels(answers):
        return "classify", f"it has {distinct} distinct short values, so labels are chosen."
    return (
        "generate",
        f"it has {distinct} distinct texts on {answers.len()} rows, so text is written.",
    )


def _code(code: CodeColumns) -> tuple[str, str]:
    return "code", f"{code.tests!r} asserts what it returns, so functions are written and run."


def _are_records(column: pl.Series) -> bool:
    """Nine of ten values are JSON objects; a few damaged ones are a finding, not another task."""
    values = column.drop_nulls()
    likely = values.filter(values.str.starts_with("{"))
    return likely.len() > 0.9 * values.len() and sum(map(_is_object, likely)) >= 0.9 * values.len()


def _is_object(text: str) -> bool:
    try:
        return isinstance(json.loads(text), dict)
    except ValueError:
        return False


def _are_labels(column: pl.Series) -> bool:
    """Few distinct short values, on two rows each on average; single words where rows are few."""
    values = column.drop_nulls()
    distinct = values.unique()
    if values.is_empty() or distinct.len() > MOST_LABELS:
        return False
    longest = distinct.str.len_chars().max()
    repeated = distinct.len() * _REPEATS <= values.len()
    words = values.len() < _FEW_ROWS and not distinct.str.contains(r"\s").any()
    return (repeated or words) and isinstance(longest, int) and longest <= LONGEST_LABEL


def _named(names: list[str], words: frozenset[str]) -> list[str]:
    """The columns that have one of the words as a part of their name."""
    return [name for name in names if words & set(re.split(r"[\W_]+", name.lower()))]


def _mean_length(column: pl.Series) -> float:
    mean = column.fill_null("").str.len_chars().mean()
    return float(mean) if isinstance(mean, int | float) else 0.0


def _is_id(column: pl.Series) -> bool:
    """A value of its own on every row, under a name of the row's own: of nobody else."""
    full = column.null_count() == 0 and column.n_unique() == column.len()
    parts = _parts(column.name)
    return full and parts[-1] in _IDS and not _named_like_group(column)


def is_group(column: pl.Series) -> bool:
    """The name of someone or something that several rows come from, and values that repeat.

    A few values that all rows share out are kinds of customers rather than customers, unless the
    name says that they are ids.
    """
    distinct = column.drop_nulls().n_unique()
    kinds = distinct <= MOST_SLICES and distinct * 5 <= column.len()
    ids = _parts(column.name)[-1] in _IDS
    many = distinct >= _FEWEST_GROUPS and (ids or not kinds)
    return _named_like_group(column) and many and distinct < column.len()


def _may_be_group(column: pl.Series) -> bool:
    """Named like a group, but every row has another value, of one word."""
    full = column.null_count() == 0 and column.n_unique() == column.len()
    return full and _named_like_group(column) and not column.str.contains(r"\s").any()


def _named_like_group(column: pl.Series) -> bool:
    """Someone or something that rows come from; a "user message" is what one of them said."""
    parts = _parts(column.name)
    says = not {*_INPUTS, *_OUTPUTS}.isdisjoint(parts)
    return not says and any(part.removesuffix("id") in _GROUPS for part in parts)


def _parts(name: str) -> list[str]:
    """Words of a column's name: customer and id of "customerId", "customer_id", "Customer ID"."""
    spaced = re.sub(r"([a-z0-9])([A-Z])", r"\1 \2", name)
    return re.findall(r"[^\W_]+", spaced.lower()) or [""]


def _is_time(column: pl.Series) -> bool:
    """A name that speaks of time, or values that look like ISO dates, and that read as dates."""
    values = column.drop_nulls()
    named = any(word in column.name.lower() for word in _TIMES)
    iso = values.str.contains(r"^\d{4}-\d{2}-\d{2}").mean()
    if values.is_empty() or not (named or iso == 1.0):
        return False
    dated = (
        r"^(\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}|\d{10}(\d{3})?(\.\d+)?$)"
    )
    share = values.str.contains(dated).mean()
    return isinstance(share, float) and share >= _TIME_SHARE


def _is_slice(column: pl.Series, answers: pl.Series) -> bool:
    """2 to 12 values, each on several rows, and not the answer under another name."""
    distinct = column.drop_nulls().n_unique()
    if not 2 <= distinct <= MOST_SLICES or distinct * 5 > column.len():
        return False
    pairs = pl.DataFrame({"value": column, "answer": answers}).drop_nulls()
    told = pairs.group_by("value").agg(pl.col("answer").n_unique().alias("answers"))
    return bool((told["answers"] > 1).any()) or answers.n_unique() > 10 * distinct


def group_note(group: str | None, possible: str | None) -> str:
    """What keeps rows together, as a sentence."""
    if group:
        return f"Rows of one {group!r} stay on one side of the split."
    if possible:
        return (
            f"{possible!r} may be a group, but no value repeats: each row stands for itself. "
            "Set [data] group to it if rows of one will follow."
        )
    return "No column names a customer, user or conversation: each row stands for itself."


def _notes(time: str | None, identity: str | None, slices: tuple[str, ...]) -> list[str]:
    notes = [f"{time!r} reads as dates: when rows came about."] if time else []
    notes += [f"{identity!r} names the rows: no value repeats."] if identity else []
    notes += (
        [f"Slices judged apart: {', '.join(slices)} (2 to {MOST_SLICES} values)."] if slices else []
    )
    return notes
