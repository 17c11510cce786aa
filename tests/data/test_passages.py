"""Texts that must not be forgotten: the sample, and files of several shapes."""

import pytest

from surpass.core.errors import BadInput
from surpass.core.settings import Forgetting
from surpass.data.passages import passages_digest, read_passages


def write(folder, name, text):
    (folder / name).write_text(text, encoding="utf-8")
    return name


def read(folder, name, text, **keys):
    return read_passages(folder, Forgetting(on=write(folder, name, text), **keys), ("ask", "say"))


def test_the_sample_is_many_short_texts_of_many_kinds_and_none_of_support(tmp_path):
    found = read_passages(tmp_path, Forgetting())
    assert found.height == 120
    assert found["row"].is_unique().all()
    assert found["target"].is_unique().all()
    assert found["target"].str.len_chars().is_between(100, 700).all()
    assert set(found["input"]) == {""}
    kinds = found["row"].str.replace(r"-\d+$", "")
    assert kinds.n_unique() >= 20
    lower = found["target"].str.to_lowercase()
    assert not lower.str.contains("broadband|router|customer service|refund|invoice").any()


def test_rows_with_the_tasks_columns_are_questions_and_answers(tmp_path):
    found = read(tmp_path, "old.csv", "ask,say,other\nwhy?,because,1\nwhen?,now,2\n")
    assert found["input"].to_list() == ["why?", "when?"]
    assert found["target"].to_list() == ["because", "now"]
    assert found["row"].to_list() == found["group"].to_list() == ["old:2", "old:3"]


@pytest.mark.parametrize(
    "text", ['{"input": "a", "output": "b"}\n', '{"input": "a", "output": "b", "text": "c"}\n']
)
def test_else_input_and_output_are_looked_for(tmp_path, text):
    found = read(tmp_path, "old.jsonl", text)
    assert found.select("input", "target").rows() == [("a", "b")]


def test_else_a_text_stands_alone(tmp_path):
    found = read(tmp_path, "old.jsonl", '{"text": "one two"}\n{"text": "three"}\n')
    assert found.select("input", "target").rows() == [("", "one two"), ("", "three")]


def test_columns_can_be_named_and_rows_grouped(tmp_path):
    text = "q,a,who\n1?,one,x\n2?,two,x\n3?,three,\n"
    found = read(tmp_path, "old.csv", text, input="q", output="a", group="who")
    assert found["group"].to_list() == ["x", "x", "old:4"]
    alone = read(tmp_path, "old.csv", text, output="a")
    assert set(alone["input"]) == {""}


def test_a_plain_text_is_parted_at_blank_lines(tmp_path):
    found = read(tmp_path, "book.txt", "\n\nfirst\nstill first\n \n\n\nsecond\n")
    assert found["target"].to_list() == ["first\nstill first", "second"]
    assert found["row"].to_list() == ["book:1", "book:2"]


@pytest.mark.parametrize(
    ("name", "text", "keys", "said"),
    [
        ("a.csv", "x,y\n1,2\n", {}, "has neither the columns 'ask' and 'say' nor 'text'"),
        ("a.csv", "x,y\n1,2\n", {"output": "z"}, "no column 'z'"),
        ("a.csv", "x,y\n1,2\n", {"input": "x"}, "an input but no output"),
        ("a.csv", "text,y\n1,2\n", {"group": "z"}, "no column 'z'"),
        ("a.csv", "ask,say\n1,2\n3,\n", {}, "1 row has nothing in 'say' of a.csv .first: a:3"),
        ("a.csv", "ask,say\n,2\n", {}, "1 row has nothing in 'ask'"),
        ("a.txt", "one\n", {"group": "z"}, "plain text without columns"),
        ("a.txt", "\n \n", {}, "is empty"),
        ("a.pdf", "one\n", {}, "ending .pdf"),
        ("a.jsonl", "", {}, "is empty"),
    ],
)
def test_what_cannot_be_read_is_said_with_its_place(tmp_path, name, text, keys, said):
    with pytest.raises(BadInput, match=said):
        read(tmp_path, name, text, **keys)


def test_a_file_that_is_not_there_or_is_a_folder_is_refused(tmp_path):
    for name in ("none.jsonl", "none.txt", "."):
        with pytest.raises(BadInput):
            read_passages(tmp_path, Forgetting(on=name))
        with pytest.raises(BadInput):
            passages_digest(tmp_path, Forgetting(on=name))


def test_a_file_is_named_by_its_bytes(tmp_path):
    wanted = Forgetting(on=write(tmp_path, "a.txt", "one\n"))
    before = passages_digest(tmp_path, wanted)
    write(tmp_path, "a.txt", "two\n")
    assert passages_digest(tmp_path, wanted) != before
    assert passages_digest(tmp_path, Forgetting()) == passages_digest(tmp_path, Forgetting())
