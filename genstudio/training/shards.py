"""A step in shards: the batch is cut into equal pieces, each computed for itself.

A piece has noise of its own, starts from the same running statistics as the others, and its
gradients, losses and statistics are averaged with theirs. Which process computes which piece
then changes nothing but the order of additions: 1, 2 or 4 processes train the same model, as long
as their number divides the number of shards. The mean of gradients is that of plain data
parallelism (see distributed.py). Batch normalisation uses the statistics of its shard, as under
DistributedDataParallel; its running averages are the mean over shards instead of those of rank 0.
"""

from __future__ import annotations

from collections.abc import Iterable

import torch
from torch import Tensor, nn

from genstudio.core.errors import UsageError
from genstudio.training.distributed import Place


def check(batch: int, shards: int, world: int) -> None:
    """Raise UsageError where `world` processes cannot share a batch of so many shards evenly."""
    if batch % shards:
        lower, upper = batch // shards * shards, (batch // shards + 1) * shards
        near = f"{lower} or {upper}" if lower else f"{upper}"
        raise UsageError(
            f"A batch of {batch} cannot be cut into {shards} equal shards",
            next_step=f"Choose a batch of {near}.",
        )
    if shards % world:
        raise UsageError(
            f"{world} processes cannot share {shards} shards evenly",
            next_step=f"Use a number of processes that divides {shards}.",
        )


class Buffers:
    """The buffers of networks, such as running means: kept, put back, averaged over shards."""

    def __init__(self, networks: Iterable[nn.Module]) -> None:
        found = [b for network in networks for b in network.buffers()]
        self._live = [b for b in found if b.is_floating_point()]
        self._counts = [b for b in found if not b.is_floating_point()]
        self._kept: list[Tensor] = []
        self.sums: list[Tensor] = []

    @torch.no_grad()
    def keep(self) -> None:
        """Remember them as they are: where each shard starts."""
        self._kept = [b.clone() for b in (*self._live, *self._counts)]
        self.sums = [torch.zeros_like(b) for b in self._live]

    @torch.no_grad()
    def put_back(self) -> None:
        """As they were when they were kept."""
        for live, kept in zip((*self._live, *self._counts), self._kept, strict=True):
            live.copy_(kept)

    @torch.no_grad()
    def add(self, share: float) -> None:
        """Add what a shard left, weighted by `share`, to the sums."""
        for total, live in zip(self.sums, self._live, strict=True):
            total.add_(live, alpha=share)

    @torch.no_grad()
    def take_sums(self) -> None:
        """Make the sums over all shards the new values; counters are alike after every shard."""
        for live, total in zip(self._live, self.sums, strict=True):
            live.copy_(total)


def sum_up(place: Place, tensors: list[Tensor]) -> None:
    """Replace each tensor by its sum over all processes, in one exchange for all of them."""
    if place.world == 1 or not tensors:
        return
    flat = place.total(torch.cat([t.detach().reshape(-1) for t in tensors]))
    for tensor, part in zip(tensors, flat.split([t.numel() for t in tensors]), strict=True):
        tensor.detach().copy_(part.view(tensor.shape))


def start_alike(place: Place, networks: Iterable[nn.Module]) -> None:
    """Give all processes the weights and buffers of the first one."""
    if place.world == 1:
        return
    for network in networks:
        state = {name: value.cpu() for name, value in network.state_dict().items()}
        network.load_state_dict(place.share(state))
