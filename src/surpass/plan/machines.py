"""Machines by name, with what their makers state of them."""

import difflib
import tomllib
from functools import cache
from importlib.resources import files
from typing import Literal

import msgspec

from surpass.core.errors import BadInput
from surpass.plan.fitted import A100_BANDWIDTH_GB, EXPAND_SECONDS


class Machine(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One device that trains; see machines.toml for what the figures mean."""

    title: str
    memory_gb: float
    teraflops: float
    bandwidth_gb: float
    reached: float
    reached_from: str
    number_type: Literal["float32", "bfloat16", "float16"]
    four_bit: bool  # bitsandbytes has kernels for it
    source: str

    @property
    def operations_a_second(self) -> float:
        """What training reaches at long micro-batches."""
        return self.teraflops * 1e12 * self.reached

    @property
    def expand_seconds(self) -> float:
        """To write 1e9 four-bit weights out in 16 bit, three times: once a micro-batch."""
        return EXPAND_SECONDS * A100_BANDWIDTH_GB / self.bandwidth_gb


@cache
def machines() -> dict[str, Machine]:
    """All that are known, by name, in the order of the file."""
    text = files("surpass.plan").joinpath("machines.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), dict[str, Machine])


def find_machine(name: str) -> tuple[str, Machine]:
    """The machine called so, or the smallest whose name begins so: `h100` means `h100-80gb`.

    Raises:
        BadInput: there is none; says which there are.
    """
    asked = name.strip().lower().replace(" ", "-").replace("_", "-")
    known = machines()
    alike = [key for key in known if asked and (key == asked or asked in _short(key))]
    if alike:
        best = min(alike, key=lambda key: (key != asked, known[key].memory_gb))
        return best, known[best]
    close = difflib.get_close_matches(asked, known, n=1)
    raise BadInput(
        f"No machine is known as {name!r}.",
        fix=f"Did you mean `{close[0]}`?" if close else f"Choose from: {', '.join(known)}.",
    )


def _short(key: str) -> set[str]:
    """What a name may be cut to: `rtx-4090-24gb` is also `rtx-4090`, `4090`, `4090-24gb`."""
    words = key.split("-")
    return {
        "-".join(words[start:end])
        for start in range(len(words))
        for end in range(start + 1, len(words) + 1)
        if start == 0 or words[start][:1].isdigit()
    } - {words[-1]}
