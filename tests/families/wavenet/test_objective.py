"""The loss of a WaveNet: what counts, in which unit, and the sounds it makes on the way."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from genstudio import families
from genstudio.families.wavenet import objective
from genstudio.families.wavenet.objective import LONGEST, NETWORK, WaveNetObjective, make
from genstudio.media import companding
from genstudio.training.clip_batches import Waves
from genstudio.training.objective import StepInfo
from tests.helpers import sounds

OPTIONS = {"width": 6, "layers": 3, "window": 64}
FACTS = {"classes": ("a", "b"), "rate": 2000, "seconds": 0.01}
CONFIG = families.family("wavenet").config(OPTIONS, FACTS)
STEP = StepInfo(0, 10)


def waves(codes: np.ndarray, weight: np.ndarray | None = None) -> Waves:
    """Whole sounds (b, n), without classes; all samples count without `weight`."""
    given = np.concatenate([np.full((len(codes), 1), companding.BEFORE), codes[:, :-1]], axis=1)
    weight = np.ones(codes.shape, np.float32) if weight is None else weight
    zeros = torch.zeros(len(codes), dtype=torch.int64)
    return Waves(
        torch.from_numpy(given).long(), torch.from_numpy(codes).long(), zeros, zeros,
        torch.from_numpy(weight.astype(np.float32)),
    )  # fmt: skip


def some(count: int = 3, time: int = 40) -> np.ndarray:
    return np.random.default_rng(0).integers(1, 256, (count, time))


@pytest.fixture
def made() -> WaveNetObjective:
    torch.manual_seed(0)
    return make(CONFIG, {})


class Guessing(nn.Module):
    """Says the same of all levels; hears nothing."""

    def forward(self, codes: torch.Tensor, kinds: torch.Tensor, places: torch.Tensor):
        assert codes.shape == places.shape
        return torch.zeros(*codes.shape, companding.CODES)


@torch.no_grad()
def told(given: WaveNetObjective, batch: Waves, network: nn.Module | None = None) -> dict[str, Any]:
    networks = {NETWORK: network} if network else given.networks
    return {name: float(value) for name, value in given.validate(networks, batch).items()}


def test_guessing_costs_eight_bits(made) -> None:
    found = told(made, waves(some()), Guessing())
    assert found["bits"] == pytest.approx(8)
    assert found["loss"] == pytest.approx(8 * math.log(2))


def test_training_and_validation_mean_the_same(made) -> None:
    batch = waves(some())
    with torch.no_grad():
        loss, more = made.loss("sound", batch, STEP)
    assert more == {}
    assert float(loss) == pytest.approx(told(made, batch)["loss"])


@torch.no_grad()
def test_what_has_no_weight_does_not_count(made) -> None:
    codes = some(2, 30)
    other = codes.copy()
    other[:, 20:] = 7
    weight = np.ones(codes.shape)
    weight[:, 20:] = 0
    assert told(made, waves(codes, weight)) == told(made, waves(other, weight))
    assert told(made, waves(codes)) != told(made, waves(other))


@torch.no_grad()
def test_the_loss_is_a_mean_by_weight(made) -> None:
    codes = some(2, 30)
    one, two = (told(made, waves(codes[n : n + 1]))["loss"] for n in range(2))
    weight = np.ones(codes.shape)
    weight[1] = 0.5
    found = told(made, waves(codes, weight))["loss"]
    assert found == pytest.approx((one + 0.5 * two) / 1.5, rel=1e-5)


def test_a_batch_in_which_nothing_counts_has_no_loss_and_no_slope(made) -> None:
    codes = some(1, 10)
    loss, _ = made.loss("sound", waves(codes, np.zeros(codes.shape)), STEP)
    loss.backward()
    assert float(loss.detach()) == 0
    slopes = [p.grad for p in made.networks[NETWORK].parameters() if p.grad is not None]
    assert all(torch.count_nonzero(slope) == 0 for slope in slopes)


def test_the_same_step_again_and_again_learns_a_sound(made) -> None:
    codes = companding.encode(sounds.sound("beep", 0)[:60]).astype(np.int64)[None]
    batch, network = waves(codes), made.networks[NETWORK]
    optimizer = torch.optim.Adam(network.parameters(), 0.02)
    first = told(made, batch)["loss"]
    for _ in range(25):
        optimizer.zero_grad()
        made.loss("sound", batch, STEP)[0].backward()
        optimizer.step()
    assert told(made, batch)["loss"] < 0.7 * first


# ---- live sounds -----------------------------------------------------------------------------


@torch.no_grad()
def listen(given: WaveNetObjective, count: int = 3, seed: int = 1) -> list[np.ndarray]:
    found, rate = given.sounds(given.networks, waves(some(1, 5)), count, seed)
    assert rate == FACTS["rate"]
    return found


def test_sounds_last_as_long_as_those_they_were_learnt_from(made) -> None:
    found = listen(made)
    assert [(one.shape, one.dtype) for one in found] == [((20,), np.float32)] * 3
    assert all(np.abs(one).max() <= 1 for one in found)
    made.config["seconds"] = LONGEST / 10
    assert len(listen(made, 1)[0]) == round(LONGEST / 10 * 2000)


def test_live_sounds_have_an_end_whatever_was_learnt_from(made, monkeypatch) -> None:
    monkeypatch.setattr(objective, "LONGEST", 0.02)
    made.config["seconds"] = 1000.0
    assert len(listen(made, 1)[0]) == 40


def test_chance_comes_of_the_seed_alone(made) -> None:
    before = torch.get_rng_state()
    one, again, other = listen(made), listen(made), listen(made, seed=2)
    assert all(np.array_equal(a, b) for a, b in zip(one, again, strict=True))
    assert not all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))
    assert torch.equal(torch.get_rng_state(), before)


def test_what_stands_before_a_sound_never_sounds(made) -> None:
    network = made.networks[NETWORK]
    step = network.step

    def eager(*asked):
        logits, seen = step(*asked)
        logits[:, companding.BEFORE] = 1000
        return logits, seen

    network.step = eager  # type: ignore[method-assign]
    assert companding.LEVELS[companding.BEFORE] == -1
    assert all((one > -1).any() for one in listen(made))


def test_classes_are_asked_for_in_turn() -> None:
    batch = waves(some(1, 5))
    both = WaveNetObjective(CONFIG, {})
    assert both.asked(batch, 5) == ["a", "b", "a", "b", "a"]
    assert WaveNetObjective({**CONFIG, "class_names": []}, {}).asked(batch, 5) == []


def test_a_sound_hears_the_class_it_was_asked_for(made) -> None:
    network, heard = made.networks[NETWORK], []
    step = network.step

    def noting(codes, kinds, places, taps):
        heard.append(kinds.tolist())
        return step(codes, kinds, places, taps)

    network.step = noting  # type: ignore[method-assign]
    listen(made, 5)
    assert {tuple(kinds) for kinds in heard} == {(1, 2, 1, 2, 1)}
    torch.manual_seed(0)
    plain = make(families.family("wavenet").config({**OPTIONS, "conditional": False}, FACTS), {})
    step, network = plain.networks[NETWORK].step, plain.networks[NETWORK]
    network.step = noting  # type: ignore[method-assign]
    heard.clear()
    listen(plain, 3)
    assert {tuple(kinds) for kinds in heard} == {(0, 0, 0)}
