"""The share that learns is told, and what is told to lower it does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surpass.core.settings import Full, Ia3, Lora, Prefix
from surpass.steps.tell.share import share_words

BASE = 134_515_008


@given(st.integers(1, 512), st.integers(1_000, 10_000_000))
def test_the_rank_that_is_named_is_the_largest_below_one_percent(rank, a_rank):
    said = share_words(Lora(rank=rank), rank * a_rank, BASE + rank * a_rank)

    def below(other):
        return other * a_rank < 0.01 * (BASE + other * a_rank)

    if below(rank):
        assert "puts it" not in said
    elif "`rank = " in said and "even" not in said:
        most = int(said.split("`rank = ")[1].split("`")[0])
        assert below(most) or below(most - 1)
        assert most < rank
        assert not below(most + 1)
    else:
        assert not below(1)


@pytest.mark.parametrize(
    ("tuning", "trained", "said"),
    [
        (Lora(rank=2), 610_560, "610,560 of 135,125,568 numbers learn (0.45%)."),
        (Lora(rank=8), 2_442_240, "`rank = 4` puts it below 1 %"),
        (Prefix(virtual_tokens=200), 4_608_000, "`virtual_tokens = 58` puts it below 1 %"),
        (Ia3(), 2_000_000, "fewer `targets`"),
    ],
)
def test_it_is_said_in_words(tuning, trained, said):
    assert said in share_words(tuning, trained, BASE + trained)


def test_full_tuning_names_the_method_that_trains_fewer():
    assert '`method = "lora"`' in share_words(Full(), BASE, BASE)
