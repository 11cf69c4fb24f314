"""The network sees only what was before, and a step is the same as reading all."""

import numpy as np
import pytest
import torch

from genstudio.families.wavenet.network import FEATURES, WaveNet, WaveNetConfig, features
from genstudio.families.wavenet.queues import Queues

SMALL = WaveNetConfig(width=8, layers=3, stacks=2, kernel=3, rate=2000, classes=2)
PAIRS = WaveNetConfig(width=6, layers=4, stacks=1, kernel=2, rate=2000)


def built(config: WaveNetConfig) -> WaveNet:
    torch.manual_seed(0)
    return WaveNet(config).eval()


def given(config: WaveNetConfig, count: int = 2, time: int = 70):
    generator = torch.Generator().manual_seed(1)
    codes = torch.randint(1, 256, (count, time), generator=generator)
    kinds = torch.arange(count) % (config.classes + 1)
    return codes, kinds, torch.arange(time).expand(count, time)


def test_dilations_reach_and_taps_follow_from_the_shape():
    assert SMALL.dilations == (1, 3, 9, 1, 3, 9)
    assert SMALL.reach == 1 + 2 * 26
    assert SMALL.taps == 12
    assert PAIRS.dilations == (1, 2, 4, 8)
    assert PAIRS.reach == 16


@pytest.mark.parametrize("config", [SMALL, PAIRS], ids=["of three", "of two"])
@torch.no_grad()
def test_what_comes_later_has_no_say_and_the_reach_is_what_it_says(config):
    network = built(config)
    codes, kinds, places = given(config)
    before = network(codes, kinds, places)
    assert before.shape == (2, 70, 256)
    at = 60
    changed = codes.clone()
    changed[:, at] = 256 - changed[:, at]
    away = (network(changed, kinds, places) - before).abs().amax(dim=(0, 2))
    assert away[:at].max() == 0
    assert away[at] > 0
    far = codes.clone()
    far[:, at - config.reach] = 256 - far[:, at - config.reach]
    assert (network(far, kinds, places) - before).abs()[:, at].max() == 0
    near = codes.clone()
    near[:, at - config.reach + 1] = 256 - near[:, at - config.reach + 1]
    assert (network(near, kinds, places) - before).abs()[:, at].max() > 0


@pytest.mark.parametrize("config", [SMALL, PAIRS], ids=["of three", "of two"])
@torch.no_grad()
def test_steps_with_queues_say_what_reading_all_says(config):
    network = built(config)
    codes, kinds, places = given(config)
    whole, seen = network.read(codes, kinds, places)
    assert seen.shape == (2, len(config.dilations), 70, config.width)
    queues = Queues(2, config.dilations, config.kernel, config.width)
    for time in range(70):
        taps = torch.from_numpy(queues.taps())
        logits, now = network.step(codes[:, time], kinds, places[:, time], taps)
        assert torch.allclose(logits, whole[:, time], atol=1e-5), time
        queues.push(now.numpy())


@torch.no_grad()
def test_class_and_time_are_heard():
    network = built(SMALL)
    codes, kinds, places = given(SMALL)
    first = network(codes, kinds, places)
    assert not torch.allclose(first, network(codes, kinds + 1, places))
    assert not torch.allclose(first, network(codes, kinds, places + 500))


def test_time_is_told_by_turns_and_fading():
    found = features(torch.tensor([[0, 125, 16_000]]), 2000)
    assert found.shape == (1, 3, FEATURES)
    assert found.abs().max() <= 1
    assert found[0, 0, -3:].tolist() == [1, 1, 1]
    assert found[0, 2, -3:].max() < 1e-6
    assert np.allclose(found[0, 1, 0].item(), 0, atol=1e-5), "a whole turn of the fastest clock"


def test_all_parameters_learn():
    network = built(SMALL)
    codes, kinds, places = given(SMALL, 3)
    network(codes, kinds, places).square().mean().backward()
    still = [n for n, p in network.named_parameters() if p.grad is None or not p.grad.abs().sum()]
    assert still == []
