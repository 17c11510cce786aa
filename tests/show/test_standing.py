import pytest

from surpass.core.account import Account, Standing
from surpass.show.standing import badge_word, headline_sentence


@pytest.mark.parametrize(
    ("standing", "headline", "word", "sentence"),
    [
        (Standing.HOLDS, "PASS: it is better.", "PASS", "It is better."),
        (Standing.DOES_NOT_HOLD, "FAIL. It is worse.", "FAIL", "It is worse."),
        (Standing.CANNOT_TELL, "INCONCLUSIVE, more rows.", "INCONCLUSIVE", "More rows."),
        (Standing.HOLDS, "No leaks in 412 rows.", "HOLDS", "No leaks in 412 rows."),
        (Standing.HOLDS, "PASSAU is a town.", "HOLDS", "PASSAU is a town."),
        (Standing.HOLDS, "PASS", "PASS", "PASS"),
        (Standing.DOES_NOT_HOLD, "PASS: no.", "DOES NOT HOLD", "PASS: no."),
    ],
)
def test_the_badge_says_the_verdict_that_the_standing_allows(standing, headline, word, sentence):
    account = Account(title="t", headline=headline, standing=standing)
    assert (badge_word(account), headline_sentence(account)) == (word, sentence)
