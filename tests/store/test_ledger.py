import pytest

from surpass.core.errors import BadInput
from surpass.core.records.decisions import Opening
from surpass.store.ledger import Ledger, verify


def opening(candidate):
    return Opening(block="b" * 64, candidate=candidate, purpose="score")


@pytest.fixture
def ledger(tmp_path):
    ledger = Ledger(tmp_path)
    for candidate in ("one", "two", "three"):
        ledger.append(opening(candidate))
    return ledger


@pytest.fixture
def lines(tmp_path, ledger):
    return (tmp_path / "ledger.jsonl").read_bytes().splitlines(keepends=True)


def test_entries_follow_each_other(ledger):
    entries = ledger.entries()
    assert [entry.body.candidate for _, entry in entries] == ["one", "two", "three"]
    assert entries[0][1].parents == ()
    assert [entry.parents[0] for _, entry in entries[1:]] == [digest for digest, _ in entries[:2]]


def test_an_edited_entry_is_found(tmp_path, ledger, lines):
    (tmp_path / "ledger.jsonl").write_bytes(b"".join(lines).replace(b"two", b"TWO"))
    with pytest.raises(BadInput, match="edited or removed"):
        verify(ledger)


def test_a_removed_entry_is_found(tmp_path, ledger, lines):
    (tmp_path / "ledger.jsonl").write_bytes(lines[0] + lines[2])
    with pytest.raises(BadInput, match="edited or removed"):
        ledger.entries()


def test_a_cut_at_the_end_is_found_only_with_a_printed_head(tmp_path, ledger, lines):
    head = ledger.heads()[0]
    (tmp_path / "ledger.jsonl").write_bytes(b"".join(lines[:2]))
    assert "only with --head" in verify(ledger)
    with pytest.raises(BadInput, match="cut or rewritten"):
        verify(ledger, head[:12])


def test_two_heads_of_a_merge_are_joined_by_the_next_entry(tmp_path, ledger, lines):
    other = tmp_path / "other"
    other.mkdir()
    (other / "ledger.jsonl").write_bytes(lines[0])
    branch = Ledger(other)
    branch.append(opening("elsewhere"))
    merged = b"".join(lines) + (other / "ledger.jsonl").read_bytes().splitlines(keepends=True)[1]
    (tmp_path / "ledger.jsonl").write_bytes(merged)
    assert len(ledger.heads()) == 2
    ledger.append(opening("joined"))
    assert len(ledger.heads()) == 1
    assert len(ledger.entries()[-1][1].parents) == 2


def test_a_line_that_was_being_written_when_we_died_never_counted(tmp_path, ledger):
    with (tmp_path / "ledger.jsonl").open("ab") as stream:
        stream.write(b'{"at":"2026')
    assert len(ledger.entries()) == 3
    ledger.append(opening("four"))
    assert [e.body.candidate for _, e in ledger.entries()] == ["one", "two", "three", "four"]


def test_a_line_of_something_else_is_named(tmp_path, ledger):
    with (tmp_path / "ledger.jsonl").open("ab") as stream:
        stream.write(b"hello\n")
    with pytest.raises(BadInput, match=r"ledger.jsonl:4 is not a ledger entry"):
        ledger.entries()
