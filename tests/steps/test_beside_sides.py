from small_projects import add_settings, make_project, rows, write_rows
from surpass.core import columns
from surpass.show.as_json import to_json
from surpass.steps.beside import beside
from surpass.steps.check import check, check_account, open_examples
from surpass.steps.seal import seal
from surpass.steps.split import current_split


def leakage(project):
    return next(result for result in check(project) if result.check == "leakage")


def prompted(project, text):
    """The project with an instruction that quotes this text."""
    settings = (project.folder / "surpass.toml").read_text(encoding="utf-8")
    named = settings.replace('input = "text"', 'input = "text"\nprompt = "prompt.md"')
    (project.folder / "surpass.toml").write_text(named, encoding="utf-8")
    prompt = f"Answer with one of {{labels}}.\n\nText: {text}\nLabel: move\n"
    (project.folder / "prompt.md").write_text(prompt, encoding="utf-8")
    return add_settings(project.folder, "")


def test_a_quoted_row_counts_by_the_side_it_is_dealt_to(tmp_path, tiny_base):
    project = make_project(tmp_path, tiny_base)
    every = open_examples(project)
    quoted = prompted(project, every["input"][0])
    assert "1 not dealt to a side yet" in leakage(quoted).summary
    split = current_split(quoted)
    open_rows = {*split.train["row"], *split.valid["row"]}
    sides = {"train": split.train["input"][0], "valid": split.valid["input"][0]}
    sides["test"] = every.filter(~every["row"].is_in(open_rows))["input"][0]
    found = {}
    for side, text in sides.items():
        (tmp_path / "prompt.md").write_text(f"Answer.\nText: {text}", encoding="utf-8")
        result = leakage(add_settings(tmp_path, ""))
        found[side] = (result.state, result.severity)
    assert found["train"][0] != "found"
    assert found["valid"] == ("found", "review")
    assert found["test"] == ("found", "error")


def test_a_sealed_row_in_the_instruction_is_an_error_and_stays_closed(tmp_path, tiny_base):
    project = make_project(tmp_path, tiny_base)
    every = open_examples(project)
    split = current_split(project)
    closed = every.filter(~every["row"].is_in({*split.train["row"], *split.valid["row"]}))
    quoted = prompted(project, closed["input"][0])
    seal(quoted)
    before = quoted.sealed.opened()
    result = leakage(quoted)
    assert (result.state, result.severity) == ("found", "error")
    assert result.evidence["row"].to_list() == [closed["row"][0]]
    said = to_json(check_account(quoted))
    assert not [text for text in closed["input"] if text in said]
    assert quoted.sealed.opened() == before == set()


def test_the_users_own_test_is_compared_before_the_seal(tmp_path, tiny_base):
    project = make_project(tmp_path, tiny_base)
    write_rows(tmp_path / "mine.csv", [*rows(160)[:2], *rows(20, seed=5)])
    text = (tmp_path / "surpass.toml").read_text(encoding="utf-8")
    own = text.replace('train = ["rows.csv"]', 'train = ["rows.csv"]\ntest = ["mine.csv"]')
    (tmp_path / "surpass.toml").write_text(own, encoding="utf-8")
    project = add_settings(tmp_path, "")
    examples = open_examples(project)
    (side,) = beside(project, examples).later
    assert (side.name, side.sealed, len(side.times)) == ("test", False, 22)
    result = leakage(project)
    assert result.severity == "review"
    assert {"rows:2", "rows:3"} <= set(result.evidence[columns.ROW])


def test_an_instruction_that_is_no_text_or_not_there_is_left_to_others(tmp_path, tiny_base):
    project = prompted(make_project(tmp_path, tiny_base), "x")
    (tmp_path / "prompt.md").write_bytes(b"\xff\xfe\x00")
    assert beside(project, open_examples(project)).prompt is None
    (tmp_path / "prompt.md").unlink()
    assert beside(project, open_examples(project)).prompt is None


def test_the_language_of_inputs_can_be_a_slice_of_its_own(tmp_path, tiny_base):
    project = make_project(tmp_path, tiny_base)
    found = rows(40)
    found[0]["text"] = "Wo ist meine Karte, und warum ist sie noch nicht da?"
    write_rows(tmp_path / "rows.csv", found)
    text = (tmp_path / "surpass.toml").read_text(encoding="utf-8")
    sliced = text.replace('slices = ["channel"]', 'slices = ["channel", "language"]')
    (tmp_path / "surpass.toml").write_text(sliced, encoding="utf-8")
    project = add_settings(tmp_path, "")
    told = open_examples(project)["@language"]
    assert told[0] == "de"
    assert set(told[1:]) <= {"en", None}
    write_rows(tmp_path / "rows.csv", [one | {"language": "mine"} for one in found])
    assert set(open_examples(add_settings(tmp_path, ""))["@language"]) == {"mine"}
