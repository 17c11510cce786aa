"""The champion moves while requests come, and never to a model that cannot answer."""

import asyncio
import logging

import pytest

from surpass.core.errors import BadMachine
from surpass.serve.alias import Alias


class Shelf:
    """Models that load when they are let."""

    def __init__(self, live):
        self.live, self.damaged, self.loaded = live, set(), []
        self.gate = asyncio.Event()

    async def warm(self, name):
        await self.gate.wait()
        if name in self.damaged:
            raise BadMachine("The files are gone.", fix="Bring them back.")
        self.loaded.append(name)


async def settled():
    for _ in range(10):
        await asyncio.sleep(0)


def test_the_next_champion_answers_once_it_is_loaded_and_is_loaded_once():
    async def story():
        shelf = Shelf("a")
        alias = Alias(lambda: shelf.live, shelf.warm)
        shelf.live = "b"
        assert [alias.current() for _ in range(5)] == ["a"] * 5
        await settled()
        assert alias.current() == "a"
        shelf.gate.set()
        await settled()
        assert alias.current() == "b"
        assert shelf.loaded == ["b"]

    asyncio.run(story())


def test_a_champion_that_cannot_be_loaded_leaves_the_one_before(caplog):
    async def story():
        shelf = Shelf("a")
        shelf.damaged, shelf.live = {"b"}, "a"
        alias = Alias(lambda: shelf.live, shelf.warm)
        shelf.gate.set()
        shelf.live = "b"
        for _ in range(3):
            assert alias.current() == "a"
            await settled()
        assert alias.failed == "b"
        shelf.live = "a"
        assert alias.current() == "a"
        assert alias.failed is None

    with caplog.at_level(logging.ERROR):
        asyncio.run(story())
    assert caplog.text.count("cannot be loaded") == 1


@pytest.mark.parametrize("live", ["base", "small@0123456789ab"])
def test_it_begins_with_the_champion_as_it_is(live):
    assert Alias(lambda: live, Shelf(live).warm).current() == live
