"""The average of the weights."""

import torch
from torch import nn

from genstudio.training.ema import Ema


def test_parameters_and_buffers_move_towards_the_network():
    networks = {"a": nn.Sequential(nn.Linear(2, 2), nn.BatchNorm1d(2)), "b": nn.Linear(1, 1)}
    ema = Ema(networks, frozenset({"a"}), 0.5)
    before = ema.copies["a"][0].weight.clone()
    with torch.no_grad():
        networks["a"][0].weight += 1
        networks["a"][1].running_mean += 2
        networks["a"][1].num_batches_tracked += 7
    ema.update(step=1000)
    assert torch.allclose(ema.copies["a"][0].weight, before + 0.5)
    assert torch.allclose(ema.copies["a"][1].running_mean, torch.ones(2))
    assert int(ema.copies["a"][1].num_batches_tracked) == 7
    assert not any(p.requires_grad for p in ema.copies["a"].parameters())
    assert ema.over(networks)["a"] is ema.copies["a"]
    assert ema.over(networks)["b"] is networks["b"]


def test_switched_off_it_is_the_network_itself():
    networks = {"a": nn.Linear(2, 2)}
    ema = Ema(networks, frozenset({"a"}), 0.0)
    ema.update(0)
    assert ema.over(networks)["a"] is networks["a"]


def test_what_is_loaded_into_the_copies_goes_on_from_there():
    networks = {"a": nn.Linear(2, 2)}
    ema = Ema(networks, frozenset({"a"}), 0.5)
    ema.copies["a"].load_state_dict({"weight": torch.zeros(2, 2), "bias": torch.zeros(2)})
    ema.update(step=1000)
    assert torch.allclose(ema.copies["a"].weight, networks["a"].weight / 2)
