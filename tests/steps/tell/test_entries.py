"""Every kind of the ledger's entries has words of its own."""

import typing

import pytest

from surpass.core.records.decisions import Body
from surpass.steps.tell.entries import entry_words


def test_every_kind_is_told():
    kinds = set(typing.get_args(Body))
    assert kinds == set(entry_words.registry) - {object}


def test_an_unknown_kind_is_our_mistake():
    with pytest.raises(TypeError, match="no words"):
        entry_words(3)
