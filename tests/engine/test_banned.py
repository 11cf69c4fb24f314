"""Banned words: no token completes one, whatever the tokens are."""

import numpy as np
import pytest

from genstudio.engine.banned import Banned
from genstudio.engine.vocabulary import Vocabulary
from genstudio.media import tokens

TEXT = "a stone, a rose, prose and roses over stones "


@pytest.fixture(scope="module", params=["chars", "bytes", "bpe"])
def words(request) -> Vocabulary:
    return Vocabulary(tokens.train(request.param, [TEXT * 30], 330))


def completed(words: Vocabulary, before: str, banned: str) -> list[bool]:
    """Plainly: which tokens would end or contain it behind `before`."""
    start = before.encode()
    forms = [banned.encode(), banned.upper().encode(), banned.capitalize().encode()]
    return [
        any(form in start + piece and form not in start for form in forms) for piece in words.pieces
    ]


@pytest.mark.parametrize("before", ["", "a ros", "a r", "pros", "over ", "a roseros"])
def test_only_completing_tokens_are_banned(words, before):
    ban = Banned(words, ["rose"])
    tail = before.encode()[-ban.reach :] if ban.reach else b""
    mask = ban.mask(tail)
    assert np.array_equal(mask, completed(words, tail.decode(), "rose"))
    if words.tokenizer.kind == "chars":
        assert bool(mask[words.tokenizer.encode("e")[0]]) == before.endswith("ros")


def test_several_words_and_their_capitals(words):
    ban = Banned(words, ["rose", "STONE"])
    for before in ("Ros", "STON", "ston", "Ston"):
        assert np.array_equal(
            ban.mask(before.encode()),
            np.logical_or(
                completed(words, before, "rose"),
                completed(words, before, "stone"),
            ),
        )
