"""A project in Python: every verb returns the account that the command prints."""

from pathlib import Path

from surpass.api.said import Said, said
from surpass.core.progress import Silent


class Project:
    """A project's folder, opened; needs a surpass.toml (make one with `Project.init`)."""

    def __init__(self, folder: str | Path = ".") -> None:
        from surpass.steps.project import open_project

        self._project = open_project(Path(folder))

    @classmethod
    def init(
        cls,
        file: str | Path,
        folder: str | Path = ".",
        *,
        input_column: str | None = None,
        output_column: str | None = None,
    ) -> "Project":
        """Make a project for a file of rows; guesses the columns that are not named."""
        from surpass.steps.init import init

        init(Path(file), Path(folder), input_column=input_column, output_column=output_column)
        return cls(folder)

    def check(self) -> Said:
        """What is wrong with the rows."""
        from surpass.steps.check import check_account

        return said(check_account(self._project))

    def fix(self) -> Said:
        """Decide what can be decided without loss."""
        from surpass.steps.fix import fix_account

        return said(fix_account(self._project))

    def split(self) -> Said:
        """Train, valid and a sealed test."""
        from surpass.steps.split import split_account

        return said(split_account(self._project))

    def seal(self, *, amend: str | None = None) -> Said:
        """Fix criteria and test in the ledger; `amend` is the reason for replacing a seal."""
        from surpass.steps.seal import seal
        from surpass.steps.tell.seal import seal_account

        return said(seal_account(*seal(self._project, amend=amend)))

    def plan(self) -> Said:
        """Memory and minutes, predicted."""
        from surpass.steps.plan import plan_account

        return said(plan_account(self._project))

    def train(self) -> Said:
        """Fine-tune, or find the finished run."""
        from surpass.steps.tell.run import run_account
        from surpass.steps.train import train

        return said(run_account(train(self._project, Silent())))

    def evaluate(self) -> Said:
        """Every model on the validation rows."""
        from surpass.steps.score import valid_account

        return said(valid_account(self._project, Silent()))

    def verdict(self) -> Said:
        """PASS, FAIL or INCONCLUSIVE on the sealed test."""
        from surpass.steps.tell.verdict import verdict_account
        from surpass.steps.verdict import verdict

        judged = verdict(self._project, Silent())
        return said(verdict_account(judged.verdict, judged.seal, self._project.settings.task.name))

    def report(self) -> Path:
        """Write report.html; returns its path."""
        from surpass.steps.report import report

        return report(self._project, Silent())[0]

    def status(self) -> Said:
        """What is done and what comes next."""
        from surpass.steps.status import status_account

        return said(status_account(self._project, check_ledger=False, head=None))
