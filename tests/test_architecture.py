"""The house rules that no other tool holds."""

import ast
import importlib
import inspect
import pkgutil
import re
import resource
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "src" / "surpass"
SOURCES = sorted(PACKAGE.rglob("*.py"))

MOST_LINES = 400
MOST_FUNCTION_LINES = 60
MOST_FIELDS = 12
MOST_SECTIONS = 24  # of surpass.toml: its root has one field a section, and no more than that
VAGUE_NAMES = {"utils.py", "common.py", "helpers.py", "base.py", "manager.py"}

HEAVY = (
    "torch", "transformers", "peft", "pandas", "sklearn", "polars", "numpy", "scipy", "altair",
    "sacrebleu", "jinja2",
)  # fmt: skip
"""None of these is loaded by `import surpass` or by any --help."""

ONE_FILE = (
    "accelerate", "aiohttp", "altair", "charset_normalizer", "cleanlab", "filelock", "gguf",
    "jinja2", "mlflow", "model2vec", "platformdirs", "psutil", "rapidfuzz", "vl_convert", "wandb",
)  # fmt: skip
"""Each of these is imported by one file at most."""

ALSO_IN = {
    "aiohttp": "serve/upstream.py",  # there requests are passed on as bytes, not asked and read
    "filelock": "model/smollm2.py",  # the cache of base models belongs to no project
    "jinja2": "model/template.py",  # only to catch what a model's own chat template raises
}

RUNS_CODE_WHEN_READ = {"pickle", "joblib", "dill", "cloudpickle", "shelve", "marshal"}
PICKLE_FILE = re.compile(r"\.(bin|pkl|pickle|pt|pth|joblib)$")

HELP_OF_EVERY_COMMAND = """
import contextlib, io, sys
from surpass.cli.app import app

for words in [["--help"], *([name, "--help"] for name in app if not name.startswith("-"))]:
    with contextlib.redirect_stdout(io.StringIO()) as shown, contextlib.suppress(SystemExit):
        app(words)
    assert shown.getvalue().strip(), words
print(*sys.modules)
"""


