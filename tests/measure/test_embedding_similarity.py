"""Answers and expected texts as vectors."""

import sys

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from model2vec import StaticModel
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace

from answers import answers
from surpass.core import columns
from surpass.core.errors import BadInput
from surpass.measure.encoders import Pieces, cosines, encoder
from surpass.measure.metrics import metric, signature
from surpass.measure.statistics import value_of

NAME = "embedding_similarity"
WORDS = {"[UNK]": 0, "cat": 1, "kitten": 2, "loan": 3, "not": 4}
VECTORS = np.array([[0, 0, 0], [1, 0, 0], [4, 3, 0], [0, 0, 2], [-1, 0, 0]], dtype=np.float32)


@pytest.fixture
def folder(tmp_path):
    return saved(tmp_path / "model", VECTORS)


def saved(folder, vectors):
    """A static model of five words."""
    tokenizer = Tokenizer(WordLevel(WORDS, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = Whitespace()
    StaticModel(vectors, tokenizer, config={}, normalize=False).save_pretrained(folder)
    return folder


def score(expected, answered, *, options=None, **more):
    frame = answers(expected, answered, **more)
    return value_of(metric(NAME, options).statistics(frame, ()))


def test_the_cosine_of_the_models_vectors_is_the_score(folder):
    options = {"encoder": str(folder)}
    assert score(["cat"], ["kitten"], options=options) == pytest.approx(0.8)
    assert score(["cat"], ["cat cat"], options=options) == pytest.approx(1)
    assert score(["cat"], ["loan"], options=options) == 0
    assert score(["cat"], ["not"], options=options) == 0, "below 0 counts as 0"
    assert score(["cat", "cat"], ["kitten", "loan"], options=options) == pytest.approx(0.4)


def test_the_best_of_several_references_counts(folder):
    others = pl.Series(columns.REFERENCES, [["not", "cat"]])
    frame = answers(["loan"], ["kitten"]).with_columns(others)
    found = metric(NAME, {"encoder": str(folder)}).statistics(frame, ())
    assert value_of(found) == pytest.approx(0.8)


@pytest.mark.parametrize("status", ["unreadable", "truncated"])
def test_an_answer_that_was_not_read_scores_nothing(status):
    assert score(["cat"], ["cat"], status=[status]) == 0


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(str.strip))
def test_a_text_is_as_near_to_itself_as_can_be(text):
    assert score([text], [text]) == pytest.approx(1)


@given(st.lists(st.tuples(st.text(), st.text()), min_size=1, max_size=5))
def test_scores_lie_between_0_and_1_and_do_not_depend_on_other_rows(pairs):
    expected, answered = zip(*pairs, strict=True)
    alone = [score([one], [other]) for one, other in pairs]
    assert all(0 <= one <= 1 for one in alone)
    assert score(list(expected), list(answered)) == pytest.approx(np.mean(alone))


def test_pieces_see_that_words_are_spelled_alike():
    near = score(["the invoice was paid"], ["the invoices were paid"])
    far = score(["the invoice was paid"], ["my dog barks loudly"])
    assert far < 0.2
    assert 0.5 < near < 1


def test_a_zero_vector_is_near_to_nothing():
    assert cosines(np.zeros((1, 2)), np.ones((1, 2))).tolist() == [0]
    assert not Pieces().encode(["", " "]).any()


def test_another_model_is_another_signature(folder, tmp_path):
    other = saved(tmp_path / "other", VECTORS[::-1].copy())
    signatures = {
        signature(metric(NAME, {"encoder": name})) for name in ("pieces", str(folder), str(other))
    }
    weights = {one.rpartition("weights:")[2] for one in signatures}
    assert len(weights) == 3
    assert signature(metric(NAME)) == f"{NAME}|encoder:pieces|v:1|{Pieces.signature}"


def test_a_folder_that_changed_is_read_again(folder):
    before = score(["cat"], ["kitten"], options={"encoder": str(folder)})
    saved(folder, VECTORS[[0, 1, 1, 3, 4]])
    assert score(["cat"], ["kitten"], options={"encoder": str(folder)}) == pytest.approx(1)
    assert before == pytest.approx(0.8)


def test_what_is_no_encoder_is_named(tmp_path, folder):
    with pytest.raises(BadInput, match="no encoder 'nowhere'"):
        encoder("nowhere")
    with pytest.raises(BadInput, match=r"no model\.safetensors and no tokenizer\.json"):
        encoder(str(tmp_path))
    (folder / "tokenizer.json").write_text("{}", encoding="utf-8")
    with pytest.raises(BadInput, match="cannot be read"):
        encoder(str(folder))


def test_without_the_library_the_extra_is_named(folder, monkeypatch):
    monkeypatch.setitem(sys.modules, "model2vec", None)
    monkeypatch.delitem(sys.modules, "surpass.measure.static_encoder", raising=False)
    with pytest.raises(BadInput) as caught:
        encoder(str(folder))
    assert "surpass[embed]" in caught.value.fix


def test_an_installed_encoder_is_found_by_its_name(tmp_path, monkeypatch):
    (tmp_path / "their_encoder.py").write_text(
        "import numpy as np\n"
        "class Lengths:\n"
        "    signature = 'lengths|v:1'\n"
        "    def encode(self, texts):\n"
        "        return np.array([[len(text), 1.0] for text in texts])\n",
        encoding="utf-8",
    )
    folder = tmp_path / "their_encoder-1.dist-info"
    folder.mkdir()
    (folder / "METADATA").write_text("Name: their-encoder\nVersion: 1\n", encoding="utf-8")
    (folder / "entry_points.txt").write_text(
        "[surpass.encoders]\nlengths = their_encoder:Lengths\n", encoding="utf-8"
    )
    monkeypatch.syspath_prepend(tmp_path)
    found = metric(NAME, {"encoder": "lengths"})
    assert signature(found).endswith("lengths|v:1")
    assert value_of(found.statistics(answers(["abc"], ["xyz"]), ())) == pytest.approx(1)
