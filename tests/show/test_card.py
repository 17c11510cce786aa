import re

from hypothesis import given
from hypothesis import strategies as st

from surpass.core.records.card import CardCheck, CardData, CardDecision, CardSource
from surpass.show.card import MARK, PARTS, card_text, open_blanks, written_parts

HOSTILE = (
    "</script><img src=x onerror=alert(1)>", "![x](http://evil.example/a.png)", "[a](javascript:b)",
    "\n## Motivation\n\nforged", "a | b\n---", "`{{7*7}}`", "\u202ereversed", "www.evil.example",
    "\x1b[31mred", "---\nlicense: mit", "=cmd()",
)  # fmt: skip


def card(*texts):
    one, two, three = (texts * 3)[:3]
    return CardData(
        file="dataset_card.md",
        name=one,
        kind="classify",
        version="a" * 64,
        rows=5,
        sources=(CardSource(path=one, digest="b" * 64, rows=5, origin=two, licence=three,
                            consent=None),),
        sides={"train": 3, "valid": 1, "test": 1},
        decisions=(CardDecision(action="drop", reason=two, by="people", rows=1),),
        checks=(CardCheck(check="structure", state="clear", severity="note", summary=three),),
        personal={},
        scripts={"Latin": 1.0},
        blanks=tuple(PARTS),
    )  # fmt: skip


def test_what_users_wrote_elsewhere_is_text_on_the_card():
    for text in HOSTILE:
        written = card_text(card(text), {})
        _, head, body = written.split("---\n", 2)
        body = body.replace(MARK, "")
        assert "<" not in head.replace("n<1K", "") + body
        assert not re.search(r"[\x1b\u202e]", written)
        assert not re.search(r"(?<!\\)[\[!]|\w+:(?=/|b)|www\.", body), text
        assert len(re.findall(r"^## ", written, re.MULTILINE)) == 7 + len(PARTS)
        assert written.count(MARK) == 1


@given(st.text(), st.dictionaries(st.sampled_from([*PARTS, "Thanks"]), st.just("Ours.")))
def test_what_people_wrote_is_found_again(text, parts):
    again = written_parts(card_text(card(text), parts))
    assert {name: again[name] for name in parts} == parts
    assert set(open_blanks(again)) == set(PARTS) - set(parts)
