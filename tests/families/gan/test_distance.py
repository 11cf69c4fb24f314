"""The kernel distance in features of a random network."""

import numpy as np
import pytest
import torch

from genstudio.families.gan.distance import kernel_distance, on, random_features


def by_hand(real: np.ndarray, made: np.ndarray) -> float:
    """Binkowski et al. 2018, equation 4, with loops."""

    def k(a: np.ndarray, b: np.ndarray) -> float:
        return float((a @ b / len(a) + 1) ** 3)

    def within(x: np.ndarray) -> float:
        pairs = [(i, j) for i in range(len(x)) for j in range(len(x)) if i != j]
        return sum(k(x[i], x[j]) for i, j in pairs) / len(pairs)

    between = sum(k(a, b) for a in real for b in made) / (len(real) * len(made))
    return within(real) + within(made) - 2 * between


def test_it_is_the_unbiased_estimate():
    numbers = np.random.default_rng(1)
    real, made = numbers.normal(size=(6, 5)), numbers.normal(size=(9, 5)) + 0.5
    found = kernel_distance(torch.from_numpy(real), torch.from_numpy(made))
    assert float(found) == pytest.approx(by_hand(real, made), rel=1e-9)


def test_equal_kinds_are_near_and_others_farther():
    draw = torch.Generator().manual_seed(2)
    a, b = (torch.randn(200, 8, generator=draw) for _ in range(2))
    assert abs(kernel_distance(a, b)) < 0.1
    assert kernel_distance(a, b + 1) > 10 * abs(kernel_distance(a, b))
    assert kernel_distance(a, b * 0.2) > 0.1


def test_the_network_is_the_same_in_every_run_and_never_learns():
    first, second = random_features(3), random_features(3)
    torch.manual_seed(99)
    images = torch.rand(2, 3, 28, 28)
    assert torch.equal(first(images), second(images))
    assert first(images).shape == (2, 32 + 64 + 128 + 4 * 128 + 128)
    assert not any(p.requires_grad for p in first.parameters())
    assert not first.training
    assert torch.isfinite(first(torch.rand(1, 3, 128, 128))).all()


def test_features_tell_blur_and_noise_from_pictures():
    network = random_features(1)
    draw = torch.Generator().manual_seed(3)
    real = (torch.rand(100, 1, 7, 7, generator=draw) * 2 - 1).repeat_interleave(4, 2)
    real = real.repeat_interleave(4, 3)  # (100, 1, 28, 28)
    like, other = network(real[:50]), network(real[50:])
    blurred = network(torch.nn.functional.avg_pool2d(real[50:], 5, 1, 2))
    noisy = network(real[50:] + 0.5 * torch.randn(50, 1, 28, 28, generator=draw))
    near = abs(float(kernel_distance(like, other)))
    assert float(kernel_distance(like, blurred)) > 5 * near
    assert float(kernel_distance(like, noisy)) > 5 * near


def test_on_the_same_device_nothing_is_copied():
    network = random_features(1)
    assert on(network, torch.device("cpu")) is network
