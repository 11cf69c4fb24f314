"""Small conversions."""

import numpy as np
import torch

from genstudio.training.tensors import fixed_normal, one_hot, to_pixels


def test_one_hot():
    assert one_hot(torch.tensor([2, 0]), 3).tolist() == [[0, 0, 1], [1, 0, 0]]
    assert one_hot(torch.tensor([1]), 2).dtype == torch.float32


def test_pixels_round_and_stay_in_range():
    images = torch.tensor([-1.0, 1.0, 0.0, -9.0, 9.0, 0.999]).view(1, 1, 2, 3)
    found = to_pixels(images)
    assert found.dtype == np.uint8
    assert found.shape == (1, 2, 3, 1)
    assert found.ravel().tolist() == [0, 255, 128, 0, 255, 255]


def test_pixels_come_back_as_they_were():
    """What batches make of bytes, previews turn into the same bytes."""
    bytes_ = torch.arange(256, dtype=torch.uint8)
    images = (bytes_.float() / 127.5 - 1).view(1, 1, 16, 16)
    assert to_pixels(images).ravel().tolist() == bytes_.tolist()


def test_colours_move_to_the_end():
    images = torch.zeros(2, 3, 4, 5)
    images[:, 1] = 1
    found = to_pixels(images)
    assert found.shape == (2, 4, 5, 3)
    assert found[0, 0, 0].tolist() == [128, 255, 128]
    assert found.flags["C_CONTIGUOUS"]


def test_fixed_noise_belongs_to_the_seed():
    before = torch.random.get_rng_state()
    first = fixed_normal(4, 3, 7, torch.device("cpu"))
    assert torch.equal(first, fixed_normal(4, 3, 7, torch.device("cpu")))
    assert not torch.equal(first, fixed_normal(4, 3, 8, torch.device("cpu")))
    assert torch.equal(before, torch.random.get_rng_state())
