"""Models that were not made here: take them in, and find them again by name."""

import re
import shutil
from pathlib import Path

import msgspec
import polars as pl

from surpass.core.account import Account, Chapter, Table
from surpass.core.digest import digest_file, digest_record, short
from surpass.core.environment import now
from surpass.core.errors import BadInput, Refused
from surpass.core.recipe import Recipe
from surpass.core.records.brought import ADOPTED, FILE, Brought
from surpass.data.answer_files import Named, answers_of
from surpass.data.read import read_rows
from surpass.model.find import find_base
from surpass.steps.project import Project
from surpass.store.brought import add_brought, brought_models

REVISION = 1
ADAPTER_FILES = ("adapter_config.json", "adapter_model.safetensors")
FOUR_BITS = "four_bits.json"  # says that the adapter was trained here beside four bits a weight
ELSEWHERE = "Trained elsewhere: which tokens had loss, and with which template, is not verified."
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,59}")


class BroughtRecipe(Recipe, frozen=True, kw_only=True):
    """What was taken in, by its content."""

    content: str


class _AdapterConfig(msgspec.Struct):
    """As much of PEFT's adapter_config.json as we read."""

    base_model_name_or_path: str | None = None


def adopt(project: Project, path: Path, name: str) -> Brought:
    """Take in a PEFT folder, or note a folder of merged weights, as `adopted:NAME`.

    An adapter is copied into the project's store; weights stay where they are.

    Raises:
        BadInput: neither an adapter nor weights lie there.
    """
    path = path.expanduser()
    if (path / ADAPTER_FILES[0]).is_file():
        return _adopt_adapter(project, path, name)
    if (path / "config.json").is_file():
        digest = find_base(str(path.resolve()), project.folder).digest
        return _keep(
            project, f"{ADOPTED}{_named(name)}", "weights", digest=digest, path=str(path.resolve())
        )
    raise BadInput(
        f"{path} holds neither an adapter ({ADAPTER_FILES[0]}) nor weights (config.json).",
        fix="Name the folder that the trainer wrote.",
    )


def import_answers(project: Project, file: Path, name: str, named: Named) -> Brought:
    """Take in a file of a model's answers as `file:NAME`.

    Raises:
        BadInput: the file cannot be read, or has no column of answers.
    """
    full = f"{FILE}{_named(name)}"
    answers = answers_of(read_rows(file), named)
    digest = digest_record([digest_file(file), list(named)])
    recipe = BroughtRecipe(stage="brought", revision=REVISION, content=digest)
    if project.objects.find(recipe) is None:
        with project.objects.write(recipe) as folder:
            answers.write_parquet(folder / "answers.parquet")
    return _keep(project, full, "answers", digest=digest, path=str(file))


def find_brought(project: Project, name: str) -> Brought:
    """The entry of that name.

    Raises:
        BadInput: nothing was brought under this name.
    """
    known = brought_models(project.folder)
    if name not in known:
        listed = ", ".join(known) or "none yet"
        how = "evaluate --predictions FILE --as" if name.startswith(FILE) else "adopt PATH --as"
        raise BadInput(
            f"There is no model `{name}`; brought were: {listed}.",
            fix=f"Run `surpass {how} {name.partition(':')[2]}`.",
        )
    return known[name]


def brought_folder(project: Project, entry: Brought) -> Path:
    """Where its files lie: an adapter's, weights', or a table of answers.

    Raises:
        Refused: they are gone, or no longer what they were.
    """
    if entry.kind == "weights":
        if find_base(entry.path, project.folder).digest != entry.digest:
            raise Refused(
                f"The weights in {entry.path} are not what `{entry.name}` was.",
                fix="Adopt them again under another name.",
            )
        return Path(entry.path)
    recipe = BroughtRecipe(stage="brought", revision=REVISION, content=entry.digest)
    folder = project.objects.find(recipe)
    if folder is None:
        raise Refused(
            f"What was brought as `{entry.name}` is no longer in the cache.",
            fix=f"Bring {entry.path} again.",
        )
    return folder


def brought_answers(project: Project, entry: Brought) -> pl.DataFrame:
    """The table of answers that was imported."""
    return pl.read_parquet(brought_folder(project, entry) / "answers.parquet")


def adopted_account(entry: Brought, base: str) -> Account:
    """What `surpass adopt` says."""
    rows = [("name", entry.name), ("kind", entry.kind), ("digest", short(entry.digest))]
    warnings = [ELSEWHERE]
    if entry.base is not None:
        rows.append(("its base", entry.base))
        warnings.append(
            f"Its configuration names the base {entry.base}; it will be laid on {base}. If that is "
            "another model, the answers are worthless."
        )
    return Account(
        title="Adopt",
        headline=f"{entry.name} can be judged like a model that was trained here.",
        chapters=(
            Chapter(title="", tables=(Table(title="", columns=("what", "is"), rows=tuple(rows)),)),
        ),
        warnings=tuple(warnings),
        next_command=f"surpass verdict --of {entry.name}",
        data=entry,
    )


def _adopt_adapter(project: Project, path: Path, name: str) -> Brought:
    from surpass.model.fold import check_alive  # pulls in torch

    full = f"{ADOPTED}{_named(name)}"
    check_alive(path)
    files = [*ADAPTER_FILES, *([FOUR_BITS] if (path / FOUR_BITS).is_file() else [])]
    digest = digest_record([digest_file(path / file) for file in files])
    recipe = BroughtRecipe(stage="brought", revision=REVISION, content=digest)
    if project.objects.find(recipe) is None:
        with project.objects.write(recipe) as folder:
            for file in files:
                shutil.copyfile(path / file, folder / file)
    try:
        config = msgspec.json.decode((path / ADAPTER_FILES[0]).read_bytes(), type=_AdapterConfig)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BadInput(
            f"{path / ADAPTER_FILES[0]} is not a PEFT configuration: {error}.",
            fix="Name the folder that the trainer wrote.",
        ) from None
    base = config.base_model_name_or_path
    return _keep(project, full, "adapter", digest=digest, path=str(path), base=base)


def _named(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise BadInput(
            f"{name!r} is no name for a model.",
            fix="Use letters, digits, dot, dash and underscore, 60 at most.",
        )
    return name


def _keep(
    project: Project, name: str, kind: str, *, digest: str, path: str, base: str | None = None
) -> Brought:
    """Add the entry, unless the same thing has this name already."""
    entry = msgspec.convert(
        {"name": name, "kind": kind, "digest": digest, "path": path, "at": now(), "base": base},
        Brought,
    )
    known = brought_models(project.folder).get(name)
    if known is not None and (known.digest, known.kind) == (digest, kind):
        return known
    add_brought(project.folder, entry)
    return entry
