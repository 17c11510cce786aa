"""The webhook's address: public and encrypted, or allowed by the operator."""

import asyncio

import pytest
from aiohttp import web

from local_servers import running
from surpass.core.errors import BadInput, BadMachine
from surpass.monitor.message import Signed
from surpass.monitor.webhook import SIGNATURE, post, target_of

pytestmark = pytest.mark.enable_socket  # numbers are resolved without a network


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/hook",
        "https://10.1.2.3/",
        "https://192.168.0.9/",
        "https://169.254.169.254/latest/meta-data",
        "https://[::1]/",
        "https://[fd00::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://0.0.0.0/",
        "https://2130706433/",
        "http://93.184.216.34/",
        "https://user:password@93.184.216.34/",
        "file:///etc/passwd",
        "ftp://93.184.216.34/",
        "https://",
        "https://[",
        "https://host:99999/",
        "",
    ],
)
def test_an_address_that_is_not_public_and_encrypted_is_refused(url):
    with pytest.raises((BadInput, BadMachine)):
        target_of(url, private=False)


def test_a_public_address_is_called_at_the_address_that_was_checked():
    target = target_of("https://93.184.216.34:8443/hook?team=1", private=False)
    assert target.address == "93.184.216.34"
    assert (target.port, target.path) == (8443, "/hook?team=1")


def test_the_receiver_gets_the_bytes_and_their_signature():
    seen = {}

    async def hook(request):
        seen["body"] = await request.read()
        seen["signature"] = request.headers[SIGNATURE]
        return web.Response(status=204)

    app = web.Application()
    app.router.add_post("/hook", hook)
    with running(app) as address:
        post(target_of(f"{address}/hook", private=True), Signed(b'{"a":1}', "sha256=00"))
    assert seen == {"body": b'{"a":1}', "signature": "sha256=00"}


def test_a_redirect_is_not_followed_and_a_refusal_is_told():
    async def hook(_):
        await asyncio.sleep(0)
        raise web.HTTPFound("http://127.0.0.1:1/elsewhere")

    app = web.Application()
    app.router.add_post("/hook", hook)
    with running(app) as address, pytest.raises(BadMachine, match="status 302"):
        post(target_of(f"{address}/hook", private=True), Signed(b"{}", "sha256=00"))
