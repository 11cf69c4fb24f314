"""The comparison with nanoGPT's recipe: the reference, its rule, its schedule, its judge."""

from __future__ import annotations

import math
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
import torch
from torch import nn

from benchmarks import shakespeare
from genstudio.training.objective import Sequences


class Guess(nn.Module):
    """Says the same of every token."""

    def __init__(self, vocabulary: int) -> None:
        super().__init__()
        self.bias = nn.Parameter(torch.zeros(vocabulary))
        self.scale = nn.Parameter(torch.ones(vocabulary, 1))

    def forward(self, tokens: torch.Tensor) -> Any:
        logits = (self.bias * self.scale[:, 0]).expand(*tokens.shape, -1)
        return SimpleNamespace(logits=logits)


class Few:
    """Held-out windows of two sizes of batch; every training batch is the same."""

    def draw(self, number: int) -> Sequences:
        return Sequences(torch.tensor([[0, 1, 1, 1]]))

    def held_out(self) -> Iterator[Sequences]:
        yield Sequences(torch.tensor([[0, 1, 1], [0, 1, 1], [0, 1, 1]]))
        yield Sequences(torch.tensor([[0, 2, 2]]))


def ready(**config: object) -> Any:
    return SimpleNamespace(config=config, recipe=SimpleNamespace(seed=3))


@pytest.mark.parametrize("wanted", [300_000, 1_280_000])
def test_the_reference_has_as_many_parameters(wanted: int):
    pytest.importorskip("transformers")
    network = shakespeare.gpt2(ready(vocabulary=65, context=64, layers=4, heads=5), wanted)
    assert len(network.transformer.h) == 4
    count = sum(p.numel() for p in network.parameters())
    assert abs(count - wanted) / wanted < 0.1  # widths go in steps of 16


def test_the_rate_rises_and_falls():
    steps = 1000
    rates = [shakespeare.rate(number, steps) for number in range(steps)]
    assert rates[0] < rates[50] < rates[99]
    assert max(rates) == pytest.approx(shakespeare.RATE, rel=0.02)
    assert rates[-1] == pytest.approx(shakespeare.LAST_RATE, rel=0.01)
    assert rates[101:] == sorted(rates[101:], reverse=True)


def test_only_matrices_decay():
    groups = shakespeare.optimiser(Guess(4)).param_groups
    assert [group["weight_decay"] for group in groups] == [shakespeare.DECAY, 0.0]
    assert [p.shape for p in groups[0]["params"]] == [(4, 1)]


def test_the_judge_weighs_windows_alike():
    guess = Guess(4)
    with torch.no_grad():
        guess.bias[1] = 2.0
    total = math.log(math.exp(2.0) + 3)
    expected = (3 * (total - 2.0) + total) / 4
    assert shakespeare.held_out(guess, Few()) == pytest.approx(expected, rel=1e-5)  # type: ignore[arg-type]
    assert not guess.training


@torch.no_grad()
def test_what_does_not_count_is_left_out():
    guess = Guess(3)
    guess.bias[1] = 2.0
    tokens = torch.tensor([[0, 1, 2]])
    first = shakespeare.told(guess, Sequences(tokens, torch.tensor([[1.0, 0.0]])))
    assert float(first) == pytest.approx(math.log(math.exp(2.0) + 2) - 2.0, rel=1e-5)
    both = shakespeare.told(guess, Sequences(tokens, torch.ones(1, 2)))
    assert float(both) == pytest.approx(float(shakespeare.told(guess, Sequences(tokens))))


def test_it_learns_what_the_windows_say():
    guess = Guess(4)
    before = shakespeare.held_out(guess, Few())  # type: ignore[arg-type]
    shakespeare.train(guess, Few(), 60)  # type: ignore[arg-type]
    assert float(guess.bias[1].detach()) > float(guess.bias[2].detach())
    assert shakespeare.held_out(guess, Few()) != before  # type: ignore[arg-type]


def test_own_loss_is_that_of_the_best_validation(monkeypatch: pytest.MonkeyPatch):
    told = [{"loss": 1.0}, {"valid/loss": 2.5}, {"valid/loss": 2.0}, {"valid/loss": 2.2}]
    runs = SimpleNamespace(metrics=lambda run: told)
    monkeypatch.setattr(shakespeare, "Runs", lambda home: runs)
    found = shakespeare.own_loss(SimpleNamespace(), SimpleNamespace(id="1"))  # type: ignore[arg-type]
    assert found == 2.0


def test_the_end_of_a_generator_is_what_it_returns():
    def work() -> Iterator[str]:
        yield "event"
        return "ready"  # type: ignore[return-value]

    assert shakespeare.finished(work()) == "ready"
