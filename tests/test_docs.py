"""The pages are true: snippets run, links lead somewhere, everything a user can name is described.

A page is a story: its snippets run from the top, in one empty folder. A comment before a snippet
says what it needs: `<!-- model -->` the base model, `<!-- slow -->` that and minutes,
`<!-- needs rows -->` more rows than a page can hold, `<!-- run by .ci/run -->` a clone of its own.
"""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import msgspec
import pytest
from sybil import Sybil
from sybil.parsers.markdown import PythonCodeBlockParser

from surpass.core.settings import Settings
from surpass.core.settings.read import parse_settings
from surpass.measure.metrics import metrics_for

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted(DOCS.rglob("*.md"))]
NAMES = [str(page.relative_to(ROOT)) for page in PAGES]

NEEDS = ("", "model", "slow", "needs rows", "run by .ci/run")
LANGUAGES = {"sh", "python", "toml", "text", "json", "csv", "console"}
COMES_LATER: set[str] = set()
"""Files that pages may link to before they are made."""

SNIPPET = re.compile(r"^(?:<!-- ([^\n]*?) -->\n)?```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"(?:^|`)surpass ([a-z][\w-]*)", re.MULTILINE)
LINK = re.compile(r"\]\(([^)\s]+)\)")
TOO_BAD = 'trap \'status=$?; [ "$status" -lt 3 ] || exit "$status"\' ERR\n'
"""1 and 2 are answers of a command; from 3 on something is wrong with the page or with us."""


class Snippet(NamedTuple):
    """One fenced block."""

    needs: str
    language: str
    text: str


def snippets(page: Path) -> list[Snippet]:
    found = SNIPPET.findall(page.read_text(encoding="utf-8"))
    return [Snippet(needs, language, text) for needs, language, text in found]


def pages_with(*needs: str) -> list[pytest.ParameterSet]:
    return [
        pytest.param(page, id=name)
        for page, name in zip(PAGES, NAMES, strict=True)
        if any(s.language in {"sh", "python"} and s.needs in needs for s in snippets(page))
    ]


@pytest.mark.parametrize("page", pages_with(""))
def test_the_snippets_of_a_page_run(page, tmp_path, monkeypatch):
    tell(page, {""}, tmp_path, monkeypatch)


@pytest.mark.model
@pytest.mark.parametrize("page", pages_with("model"))
def test_the_snippets_that_need_the_model_run(page, tmp_path, monkeypatch):
    tell(page, {"", "model"}, tmp_path, monkeypatch)


@pytest.mark.slow
@pytest.mark.model
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("page", pages_with("slow"))
def test_the_snippets_that_take_minutes_run(page, tmp_path, monkeypatch):
    tell(page, {"", "model", "slow"}, tmp_path, monkeypatch)


def test_what_a_page_leaves_to_the_build_machine_runs_there():
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    ran = set(" ".join(re.findall(r"^make ([a-z -]+)", script, re.MULTILINE)).split())
    left = [s.text for page in PAGES for s in snippets(page) if s.needs == "run by .ci/run"]
    assert left
    for line in "".join(left).splitlines():
        command, target = line.split()[:2]
        assert command == "make"
        assert target in ran


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_every_snippet_says_what_it_is(page):
    for snippet in snippets(page):
        assert snippet.language in LANGUAGES, snippet.text
        assert snippet.needs in NEEDS, snippet.text


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_every_settings_file_in_a_page_is_valid(page):
    for snippet in snippets(page):
        if snippet.language == "toml" and "[task]" in snippet.text:
            settings = parse_settings(snippet.text.encode(), page.name)
            known = {one.name for one in metrics_for(settings.kind)}
            assert {gate.metric for gate in settings.criteria_in_force.gates} <= known


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_every_link_leads_somewhere(page):
    for link in LINK.findall(page.read_text(encoding="utf-8")):
        if "://" in link:
            continue
        name, _, anchor = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        if str(target.relative_to(ROOT)) not in COMES_LATER:
            assert target.exists(), link
        if anchor:
            assert anchor in anchors(target), link


def test_every_page_can_be_reached():
    menu = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    names = [str(page.relative_to(DOCS)) for page in DOCS.rglob("*.md")]
    assert not [name for name in names if f"- {name}\n" not in menu]


def test_the_generated_pages_are_up_to_date():
    done = subprocess.run(
        [sys.executable, "tools/generate_docs.py", "--check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_every_setting_has_an_entry():
    page = (DOCS / "settings.md").read_text(encoding="utf-8")
    missing = [key for key in sorted(settings_keys()) if f"| `{key}` |" not in page]
    assert not missing


def test_every_setting_says_what_it_is_for():
    page = (DOCS / "settings.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| (`[^`]+`) .* \|  \|$", page, re.MULTILINE) == []


def test_every_command_has_a_heading():
    from surpass.cli.app import app

    names = {f"surpass {name}" for name in app if not name.startswith("-")}
    assert names
    assert names <= headings("commands.md")


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_every_command_that_a_page_names_exists(page):
    from surpass.cli.app import app

    prose = re.findall(r"`[^`\n]+", SNIPPET.sub("", page.read_text(encoding="utf-8")))
    shell = [snippet.text for snippet in snippets(page) if snippet.language == "sh"]
    assert set(COMMAND.findall("\n".join([*prose, *shell]))) <= set(app)


def test_every_check_has_a_heading():
    from surpass.data.checks import all_checks

    assert set(all_checks()) <= headings("checks.md")


def test_every_metric_has_a_heading():
    from surpass.measure.metrics import BUILT_IN

    assert set(BUILT_IN) <= headings("metrics.md")


def headings(page: str) -> set[str]:
    return set(re.findall(r"^## (.*)$", (DOCS / page).read_text(encoding="utf-8"), re.MULTILINE))


def tell(page: Path, needs: set[str], folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run those snippets of a page that need no more than `needs`, from the top."""
    monkeypatch.chdir(folder)
    namespace: dict[str, object] = {}
    for snippet in snippets(page):
        if snippet.needs not in needs:
            continue
        if snippet.language == "sh":
            run_shell(snippet.text, folder)
        elif snippet.language == "python":
            run_python(snippet.text, folder, namespace)


def run_shell(text: str, folder: Path) -> None:
    search = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-uc", TOO_BAD + text],
        cwd=folder,
        env=os.environ | {"PATH": search},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode < 3, f"{text}{done.stdout}{done.stderr}"


def run_python(text: str, folder: Path, namespace: dict[str, object]) -> None:
    """Run a python snippet, doctest prompts included; names live on through the page."""
    story = folder / ".snippet.md"
    story.write_text(f"```python\n{text}```\n", encoding="utf-8")
    document = Sybil(parsers=[PythonCodeBlockParser()]).parse(story)
    document.namespace = namespace
    for example in document.examples():
        example.evaluate()


def anchors(page: Path) -> set[str]:
    """Names of a page's headings, as Markdown makes them."""
    headings = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    plain = [re.sub(r"[^\w\s-]", "", heading).strip().lower() for heading in headings]
    return {re.sub(r"[\s-]+", "-", heading) for heading in plain}


def settings_keys() -> set[str]:
    """Every key of surpass.toml with its section: `criteria.primary.metric`."""
    schema = msgspec.json.schema(Settings)
    definitions = schema["$defs"]
    found: set[str] = set()

    def walk(node: object, place: str) -> None:
        if isinstance(node, list):
            for one in node:
                walk(one, place)
        if not isinstance(node, dict):
            return
        if "$ref" in node:
            walk(definitions[node["$ref"].rpartition("/")[2]], place)
        for name, value in node.get("properties", {}).items():
            key = f"{place}.{name}" if place else name
            found.update({key} if place else ())
            walk(value, key)
        for deeper in ("anyOf", "allOf", "items"):
            walk(node.get(deeper), place)

    walk(schema, "")
    return found
