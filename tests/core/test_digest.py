from surpass.core.digest import canonical_json, digest_file, digest_record, digest_text
from surpass.core.records.dataset import SourceFile


def test_order_of_keys_does_not_matter():
    assert digest_record({"a": 1, "b": 2}) == digest_record({"b": 2, "a": 1})


def test_a_record_and_its_file_have_names_that_do_not_change(tmp_path):
    record = SourceFile(path="a.csv", digest="d", rows=3)
    path = tmp_path / "record.json"
    path.write_bytes(canonical_json(record))
    assert digest_file(path) == digest_record(record)


def test_lone_surrogates_have_a_name_too():
    assert digest_text("\ud800") != digest_text("?")
