import re

import pytest
from markup import Markup

from surpass.show.notebook import to_html_fragment


@pytest.fixture(scope="module")
def fragment(sample) -> str:
    return to_html_fragment(sample)


def test_the_fragment_is_one_element(fragment):
    assert fragment.strip().startswith('<div class="surpass-account">')
    assert fragment.strip().endswith("</div>")
    assert not {tag for tag, _ in Markup(fragment).elements} & {"html", "body", "script", "link"}


def test_its_style_touches_nothing_around_it(fragment):
    style = re.sub(r"/\*.*?\*/", "", re.search(r"<style>(.*?)</style>", fragment, re.DOTALL)[1])
    for rule in re.findall(r"([^{}]+)\{", style):
        assert all(one.strip().startswith(".surpass-account") for one in rule.split(","))


def test_it_says_what_the_account_says(fragment, sample):
    text = Markup(fragment).text
    assert "PASS" in text
    assert sample.facts[1].value in text
    assert sample.next_command in text


def test_two_accounts_in_one_notebook_do_not_share_ids(fragment):
    assert not Markup(fragment).values("id")
