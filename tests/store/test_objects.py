import pytest

from surpass.core.recipe import Recipe
from surpass.core.records.dataset import SourceFile
from surpass.store.objects import Objects, read_record, write_record


class Cooking(Recipe, frozen=True, kw_only=True):
    heat: int


def cooking(heat):
    return Cooking(stage="cook", revision=1, heat=heat)


def test_a_result_is_found_by_its_recipe_and_no_other(tmp_path):
    objects = Objects(tmp_path)
    with objects.write(cooking(1)) as folder:
        (folder / "soup").write_text("hot", encoding="utf-8")
    found = objects.find(cooking(1))
    assert (found / "soup").read_text(encoding="utf-8") == "hot"
    assert objects.find(cooking(2)) is None


def test_a_stage_that_fails_leaves_nothing(tmp_path):
    objects = Objects(tmp_path)

    def fail():
        with objects.write(cooking(1)) as folder:
            (folder / "soup").write_text("half", encoding="utf-8")
            raise ValueError("burnt")

    with pytest.raises(ValueError, match="burnt"):
        fail()
    assert objects.find(cooking(1)) is None
    assert list((tmp_path / "cook").iterdir()) == []


def test_a_killed_stage_is_not_a_result(tmp_path):
    objects = Objects(tmp_path)
    half = tmp_path / "cook" / cooking(1).digest
    half.mkdir(parents=True)
    (half / "soup").write_text("half", encoding="utf-8")
    assert objects.find(cooking(1)) is None


def test_a_higher_revision_is_another_result():
    older = Cooking(stage="cook", revision=1, heat=1)
    newer = Cooking(stage="cook", revision=2, heat=1)
    assert older.digest != newer.digest


def test_the_name_of_a_result_does_not_change_by_accident():
    assert cooking(1).digest.startswith("7f58569a")


def test_revisions_are_listed_for_status(tmp_path):
    objects = Objects(tmp_path)
    with objects.write(cooking(1)):
        pass
    assert objects.revisions("cook") == [(cooking(1).digest, 1)]


def test_a_record_comes_back_as_it_was(tmp_path):
    record = SourceFile(path="a.csv", digest="0" * 64, rows=3)
    write_record(tmp_path, "source", record)
    assert read_record(tmp_path, "source", SourceFile) == record


def test_scratch_survives_until_it_is_dropped(tmp_path):
    objects = Objects(tmp_path)
    (objects.scratch(cooking(1)) / "half").touch()
    assert (objects.scratch(cooking(1)) / "half").exists()
    objects.drop_scratch(cooking(1))
    assert not (objects.scratch(cooking(1)) / "half").exists()
