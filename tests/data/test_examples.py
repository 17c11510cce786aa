import pytest

from surpass.core.errors import BadInput
from surpass.core.settings import Classify, Data, Extract
from surpass.data.delimited import parse_delimited
from surpass.data.examples import read_examples, to_examples
from surpass.data.json_rows import parse_jsonl

TASK = Classify(name="t")
TABLE = "key,text,label,customer,day,channel\n1,hello,a,c1,2024-01-01,web\n2,,b,,,mail\n"


def table(**data):
    return to_examples(parse_delimited(TABLE, "in/rows.csv", ","), Data(train=("x",), **data), TASK)


def test_columns_get_their_meaning():
    frame = table(id="key", group="customer", time="day")
    assert frame.columns == ["row", "input", "target", "group", "time", "source", "@channel"]
    assert frame.rows() == [
        ("1", "hello", "a", "c1", "2024-01-01", "in/rows.csv:2", "web"),
        ("2", "", "b", "2", None, "in/rows.csv:3", "mail"),
    ]


def test_rows_without_an_id_are_called_after_file_and_line():
    frame = table()
    assert frame["row"].to_list() == ["rows:2", "rows:3"]
    assert frame["group"].to_list() == ["rows:2", "rows:3"]
    assert frame["time"].null_count() == 2


def test_ignored_columns_are_left_out_and_a_group_may_be_a_slice():
    frame = table(group="customer", slices=("customer",), ignore=("key", "day"))
    assert frame.columns[6:] == ["@customer", "@channel"]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"group": "custommer"}, "Did you mean 'customer'?"),
        ({"id": "nothing alike"}, "it has key, text, label, customer, day, channel"),
        ({"slices": ("chanel",)}, "Did you mean 'channel'?"),
    ],
)
def test_a_missing_column_is_named_with_those_that_are_there(data, said):
    with pytest.raises(BadInput) as error:
        table(**data)
    assert said in str(error.value)


def test_two_rows_with_one_id_are_named():
    with pytest.raises(BadInput, match=r"r\.csv:2 and r\.csv:4 have the same id '7'"):
        to_examples(
            parse_delimited("id,text,label\n7,a,b\n8,a,b\n7,c,d\n", "r.csv", ","),
            Data(train=("x",), id="id"),
            TASK,
        )


def test_records_are_compact_in_the_users_order_and_others_stay():
    lines = '{"text": "x", "record": {"b": "é", "a": 1.0}}\n'
    lines += '{"text": "y", "record": "{not json here"}\n{"text": "z", "record": "{ \\"b\\" : 2 }"}'
    frame = to_examples(parse_jsonl(lines, "r.jsonl"), Data(train=("x",)), Extract(name="t"))
    assert frame["target"].to_list() == ['{"b":"é","a":1.0}', "{not json here", '{"b":2}']


def test_several_files_become_one_frame(tmp_path):
    (tmp_path / "b").mkdir()
    (tmp_path / "a.csv").write_text("text,label,x\nhello,p,1\n", encoding="utf-8")
    (tmp_path / "b" / "a.csv").write_bytes("text,label,y\ncaf\xe9,q,2\nbye,p,3\n".encode("latin-1"))
    frame, files, warnings = read_examples(tmp_path, ("a.csv", "b/a.csv"), Data(train=("x",)), TASK)
    assert frame["row"].to_list() == ["a.csv:2", "b/a.csv:2", "b/a.csv:3"]
    assert frame["@x"].to_list() == ["1", None, None]
    assert [(file.path, file.rows) for file in files] == [("a.csv", 1), ("b/a.csv", 2)]
    assert len(warnings) == 1


def test_an_id_in_two_files_is_refused(tmp_path):
    for name in ("a.csv", "b.csv"):
        (tmp_path / name).write_text("id,text,label\n1,hello,p\n", encoding="utf-8")
    with pytest.raises(BadInput, match=r"a\.csv:2 and b\.csv:2 have the same id"):
        read_examples(tmp_path, ("a.csv", "b.csv"), Data(train=("x",), id="id"), TASK)
