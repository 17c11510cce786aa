"""Metrics of texts are those of the packages that people quote."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sacrebleu.metrics.bleu import BLEU
from sacrebleu.metrics.chrf import CHRF
from sacrebleu.metrics.ter import TER

from answers import answers
from surpass.core.errors import BadInput, CannotTell
from surpass.measure.metrics import metric, metrics_for, signature
from surpass.measure.one_more import extended, grouped
from surpass.measure.scores import score, sure_score
from surpass.measure.statistics import value_of

WORDS = ("the", "dog", "The", "bit", "a", "man", ",", "not", "it's", "3.5")
sentences = st.lists(st.sampled_from(WORDS), min_size=1, max_size=9).map(" ".join)
rows = st.lists(st.tuples(st.one_of(st.just(""), sentences), sentences, sentences), min_size=1)
TEXTS = [one.name for one in metrics_for("generate") if ".texts." in type(one).__module__]

# The example in sacreBLEU's README and tests: answers, and two references of each.
ANSWERED = ["The dog bit the man.", "It wasn't surprising.", "The man had just bitten him."]
FIRST = ["The dog bit the man.", "It was not unexpected.", "The man bit him first."]
SECOND = ["The dog had bit the man.", "No one was surprised.", "The man had bitten the dog."]


def with_references(expected, answered, *others):
    more = [list(texts) for texts in zip(*others, strict=True)]
    return answers(expected, answered).with_columns(
        pl.Series("references", more, dtype=pl.List(pl.String))
    )


@pytest.mark.parametrize(
    ("tokenize", "published"),
    [("13a", 48.530827), ("none", 49.1919566), ("intl", 43.91623493)],
)
def test_bleu_of_sacrebleus_example_is_the_published_one(tokenize, published):
    frame = with_references(FIRST, ANSWERED, SECOND)
    found = score(metric("bleu", {"tokenize": tokenize}), frame, ())
    assert 100 * found == pytest.approx(published, abs=1e-6)


@given(rows, st.booleans())
def test_bleu_is_sacrebleus_with_two_references(found, lowercase):
    answered, first, second = map(list, zip(*found, strict=True))
    theirs = BLEU(lowercase=lowercase).corpus_score(answered, [first, second]).score
    ours = score(
        metric("bleu", {"lowercase": lowercase}), with_references(first, answered, second), ()
    )
    assert 100 * ours == pytest.approx(theirs, abs=1e-9)


@given(rows)
def test_chrf_is_sacrebleus_with_two_references(found):
    answered, first, second = map(list, zip(*found, strict=True))
    theirs = CHRF().corpus_score(answered, [first, second]).score
    ours = score(metric("chrf"), with_references(first, answered, second), ())
    assert 100 * ours == pytest.approx(theirs, abs=1e-9)


@given(rows)
def test_ter_is_sacrebleus_with_two_references(found):
    answered, first, second = map(list, zip(*found, strict=True))
    theirs = TER().corpus_score(answered, [first, second]).score
    ours = score(metric("ter"), with_references(first, answered, second), ())
    assert 100 * ours == pytest.approx(theirs, abs=1e-9)


@pytest.mark.parametrize("name", sorted(set(TEXTS) - {"unsupported_facts"}))
@settings(max_examples=20)
@given(found=rows, factor=st.floats(0.1, 50))
def test_a_score_hangs_on_the_shares_of_rows_not_on_their_number(name, found, factor):
    answered, first, second = map(list, zip(*found, strict=True))
    statistics = metric(name).statistics(with_references(first, answered, second), ())
    scaled = statistics.combine(factor * statistics.items.sum(axis=0))
    assert scaled == pytest.approx(value_of(statistics), abs=1e-12, nan_ok=True)


@pytest.mark.parametrize("name", [one for one in TEXTS if one.startswith("rouge")])
@settings(max_examples=20)
@given(found=rows)
def test_one_more_reference_never_lowers_the_score_of_a_row(name, found):
    answered, first, second = found[0]
    alone = score(metric(name), answers([first], [answered]), ())
    both = score(metric(name), with_references([first], [answered], [second]), ())
    assert both >= alone - 1e-12


@pytest.mark.parametrize("name", TEXTS)
def test_the_group_that_bounds_add_does_not_move_the_estimate(name):
    frame = with_references(FIRST, ANSWERED, SECOND).with_columns(
        answer=pl.col("answer") + " It cost 3 or 4.", input=pl.col("target") + " 3"
    )
    found = extended(metric(name), frame, (), grouped(frame))
    assert found.estimate == pytest.approx(score(metric(name), frame, ()))


def test_bleu_is_resampled_without_counting_words_again():
    frame = answers(FIRST * 10, ANSWERED * 10)
    statistics = metric("bleu").statistics(frame, ())
    weights = np.random.default_rng(0).standard_exponential((10_000, frame.height))
    values = statistics.combine(weights @ statistics.items)
    assert values.shape == (10_000,)
    assert values.min() < value_of(statistics) < values.max()


@settings(max_examples=20)
@given(rows)
def test_empty_and_missing_references_change_nothing(found):
    answered, first, _ = map(list, zip(*found, strict=True))
    plain = answers(first, answered)
    for none in ([], None):
        column = pl.Series("references", [none] * len(first), dtype=pl.List(pl.String))
        assert score(metric("bleu"), plain.with_columns(column), ()) == score(
            metric("bleu"), plain, ()
        )


@pytest.mark.parametrize(
    ("options", "answer", "right"),
    [
        ({}, " Paris  France ", True),
        ({}, "paris france", False),
        ({"ignore_case": True}, "PARIS france", True),
        ({"ignore_case": True}, "Paris, France", False),
        ({"ignore_punctuation": True}, "\u201cParis, France.\u201d", True),
        ({"ignore_punctuation": True}, "the Paris France", False),
        ({"ignore_articles": True}, "The Paris France", True),
        ({"ignore_articles": True}, "theParis France", False),
    ],
)
def test_an_exact_match_forgives_what_its_options_say(options, answer, right):
    frame = answers(["Paris France"], [answer])
    assert score(metric("exact_match", options), frame, ()) == right


def test_an_exact_match_may_be_with_any_reference():
    frame = with_references(["4"], ["four"], ["four"])
    assert score(metric("exact_match"), frame, ()) == 1


def facts_of(answer, source, status="ok"):
    frame = answers(["x"], [answer], status=[status])
    return score(metric("unsupported_facts"), frame.with_columns(input=pl.lit(source)), ())


@pytest.mark.parametrize(
    ("answer", "source", "share"),
    [
        ("It costs 1,200.50 euros.", "price: 1200.5", 0),
        ("It costs 12 euros.", "price: 1200.5", 1),
        ("It came on March 3rd, 2024.", "2024-03-03", 0),
        ("It came on 2024-03-03.", "on 3 March 2024", 0),
        ("It came on 3/4/2024.", "on 4 March 2024", 0),
        ("It came on 5 March 2024.", "on 4 March 2024", 1),
        ("It came in March 2024.", "2024-03-04", 0),
        ("We met Ada Lovelace.", "ada lovelace, 36", 0),
        ("We met Ada Byron.", "ada lovelace, 36", 1),
        ("We met Ada in 1840.", "ada lovelace, 36", 0.5),
        ("We met Ada\u2019s son.", "Ada", 0),
        ("Yesterday it rained.", "", None),
        ("It is 31/31/2024.", "", 1),
        ("", "Ada", None),
    ],
)
def test_a_fact_is_unsupported_if_the_input_does_not_state_it(answer, source, share):
    found = facts_of(answer, source)
    assert found is None if share is None else found == pytest.approx(share)


@given(st.text(max_size=80))
def test_a_text_supports_all_that_it_states_itself(text):
    assert facts_of(text, text) in (0, None)


def test_an_answer_that_was_not_read_counts_as_one_unsupported_fact():
    assert facts_of("Ada", "Ada", status="truncated") == 1


def test_unsupported_facts_without_inputs_cannot_be_told():
    with pytest.raises(CannotTell, match="needs `input`"):
        sure_score(metric("unsupported_facts"), answers(["x"], ["y"]), ())


def test_the_signature_of_bleu_is_sacrebleus():
    theirs = BLEU(lowercase=True)
    theirs.corpus_score(["a"], [["a"]])
    said = str(theirs.get_signature()).removeprefix("nrefs:1|")
    assert signature(metric("bleu", {"lowercase": True})).endswith(f"sacrebleu|{said}")


@pytest.mark.parametrize(("name", "of"), [("chrf", CHRF()), ("ter", TER())])
def test_the_signatures_of_chrf_and_ter_are_sacrebleus(name, of):
    of.corpus_score(["a"], [["a"]])
    said = str(of.get_signature()).removeprefix("nrefs:1|")
    assert signature(metric(name)).endswith(f"sacrebleu|{said}")


def test_a_tokenizer_that_is_not_there_is_refused_with_those_that_are():
    with pytest.raises(BadInput, match="tokenize") as caught:
        metric("bleu", {"tokenize": "14a"})
    assert "13a" in str(caught.value) + caught.value.fix
