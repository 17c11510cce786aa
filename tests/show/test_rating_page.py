"""The rating page as text: everything can be seen, nothing acts, every task has its form."""

import pytest
from hostile import HOSTILE

from surpass.core.records.rating import Label, Pairwise, Scales
from surpass.core.settings.rating import STANDARD_SCALES, Scale
from surpass.show.escape import hidden
from surpass.show.rating_page import RatingPage, asset, rating_page, readable

PAGE = RatingPage(title="t", done=3, total=12, task="r1-004", undo="r1-003")


def payloads(text: str):
    scale = Scale(name=text or "x", question=text, one=text, three=text, five=text)
    return (
        Pairwise(asked=text, left=text, right=text, reference=text),
        Scales(asked=text, answer=text, scales=(scale,), reference=text),
        Label(asked=text, labels=(text, "other")),
    )


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_stay_texts(text):
    for payload, plain in zip(payloads(text), payloads("plain"), strict=True):
        page, ours = rating_page(PAGE, payload), rating_page(PAGE, plain)
        assert page.count("<") == ours.count("<")
        assert not any(hidden(one) for one in page if one != "\n")


def test_line_breaks_are_kept_and_controls_are_spelled_out():
    assert readable("one\r\ntwo\tthree\x1b") == "one\ntwo    three⟦U+001B⟧"


def test_each_kind_of_task_has_its_keys():
    pairwise, scales, label = (rating_page(PAGE, one) for one in payloads("text"))
    for key in "1234":
        assert f'data-key="{key}"' in pairwise
    assert scales.count('type="radio"') == 5
    assert 'data-key="2"' in label


def test_the_end_says_thanks_and_still_offers_undo():
    page = rating_page(RatingPage(title="t", done=12, total=12, undo="r1-012"), None)
    assert "Thank you" in page
    assert 'value="r1-012"' in page


def test_nothing_is_fetched_from_elsewhere():
    everything = rating_page(PAGE, payloads("x")[0]) + "".join(
        asset(name).decode() for name in ("rating.css", "rating.js")
    )
    assert "http" not in everything
    assert "innerHTML" not in everything


def test_the_standard_scales_say_what_1_3_and_5_mean():
    names = [scale.name for scale in STANDARD_SCALES]
    assert names == ["coherence", "factual accuracy", "conciseness"]
    assert all(scale.one and scale.three and scale.five for scale in STANDARD_SCALES)
