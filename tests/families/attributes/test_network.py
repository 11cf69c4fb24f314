"""The reader's network."""

import pytest
import torch

from genstudio.families.attributes.network import ReaderConfig, build


@pytest.mark.parametrize("size", [8, 28, 32, 48, 64, 96, 128])
def test_every_size_gives_features_and_answers(size: int):
    config = ReaderConfig(size=size, channels=3, answers=7, width=4, features=6)
    features, logits = build(config)["reader"](torch.rand(2, 3, size, size))
    assert (features.shape, logits.shape) == ((2, 6), (2, 7))
    assert features.min() >= 0


def test_it_knows_where_things_are():
    # The same colour in another place is another attribute: the map is not averaged away.
    torch.manual_seed(0)
    reader = build(ReaderConfig(size=28, channels=1, answers=3, width=4, features=8))["reader"]
    pictures = torch.zeros(2, 1, 28, 28)
    pictures[0, :, :10], pictures[1, :, 18:] = 1, 1
    _, (above, below) = reader(pictures)
    assert (above - below).abs().max() > 0.01


def test_an_answer_does_not_depend_on_the_neighbours():
    reader = build(ReaderConfig(size=28, channels=1, answers=5, width=4))["reader"].eval()
    images = torch.rand(5, 1, 28, 28)
    assert torch.allclose(reader(images)[1][2:3], reader(images[2:3])[1], atol=1e-5)


def test_a_small_one_stays_below_a_megabyte():
    config = ReaderConfig(size=64, channels=3, answers=80, width=24, features=128)
    count = sum(p.numel() for p in build(config)["reader"].parameters())
    assert count * 2 < 2**20, "two bytes a number"
