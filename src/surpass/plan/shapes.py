"""Sizes of known models, so that a plan downloads nothing."""

import tomllib
from functools import cache
from importlib.resources import files

import msgspec

from surpass.plan.shape import Shape


@cache
def known_shapes() -> dict[str, Shape]:
    """By name, such as "llama-3-70b", in the order of the file."""
    text = files("surpass.plan").joinpath("shapes.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), dict[str, Shape])


def known_shape(name: str) -> Shape | None:
    """The sizes of the model called so, `meta-llama/Llama-3-70B` and `llama 3 70b` included."""
    plain = name.strip().lower().rpartition("/")[2].replace(" ", "-").replace("_", "-")
    return known_shapes().get(plain.removeprefix("meta-").removesuffix("-q4"))
