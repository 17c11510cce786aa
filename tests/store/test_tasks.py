"""Queue, links and answers on disk."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surpass.core.errors import BadInput
from surpass.core.records.rating import Behind, Preferred, Rating
from surpass.store.tasks import TaskStore


def rating(number: int, comment: str = "") -> Rating:
    return Rating(
        at="2026-03-01T12:00:00+00:00",
        queue="q",
        task=f"t{number}",
        item="i",
        rater="r",
        purpose="rate",
        behind=Behind(left="a", right="b"),
        said=Preferred(choice="left"),
        comment=comment,
    )


@given(cut=st.integers(0, 2000), comment=st.text(st.characters(codec="utf-8"), max_size=20))
def test_wherever_a_kill_tears_the_file_whole_answers_stay_and_more_can_follow(
    tmp_path_factory, cut, comment
):
    folder = tmp_path_factory.mktemp("torn")
    store = TaskStore(folder)
    given = [rating(number, comment) for number in range(3)]
    for one in given:
        store.add(one)
    path = folder / "answers" / "ratings.jsonl"
    content = path.read_bytes()
    lengths = [len(line) for line in content.split(b"\n")[:-1]]
    kept = content[: min(cut, len(content))]
    path.write_bytes(kept)
    whole = sum(sum(lengths[: n + 1]) + n <= len(kept) for n in range(3))
    assert store.ratings() == given[:whole]
    store.add(rating(9))
    assert store.ratings() == [*given[:whole], rating(9)]


def test_a_whole_line_that_is_no_rating_is_named(tmp_path):
    store = TaskStore(tmp_path)
    store.add(rating(0))
    path = tmp_path / "answers" / "ratings.jsonl"
    path.write_bytes(path.read_bytes() + b'{"task": 1}\n')
    with pytest.raises(BadInput, match=r"ratings\.jsonl:2"):
        store.ratings()


def test_a_broken_queue_says_how_to_make_a_new_one(tmp_path):
    store = TaskStore(tmp_path)
    store.home.mkdir(parents=True)
    (store.home / "queue.json").write_text("{")
    with pytest.raises(BadInput, match="--anew"):
        store.queue()


def test_without_files_there_is_nothing(tmp_path):
    store = TaskStore(tmp_path)
    assert (store.queue(), store.links(), store.ratings()) == (None, (), [])
