import json

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from surpass.core.errors import BadInput
from surpass.data.json_rows import compact, parse_jsonl
from surpass.data.read import read_rows
from surpass.data.rows import rows_of

CAFE = "text,label\ncaf\u00e9 au lait s'il vous pla\u00eet,order\nplain words,other\n"
RUSSIAN = "\u041f\u0440\u0438\u0432\u0435\u0442, \u0433\u0434\u0435 \u043a\u0430\u0440\u0442\u0430?"


def read(folder, name, content):
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_rows(path)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.csv", b"", "a.csv is empty"),
        ("a.csv", b"\xef\xbb\xbf", "a.csv has a header but no rows"),
        ("a.csv", b"\n \n", "a.csv is empty"),
        ("a.csv", b"text,label\n", "a.csv has a header but no rows"),
        ("a.csv", b"text,label\nx,y\nz\n", "a.csv:3 has 1 field, the header has 2"),
        ("a.csv", b'text,label\n"x\ny",b\n1,2,3\n', "a.csv:4 has 3 fields"),
        ("a.csv", b'text,label\n"x,y\n', "a.csv:2 is not valid"),
        ("a.csv", b"text,text\nx,y\n", "a.csv:1 names the column 'text' more than once"),
        ("a.csv", b"PK\x03\x04rest", "is a ZIP or Excel file"),
        ("a.csv", bytes(range(256)) * 4, "holds bytes that are no text"),
        ("a.csv", "text,label\nx,y\n".encode("utf-16-le"), "of its 30 bytes are NUL"),
        ("a.jsonl", b"\x1f\x8brest", "is a gzip file"),
        ("a.jsonl", b'{"a": 1}\n{"a": \n', "a.jsonl:2 is not JSON"),
        ("a.jsonl", b'{"a": 1}\n\n[1]\n', "a.jsonl:3 is JSON, but not an object"),
        ("a.jsonl", b'{"a": NaN}\n', "JSON has no NaN"),
        ("a.json", b'[{"a": 1},\n 2]', "a.json:2 is JSON, but not an object"),
        ("a.json", b'[{"a": 1}', "a.json is not a JSON array"),
        ("a.json", b"[]", "a.json has no rows"),
        ("a.parquet", b"nonsense", "a.parquet is not a readable Parquet file"),
        ("a.txt", b"text\nx\n", "the ending .txt, which names no format"),
        ("a.jsonl.gz", b"\x1f\x8b", "Unpack it with `gunzip`"),
        ("a.zip", b"PK\x03\x04", "Unpack it with `unzip`"),
        ("a.xlsx", b"PK\x03\x04", "Save the sheet as CSV"),
        ("rows", b"text\nx\n", "rows has no ending that says its format"),
        ("a.json", b'{"rows": [{"a": 1}]}', "holds one JSON object with the list 'rows'"),
        ("a.json", b'{\n"a": 1\n}', "one JSON object with no list of rows"),
        ("a.json", b'[{"a": 1},\n {"a": tru}]\n', "at line 2, character 8, before 'tru}]'"),
        ("a.jsonl", b'{"a": 1} {"a": 2}\n', "extra data at character 10"),
        ("a.jsonl", b'{"a": ' + b"[" * 100_000, "nested too deeply"),
    ],
)
def test_what_cannot_be_read_is_named_with_its_place(tmp_path, name, content, said):
    with pytest.raises(BadInput) as error:
        read(tmp_path, name, content)
    assert said in str(error.value)
    assert error.value.fix


def test_missing_files_and_folders_are_named(tmp_path):
    for path in (tmp_path / "none.csv", tmp_path / "none.parquet", tmp_path):
        with pytest.raises(BadInput, match=str(path)):
            read_rows(path)


def test_the_nearest_name_and_a_file_of_the_folder_are_offered(tmp_path):
    (tmp_path / "tickets.csv").write_text("text,label\nx,y\n", encoding="utf-8")
    with pytest.raises(BadInput, match=r"Did you mean .*tickets\.csv\?"):
        read_rows(tmp_path / "ticket.csv")
    with pytest.raises(BadInput, match=r"is a folder.*such as .*tickets\.csv"):
        read_rows(tmp_path)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_unicode_files_are_read_without_a_warning(tmp_path, encoding):
    rows = read(tmp_path, "a.csv", CAFE.encode(encoding))
    assert rows.frame["text"][0] == "café au lait s'il vous plaît"
    assert rows.warnings == ()


def test_latin_1_is_read_with_a_warning_that_names_the_line(tmp_path):
    rows = read(tmp_path, "a.csv", CAFE.encode("latin-1"))
    assert rows.frame["text"][0] == "café au lait s'il vous plaît"
    assert "a.csv:2 is not UTF-8" in rows.warnings[0]


