"""The judge's network."""

import pytest
import torch

from genstudio.families.classifier.network import ClassifierConfig, build, extra_halvings


@pytest.mark.parametrize("size", [8, 28, 32, 48, 64, 96, 128])
@pytest.mark.parametrize("channels", [1, 3])
def test_every_size_gives_features_and_logits(size: int, channels: int):
    config = ClassifierConfig(size=size, channels=channels, classes=4, width=4, features=6)
    features, logits = build(config)["classifier"](torch.rand(2, channels, size, size))
    assert (features.shape, logits.shape) == ((2, 6), (2, 4))
    assert features.min() >= 0


@pytest.mark.parametrize(("size", "wanted"), [(28, 0), (48, 0), (64, 1), (96, 1), (128, 2)])
def test_large_pictures_are_halved_more_often(size: int, wanted: int):
    assert extra_halvings(size) == wanted


def test_dropout_is_for_training_only():
    torch.manual_seed(0)
    judge = build(ClassifierConfig(width=4, features=32, dropout=0.5))["classifier"]
    images = torch.rand(4, 1, 28, 28)
    judge(images)
    assert not torch.equal(judge(images)[1], judge(images)[1])
    judge.eval()
    assert torch.equal(judge(images)[1], judge(images)[1])


def test_an_answer_does_not_depend_on_the_neighbours():
    judge = build(ClassifierConfig(width=4, features=8))["classifier"].eval()
    images = torch.rand(5, 1, 28, 28)
    assert torch.allclose(judge(images)[1][2:3], judge(images[2:3])[1], atol=1e-5)
