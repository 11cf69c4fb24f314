"""The two encoders."""

import pytest
import torch

from genstudio.families.matcher.network import START, MatcherConfig, build


@pytest.mark.parametrize("size", [8, 28, 64, 96])
def test_vectors_have_length_one_and_texts_are_stretched(size: int):
    config = MatcherConfig(size=size, channels=3, words=9, width=4, features=6, text_width=5)
    networks = build(config)
    pictures = networks["picture"](torch.rand(3, 3, size, size))
    texts = networks["text"](torch.tensor([[1, 2, 3, 0], [1, 0, 0, 0], [1, 4, 4, 4]]))
    assert pictures.shape == texts.shape == (3, 6)
    assert torch.allclose(pictures.norm(dim=1), torch.ones(3), atol=1e-5)
    assert texts.norm(dim=1).log().tolist() == pytest.approx([START] * 3, abs=1e-4)


def test_empty_places_say_nothing_and_the_order_of_words_counts():
    torch.manual_seed(0)
    text = build(MatcherConfig(words=9, text_width=8, features=6))["text"].eval()
    short = text(torch.tensor([[1, 2, 3]]))
    assert torch.allclose(short, text(torch.tensor([[1, 2, 3, 0, 0]])), atol=1e-5)
    assert not torch.allclose(short, text(torch.tensor([[1, 3, 2]])), atol=1e-3)
    assert torch.isfinite(text(torch.zeros(1, 4, dtype=torch.int64))).all()


def test_the_temperature_has_a_limit():
    text = build(MatcherConfig(words=9))["text"]
    with torch.no_grad():
        text.scale.fill_(20.0)
    assert text(torch.tensor([[1, 2]])).norm().item() == pytest.approx(100, rel=1e-3)
