"""The card of a released model says the verdict and force, and hostile words stay words."""

import msgspec

from released_projects import model
from surpass.release.card import model_card
from verdict_files import statement

HOSTILE = "</script><img src=x> [a](http://x) | `c` \u202e {{7*7}}"


def test_the_card_says_the_verdict():
    card = model_card(statement(), model(1), ())
    assert "## Verdict: PASS" in card
    assert card.startswith("---\n")
    assert "library_name: peft" in card


def test_what_users_wrote_does_not_act():
    told = msgspec.structs.replace(model(1), base=HOSTILE, labels=(HOSTILE,))
    card = model_card(msgspec.structs.replace(statement(), model=HOSTILE), told, (HOSTILE,))
    for active in ("<img", "</script>", "](http://", "\u202e", "| `c`"):
        assert active not in card
