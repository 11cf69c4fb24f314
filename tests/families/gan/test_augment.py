"""Differentiable augmentation: bounded changes, alike in a batch, gradients pass."""

import pytest
import torch

from genstudio.families.gan.augment import FULL, HOLE, POLICIES, SHIFT, augment
from genstudio.numerics.augment import POLICY_WORDS


def pictures(count: int = 64, channels: int = 3, side: int = 16) -> torch.Tensor:
    torch.manual_seed(1)
    return torch.rand(count, channels, side, side) * 2 - 1


@pytest.mark.parametrize("policy", ["", "off"])
def test_off_changes_nothing(policy: str):
    images = pictures(2)
    assert augment(images, policy) is images


@pytest.mark.parametrize("policy", POLICIES[1:])
@pytest.mark.parametrize("channels", [1, 3])
def test_gradients_pass_through_every_policy(policy: str, channels: int):
    images = pictures(8, channels).requires_grad_()
    changed = augment(images, policy)
    assert changed.shape == images.shape
    changed.square().sum().backward()
    assert images.grad is not None
    assert torch.isfinite(images.grad).all()
    assert (images.grad != 0).any()


def test_the_same_seed_gives_the_same_changes():
    images = pictures(4)
    torch.manual_seed(5)
    first = augment(images, FULL)
    torch.manual_seed(5)
    assert torch.equal(first, augment(images, FULL))
    assert not torch.equal(first, augment(images, FULL))


def test_colour_moves_brightness_by_half_at_most_and_each_picture_for_itself():
    images = torch.zeros(200, 1, 4, 4)
    moved = augment(images, "color").mean(dim=(1, 2, 3))
    assert moved.abs().max() <= 0.5
    assert moved.std() > 0.2


def test_colour_keeps_the_mean_of_a_picture_but_for_brightness():
    images = pictures(500)
    changed = augment(images, "color")
    apart = (changed - images).mean(dim=(1, 2, 3))
    assert apart.abs().max() <= 0.5 + 1e-5


def test_translation_moves_by_an_eighth_at_most_and_leaves_grey():
    images = torch.zeros(300, 1, 16, 16)
    images[:, :, 8, 8] = 1
    moved = augment(images, "translation")
    places = moved.flatten(1).argmax(dim=1)
    rows, columns = places // 16, places % 16
    assert set(rows.tolist()) == set(range(6, 11)) == set(columns.tolist())
    assert torch.equal(moved.sum(dim=(1, 2, 3)), torch.ones(300))
    full = augment(torch.ones(50, 1, 16, 16), "translation")
    assert set(full.unique().tolist()) == {0.0, 1.0}


def test_cutout_blanks_half_of_the_side_at_most():
    images = torch.ones(300, 2, 16, 16)
    gone = (augment(images, "cutout") == 0).sum(dim=(2, 3))
    assert torch.equal(gone[:, 0], gone[:, 1])
    assert gone.max() == 64
    assert gone.min() >= 16


def test_shares_and_words_are_those_of_the_preview():
    assert (SHIFT, HOLE) == (0.125, 0.5)
    assert FULL.split(",") == list(POLICY_WORDS)
