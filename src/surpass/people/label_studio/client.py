"""As much of Label Studio's web interface as the round trip needs; measured on 1.23.2.

Nothing follows a redirect, so a token is sent to the address that the operator named and to no
other. A personal token is exchanged for access tokens, which live for 300 seconds.
"""

import http.client
import time
from collections.abc import Callable, Iterator
from typing import NamedTuple, TypeVar
from urllib.parse import urlsplit

import msgspec

from surpass.core.errors import BadInput, BadMachine
from surpass.core.secret import Secret
from surpass.people.label_studio.tasks import Task

CHUNK_TASKS = 500  # more at once lets its SQLite lock (HumanSignal/label-studio#5755)
_PAGE_TASKS = 1000
_ACCESS_SECONDS = 240.0  # of 300
_TIMEOUT_SECONDS = 120.0
_LARGEST_REPLY_BYTES = 1 << 30
Reply = TypeVar("Reply", bound=msgspec.Struct)


class Held(NamedTuple):
    """A task that is there already: a row, as it was."""

    row: str
    digest: str


class _Answer(NamedTuple):
    status: int
    content: bytes
    location: str | None


class _Access(msgspec.Struct):
    access: str


class _Id(msgspec.Struct):
    id: int


class _Project(msgspec.Struct):
    label_config: str = ""


class _Imported(msgspec.Struct):
    task_count: int


class _Data(msgspec.Struct):
    row: str = ""
    digest: str = ""


class _Listed(msgspec.Struct):
    data: _Data


class _Page(msgspec.Struct):
    tasks: list[_Listed]
    total: int


class _NewProject(msgspec.Struct):
    title: str
    label_config: str
    maximum_annotations: int  # people a task


