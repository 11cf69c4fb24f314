"""Generator and critic: shapes, conditions, and the parts that must not depend on the batch."""

import pytest
import torch

from genstudio.families.gan.network import (
    STAGES,
    ConditionalNorm,
    GanConfig,
    build,
    minibatch_deviation,
    widths,
)


def small(**fields: object) -> GanConfig:
    values = {"width": 4, "critic_width": 4, "latent": 6, "embedding": 3, "classes": 3, **fields}
    return GanConfig(**values)


def label(*classes: int) -> torch.Tensor:
    return torch.eye(3)[list(classes)]


@pytest.mark.parametrize("size", STAGES)
@pytest.mark.parametrize("channels", [1, 3])
def test_every_size_goes_through_both(size: int, channels: int):
    nets = build(small(size=size, channels=channels))
    image = nets["generator"](torch.randn(2, 6), label(0, 2))
    assert image.shape == (2, channels, size, size)
    assert image.abs().max() <= 1
    score, logits = nets["critic"](image, label(0, 2))
    assert (score.shape, logits.shape) == ((2,), (2, 3))


def test_an_unconditional_pair_takes_no_label():
    nets = build(small(classes=0))
    image = nets["generator"](torch.randn(2, 6))
    score, logits = nets["critic"](image)
    assert (score.shape, logits.shape) == ((2,), (2, 0))


@pytest.mark.parametrize("name", ["generator", "critic"])
def test_a_missing_label_is_named(name: str):
    inputs = {"generator": torch.randn(2, 6), "critic": torch.rand(2, 1, 28, 28)}
    with pytest.raises(ValueError, match="needs labels"):
        build(small())[name](inputs[name])


def test_a_size_without_stages_is_refused():
    with pytest.raises(ValueError, match="size must be one of"):
        GanConfig(size=30)


def test_the_class_changes_the_picture_and_the_score():
    torch.manual_seed(0)
    nets = build(small())
    generator = nets["generator"].eval()
    z = torch.randn(1, 6)
    assert not torch.equal(generator(z, label(0)), generator(z, label(1)))
    image = torch.rand(1, 1, 28, 28)
    critic = nets["critic"].eval()
    assert critic(image, label(0))[0] != critic(image, label(1))[0]
    assert torch.equal(critic(image, label(0))[1], critic(image, label(1))[1])


def test_a_picture_does_not_depend_on_its_neighbours():
    generator = build(small())["generator"].eval()
    z, marks = torch.randn(5, 6), label(0, 1, 2, 0, 1)
    together = generator(z, marks)
    alone = generator(z[3:4], marks[3:4])
    assert torch.allclose(together[3:4], alone, atol=1e-6)


def test_blended_labels_lie_between():
    generator = build(small())["generator"].eval()
    z = torch.randn(1, 6)
    first, second = generator(z, label(0)), generator(z, label(1))
    half = generator(z, (label(0) + label(1)) / 2)
    assert (half - first).abs().mean() < (second - first).abs().mean()


def test_widths_are_thin_at_full_size_and_bounded():
    assert widths(32, 2, 8) == [16, 64, 128]
    assert widths(8, 5, 8) == [4, 16, 32, 64, 64, 64]
    assert widths(4, 1, 8) == [4, 8]


def test_conditional_norm_scales_by_the_condition():
    norm = ConditionalNorm(2, 3)
    x = torch.randn(64, 2, 4, 4) * 5 + 3
    with torch.no_grad():
        norm.affine.weight.zero_()
        norm.affine.bias.copy_(torch.tensor([1.0, 0.0, 0.5, -0.5]))
    y = norm(x, torch.zeros(64, 3))
    assert torch.allclose(y.mean(dim=(0, 2, 3)), torch.tensor([0.5, -0.5]), atol=1e-4)
    assert torch.allclose(y.std(dim=(0, 2, 3)), torch.tensor([2.0, 1.0]), atol=1e-2)


@pytest.mark.parametrize("count", [1, 2, 3, 8, 12])
def test_deviation_of_equal_pictures_is_nothing(count: int):
    found = minibatch_deviation(torch.ones(count, 9))
    assert found.shape == (count, 10)
    assert torch.allclose(found[:, 9], torch.full((count,), 1e-4), atol=1e-5)
    if count > 1:
        assert minibatch_deviation(torch.randn(count, 9))[:, 9].min() > 0.1


def test_spectral_norm_is_the_critics_only():
    names = build(small())["critic"].state_dict()
    assert any("parametrizations" in name for name in names)
    assert not any("parametrizations" in n for n in build(small())["generator"].state_dict())
    plain = build(small(spectral=False))["critic"].state_dict()
    assert not any("parametrizations" in name for name in plain)
