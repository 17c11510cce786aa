"""[task]: what goes in, what must come out."""

from surpass.core.settings.section import Section


class Classify(Section, frozen=True, kw_only=True, tag_field="kind", tag="classify"):
    """One label out of a closed set; every label is scored, none can be misread."""

    name: str  # of the project, for reports
    input: str = "text"  # the column that the model is given
    output: str = "label"  # the column that it must answer
    prompt: str | None = None  # file with the instruction; `{labels}` is replaced by the label set
    labels: tuple[str, ...] = ()  # closed set; empty: the labels of the training rows


class Extract(Section, frozen=True, kw_only=True, tag_field="kind", tag="extract"):
    """A flat JSON record with the facts that the input states."""

    name: str  # of the project, for reports
    input: str = "text"  # the column that the model is given
    output: str = "record"  # a column with JSON objects
    prompt: str | None = None  # file with the instruction
    fields: tuple[str, ...] = ()  # closed set of keys; empty: the keys of the training rows


class Generate(Section, frozen=True, kw_only=True, tag_field="kind", tag="generate"):
    """Free text."""

    name: str  # of the project, for reports
    input: str = "text"  # the column that the model is given
    output: str = "answer"  # the column with the expected text
    prompt: str | None = None  # file with the instruction


class Code(Section, frozen=True, kw_only=True, tag_field="kind", tag="code"):
    """Python that must pass its row's tests; answers are run, in a jail and nowhere else."""

    name: str  # of the project, for reports
    input: str = "prompt"  # the column that the model is given: a signature, a docstring, or words
    output: str = "canonical_solution"  # the column with a solution that passes the tests
    tests: str = "test"  # the column with Python: asserts, or a function `check(candidate)`
    entry_point: str | None = None  # the column that names the function under test
    prompt: str | None = None  # file with the instruction


Task = Classify | Extract | Generate | Code