def test_the_arrows_between_rooms_point_down():
    lint = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()"]
    done = subprocess.run(
        [*lint, "--no-cache", "--no-logo"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_file_is_short():
    long = {str(p.relative_to(PACKAGE)): n for p in SOURCES if (n := _lines(p)) > MOST_LINES}
    assert not long, "two ideas in one file: name the second one"


def test_every_function_fits_a_screen():
    long = [
        f"{path.relative_to(PACKAGE)}:{node.lineno} {node.name}"
        for path in SOURCES
        for node in ast.walk(_tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or node.lineno) - node.lineno + 1 > MOST_FUNCTION_LINES
    ]
    assert not long


def test_every_file_name_says_what_is_inside():
    assert not [path for path in SOURCES if path.name in VAGUE_NAMES]


def test_every_folder_is_a_package_and_says_what_it_is_for():
    silent = [
        str(path.relative_to(PACKAGE))
        for folder in {path.parent for path in SOURCES}
        if not (path := folder / "__init__.py").exists() or not ast.get_docstring(_tree(path))
    ]
    assert not silent


def test_tests_mirror_the_rooms():
    rooms = {path.name for path in (ROOT / "tests").iterdir() if any(path.glob("test_*.py"))}
    assert rooms <= {path.parent.name for path in PACKAGE.glob("*/__init__.py")}


def test_importing_surpass_is_light():
    assert not _heavy_among(_run("import sys, surpass; print(*sys.modules)"))


def test_the_help_of_every_command_is_light():
    assert not _heavy_among(_run(HELP_OF_EVERY_COMMAND))


def test_help_takes_at_most_three_tenths_of_a_second():
    assert min(_processor_seconds_of_help() for _ in range(5)) <= 0.3


@pytest.mark.parametrize("library", ONE_FILE)
def test_a_heavy_library_lives_in_one_file(library):
    users = [str(p.relative_to(PACKAGE)) for p in SOURCES if library in _imports(p)]
    assert len(set(users) - {ALSO_IN.get(library)}) <= 1, users


def test_each_part_of_scikit_learn_lives_in_one_file():
    users: dict[str, set[str]] = {}
    for path in SOURCES:
        for part in _parts(path, "sklearn"):
            users.setdefault(part, set()).add(str(path.relative_to(PACKAGE)))
    assert not {part: files for part, files in users.items() if len(files) > 1}


def test_only_metrics_of_texts_know_sacrebleu():
    users = [p.relative_to(PACKAGE) for p in SOURCES if "sacrebleu" in _imports(p)]
    assert {path.parts[:2] for path in users} <= {("measure", "metrics")}


def test_only_show_draws():
    users = {p.relative_to(PACKAGE).parts[0] for p in SOURCES if "rich" in _imports(p)}
    assert users <= {"show"}


def test_nothing_reads_or_writes_a_file_that_runs_code():
    found = [
        f"{path.relative_to(PACKAGE)}:{line} {what}"
        for path in SOURCES
        for line, what in _pickles(path)
    ]
    assert not found


def test_every_section_of_the_settings_is_frozen_closed_and_small():
    """Small is 12 fields; the root alone may have 24, for its fields are the sections."""
    from surpass.core.settings import Settings

    sections = _sections()
    assert sections
    for section in sections:
        shape = section.__struct_config__
        kinds = {field.kind for field in inspect.signature(section).parameters.values()}
        assert shape.frozen, section
        assert shape.forbid_unknown_fields, section
        assert kinds <= {inspect.Parameter.KEYWORD_ONLY}, section
        most = MOST_SECTIONS if section is Settings else MOST_FIELDS
        assert len(section.__struct_fields__) <= most, section


def test_constraints_pin_every_direct_dependency_and_nothing_else():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lists = [project["dependencies"], *project["optional-dependencies"].values()]
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pinned = [line.partition("==")[0] for line in lines if line and not line.startswith("#")]
    assert sorted(pinned) == sorted({_name(one) for asked in lists for one in asked} - {"surpass"})


def _lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def _imports(path: Path) -> set[str]:
    """Top-level packages that a file imports, wherever in it."""
    found = set()
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add((node.module or "").partition(".")[0])
    return found


def _pickles(path: Path) -> Iterator[tuple[int, str]]:
    for library in _imports(path) & RUNS_CODE_WHEN_READ:
        yield 1, library
    for node in ast.walk(_tree(path)):
        match node:
            case ast.Attribute(value=ast.Name(id="torch"), attr="save" | "load" as verb):
                yield node.lineno, f"torch.{verb}"
            case ast.Constant(value=str(text)) if PICKLE_FILE.search(text):
                yield node.lineno, text


def _parts(path: Path, library: str) -> set[str]:
    """Second part of the names that a file imports from a library: `sklearn.pipeline`."""
    modules = [n.module or "" for n in ast.walk(_tree(path)) if isinstance(n, ast.ImportFrom)]
    return {".".join(m.split(".")[:2]) for m in modules if m.split(".")[0] == library}


def _run(code: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def _heavy_among(modules: list[str]) -> list[str]:
    return sorted({name.partition(".")[0] for name in modules} & set(HEAVY))


def _processor_seconds_of_help() -> float:
    """Processor time, which a busy machine stretches less than the clock's."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    _run("import sys; sys.argv = ['surpass', '--help']; from surpass.cli.app import app; app()")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _sections() -> list[type[msgspec.Struct]]:
    """Every section of the settings, the options of checks included."""
    from surpass.core.settings import Section

    for room in ("surpass.core.settings", "surpass.data.checks"):
        for module in pkgutil.iter_modules(importlib.import_module(room).__path__, f"{room}."):
            importlib.import_module(module.name)
    found: list[type[msgspec.Struct]] = []
    waiting = [Section]
    while waiting:
        children = waiting.pop().__subclasses__()
        found += children
        waiting += children
    return found


def _name(requirement: str) -> str:
    return re.match(r"[\w.-]+", requirement)[0]
