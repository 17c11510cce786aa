"""The commands and their order in the help; nothing heavy is imported to show it."""

import sys
from collections.abc import Callable

from cyclopts import App, CycloptsError, Group, Parameter

from surpass.cli import (
    collect_commands,
    cycle_commands,
    data_commands,
    experiment_commands,
    explain_commands,
    judge_commands,
    label_commands,
    model_commands,
    people_commands,
    plan_commands,
    project_commands,
    release_commands,
    retrain_commands,
    serve_commands,
    watch_commands,
)
from surpass.cli.edge import INPUT_IN_THE_WAY, refuse
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

Command = Callable[..., int] | App
GROUPS: dict[str, dict[str, Command]] = {
    "All in one": {
        "go": model_commands.go,
        "demo": model_commands.demo,
    },
    "Data": {
        "init": project_commands.init,
        "check": project_commands.check,
        "fix": project_commands.fix,
        "label": label_commands.label,
        "diff": data_commands.diff,
        "export": data_commands.export,
        "card": data_commands.card,
    },
    "Strategy": {
        "split": project_commands.split,
        "seal": project_commands.seal,
        "plan": plan_commands.plan,
        "worth": plan_commands.worth,
        "enough": cycle_commands.enough,
    },
    "Training and verdict": {
        "train": model_commands.train,
        "evaluate": model_commands.evaluate,
        "verdict": model_commands.verdict,
        "report": model_commands.report,
        "explain": explain_commands.explain,
        "fairness": explain_commands.fairness,
        "rate": people_commands.rate,
        "merge": model_commands.merge,
        "adopt": judge_commands.adopt,
        "compare": judge_commands.compare,
    },
    "Production": {
        "release": release_commands.release,
        "rollback": release_commands.rollback,
        "serve": serve_commands.serve,
        "key": serve_commands.key,
        "experiment": experiment_commands.experiment,
        "track": release_commands.track,
        "pack": release_commands.pack,
        "unpack": release_commands.unpack,
        "watch": watch_commands.watch,
        "collect": collect_commands.collect,
        "retrain": retrain_commands.retrain,
        "forget": serve_commands.forget,
    },
    "Overview": {
        "status": project_commands.status,
        "show": project_commands.show,
    },
}
"""Commands in the order of the work, under the headings of the help."""

COMMANDS = {name: command for group in GROUPS.values() for name, command in group.items()}

for heading, commands in GROUPS.items():
    group = Group(heading, sort_key=list(GROUPS).index(heading))
    for name, command in commands.items():
        app.command(command, name)
        app[name].group = group
        app[name].sort_key = list(COMMANDS).index(name)
options = Group("Options", sort_key=len(GROUPS))
for flag in ("--help", "--version"):
    app[flag].group = options


def run() -> None:
    """Entry point of the `surpass` command."""
    sys.exit(status_of(sys.argv[1:]))


def status_of(words: list[str]) -> int:
    """Do what the words of a command line say; returns the exit status."""
    json = "--json" in words
    try:
        status = app(words, exit_on_error=False, print_error=not json, result_action="return_value")
    except CycloptsError as error:
        if json:
            refuse(str(error), _where_help_is(words), json=True)
        return INPUT_IN_THE_WAY
    return status if isinstance(status, int) else 0


def _where_help_is(words: list[str]) -> str:
    named = [word for word in words[:1] if word in COMMANDS]
    return f"Run `{' '.join(['surpass', *named, '--help'])}` to see what can be said."
