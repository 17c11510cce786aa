"""Commands of production: serve clients, their keys, and forgetting."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import App, Parameter

from surpass.cli.edge import answer, print_result
from surpass.core.account import Account

if TYPE_CHECKING:
    from surpass.core.progress import Progress
    from surpass.steps.project import Project

key = App(
    name="key",
    help="Make keys for clients of `surpass serve`, withdraw them, list them.",
    default_parameter=Parameter(negative=()),
    help_on_error=False,
)


def serve(
    folder: Path = Path(), *, host: str = "127.0.0.1", port: int = 8415, json: bool = False
) -> int:
    """Answer clients through the OpenAI API until Ctrl-C, every answer on record first.

    `model` is `champion` (the last release, moved by `release` and `rollback` while the server
    runs), a release by its name, or `base`. On other addresses than this machine's own it needs
    a key: `surpass key add`.

    Args:
        folder: The project's folder.
        host: Where to listen.
        port: The same; 0 takes any free port.
        json: Print the account as JSON.
    """

    def verb(project: "Project", _: "Progress") -> Account:
        from surpass.core.environment import share_cores
        from surpass.steps.serving.start import Place
        from surpass.steps.serving.start import serve as work

        share_cores()

        def ready(told: Account) -> None:
            print_result(told, json=json)
            sys.stdout.flush()  # a program waits for it, and we print no more for long

        return work(project, Place(host, port), ready)

    return answer(folder, verb, json=json, alone=False)


@key.command
def add(  # noqa: PLR0913 (each is an option of the command)
    name: str,
    folder: Path = Path(),
    *,
    scope: tuple[Literal["infer", "feedback", "admin"], ...] = ("infer", "feedback"),
    days: int | None = None,
    requests: Annotated[int | None, Parameter(name="--requests-per-minute")] = None,
    tokens: Annotated[int | None, Parameter(name="--tokens-per-minute")] = None,
    json: bool = False,
) -> int:
    """Make a key and show it, this once.

    As soon as there is one, clients need a key also on this machine.

    Args:
        name: Whose key it is.
        folder: The project's folder.
        scope: What it is for; may be given several times.
        days: How long it works; for ever if absent.
        requests: Most requests a minute.
        tokens: Most tokens a minute, of prompts and answers together.
        json: Print the account as JSON.
    """

    def verb(project: "Project", _: "Progress") -> Account:
        from surpass.steps.serving.keys import KeyWish, add_key

        return add_key(project, KeyWish(name, scope, days, requests, tokens))

    return answer(folder, verb, json=json, alone=False)


@key.command
def revoke(key: str, folder: Path = Path(), *, json: bool = False) -> int:
    """Withdraw a key; a running server refuses it from the next request on.

    Args:
        key: Its id, as `surpass key list` shows it.
        folder: The project's folder.
        json: Print the account as JSON.
    """

    def verb(project: "Project", _: "Progress") -> Account:
        from surpass.steps.serving.keys import revoke_key

        return revoke_key(project, key)

    return answer(folder, verb, json=json, alone=False)


@key.command(name="list")
def list_all(folder: Path = Path(), *, json: bool = False) -> int:
    """List all keys, without their secrets.

    Args:
        folder: The project's folder.
        json: Print the account as JSON.
    """

    def verb(project: "Project", _: "Progress") -> Account:
        from surpass.steps.serving.keys import list_keys

        return list_keys(project)

    return answer(folder, verb, json=json, alone=False)


def forget(
    folder: Path = Path(),
    *,
    unit: str | None = None,
    older_than: int | None = None,
    json: bool = False,
) -> int:
    """Delete what one unit left in the journal, or what is old, to the last byte.

    While a server runs, an admin key does the same at its address /v1/forget.

    Args:
        folder: The project's folder.
        unit: Whose requests, feedback and exposures.
        older_than: Or all that is older than so many days.
        json: Print the account as JSON.
    """

    def verb(project: "Project", _: "Progress") -> Account:
        from surpass.steps.serving.forget import forget as work

        return work(project, unit, older_than)

    return answer(folder, verb, json=json, alone=False)
