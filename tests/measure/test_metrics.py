import json
import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from sacrebleu.metrics.chrf import CHRF
from sklearn.metrics import accuracy_score, f1_score, roc_auc_score

from answers import answers
from surpass.core.errors import BadInput, CannotTell
from surpass.measure import metrics
from surpass.measure.metrics import BUILT_IN, metric, metrics_for, signature, usual_metrics
from surpass.measure.scores import score, scores_of

KINDS = ("classify", "extract", "generate", "code")
USUAL = {one.name for kind in KINDS for one in usual_metrics(kind)}
LABELS = ("a", "b", "c", "d")
labelled = st.lists(
    st.tuples(st.sampled_from(LABELS), st.sampled_from((*LABELS, "unreadable"))), min_size=1
)
texts = st.lists(st.tuples(st.text(max_size=40), st.text(min_size=1, max_size=40)), min_size=1)
values = st.one_of(st.text(max_size=5), st.integers(-99, 99), st.booleans())
records = st.dictionaries(st.sampled_from("abcd"), values, max_size=4)


def of_pairs(pairs):
    expected, answered = map(list, zip(*pairs, strict=True))
    status = ["unreadable" if answer == "unreadable" else "ok" for answer in answered]
    return expected, answered, answers(expected, answered, status=status)


@given(labelled)
def test_macro_f1_is_scikit_learns_over_the_labels_with_rows(pairs):
    expected, answered, frame = of_pairs(pairs)
    theirs = f1_score(
        expected, answered, labels=sorted(set(expected)), average="macro", zero_division=0
    )
    assert score(metric("macro_f1"), frame, LABELS) == pytest.approx(theirs)


@given(labelled)
def test_accuracy_is_scikit_learns(pairs):
    expected, answered, frame = of_pairs(pairs)
    assert score(metric("accuracy"), frame, LABELS) == pytest.approx(
        accuracy_score(expected, answered)
    )


@given(st.integers(0, 999), st.integers(5, 60), st.booleans())
def test_auc_is_scikit_learns_with_and_without_ties(seed, rows, tied):
    rng = np.random.default_rng(seed)
    expected = [*LABELS, *rng.choice(LABELS, rows)]
    probabilities = rng.dirichlet(np.ones(4), len(expected))
    if tied:
        rough = np.round(probabilities[:, 1:], 1)
        probabilities = np.column_stack([1 - rough.sum(axis=1), rough])
        assume((probabilities >= 0).all())
    theirs = roc_auc_score(expected, probabilities, multi_class="ovr", average="macro")
    frame = answers(expected, expected, probabilities=probabilities.tolist())
    assert score(metric("auc"), frame, LABELS) == pytest.approx(theirs)


def test_auc_under_weights_is_scikit_learns():
    rng = np.random.default_rng(3)
    expected = rng.choice(LABELS, 50).tolist()
    probabilities = rng.dirichlet(np.ones(4), 50)
    weights = rng.integers(1, 4, (5, 50)).astype(float)
    frame = answers(expected, expected, probabilities=probabilities.tolist())
    ours = metric("auc").statistics(frame, LABELS).under(weights)
    for value, weight in zip(ours, weights, strict=True):
        theirs = np.mean(
            [
                roc_auc_score(
                    np.array(expected) == label, probabilities[:, place], sample_weight=weight
                )
                for place, label in enumerate(LABELS)
            ]
        )
        assert value == pytest.approx(theirs)


def test_auc_names_the_labels_that_it_leaves_out():
    frame = answers(["a", "a", "b"], ["a"] * 3, probabilities=[[0.6, 0.3, 0.1]] * 3)
    found, left_out = scores_of([metric("auc")], frame, ("a", "b", "c"))
    assert found["auc"] == 0.5
    assert left_out == ("auc: 1 label is left out of the mean (first: 'c').",)


def test_auc_without_probabilities_cannot_be_told():
    frame = answers(["a", "b"], ["a", "b"])
    with pytest.raises(CannotTell, match="needs probabilities"):
        metric("auc").statistics(frame, ("a", "b"))
    assert score(metric("auc"), frame, ("a", "b")) is None


