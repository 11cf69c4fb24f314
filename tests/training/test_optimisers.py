"""AdamW and Muon."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from genstudio.core.recipe import TrainerSettings
from genstudio.training.optimisers import Muon, optimiser, orthogonal


class Little(nn.Module):
    """A table, a matrix with biases, a kernel and a norm."""

    def __init__(self) -> None:
        super().__init__()
        self.table = nn.Embedding(7, 4)
        self.matrix = nn.Linear(4, 6)
        self.kernel = nn.Conv1d(6, 3, 2)
        self.norm = nn.LayerNorm(3)


def names(network: nn.Module, made: torch.optim.Optimizer) -> list[set[str]]:
    known = {id(p): name for name, p in network.named_parameters()}
    return [{known[id(p)] for p in group["params"]} for group in made.param_groups]


@pytest.mark.parametrize("shape", [(6, 6), (4, 9), (9, 4), (1, 5), (64, 160)])
def test_a_matrix_becomes_nearly_orthogonal(shape: tuple[int, int]):
    torch.manual_seed(0)
    found = orthogonal(torch.randn(*shape))
    assert found.shape == shape
    values = torch.linalg.svdvals(found)
    assert float(values.min()) > 0.6
    assert float(values.max()) < 1.3


@pytest.mark.parametrize("scale", [1e-6, 1.0, 1e6])
def test_the_length_of_a_gradient_does_not_matter(scale: float):
    torch.manual_seed(1)
    matrix = torch.randn(5, 8)
    torch.testing.assert_close(orthogonal(matrix * scale), orthogonal(matrix), rtol=1e-3, atol=1e-3)


def test_directions_stay_those_of_the_gradient():
    torch.manual_seed(2)
    u, _, v = torch.linalg.svd(torch.randn(5, 8), full_matrices=False)
    matrix = u @ torch.diag(torch.tensor([1.0, 0.8, 0.6, 0.4, 0.3])) @ v
    turned = u.T @ orthogonal(matrix) @ v.T
    off = turned - torch.diag(torch.diag(turned))
    assert float(off.abs().max()) < 1e-4


def test_zeros_stay_zeros():
    assert not orthogonal(torch.zeros(3, 4)).any()


def test_who_moves_what():
    network = Little()
    settings = TrainerSettings(optimizer="muon", weight_decay=0.1)
    made = optimiser([network], settings)
    assert isinstance(made, Muon)
    assert names(network, made) == [
        {"matrix.weight"},
        {"table.weight", "kernel.weight"},
        {"matrix.bias", "kernel.bias", "norm.weight", "norm.bias"},
    ]
    assert [group["weight_decay"] for group in made.param_groups] == [0.1, 0.1, 0.0]


def test_a_network_of_vectors_needs_no_matrices():
    made = optimiser([nn.LayerNorm(4)], TrainerSettings(optimizer="muon"))
    assert len(made.param_groups) == 1


@pytest.mark.parametrize("decay", [0.0, 0.2])
def test_adamw_is_the_rule_unless_asked_otherwise(decay: float):
    made = optimiser([Little()], TrainerSettings(weight_decay=decay))
    assert type(made) is torch.optim.AdamW
    assert [g["weight_decay"] for g in made.param_groups] == ([decay, 0.0] if decay else [0.0])


def test_a_step_of_muon_is_as_long_as_one_of_adamw():
    lengths = {}
    for name in ("adamw", "muon"):
        torch.manual_seed(3)
        layer = nn.Linear(48, 96, bias=False)
        before = layer.weight.detach().clone()
        made = optimiser([layer], TrainerSettings(optimizer=name, learning_rate=0.01))  # type: ignore[arg-type]
        layer.weight.grad = torch.randn(96, 48)
        made.step()
        lengths[name] = float((layer.weight.detach() - before).square().mean().sqrt())
    assert 0.1 < lengths["muon"] / lengths["adamw"] < 0.4  # AdamW's first step is its longest


def test_what_is_left_without_gradient_stays():
    network = Little()
    before = {name: p.detach().clone() for name, p in network.named_parameters()}
    made = optimiser([network], TrainerSettings(optimizer="muon", weight_decay=0.5))
    network.norm.weight.grad = torch.ones(3)
    made.step()
    moved = {n for n, p in network.named_parameters() if not torch.equal(p, before[n])}
    assert moved == {"norm.weight"}


def test_a_closure_is_refused():
    made = optimiser([Little()], TrainerSettings(optimizer="muon"))
    with pytest.raises(ValueError, match="gradients"):
        made.step(lambda: 0.0)


def test_it_goes_on_from_its_state_bit_by_bit():
    def run(network: nn.Module, made: torch.optim.Optimizer, seeds: range) -> None:
        for seed in seeds:
            torch.manual_seed(seed)
            for p in network.parameters():
                p.grad = torch.randn_like(p)
            made.step()

    settings = TrainerSettings(optimizer="muon", learning_rate=0.01)
    torch.manual_seed(0)
    whole = Little()
    halves = Little()
    halves.load_state_dict(whole.state_dict())
    run(whole, optimiser([whole], settings), range(6))
    first = optimiser([halves], settings)
    run(halves, first, range(3))
    second = optimiser([halves], settings)
    second.load_state_dict(first.state_dict())
    run(halves, second, range(3, 6))
    for name, value in whole.state_dict().items():
        assert torch.equal(value, halves.state_dict()[name]), name


def test_muon_learns_what_adamw_learns():
    torch.manual_seed(4)
    x, wanted = torch.randn(64, 8), torch.randn(8, 8)
    y = x @ wanted.T
    layer = nn.Linear(8, 8, bias=False)
    made = optimiser([layer], TrainerSettings(optimizer="muon", learning_rate=0.1))
    losses = []
    for step in range(200):
        for group in made.param_groups:
            group["lr"] = 0.1 * (1 - step / 200)
        loss = (layer(x) - y).square().mean()
        made.zero_grad()
        loss.backward()
        made.step()
        losses.append(float(loss.detach()))
    assert losses[-1] < losses[0] / 50
