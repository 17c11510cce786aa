"""A sealed preference: test rows are dealt once, by their door, and all must have rated."""

import shutil

import pytest

from rated_projects import answer_all
from small_projects import make_project
from surpass.core import columns
from surpass.core.errors import Refused
from surpass.core.progress import Silent
from surpass.core.records.decisions import Opening
from surpass.core.records.verdict import Outcome
from surpass.steps.project import open_project
from surpass.steps.rating.start import Wanted, start
from surpass.steps.seal import seal
from surpass.steps.split import current_split
from surpass.steps.train import train
from surpass.steps.verdict import verdict

SETTINGS = """
[ladder]
rungs = ["zero-shot"]
[rating]
items = 40
scaled = 0
repeats = 0.0
gold = 0.0
[[criteria.primary]]
metric = "field_f1"
[[criteria.preference]]
"""


@pytest.fixture(scope="module")
def trained(tmp_path_factory, tiny_base):
    """Sealed and trained, in folders of their own: judged once and not yet."""
    home = tmp_path_factory.mktemp("trained")
    fresh, judged = home / "fresh", home / "judged"
    project = make_project(
        fresh, tiny_base, kind="extract", output="record", count=300, more=SETTINGS
    )
    seal(project)
    train(project, Silent())
    shutil.copytree(fresh, judged)
    verdict(open_project(judged), Silent())
    return fresh, judged


@pytest.fixture
def project(trained, tmp_path):
    """Judged once: nobody has been asked yet."""
    return open_project(shutil.copytree(trained[1], tmp_path / "p"))


def preference(project):
    found = verdict(open_project(project.folder), Silent()).verdict
    return found, found.gates[-1]


def purposes(project) -> list[str]:
    return [body.purpose for _, body in project.ledger.bodies(Opening)]


def test_it_is_inconclusive_until_all_have_rated_and_then_answered_on_the_test(project):
    judged, gate = preference(project)
    assert (gate.role, gate.outcome) == ("preference", Outcome.INCONCLUSIVE)
    assert "not asked" in gate.sentence
    started = start(project, Wanted(on_test=True))
    assert purposes(project).count("rate") == 1
    items = {task.item for hand in started.queue.tasks.values() for task in hand}
    assert not items & set(current_split(project).valid[columns.ROW])
    answer_all(project.folder, list(started.secrets.values())[:2], prefers="tuned")
    assert "still to be answered" in preference(project)[1].sentence
    answer_all(project.folder, list(started.secrets.values()), prefers="tuned")
    again, gate = preference(project)
    assert gate.outcome is Outcome.PASS
    assert "for these 3 raters" in gate.sentence
    assert "validation" not in gate.sentence
    assert again.candidate_number == judged.candidate_number == 1
    assert purposes(project).count("rate") == 1


def test_the_rated_test_is_dealt_once_and_judges_no_model_that_comes_later(project):
    start(project, Wanted(on_test=True))
    with pytest.raises(Refused, match="second look"):
        start(project, Wanted(on_test=True, anew=True))
    toml = project.folder / "surpass.toml"
    toml.write_text(toml.read_text().replace("epochs = 1", "epochs = 2"), encoding="utf-8")
    later = open_project(project.folder)
    train(later, Silent())
    with pytest.raises(Refused, match="no model that comes later"):
        verdict(later, Silent())


def test_before_the_first_verdict_there_are_no_test_answers_to_deal(trained, tmp_path):
    project = open_project(shutil.copytree(trained[0], tmp_path / "p"))
    with pytest.raises(Refused, match="surpass verdict"):
        start(project, Wanted(on_test=True))
    assert purposes(project) == []


def test_on_valid_it_says_so(project):
    started = start(project, Wanted())
    answer_all(project.folder, list(started.secrets.values()), prefers="zero-shot")
    _, gate = preference(project)
    assert gate.outcome is Outcome.FAIL
    assert "by which rung and checkpoint were chosen" in gate.sentence
    assert "rate" not in purposes(project)


def test_people_who_come_after_the_first_verdict_spend_nothing_and_a_second_round_does(project):
    for number in (1, 2):
        toml = project.folder / "surpass.toml"
        seeded = toml.read_text().replace("items = 40", f"seed = {number}\nitems = 40", 1)
        toml.write_text(seeded if number == 1 else seeded.replace("seed = 1\n", "", 1))
        project = open_project(project.folder)
        started = start(project, Wanted(anew=True))
        answer_all(project.folder, list(started.secrets.values()), prefers="tuned")
        assert preference(project)[0].candidate_number == number