def test_a_label_without_rows_is_left_out_whatever_was_answered():
    frame = answers(["a", "a", "b", "b"], ["a", "c", "b", "b"])
    assert score(metric("macro_f1"), frame, ("a", "b", "c")) == pytest.approx((2 / 3 + 1) / 2)


def test_a_label_outside_the_closed_set_cannot_be_answered_right():
    frame = answers(["a", "new"], ["a", "a"])
    assert score(metric("macro_f1"), frame, ("a",)) == pytest.approx((2 / 3 + 0) / 2)


@given(texts)
def test_chrf_is_sacrebleus(pairs):
    written, expected = map(list, zip(*pairs, strict=True))
    assume(any(text.strip() for text in expected))
    theirs = CHRF().corpus_score(written, [expected]).score / 100
    frame = answers(expected, written)
    assert score(metric("chrf"), frame, ()) == pytest.approx(theirs, abs=1e-9)


def test_chrf_of_real_sentences_is_sacrebleus():
    expected = ["fix typo in the README", "Add a test for empty files", "bump version to 1.2"]
    written = ["fix a typo in README", "Add tests", "release 1.2"]
    theirs = CHRF().corpus_score(written, [expected]).score / 100
    assert score(metric("chrf"), answers(expected, written), ()) == pytest.approx(theirs, abs=1e-9)


@given(st.lists(st.tuples(records, records), min_size=1, max_size=8))
def test_field_f1_of_equal_records_is_one_and_swapping_sides_changes_nothing(pairs):
    assume(any(left for left, _ in pairs) and any(right for _, right in pairs))
    left, right = ([json.dumps(one) for one in side] for side in zip(*pairs, strict=True))
    field_f1 = metric("field_f1")
    assert score(field_f1, answers(left, left), ()) == 1
    assert score(field_f1, answers(left, right), ()) == pytest.approx(
        score(field_f1, answers(right, left), ())
    )


def test_field_f1_counts_pairs_over_all_rows():
    expected = ['{"name": "Ada", "sum": 34.5}', '{"name": "Bob"}']
    answered = ['{"name": " ADA ", "sum": "34.50", "city": "X"}', "no idea"]
    assert score(metric("field_f1"), answers(expected, answered), ()) == pytest.approx(2 * 2 / 6)
    assert score(metric("exact_record"), answers(expected, answered), ()) == 0
    assert score(metric("valid_share"), answers(expected, answered), ()) == 0.5


def test_an_expected_record_that_is_no_record_is_refused_by_its_row():
    with pytest.raises(BadInput, match="'r00001'"):
        score(metric("exact_record"), answers(["{}", "nothing"], ["{}", "{}"]), ())


@pytest.mark.parametrize("name", sorted(USUAL - {"auc", "pass_at_k"}))
@pytest.mark.parametrize("status", ["unreadable", "truncated"])
def test_an_answer_that_was_not_read_is_wrong_even_if_its_text_is_right(name, status):
    text = '{"a": "x"}'
    frame = answers([text, text], [text, text], status=["ok", status])
    assert score(metric(name), frame, (text,)) < 1
    assert score(metric(name), frame.head(1), (text,)) == 1


def test_an_unread_row_ranks_last_in_auc():
    sure = [[1.0, 0.0], [1.0, 0.0], [0.0, 1.0]]
    read = answers(["a", "a", "b"], ["a", "a", "b"], probabilities=sure)
    unread = answers(["a", "a", "b"], ["a", "a", "b"], probabilities=[*sure[:2], None])
    assert score(metric("auc"), read, ("a", "b")) == 1
    assert score(metric("auc"), unread, ("a", "b")) == 0


@pytest.mark.parametrize("name", sorted(USUAL))
def test_no_rows_are_no_score(name):
    assert score(metric(name), answers([], []), ("a", "b")) is None


def test_an_unknown_metric_names_the_close_ones():
    with pytest.raises(BadInput, match="Did you mean `macro_f1`"):
        metric("macrof1")
    with pytest.raises(BadInput, match="There are: "):
        metric("zzz")


