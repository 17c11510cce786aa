import polars as pl
import pytest

from surpass.data.checks import lengths
from surpass.data.checks.beside import Beside


def found(examples, tokens, longest, **options):
    rows = [f"r{number}" for number in range(1, len(tokens) + 1)]
    asked, answers = zip(*tokens, strict=True) if tokens else ((), ())
    known = pl.DataFrame(
        {"row": rows, "in_tokens": asked, "out_tokens": answers},
        schema={"row": pl.String, "in_tokens": pl.Int64, "out_tokens": pl.Int64},
    )
    frame = examples(["x"] * len(tokens))
    beside = Beside(lengths=known, longest=longest)
    return lengths.find(frame, lengths.Options(**options), "generate", beside)


def test_while_the_base_is_not_here_it_cannot_tell(examples):
    result = lengths.find(examples(["x"]), lengths.Options(), "generate", Beside())
    assert result.state == "cannot tell"
    assert "surpass plan" in result.advice
    assert found(examples, [], 10).state == "cannot tell"


@pytest.mark.parametrize(("tokens", "kept"), [((9, 1), True), ((9, 2), False), ((10, 0), True)])
def test_the_longest_row_kept_is_as_long_as_allowed(examples, tokens, kept):
    assert (found(examples, [tokens], 10).state == "clear") == kept


def test_the_longest_come_first_and_full_prompts_are_counted(examples):
    result = found(examples, [(5, 5), (8, 9), (30, 1), (2, 2)], 10)
    assert result.evidence["row"].to_list() == ["r3", "r2"]
    assert "2 rows of 4 (50.0%)" in result.summary
    assert "in 1 the prompt alone fills that" in result.summary
    assert found(examples, [(30, 1)] + [(1, 1)] * 199, 10).state == "clear"