def test_other_alphabets_are_guessed(tmp_path):
    rows = read(tmp_path, "a.tsv", f"text\tlabel\n{RUSSIAN}\tx\n".encode("cp1251"))
    assert rows.frame["text"][0] == RUSSIAN
    assert "cp1251" in rows.warnings[0]


def test_lines_are_those_on_which_rows_begin(tmp_path):
    rows = read(tmp_path, "a.csv", 'text,label\r\n"one\r\ntwo",x\r\n\r\nthree,y\r\n')
    assert rows.frame.rows() == [("one\r\ntwo", "x"), ("three", "y")]
    assert rows.lines.to_list() == [2, 5]


def test_empty_fields_are_missing_and_empty_rows_stay(tmp_path):
    rows = read(tmp_path, "a.csv", "text,label\n,\nx,\n")
    assert rows.frame.rows() == [(None, None), ("x", None)]


def test_nul_characters_stay_for_the_checks(tmp_path):
    assert (
        read(tmp_path, "a.csv", "text,label\nhel\0lo there my friend,x\n").frame["text"][0]
        == "hel\0lo there my friend"
    )
    assert read(tmp_path, "a.jsonl", '{"text": "a\\u0000b"}').frame["text"][0] == "a\0b"


def test_a_field_of_ten_megabytes_is_read(tmp_path):
    rows = read(tmp_path, "a.csv", f"text,label\n{'x' * 10_000_000},y\n")
    assert len(rows.frame["text"][0]) == 10_000_000


def test_semicolons_are_seen_and_said(tmp_path):
    rows = read(tmp_path, "a.csv", "text;label\na, b;c\n")
    assert rows.frame.rows() == [("a, b", "c")]
    assert "';'" in rows.warnings[0]


def test_bare_quotes_in_tsv_are_characters(tmp_path):
    rows = read(tmp_path, "a.tsv", 'text\tlabel\n"so he said\tx\nfine\ty\n')
    assert rows.frame["text"].to_list() == ['"so he said', "fine"]
    assert rows.warnings


def test_nameless_columns_are_called_after_their_place(tmp_path):
    assert read(tmp_path, "a.csv", ",text\n0,x\n").frame.columns == ["column 1", "text"]


def test_json_values_keep_their_text_and_order(tmp_path):
    line = '{"n": 1.50, "big": 12345678901234567890123, "yes": true, "no": null,  '
    line += '"r": {"b": [1, 2.0], "a": "\\u00e9 x"}}'
    rows = read(tmp_path, "a.jsonl", line + '\n{"n": 2, "more": "x"}\n')
    assert rows.frame.columns == ["n", "big", "yes", "no", "r", "more"]
    assert rows.frame.row(0) == (
        "1.50",
        "12345678901234567890123",
        "true",
        None,
        '{"b":[1,2.0],"a":"é x"}',
        None,
    )
    assert rows.frame.row(1) == ("2", None, None, None, None, "x")


def test_half_characters_become_the_replacement_character():
    rows = parse_jsonl('{"a": "x\\ud800y \\ud83d\\ude00 \\\\ud800"}', "a.jsonl")
    assert rows.frame["a"][0] == "x\ufffdy \U0001f600 \\ud800"


def test_a_json_array_knows_its_lines(tmp_path):
    rows = read(tmp_path, "a.json", '[\n {"a": 1},\n\n {"a":\n 2}, {"a": 3}\n]')
    assert rows.frame["a"].to_list() == ["1", "2", "3"]
    assert rows.lines.to_list() == [2, 4, 5]


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    )
)
def test_compact_json_means_the_same(value):
    text = json.dumps(value, indent=2)
    assert json.loads(compact(text)) == value
    assert compact(text) == json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def test_parquet_files_and_folders_are_read_as_text(tmp_path):
    folder = tmp_path / "rows[1]"
    folder.mkdir()
    frame = pl.DataFrame(
        {"t": ["a", None], "n": [1, 2], "r": [{"b": 1, "a": "é"}, None], "l": [[1], []]}
    )
    frame.write_parquet(folder / "part[0].parquet")
    for path in (folder, folder / "part[0].parquet"):
        rows = read_rows(path)
        assert rows.frame.rows() == [("a", "1", '{"b":1,"a":"é"}', "[1]"), (None, "2", None, "[]")]
        assert rows.lines.to_list() == [1, 2]


def test_a_frame_in_memory_becomes_rows():
    assert rows_of(pl.DataFrame({"a": [1.5, None]}), "frame").frame["a"].to_list() == ["1.5", None]


def test_bytes_that_are_no_text_are_refused():
    with pytest.raises(BadInput, match="cannot be read as text"):
        rows_of(pl.DataFrame({"a": [b"\xff"]}), "frame")
