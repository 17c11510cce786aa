"""What a client is told when it gets no answer, in the shape that OpenAI's clients read."""

import msgspec

from surpass.core.errors import BadInput, BadMachine, CannotTell, Refused, SurpassError


class Refusal(Exception):
    """A request that is not answered: status, words, and what a program may read of it."""

    def __init__(
        self, status: int, message: str, code: str, *, wait_seconds: float | None = None
    ) -> None:
        """Say why.

        Args:
            status: Of HTTP.
            message: One sentence, with what to do.
            code: A word for programs.
            wait_seconds: After which trying again may help; none: it will not.
        """
        super().__init__(message)
        self.status, self.message, self.code = status, message, code
        self.wait_seconds = wait_seconds

    @property
    def headers(self) -> dict[str, str]:
        """Whether and when to try again, as OpenAI's clients read it."""
        if self.wait_seconds is None:
            return {"x-should-retry": "false"}
        return {
            "retry-after": str(max(1, round(self.wait_seconds + 0.5))),
            "retry-after-ms": str(max(1, round(self.wait_seconds * 1000))),
        }

    @property
    def body(self) -> bytes:
        """The error as JSON."""
        return msgspec.json.encode({"error": self.detail})

    @property
    def detail(self) -> dict[str, str | None]:
        """What stands under `error`."""
        kind = _TYPES.get(self.status, "server_error" if self.status >= 500 else _BAD_REQUEST)
        return {"message": self.message, "type": kind, "param": None, "code": self.code}


_BAD_REQUEST = "invalid_request_error"
_TYPES = {
    401: "authentication_error",
    403: "permission_error",
    404: "not_found_error",
    429: "rate_limit_error",
}


def refusal_of(error: SurpassError) -> Refusal:
    """A domain error as an answer over HTTP."""
    told = str(error)
    if isinstance(error, BadInput):
        return Refusal(400, told, "bad_request")
    if isinstance(error, Refused | CannotTell):
        return Refusal(409, told, "refused")
    if isinstance(error, BadMachine):
        return Refusal(503, told, "unavailable", wait_seconds=5.0)
    return Refusal(500, "This is our fault.", "our_fault")
