"""A project in Python: every verb returns the account that the command prints."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from surpass.api.said import Said, said
from surpass.core.account import Account
from surpass.core.progress import Silent

if TYPE_CHECKING:
    import polars as pl

    from surpass.api.compare import PandasFrame
    from surpass.steps.project import Project as Opened


class Project:
    """A project's folder, opened; needs a surpass.toml (make one with `Project.init`)."""

    def __init__(self, folder: str | Path = ".") -> None:
        from surpass.steps.project import open_project

        self._project = open_project(Path(folder))

    @classmethod
    def init(
        cls,
        rows: "str | Path | pl.DataFrame | PandasFrame | Mapping[str, Sequence[object]]",
        folder: str | Path = ".",
        *,
        input_column: str | None = None,
        output_column: str | None = None,
    ) -> "Project":
        """Make a project for rows; guesses the columns that are not named.

        Args:
            rows: A file or folder; or a polars or pandas frame, or columns by name, which are
                written to rows.parquet in the project.
            folder: Where the project is to be.
            input_column: What the model is given.
            output_column: What it must answer.
        """
        from surpass.steps.frames import rows_file
        from surpass.steps.init import init

        file = rows_file(rows, Path(folder))
        init(file, Path(folder), input_column=input_column, output_column=output_column)
        return cls(folder)

    def check(self) -> Said:
        """What is wrong with the rows."""
        from surpass.steps.check import check_account

        return self._alone(check_account)

    def fix(self, *, drop: str | None = None, by: str = "", reason: str = "") -> Said:
        """Decide what can be decided without loss, or drop what one check shows."""
        from surpass.steps.fix import drop_found, fix_account

        if drop is None:
            return self._alone(fix_account)
        return self._alone(
            lambda project: fix_account(
                project, lambda p: drop_found(p, drop, by=by, reason=reason)
            )
        )

    def undo(self, *rows: str, by: str, reason: str = "") -> Said:
        """Take back what was decided on these rows; "all" what surpass itself decided."""
        from surpass.steps.fix import fix_account, undo

        return self._alone(
            lambda project: fix_account(project, lambda p: undo(p, rows, by=by, reason=reason))
        )

    def diff(self, before: str = "files", after: str = "now") -> Said:
        """What changed between two versions of the rows; as `surpass diff` names them."""
        from surpass.steps.diff import diff_account

        return said(diff_account(self._project, before, after))

    def export(self, file: str | Path, *, style: str | None = None, side: str = "train") -> Said:
        """Write the rows in force to a file, as `surpass export --as STYLE` does."""
        from surpass.steps.export import export_account

        return self._alone(lambda project: export_account(project, Path(file), style, side))

    def card(self, *, check: bool = False) -> Said:
        """Write the dataset card, or say what is missing in it; its `data` is a CardData."""
        from surpass.steps.card import card_account, card_check

        return self._alone(card_check if check else card_account)

    def split(self, *, extend_test: str | Path | None = None) -> Said:
        """Train, valid and a sealed test; `extend_test` names new rows that become the test."""
        from surpass.steps.extend_test import extend_account
        from surpass.steps.split import split_account

        if extend_test is None:
            return self._alone(split_account)
        return self._alone(lambda project: extend_account(project, Path(extend_test)))

    def seal(self, *, amend: str | None = None) -> Said:
        """Fix criteria and test in the ledger; `amend` is the reason for replacing a seal."""
        from surpass.steps.seal import said_seal

        return self._alone(lambda project: said_seal(project, amend=amend))

    def plan(self) -> Said:
        """Memory and minutes, predicted."""
        from surpass.steps.planning.plan import plan_account

        return self._alone(plan_account)

    def train(self, *, over_budget: bool = False) -> Said:
        """Fine-tune, or find the finished run; refused where the plan exceeds [budget]."""
        from surpass.steps.budget import require_budget
        from surpass.steps.planning.plan import predicted_cost
        from surpass.steps.tell.run import run_account
        from surpass.steps.train import train

        def verb(project: "Opened") -> Account:
            if not over_budget:
                require_budget(project)
            return run_account(
                train(project, Silent()), predicted_cost(project), project.settings.tuning
            )

        return self._alone(verb)

    def evaluate(self) -> Said:
        """Every model on the validation rows."""
        from surpass.steps.score import valid_account

        return self._alone(lambda project: valid_account(project, Silent()))

    def verdict(self) -> Said:
        """PASS, FAIL or INCONCLUSIVE on the sealed test."""
        from surpass.steps.verdict import said_verdict

        return self._alone(lambda project: said_verdict(project, Silent()))

    def explain(self, *, of: str = "tuned", pool: str | Path | None = None) -> Said:
        """On which kinds of validation rows a model fails, and which rows of a pool would help."""
        from surpass.steps.explain import said_explanation

        file = None if pool is None else Path(pool)
        return self._alone(
            lambda project: said_explanation(project, Silent(), of, pool=file, queue=None)
        )

    def fairness(self, *, of: str = "tuned") -> Said:
        """Groups of people under a model and its opponent, as [fairness] declares them."""
        from surpass.steps.fairness import said_fairness

        return self._alone(lambda project: said_fairness(project, Silent(), of))

    def adopt(self, path: str | Path, *, name: str = "adopted") -> Said:
        """Take in another trainer's adapter or weights, to be judged as `adopted:NAME`."""
        from surpass.steps.bring import adopt, adopted_account

        def verb(project: "Opened") -> Account:
            return adopted_account(adopt(project, Path(path), name), project.settings.model.base)

        return self._alone(verb)

    def merge(
        self,
        out: str | Path,
        *,
        form: Literal["merged", "adapter", "gguf", "gguf-f32"] = "merged",
    ) -> Said:
        """Write the tuned model into a new folder, read back and compared."""
        from surpass.steps.merge import merge, merge_account

        return self._alone(lambda project: merge_account(merge(project, Path(out), form)))

    def label_results(self) -> Said:
        """How far annotators agree, and what they differ about; its `data` is a LabelData."""
        from surpass.steps.labelling.start import label_results

        return said(label_results(self._project))

    def label_apply(self, pool: str | Path | None = None, *, agreed_by: int = 1) -> Said:
        """Decide on rows by what people agree on; its `data` is an ApplyData."""
        from surpass.steps.labelling.apply import apply_labels

        file = None if pool is None else Path(pool)
        return self._alone(lambda project: apply_labels(project, file, agreed_by))

    def rate_results(self) -> Said:
        """What raters and the judge amount to so far; its `data` is a RateData."""
        from surpass.steps.rating.start import rating_results

        return said(rating_results(self._project))

    def rate_judge(self) -> Said:
        """Let the model that [judge] names compare the raters' rows and more; asks its endpoint."""
        from surpass.steps.judging.start import judge_account

        return self._alone(lambda project: judge_account(project, None, Silent()))

    def report(self, *, on_test: bool = False) -> Path:
        """Write report.html; returns its path. `on_test` shows test rows, which retires them."""
        from surpass.steps.report import report

        with self._lock():
            return report(self._project, Silent(), on_test=on_test)[0]

    def status(self) -> Said:
        """What is done and what comes next."""
        from surpass.steps.status import status_account

        return self._alone(lambda project: status_account(project, check_ledger=False, head=None))

    def _alone(self, verb: "Callable[[Opened], Account]") -> Said:
        """Do one verb while no other command or notebook works in the project."""
        with self._lock():
            return said(verb(self._project))

    def _lock(self) -> AbstractContextManager[None]:
        from surpass.steps.alone import only_command

        return only_command(self._project.folder)