class LabelStudio:
    """One server, spoken to with one operator's token."""

    def __init__(
        self, url: str, token: Secret, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """`token` is a personal access token or a legacy one; `clock` counts seconds.

        Raises:
            BadInput: the address is none of http or https, or names a user.
        """
        parts = urlsplit(url)
        if parts.username or parts.password:
            raise BadInput(
                "The address of the Label Studio has a user's name in it.",
                fix="Name it like https://label.example.org; the token says who you are.",
            )
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise BadInput(
                f"{url!r} is no address of a Label Studio.",
                fix="Name it like https://label.example.org.",
            )
        self.url = url.rstrip("/")
        self._parts = parts
        self._token = token
        self._clock = clock
        self._access: Secret | None = None
        self._taken_at = 0.0

    def create_project(self, title: str, configuration: str, people: int) -> int:
        """Make a project whose tasks are each given to so many people; returns its number."""
        asked = _NewProject(title, configuration, people)
        return self._asked("POST", "/api/projects", _Id, msgspec.json.encode(asked)).id

    def configuration(self, project: int) -> str:
        """The labelling interface of a project, as its XML."""
        return self._asked("GET", f"/api/projects/{project}", _Project).label_config

    def held(self, project: int) -> set[Held]:
        """The rows of all tasks in a project."""
        found: set[Held] = set()
        for page in self._pages(project):
            found |= {Held(task.data.row, task.data.digest) for task in page}
        return found

    def add_tasks(self, project: int, tasks: list[Task]) -> int:
        """Import tasks in chunks; returns how many the server says it took.

        A chunk is in or not as a whole; where one fails, those before it stay.
        """
        taken = 0
        for begin in range(0, len(tasks), CHUNK_TASKS):
            body = msgspec.json.encode(tasks[begin : begin + CHUNK_TASKS])
            address = f"/api/projects/{project}/import"
            taken += self._asked("POST", address, _Imported, body).task_count
        return taken

    def export(self, project: int) -> bytes:
        """All tasks with their annotations, as its JSON export."""
        address = f"/api/projects/{project}/export?exportType=JSON&download_all_tasks=true"
        return self._request("GET", address, None).content

    def _pages(self, project: int) -> Iterator[list[_Listed]]:
        number, seen = 1, 0
        while True:
            address = f"/api/tasks?project={project}&page={number}&page_size={_PAGE_TASKS}"
            page = self._asked("GET", f"{address}&fields=all", _Page)
            yield page.tasks
            number, seen = number + 1, seen + len(page.tasks)
            if seen >= page.total or not page.tasks:
                return

    def _asked(
        self, method: str, address: str, kind: type[Reply], body: bytes | None = None
    ) -> Reply:
        content = self._request(method, address, body).content
        try:
            return msgspec.json.decode(content, type=kind)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise BadInput(
                f"{self.url} does not answer {address} as Label Studio does ({error}).",
                fix="See that the address is right; 1.23 is the version that was tried.",
            ) from None

    def _request(self, method: str, address: str, body: bytes | None) -> _Answer:
        """One request with the token; with a fresh access token again if that one was refused."""
        answer = self._sent(method, address, body, self._authorization())
        if answer.status == 401 and self._access is not None:
            self._access = None
            answer = self._sent(method, address, body, self._authorization())
        self._require_success(answer, method, address)
        return answer

    def _authorization(self) -> str:
        if self._token.reveal().count(".") != 2:  # no JSON web token: a legacy one
            return f"Token {self._token.reveal()}"
        if self._access is None or self._clock() - self._taken_at > _ACCESS_SECONDS:
            body = msgspec.json.encode({"refresh": self._token.reveal()})
            answer = self._sent("POST", "/api/token/refresh", body, None)
            self._require_success(answer, "POST", "/api/token/refresh")
            try:
                self._access = Secret(msgspec.json.decode(answer.content, type=_Access).access)
            except (msgspec.DecodeError, UnicodeDecodeError):
                raise BadInput(
                    f"{self.url} gives no access token.", fix="See that the address is right."
                ) from None
            self._taken_at = self._clock()
        return f"Bearer {self._access.reveal()}"

    def _sent(
        self, method: str, address: str, body: bytes | None, authorization: str | None
    ) -> _Answer:
        headers = {"Accept": "application/json"}
        if body is not None:
            headers["Content-Type"] = "application/json"
        if authorization is not None:
            headers["Authorization"] = authorization
        connection = self._connection()
        try:
            connection.request(method, self._parts.path.rstrip("/") + address, body, headers)
            response = connection.getresponse()
            content = response.read(_LARGEST_REPLY_BYTES)
            return _Answer(response.status, content, response.getheader("Location"))
        except (OSError, http.client.HTTPException) as error:
            raise BadMachine(
                f"{self.url} cannot be reached ({error or type(error).__name__}).",
                fix="See that it runs; the same command goes on from here.",
            ) from None
        finally:
            connection.close()

    def _connection(self) -> http.client.HTTPConnection:
        secure = self._parts.scheme == "https"
        kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
        return kind(str(self._parts.hostname), self._parts.port, timeout=_TIMEOUT_SECONDS)

    def _require_success(self, answer: _Answer, method: str, address: str) -> None:
        if answer.status in {200, 201}:
            return
        where = f"{self.url} answers {method} {address.partition('?')[0]} with {answer.status}"
        if answer.status in {401, 403}:
            raise BadInput(
                f"{where}: the token is refused.",
                fix="Put a personal access token (Account & Settings there) into "
                "LABEL_STUDIO_API_KEY; legacy tokens must be enabled by the server's owner.",
            )
        if answer.location is not None:
            raise BadInput(
                f"{where}: it redirects to {answer.location[:200]!r}, where no token is sent.",
                fix="Name the address where it really is.",
            )
        told = answer.content[:300].decode("utf-8", "replace")
        if answer.status >= 500:
            raise BadMachine(
                f"{where}: {told}", fix="Try again; what it took in is not sent twice."
            )
        raise BadInput(f"{where}: {told}", fix="See that the project is there, and yours.")
