import re
import subprocess
import sys

import pytest
from markup import Markup

from surpass.core.account import Account, Chapter, Table
from surpass.show.report import render_report

POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"


@pytest.fixture(scope="module")
def page(sample) -> str:
    return render_report(sample)


def test_the_file_loads_nothing_and_runs_nothing(page):
    elements = Markup(page).elements
    policies = [found["content"] for tag, found in elements if "http-equiv" in found]
    assert policies == [POLICY]
    assert not {tag for tag, _ in elements} & {"script", "link", "img", "iframe", "object", "base"}
    assert "url(" not in page
    assert "@import" not in page


def test_the_first_screen_has_verdict_facts_and_the_declared_margin(page, sample):
    first = page[: page.index('<nav aria-label="Contents">')]
    text = Markup(first).text
    assert "PASS" in text
    assert all(fact.value in text for fact in sample.facts)
    assert "declared margin +0.050" in text
    assert all(warning in text for warning in sample.warnings)


def test_the_headline_is_the_one_first_heading(page):
    headings = [tag for tag, _ in Markup(page).elements if re.fullmatch("h[1-6]", tag)]
    assert headings[0] == "h1"
    assert headings.count("h1") == 1
    assert set(headings) == {"h1", "h2", "h3"}


def test_the_contents_lead_to_every_chapter(page, sample):
    markup = Markup(page)
    links = {link.removeprefix("#") for link in markup.values("href")}
    assert links == {f"chapter-{number}" for number in range(1, len(sample.chapters) + 1)}
    assert links <= markup.values("id")


def test_a_long_table_is_folded_and_a_short_one_open(page):
    folded = re.findall(
        r'<details class="table">\s*<summary><span class="table-title">(.*?)<', page
    )
    assert folded == ["Field F1 by region"]


def test_every_row_has_its_word_and_wrong_words_are_marked(page):
    assert re.findall(r'class="word \w+">(\w+)<', page) == ["won"] * 3 + ["lost"] * 2 + ["tie"]
    assert "<mark>wrong_bill</mark>" in page


def test_a_huge_table_keeps_the_file_small_and_says_so():
    rows = tuple((str(row),) for row in range(5000))
    chapter = Chapter(title="c", tables=(Table(title="t", columns=("a",), rows=rows),))
    page = render_report(Account(title="t", headline="h", chapters=(chapter,)))
    assert "4000 more rows are in the JSON." in page
    assert len(page) < 200_000


def test_the_same_account_gives_the_same_file(page, sample):
    assert render_report(sample) == page


def test_charts_are_loaded_only_when_one_is_drawn():
    code = """
import sys
from surpass.core.account import Account
from surpass.show import as_csv, as_json, notebook, progress, report, terminal
account = Account(title="t", headline="h")
assert report.render_report(account) and notebook.to_html_fragment(account)
assert not {"altair", "vl_convert"} & set(sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("scheme", [0, 1])
def test_every_text_colour_has_the_contrast_that_wcag_asks_for(page, scheme):
    colours = _themes(page)[scheme]
    for ground in (colours["ground"], colours["raised"]):
        for name in ("ink", "quiet", "link", "holds", "fails", "unsure", "even"):
            assert contrast(colours[name], ground) >= 4.5, (name, ground)
        for name in ("tuned", "opponent", "gain", "other"):
            assert contrast(colours[f"chart-{name}"], ground) >= 3.0, (name, ground)
    assert contrast(colours["ink"], colours["mark"]) >= 4.5


def _themes(page: str) -> list[dict[str, str]]:
    """Custom colours of the light, dark and paper theme."""
    blocks = re.findall(r":root \{(.*?)\}", page, re.DOTALL)
    return [dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", block)) for block in blocks]


def contrast(one: str, other: str) -> float:
    """Ratio of luminances, WCAG 2.2, 1.4.3."""
    low, high = sorted(_luminance(colour) for colour in (one, other))
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: str) -> float:
    shares = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
