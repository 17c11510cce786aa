import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from surpass.core import columns
from surpass.steps.tell.errors import confusion_chapter

LABELS = tuple(f"label {number:02d}" for number in range(60))


def answers(pairs: list[tuple[int, int]]) -> pl.DataFrame:
    return pl.DataFrame(
        [(LABELS[expected], LABELS[answered]) for expected, answered in pairs],
        schema=[columns.TARGET, columns.ANSWER],
        orient="row",
    )


place = st.integers(0, 59)


def test_few_labels_are_all_shown():
    chapter = confusion_chapter(answers([(0, 1), (2, 2)]), LABELS[:3])
    assert chapter.figures[0].names == LABELS[:3]
    assert chapter.figures[0].counts == ((0, 1, 0), (0, 0, 0), (0, 0, 1))
    assert not chapter.text


@given(st.lists(st.tuples(place, place), min_size=1, max_size=40))
def test_of_many_labels_the_most_confused_are_shown_and_the_others_counted(pairs):
    chapter = confusion_chapter(answers([*pairs, *[(58, 59)] * 50]), LABELS)
    (matrix,) = chapter.figures
    assert {LABELS[58], LABELS[59]} <= set(matrix.names)
    assert f"{len(matrix.names)} most confused of 60" in matrix.title
    wrong = sum(
        count
        for row, counts in enumerate(matrix.counts)
        for column, count in enumerate(counts)
        if row != column
    )
    everywhere = 50 + sum(expected != answered for expected, answered in pairs)
    assert f"{wrong} of {everywhere} wrong answer" in chapter.text[0]
