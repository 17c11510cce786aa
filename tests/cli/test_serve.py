"""The commands of serving, as they are typed."""

import json

import pytest

SETTINGS = """
[task]
name = "tickets"
kind = "classify"
[data]
train = ["rows.csv"]
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "surpass.toml").write_text(SETTINGS, encoding="utf-8")
    return tmp_path


def test_a_key_is_made_listed_and_withdrawn(surpass, folder):
    status, said, _ = surpass("key", "add", "web-shop", folder, "--days", 3, "--json")
    made = json.loads(said)["data"]
    assert status == 0
    assert made["key"].startswith(f"surpass_{made['id']}_")
    kept = folder / ".surpass" / "serving" / "keys.json"
    assert made["key"].rpartition("_")[2] not in kept.read_text(encoding="utf-8")
    assert kept.stat().st_mode & 0o077 == 0
    _, said, _ = surpass("key", "list", folder)
    assert made["id"] in said
    assert made["key"] not in said
    assert surpass("key", "revoke", made["id"], folder)[0] == 0
    status, _, told = surpass("key", "revoke", "nobody", folder)
    assert status == 3
    assert made["id"] in told


def test_a_key_without_name_or_with_no_limit_is_refused(surpass, folder):
    assert surpass("key", "add", " ", folder)[0] == 3
    assert surpass("key", "add", "shop", folder, "--requests-per-minute", 0)[0] == 3
    assert surpass("key", "add", "shop", folder, "--scope", "everything")[0] == 3


def test_forget_wants_to_know_what(surpass, folder):
    assert surpass("forget", folder)[0] == 3
    assert surpass("forget", folder, "--unit", "u", "--older-than", 3)[0] == 3
    status, said, _ = surpass("forget", folder, "--unit", "u")
    assert status == 0
    assert "0 rows" in said


def test_serving_needs_rows_and_says_so(surpass, folder, socket_enabled):
    status, _, told = surpass("serve", folder, "--port", 0)
    assert status == 3
    assert "rows.csv" in told
    assert surpass("serve", folder, "--host", "0.0.0.0", "--port", 0)[0] == 3
