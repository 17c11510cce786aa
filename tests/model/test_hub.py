"""What the hub answers, as one sentence and a fix."""

import importlib

import pytest
from huggingface_hub import errors
from huggingface_hub.errors import (
    GatedRepoError,
    HfHubHTTPError,
    LocalEntryNotFoundError,
    RepositoryNotFoundError,
)

from surpass.core.errors import BadInput, BadMachine
from surpass.model.hub import explained

# httpx or httpx2, whichever this version of the hub's library is built on
http = importlib.import_module(errors.Response.__module__.partition(".")[0])


def answered(kind: type[HfHubHTTPError], status: int) -> HfHubHTTPError:
    request = http.Request("GET", "https://huggingface.co/org/model")
    return kind("no", response=http.Response(status, request=request))


@pytest.mark.parametrize(
    ("error", "kind", "words"),
    [
        (answered(GatedRepoError, 401), BadMachine, "Accept its terms"),
        (answered(HfHubHTTPError, 403), BadMachine, "hf auth login"),
        (answered(RepositoryNotFoundError, 401), BadInput, "knows no public model org/model"),
        (answered(HfHubHTTPError, 503), BadMachine, "answered 503"),
        (LocalEntryNotFoundError("offline"), BadMachine, "cannot be reached"),
        (OSError("no route to host"), BadMachine, "cannot be reached"),
    ],
)
def test_each_failure_has_a_sentence_and_a_fix(error, kind, words):
    told = explained(error, "org/model")
    assert type(told) is kind
    assert words in str(told)
    assert "\n" not in str(told)
