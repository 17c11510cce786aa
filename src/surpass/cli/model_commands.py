"""Commands that run models: training, scoring, the verdict, and all of it at once."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from surpass.cli.edge import agreed, answer, guarded, print_result, shown_progress, tell
from surpass.core.account import Account

if TYPE_CHECKING:
    from surpass.core.progress import Progress
    from surpass.steps.project import Project


def train(folder: Path = Path(), *, over_budget: bool = False, json: bool = False) -> int:
    """Fine-tune the base on the training rows; goes on where a kill stopped it.

    Args:
        folder: The project's folder.
        over_budget: Train even where the plan exceeds [budget].
        json: Print the account as JSON.
    """

    def verb(project: "Project", progress: "Progress") -> Account:
        from surpass.steps.budget import require_budget
        from surpass.steps.planning.plan import predicted_cost
        from surpass.steps.tell.run import run_account
        from surpass.steps.train import train as work

        if not over_budget:
            require_budget(project)
        result = work(project, progress)
        return run_account(result, predicted_cost(project), project.settings.tuning)

    return answer(folder, verb, json=json)


def merge(
    out: Path,
    folder: Path = Path(),
    *,
    form: Annotated[Literal["merged", "adapter", "gguf", "gguf-f32"], Parameter("--as")] = "merged",
    json: bool = False,
) -> int:
    """Write the tuned model as files that other programs read, and read them back to compare.

    Args:
        out: The folder to write into; new or empty.
        folder: The project's folder.
        form: `merged`, one model in float32; `adapter`, as PEFT reads it; `gguf` or `gguf-f32`, one
            file for llama.cpp in float16 or float32.
        json: Print the account as JSON.
    """

    def verb(project: "Project", _: "Progress") -> Account:
        from surpass.steps.merge import merge as work
        from surpass.steps.merge import merge_account

        return merge_account(work(project, out, form))

    return answer(folder, verb, json=json)


def evaluate(
    folder: Path = Path(),
    *,
    predictions: Path | None = None,
    name: Annotated[str | None, Parameter("--as")] = None,
    answer_column: Annotated[str | None, Parameter("--answer")] = None,
    id_column: Annotated[str | None, Parameter("--id")] = None,
    json: bool = False,
) -> int:
    """Score every baseline, and the tuned model if there is one, on the validation rows.

    Args:
        folder: The project's folder.
        predictions: Take in another model's answers to the project's rows (CSV, TSV, JSONL or
            Parquet); scored on valid at once, judged by `surpass verdict --of file:NAME`.
        name: What that model is called.
        answer_column: The file's column of answers; looked for if absent.
        id_column: The file's column of row ids; looked for if absent.
        json: Print the account as JSON.
    """

    def verb(project: "Project", progress: "Progress") -> Account:
        from surpass.steps.score import brought_account, valid_account

        if predictions is None:
            return valid_account(project, progress)
        return brought_account(
            project, predictions, name or "", progress, columns=(id_column, answer_column)
        )

    return answer(folder, verb, json=json)


def verdict(folder: Path = Path(), *, of: str = "tuned", json: bool = False) -> int:
    """Open the sealed test and answer the sealed criteria: PASS, FAIL or INCONCLUSIVE.

    Args:
        folder: The project's folder.
        of: The model that is judged: `tuned`, `adopted:NAME` or `file:NAME`.
        json: Print the account as JSON.
    """

    def verb(project: "Project", progress: "Progress") -> Account:
        from surpass.steps.verdict import said_verdict

        return said_verdict(project, progress, of)

    return answer(folder, verb, json=json)


def report(
    folder: Path = Path(),
    *,
    of: str = "tuned",
    on_test: bool = False,
    yes: bool = False,
    json: bool = False,
) -> int:
    """Write report.html: the verdict on its first screen, the evidence below.

    Args:
        folder: The project's folder.
        of: The model that is judged, as for `surpass verdict`.
        on_test: Show test rows too. That retires them: no other model is judged on them.
        yes: Show test rows without asking.
        json: Print the account as JSON.
    """

    def verb(project: "Project", progress: "Progress") -> Account:
        from surpass.core.errors import Refused
        from surpass.steps.report import cost_of_showing
        from surpass.steps.report import report as write
        from surpass.steps.tell.report import written_account

        cost = cost_of_showing(project) if on_test and not yes else None
        if cost is not None and not agreed(cost, "Show the test rows?", json=json):
            raise Refused("No test row was shown.", fix="Leave --on-test out, or add --yes.")
        return written_account(*write(project, progress, of, on_test=on_test))

    return answer(folder, verb, json=json)


def go(
    place: Path = Path(),
    *,
    folder: Path | None = None,
    input: str | None = None,  # noqa: A002 (the name of the option)
    output: str | None = None,
    yes: bool = False,
    json: bool = False,
) -> int:
    """Do everything from checked rows to a verdict; the same command goes on where it stopped.

    Args:
        place: A project's folder, or a file of rows from which a project is made first.
        folder: Where the project of a file is to be; a folder named like the file if absent.
        input: The column that the model is given; guessed if absent.
        output: The column that it must answer; guessed if absent.
        yes: Seal without asking.
        json: Print the account as JSON.
    """
    home = place if folder is None and not place.is_file() else folder or place.with_suffix("")

    def work() -> Account:
        from surpass.core.settings.read import FILE_NAME
        from surpass.steps.init import init as make

        if place.is_file() and not (home / FILE_NAME).exists():
            made = make(place, home, input_column=input, output_column=output)
            tell(f"init: {made.headline}", json=json)
        return _go(home, yes=yes, json=json)

    return guarded(work, json=json, folder=home)


def demo(
    folder: Path = Path("surpass-demo"),
    *,
    task: Literal["record", "intent"] = "record",
    json: bool = False,
) -> int:
    """Do the main job on messages to an invented broadband provider, with a real small model.

    Args:
        folder: Where the demo's project is to be.
        task: Write work orders (record), or classify intents (intent).
        json: Print the account as JSON.
    """

    def work() -> Account:
        from surpass.steps.sample import lay_down

        lay_down(folder, task)
        return _go(folder, yes=True, json=json)

    return guarded(work, json=json, folder=folder)


def _go(folder: Path, *, yes: bool, json: bool) -> Account:
    from surpass.steps.alone import only_command
    from surpass.steps.go import Ears
    from surpass.steps.go import go as work
    from surpass.steps.project import open_project
    from surpass.steps.tracking.along import sent_along

    def confirm(proposal: Account) -> bool:
        if not yes:
            return agreed(proposal, "Seal these criteria and this test?", json=json)
        if not json:
            print_result(proposal, json=False)
        return True

    project = open_project(folder)
    with only_command(folder), sent_along(project), shown_progress(json=json) as progress:
        return work(project, Ears(progress, lambda said: tell(said, json=json), confirm))
