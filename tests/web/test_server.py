"""The server itself: what it refuses before anything is read."""

import http.client
import threading

import pytest

from surpass.core.errors import BadMachine
from surpass.web.exchange import MOST_BODY_BYTES, SAFE_HEADERS, Request, Response
from surpass.web.server import bound

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])


def echo(request: Request) -> Response:
    if request.path == "/fault":
        raise RuntimeError("planted")
    return Response(200, request.body)


@pytest.fixture
def port(socket_enabled):
    with bound(0) as server:
        server.respond = echo
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server.port
        server.shutdown()
        thread.join()


def ask(port, method="POST", path="/", body=b"", headers=None) -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request(method, path, body, headers or {})
    response = connection.getresponse()
    response.content = response.read()
    connection.close()
    return response


def test_a_body_comes_through_up_to_the_limit(port):
    assert ask(port, body=b"x" * MOST_BODY_BYTES).content == b"x" * MOST_BODY_BYTES


def test_a_body_that_says_it_is_too_long_is_not_read(port):
    headers = {"Content-Length": str(MOST_BODY_BYTES + 1)}
    assert ask(port, headers=headers).status == 413


@pytest.mark.parametrize("headers", [{"Content-Length": "-1"}, {"Content-Length": "x"}])
def test_a_body_without_a_length_is_refused(port, headers):
    assert ask(port, headers=headers).status == 411


def test_a_body_in_chunks_is_refused(port):
    headers = {"Transfer-Encoding": "chunked", "Content-Length": "5"}
    assert ask(port, headers=headers).status == 411


def test_every_response_has_the_safe_headers(port, capfd):
    for path in ("/", "/fault"):
        response = ask(port, "GET", path)
        assert all(response.getheader(name) == value for name, value in SAFE_HEADERS.items())
        assert "Python" not in response.getheader("Server")
    assert response.status == 500
    assert b"planted" not in response.content
    assert "planted" in capfd.readouterr().err


def test_other_methods_are_not_known(port):
    assert ask(port, "PUT").status == 501
    assert ask(port, "HEAD").status == 405


def test_only_this_machine_can_reach_it(socket_enabled):
    with bound(0) as server:
        assert server.server_address[0] == "127.0.0.1"


@pytest.mark.parametrize("port", [-1, 70000])
def test_a_port_that_cannot_be_is_named(port, socket_enabled):
    with pytest.raises(BadMachine, match=str(port)):
        bound(port)
