"""Small words in sentences for people: numbers with their nouns, types without their code names."""

import re

_TYPES = {
    "float": "a number",
    "int": "a whole number",
    "str": "text",
    "bool": "true or false",
    "array": "a list",
    "object": "a section",
    "null": "nothing",
}


def counted(number: int, noun: str, plural: str | None = None) -> str:
    """A number with its noun: "1 row", "12 rows"; noun and verb too: "1 row repeats"."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def plain_types(message: str) -> str:
    """Msgspec's words without its names of types: "Expected `float`" is "Expected a number"."""
    return re.sub(
        r"`([a-z |]+)`",
        lambda found: " or ".join(_TYPES.get(name, name) for name in found.group(1).split(" | ")),
        message,
    )
