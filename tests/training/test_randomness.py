"""Numbers by counter."""

import numpy as np
import torch

from genstudio.training.randomness import mix, permutation, seed_torch, uniform


def test_mix_depends_on_every_number_and_on_their_order():
    found = {mix(1, 2, 3), mix(3, 2, 1), mix(1, 2), mix(1, 2, 4), mix(0, 1, 2, 3)}
    assert len(found) == 5
    assert all(0 <= number < 2**64 for number in found)
    assert mix(1, 2, 3) == mix(1, 2, 3)


def test_uniform_is_even_and_belongs_to_the_position():
    found = uniform(5, np.arange(20_000))
    assert abs(found.mean() - 0.5) < 0.01
    assert found.min() >= 0
    assert found.max() < 1
    assert np.array_equal(uniform(5, np.arange(100, 200)), found[100:200])
    assert abs(np.corrcoef(found, uniform(6, np.arange(20_000)))[0, 1]) < 0.03


def test_permutation_holds_every_number_once():
    found = permutation(1000, 1, 2)
    assert sorted(found) == list(range(1000))
    assert not np.array_equal(found, permutation(1000, 1, 3))
    assert np.array_equal(found, permutation(1000, 1, 2))


def test_seed_torch_repeats():
    seed_torch(1, 2)
    first = torch.randn(5)
    seed_torch(1, 2)
    assert torch.equal(first, torch.randn(5))
    seed_torch(1, 3)
    assert not torch.equal(first, torch.randn(5))


def test_seeding_leaves_nothing_behind():
    """torch.manual_seed would keep a stack trace of every call until CUDA is first used."""
    waiting = len(torch.cuda._queued_calls)
    for step in range(10):
        seed_torch(1, step)
    assert len(torch.cuda._queued_calls) == waiting
