"""The sizes of a base model by name, with as little fetched as can be: nothing, or its config."""

import difflib
from pathlib import Path

from surpass.core.errors import BadInput
from surpass.plan.shape import Shape, read_shape
from surpass.plan.shapes import known_shape, known_shapes


def sizes_of(name: str, folder: Path) -> Shape:
    """A name that is known, a folder with a config.json, or a hub id, of which only that is read.

    Raises:
        BadInput: it is none of these.
        BadMachine: the hub cannot be reached.
        CannotTell: the config does not say the sizes under their usual names.
    """
    known = known_shape(name)
    if known is not None:
        return known
    place = (folder / name).expanduser()
    if place.is_dir():
        return _of_folder(place, name)
    if name.count("/") == 1 and not name.startswith(("/", ".", "~")):
        from surpass.model.hub import fetch_snapshot  # pulls in the hub's library

        fetched, _ = fetch_snapshot(name, ("config.json",))
        return _of_folder(fetched, name)
    close = difflib.get_close_matches(name.lower(), known_shapes(), n=1)
    raise BadInput(
        f"No sizes are known of the base {name!r}.",
        fix=f"Did you mean `{close[0]}`?"
        if close
        else f"Name a folder with a config.json, a hub id, or one of {', '.join(known_shapes())}.",
    )


def _of_folder(place: Path, name: str) -> Shape:
    if not (place / "config.json").is_file():
        raise BadInput(
            f"There is no config.json in {place.resolve()}.",
            fix=f"Name a folder with one, or a base that is known, instead of {name!r}.",
        )
    return read_shape(place)
