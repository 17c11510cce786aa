"""The report in a real browser: nothing is fetched, nothing overflows, the verdict can be read."""

from collections.abc import Iterator

import pytest
from hostile import hostile_account

from surpass.show.report import render_report

pytestmark = pytest.mark.browser

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]
WIDTHS = (360, 390, 1280)
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
LUMINANCE_OF_GROUND = """
() => getComputedStyle(document.body).backgroundColor.match(/\\d+/g).slice(0, 3)
    .reduce((sum, part) => sum + Number(part), 0) / 765
"""


@pytest.fixture(scope="module")
def browser(chromium) -> Iterator[object]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield started
        started.close()


@pytest.fixture(scope="module")
def files(sample, tmp_path_factory) -> dict[str, str]:
    """Addresses of a realistic and of a hostile report."""
    folder = tmp_path_factory.mktemp("reports")
    found = {}
    for name, account in (("sample", sample), ("hostile", hostile_account(0))):
        path = folder / f"{name}.html"
        path.write_bytes(render_report(account).encode("utf-8"))
        found[name] = path.as_uri()
    return found


@pytest.mark.parametrize(
    ("name", "scheme", "width"),
    [
        *(("sample", scheme, width) for scheme in ("light", "dark") for width in WIDTHS),
        ("hostile", "light", 360),
        ("hostile", "dark", 1280),
    ],
)
def test_the_report_is_quiet_and_fits(browser, files, name, scheme, width):
    page = browser.new_page(viewport={"width": width, "height": 844}, color_scheme=scheme)
    said, fetched = [], []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("dialog", lambda dialog: said.append(dialog.message))
    page.on("request", lambda request: fetched.append(request.url))
    page.goto(files[name])
    for folded in page.locator("summary").all():
        if folded.is_visible():
            folded.click()
    assert said == []
    assert fetched == [files[name]]
    assert page.evaluate(OVERFLOW) == 0
    page.close()


@pytest.mark.parametrize("width", WIDTHS)
def test_the_verdict_can_be_read_at_once(browser, files, width):
    page = browser.new_page(viewport={"width": width, "height": 844})
    page.goto(files["sample"])
    for part in (".badge", "h1"):
        box = page.locator(part).bounding_box()
        assert page.locator(part).is_visible()
        assert box["y"] + box["height"] < 844
    charts = page.locator("section.first figure svg:visible")
    assert charts.count() == 1
    page.close()


def test_the_page_follows_the_colour_scheme(browser, files):
    grounds = {}
    for scheme in ("light", "dark"):
        page = browser.new_page(color_scheme=scheme)
        page.goto(files["sample"])
        grounds[scheme] = page.evaluate(LUMINANCE_OF_GROUND)
        page.close()
    assert grounds["light"] > 0.9
    assert grounds["dark"] < 0.2
