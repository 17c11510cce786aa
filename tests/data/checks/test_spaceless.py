"""Every check on rows in scripts without spaces: sound rows are quiet, planted flaws are found."""

import pytest

from spaceless import PARTS, rows
from surpass.core.settings import Classify, Data, Generate, Settings
from surpass.data.checks import run_checks
from surpass.data.checks.beside import Beside

pytestmark = pytest.mark.parametrize("language", PARTS)
COUNT = 120


def checked(frame, task=None, beside=None):
    settings = Settings(task=task or Classify(name="t"), data=Data(train=("x",)))
    return {result.check: result for result in run_checks(frame, settings, beside)}


def found(results):
    return {name for name, result in results.items() if result.state == "found"}


def test_sound_rows_are_quiet(examples, language):
    made = rows(language, COUNT)
    texts, labels = zip(*made, strict=True)
    assert found(checked(examples(list(texts), list(labels)))) == set()
    results = checked(examples(list(texts), list(texts)[::-1]), Generate(name="t"))
    assert found(results) <= {"structure"}  # Thai vowels that NFC puts in another order


def test_copies_and_contradictions_are_found(examples, language):
    texts, labels = zip(*rows(language, COUNT), strict=True)
    other = ["z" if label != "z" else "y" for label in labels[3:5]]
    near = [texts[8][:-1] + "了"]
    frame = examples(
        [*texts, texts[0], *texts[3:5], *near], [*labels, labels[0], *other, labels[8]]
    )
    results = checked(frame)
    assert set(results["exact_duplicates"].evidence["row"]) == {f"r{COUNT + 1}"}
    shown = set(results["contradictions"].evidence["row"])
    assert {"r4", "r5", f"r{COUNT + 2}", f"r{COUNT + 3}"} <= shown
    assert {"r9", f"r{COUNT + 4}"} & set(results["near_duplicates"].evidence["row"])


def test_a_text_that_stops_where_another_goes_on_was_cut(examples, language):
    texts, labels = zip(*rows(language, COUNT), strict=True)
    cut = texts[6][: len(texts[6]) * 3 // 4]
    results = checked(examples([*texts, cut], [*labels, labels[6]]))
    assert f"r{COUNT + 1}" in set(results["truncated"].evidence["row"])


def test_traffic_of_other_words_is_told_from_the_rows(examples, language):
    texts, labels = zip(*rows(language, COUNT), strict=True)
    other = next(one for one in PARTS if one != language)
    asked = examples([text for text, _ in rows(other, COUNT, seed=1)])
    asked = asked.with_columns(("traffic " + asked["row"]).alias("row"))
    results = checked(examples(list(texts), list(labels)), beside=Beside(traffic=asked))
    assert results["relevance"].state == "found"
    assert results["coverage"].state == "found"
    same = examples([text for text, _ in rows(language, COUNT, seed=1)])
    same = same.with_columns(("traffic " + same["row"]).alias("row"))
    results = checked(examples(list(texts), list(labels)), beside=Beside(traffic=same))
    assert results["relevance"].state == "clear"
