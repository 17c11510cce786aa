"""What users do wrong: each gets one clear sentence with a fix and exit status 3, or it works."""

import json
import os
import subprocess
import sys

import pytest

from small_projects import make_project, rows, write_rows

HEADER = b"text,label,customer,channel\n"
LINE = "words of row number {} {} and more {},{},c{},chat\n"
GOOD = "".join(
    LINE.format(n, ("dead", "pay")[n % 2], n * 7, "ab"[n % 2], n) for n in range(40)
).encode()


def in_a_process(*words, **environment):
    """Run a command in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "surpass", *map(str, words)],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
    )


FILES = {
    "an empty file": (b"", "is empty"),
    "a header only": (HEADER, "no rows"),
    "one row": (HEADER + b"hello there,a,c1,chat\n", "row"),
    "one class": (HEADER + GOOD.replace(b",b,", b",a,"), "label"),
    "Latin-1 that no decoder can be sure of": (
        HEADER + GOOD + b"caf\xe9 au lait,a,c9,chat\n",
        None,
    ),
    "UTF-16": ((HEADER + GOOD).decode().encode("utf-16"), None),
    "UTF-8 with a byte-order mark": (b"\xef\xbb\xbf" + HEADER + GOOD, None),
    "NUL bytes": (HEADER + GOOD + b"a\x00b c,a,c9,chat\n", None),
    "a ragged line": (HEADER + GOOD + b"too,many,columns,in,this,line\n", "rows.csv"),
    "a column twice": (b"text,text,label\nx,y,a\n", "text"),
    "a class with one row": (HEADER + GOOD + b"something quite else here,rare,c99,chat\n", None),
    "ten megabytes in one field": (HEADER + GOOD + b"word " * 2_000_000 + b",a,c9,chat\n", None),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20, "rows.csv"),
}


@pytest.mark.parametrize("name", FILES)
def test_files(tmp_path, tiny_base, surpass, name):
    content, said = FILES[name]
    make_project(tmp_path, tiny_base)
    (tmp_path / "rows.csv").write_bytes(content)
    status, out, err = surpass("split", tmp_path)
    if said is None:
        assert status == 0, err
    else:
        assert status == 3, out
        assert said in err
    assert not (tmp_path / "ledger.jsonl").exists()


EDITS = {
    "a key nobody knows": ("epochs = 1", "epochz = 1", "Did you mean `epochs`?"),
    "a wrong type": ("epochs = 1", 'epochs = "one"', "training.epochs"),
    "a missing column": ('output = "label"', 'output = "lable"', "label"),
    "a missing group column": ('group = "customer"', 'group = "client"', "client"),
    "a missing file": ("rows.csv", "rowz.csv", "rowz.csv"),
    "a missing prompt": ('output = "label"', 'output = "label"\nprompt = "p.md"', "p.md"),
    "a metric of another task": (
        "[training]",
        '[criteria]\n[[criteria.primary]]\nmetric = "chrf"\n[training]',
        "chrf",
    ),
    "a slice that is not there": (
        "[training]",
        '[criteria]\n[[criteria.primary]]\nmetric = "accuracy"\n'
        '[[criteria.guard]]\nmetric = "accuracy"\nby = "planet"\n[training]',
        "planet",
    ),
    "an unknown check": ("[training]", "[checks.astrology]\n[training]", "astrology"),
    "an unknown option": ("[training]", "[checks.imbalance]\nstars = 3\n[training]", "stars"),
}


@pytest.mark.parametrize("name", EDITS)
def test_settings(tmp_path, tiny_base, surpass, name):
    old, new, said = EDITS[name]
    make_project(tmp_path, tiny_base)
    path = tmp_path / "surpass.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    command = "check" if "check" in name or "option" in name else "seal"
    status, out, err = surpass(command, tmp_path)
    assert status == 3, out
    assert said in err
    assert not (tmp_path / "ledger.jsonl").exists()


def test_a_base_that_is_not_there(tmp_path, surpass):
    make_project(tmp_path, tmp_path / "nowhere")
    status, _, err = surpass("plan", tmp_path)
    assert status == 3
    assert "nowhere" in err


def test_a_hub_model_without_a_network(tmp_path):
    make_project(tmp_path, "some-org/some-model")
    done = in_a_process("plan", tmp_path, HF_HUB_OFFLINE="1")
    assert done.returncode == 3
    assert "some-org/some-model" in done.stderr


def test_duplicate_ids_are_named(tmp_path, tiny_base, surpass):
    make_project(tmp_path, tiny_base)
    twice = rows(40)
    twice[5]["number"] = twice[4]["number"]
    write_rows(tmp_path / "rows.csv", twice)
    path = tmp_path / "surpass.toml"
    path.write_text(path.read_text().replace("[data]", '[data]\nid = "number"'))
    status, _, err = surpass("split", tmp_path)
    assert status == 3
    assert "rows.csv:6" in err
    assert "rows.csv:7" in err


def test_a_folder_without_a_project(tmp_path, surpass):
    status, _, err = surpass("check", tmp_path)
    assert status == 3
    assert "surpass init" in err


def test_a_word_that_is_no_command():
    done = in_a_process("trian")
    assert done.returncode == 3
    assert "train" in done.stderr + done.stdout


def test_errors_are_json_where_json_was_asked_for(tmp_path, surpass):
    status, out, _ = surpass("check", tmp_path, "--json")
    assert status == 3
    assert set(json.loads(out)) == {"error", "fix"}


def test_init_overwrites_nothing(tmp_path, tiny_base, surpass):
    make_project(tmp_path, tiny_base)
    before = (tmp_path / "surpass.toml").read_bytes()
    status, _, err = surpass("init", tmp_path / "rows.csv", tmp_path)
    assert status == 3
    assert "already" in err
    assert (tmp_path / "surpass.toml").read_bytes() == before


def test_sealing_needs_a_word_where_nobody_can_be_asked(tmp_path, tiny_base, surpass):
    make_project(tmp_path, tiny_base)
    status, _, err = surpass("go", tmp_path)
    assert status == 3
    assert "--yes" in err
