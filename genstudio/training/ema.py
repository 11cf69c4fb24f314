"""Exponential moving average of the weights: what previews, validation and packages use."""

from __future__ import annotations

import copy

import torch
from torch import Tensor, nn

from genstudio.training.objective import Networks
from genstudio.training.schedule import ema_decay


class Ema:
    """Averaged copies of the networks called `names`; buffers are averaged as parameters are."""

    def __init__(self, networks: Networks, names: frozenset[str], decay: float) -> None:
        self.decay = decay
        self.copies = {
            name: copy.deepcopy(networks[name]).eval().requires_grad_(False)
            for name in sorted(names)
            if decay > 0
        }
        pairs = [
            pair for name, kept in self.copies.items() for pair in _tensors(kept, networks[name])
        ]
        self._kept = [a for a, _ in pairs if a.is_floating_point()]
        self._live = [b for a, b in pairs if a.is_floating_point()]
        self._counts = [(a, b) for a, b in pairs if not a.is_floating_point()]

    @torch.no_grad()
    def update(self, step: int) -> None:
        """Move the copies towards the networks after round `step` (counted from 0)."""
        if not self._kept:
            return
        torch._foreach_lerp_(self._kept, self._live, 1 - ema_decay(step, self.decay))
        for kept, live in self._counts:
            kept.copy_(live)

    def over(self, networks: Networks) -> dict[str, nn.Module]:
        """The networks with every averaged one in place of its original."""
        return {**networks, **self.copies}


def _tensors(kept: nn.Module, live: nn.Module) -> list[tuple[Tensor, Tensor]]:
    a, b = kept.state_dict(keep_vars=True), live.state_dict(keep_vars=True)
    return [(a[name].data, b[name].data) for name in a]
