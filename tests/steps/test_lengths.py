from small_projects import add_settings, make_project
from surpass.core import columns
from surpass.steps.check import check, open_examples
from surpass.steps.lengths import row_lengths


def of_lengths(project):
    return {result.check: result for result in check(project)}["lengths"]


def test_where_there_is_no_base_nothing_is_counted(tmp_path):
    project = make_project(tmp_path / "p", "no/such-base-here", count=20)
    assert row_lengths(project, open_examples(project)) is None
    assert of_lengths(project).state == "cannot tell"
    (tmp_path / "broken").mkdir()
    broken = make_project(tmp_path / "q", tmp_path / "broken", count=20)
    assert row_lengths(broken, open_examples(broken)) is None


def test_rows_are_counted_as_training_encodes_them(tmp_path, tiny_base):
    from surpass.model.load import read_tokenizer
    from surpass.steps.closed_sets import wording
    from surpass.steps.split import current_split
    from surpass.train.encode import encode_rows

    project = make_project(tmp_path / "p", tiny_base, count=60)
    split = current_split(project)
    found = row_lengths(project, split.train)
    encoded = encode_rows(
        read_tokenizer(tiny_base), wording(project, split.sides).instruction, split.train,
        most=None, context=1 << 30,
    )  # fmt: skip
    both = (found.rows[columns.IN_TOKENS] + found.rows[columns.OUT_TOKENS]).to_list()
    counted = dict(zip(found.rows[columns.ROW], both, strict=True))
    lengths = dict(zip(encoded.names, encoded.full_lengths.tolist(), strict=True))
    assert lengths.items() <= counted.items()
    assert len(project.objects.newest("lengths")) == 1
    again = row_lengths(project, split.train)
    assert again.rows.equals(found.rows)
    assert again.longest == found.longest
    assert len(project.objects.newest("lengths")) == 1


def test_rows_that_training_would_leave_out_are_named(tmp_path, tiny_base):
    make_project(tmp_path / "p", tiny_base, count=40)
    text = (tmp_path / "p" / "surpass.toml").read_text(encoding="utf-8")
    short = text.replace("[training]", "[training]\nmax_tokens = 20")
    (tmp_path / "p" / "surpass.toml").write_text(short, encoding="utf-8")
    result = of_lengths(add_settings(tmp_path / "p", ""))
    assert (result.state, result.examined, result.rows) == ("found", 40, 40)
