"""A tokenizer with the bytes of all of its tokens at hand."""

import numpy as np
import pytest

from genstudio.core.errors import BadInput
from genstudio.engine import vocabulary
from genstudio.engine.device import Device
from genstudio.engine.loaded_model import LoadedModel
from genstudio.engine.vocabulary import Vocabulary
from genstudio.media import tokens
from tests.helpers import packages, writers


@pytest.fixture(scope="module")
def pieces() -> Vocabulary:
    texts = ["the cat and the hat then there ü " * 40]
    return Vocabulary(tokens.train("bpe", texts, 320))


def test_tokens_are_found_by_how_they_begin(pieces):
    for start in (b"t", b"th", b" the", b"\xc3", b"nowhere"):
        wanted = [piece.startswith(start) for piece in pieces.pieces]
        assert np.array_equal(pieces.starting(start), wanted)
    assert pieces.starting(b" the").sum() > 1


def test_tokens_are_found_by_what_they_hold(pieces):
    assert np.array_equal(pieces.holding(b"he"), [b"he" in piece for piece in pieces.pieces])


def test_special_tokens_say_nothing(pieces):
    assert pieces.pieces[: pieces.special] == [b""] * pieces.special
    assert pieces.texts[: pieces.special] == [""] * pieces.special


def test_a_package_gives_its_vocabulary_once(tmp_path):
    folder = writers.package(tmp_path / "writer", "abc")
    with LoadedModel.open(folder, Device("CPU", "", 1)) as model:
        found = vocabulary.of(model)
        assert vocabulary.of(model) is found
        assert [found.texts[token] for token in model.tokenizer.encode("cab")] == ["c", "a", "b"]
    assert model.kept == {}


def test_a_package_without_a_tokenizer_says_so(tmp_path):
    with (
        LoadedModel.open(packages.gan(tmp_path / "gan"), Device("CPU", "", 1)) as model,
        pytest.raises(BadInput, match=r"tokenizer\.json"),
    ):
        vocabulary.of(model)
