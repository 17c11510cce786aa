from surpass.core.settings.data import Source
from surpass.data.checks import provenance
from surpass.data.checks.beside import Beside

WHOLE = Source(origin="our help desk, 2025", licence="internal", consent="contract")


def found(frame, sources, **options):
    return provenance.find(
        frame, provenance.Options(**options), "classify", Beside(sources=sources)
    )


def test_while_nobody_states_a_source_it_cannot_tell(examples):
    result = found(examples(["a"]), {"file.csv": None})
    assert result.state == "cannot tell"
    assert '[data.sources."file.csv"]' in result.advice
    assert found(examples([]), {}).state == "cannot tell"


def test_what_each_file_leaves_out_is_named(examples):
    sources = {
        "file.csv": Source(origin="help desk", licence=" "),
        "other.csv": None,
        "whole.csv": WHOLE,
    }
    result = found(examples(["a", "b"]), sources)
    assert result.evidence["row"].to_list() == ["r1", "other.csv"]
    assert result.evidence["reason"].to_list() == [
        "file.csv (2 rows) states no licence, no consent.",
        "other.csv (0 rows) states no origin, no licence, no consent.",
    ]
    assert result.summary.startswith("2 of 3 files do not state")


def test_files_that_state_all_that_is_wanted_are_clear(examples):
    assert found(examples(["a"]), {"file.csv": WHOLE}).state == "clear"
    partly = {"file.csv": Source(licence="CC-BY-4.0")}
    assert found(examples(["a"]), partly, stated=("licence",)).state == "clear"
