"""The commands and their order in the help; nothing heavy is imported to show it."""

import sys
from collections.abc import Callable

from cyclopts import App, CycloptsError, Parameter

from surpass.cli import judge_commands, model_commands, project_commands
from surpass.cli.edge import INPUT_IN_THE_WAY
from surpass.core.version import __version__

app = App(
    name="surpass",
    version=__version__,
    help="Fine-tune a language model on your data and prove that it surpasses its base.\n\n"
    "Exit status: 0 it holds, 1 it does not, 2 cannot tell, 3 the input or the machine is in the "
    "way, 4 our fault.",
    version_flags=["--version"],
    default_parameter=Parameter(negative=()),
    help_on_error=False,
)

COMMANDS: dict[str, Callable[..., int]] = {
    "go": model_commands.go,
    "demo": model_commands.demo,
    "init": project_commands.init,
    "check": project_commands.check,
    "fix": project_commands.fix,
    "split": project_commands.split,
    "seal": project_commands.seal,
    "plan": project_commands.plan,
    "train": model_commands.train,
    "evaluate": model_commands.evaluate,
    "verdict": model_commands.verdict,
    "adopt": judge_commands.adopt,
    "compare": judge_commands.compare,
    "report": model_commands.report,
    "status": project_commands.status,
    "show": project_commands.show,
}

for place, (name, command) in enumerate(COMMANDS.items()):
    app.command(command, name)
    app[name].sort_key = place


def run() -> None:
    """Entry point of the `surpass` command."""
    try:
        status = app(exit_on_error=False, print_error=True, result_action="return_value")
    except CycloptsError:
        sys.exit(INPUT_IN_THE_WAY)
    sys.exit(status if isinstance(status, int) else 0)