def test_a_third_party_metric_is_loaded_by_the_name_asked_for(tmp_path, monkeypatch):
    (tmp_path / "their_metric.py").write_text(
        "from surpass.measure.metrics.labels.accuracy import Accuracy\n"
        "class Theirs(Accuracy):\n    name = 'theirs'\n",
        encoding="utf-8",
    )
    folder = tmp_path / "their_metric-1.dist-info"
    folder.mkdir()
    (folder / "METADATA").write_text("Name: their-metric\nVersion: 1\n", encoding="utf-8")
    (folder / "entry_points.txt").write_text(
        "[surpass.metrics]\ntheirs = their_metric:Theirs\nbroken = no_such_module:X\n",
        encoding="utf-8",
    )
    monkeypatch.syspath_prepend(tmp_path)
    assert metric("theirs").name == "theirs"


def test_each_kind_of_task_has_its_default_metric_first():
    first = {kind: metrics_for(kind)[0].name for kind in ("classify", "extract", "generate")}
    assert first == {"classify": "macro_f1", "extract": "field_f1", "generate": "chrf"}


@pytest.mark.parametrize("built_in", BUILT_IN.values(), ids=lambda m: m.name)
def test_every_metric_says_how_it_works_when_it_misleads_and_where_it_comes_from(built_in):
    page = built_in.__doc__
    assert all(word in page for word in ("How:", "When it misleads:", "Source:"))


def test_every_metric_in_the_folders_is_known_under_its_own_name():
    folder = Path(metrics.__file__).parent
    written = [
        name
        for path in folder.glob("*/*.py")
        for name in re.findall(
            r'^    name: ClassVar\[str\] = "(.+)"', path.read_text(encoding="utf-8"), re.MULTILINE
        )
    ]
    assert sorted(written) == sorted(BUILT_IN)


@pytest.mark.parametrize("kind", KINDS)
def test_metrics_of_a_kind_are_the_usual_ones_then_others_each_once(kind):
    names = [one.name for one in metrics_for(kind)]
    usual = [one.name for one in usual_metrics(kind)]
    assert names[: len(usual)] == usual
    assert len(set(names)) == len(names)
    assert all(kind in BUILT_IN[name].kinds for name in names)


@pytest.mark.parametrize("name", sorted(USUAL))
def test_a_gate_may_be_set_on_what_is_usually_reported(name):
    assert BUILT_IN[name].bounded


def test_a_kind_that_nobody_knows_has_no_metrics():
    assert metrics_for("paint") == usual_metrics("paint") == ()


def test_options_left_out_have_their_defaults():
    assert metric("long_share", {}) == metric("long_share")
    assert metric("long_share", {"limit_words": 5}) != metric("long_share")


@pytest.mark.parametrize(
    ("name", "options", "said", "fix"),
    [
        ("long_share", {"limit": 5}, "no option `limit`", "`limit_words`"),
        ("long_share", {"limit_words": "5"}, "limit_words: Expected a whole number", "limit_words"),
        ("long_share", {"limit_words": 0}, "limit_words: Expected a whole number >= 1", ""),
        ("rouge_1", {"measure": "f2"}, "measure: Invalid enum value 'f2'", "`f1` or `precision`"),
        ("accuracy", {"limit": 5}, "`accuracy` has no options", r"\[criteria.metrics.accuracy\]"),
    ],
)
def test_an_option_that_does_not_fit_is_refused_with_those_that_do(name, options, said, fix):
    with pytest.raises(BadInput, match=said) as caught:
        metric(name, options)
    assert re.search(fix, caught.value.fix)


@pytest.mark.parametrize("built_in", BUILT_IN.values(), ids=lambda m: m.name)
def test_a_signature_names_the_metric_its_version_and_every_option(built_in):
    parts = signature(built_in).split("|")
    assert parts[0] == built_in.name
    assert f"v:{built_in.version}" in parts
    assert {part.partition(":")[0] for part in parts} >= set(built_in.__struct_fields__)


def test_an_option_changes_the_signature():
    assert signature(metric("f1", {"label": "spam"})) == "f1|label:spam|v:1"
