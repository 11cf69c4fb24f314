"""Several processes that train one model: who is who, and the few things they tell each other.

The processes are started by torchrun, or by whatever sets its variables (RANK, WORLD_SIZE,
LOCAL_RANK, MASTER_ADDR, MASTER_PORT). Without them a process is alone and nothing here costs
anything.

Data parallel training is done by summing gradients after backward (`training/shards.py`). That
is the arithmetic of DistributedDataParallel (Li et al. 2020, "PyTorch Distributed", section 3.2:
the mean of the gradients of equal shares of a batch is the gradient of the batch), without its
hooks: DDP reduces a parameter as soon as its gradient arrives and therefore wants each to get
exactly one per backward of one wrapped module. Here a round has phases that freeze other
networks, penalties that differentiate twice, and several backwards per step (shards, parts).
What is given up is the overlap of sending and computing.
"""

from __future__ import annotations

import io
import os
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar

import torch
import torch.distributed as dist
from torch import Tensor

Value = TypeVar("Value")

MEETING = timedelta(minutes=5)
"""How long processes that were started together may take to find each other."""
PATIENCE = timedelta(hours=12)
"""How long one waits for another afterwards: the first may stand still until a full disk has room.
A process that dies is noticed by its closed connections and by torchrun, long before."""
_joined: list[dist.ProcessGroup | None] = [None]
"""The group that waits patiently; None stands for the default one."""


@dataclass(frozen=True)
class Place:
    """This process is `rank` of `world`; only rank 0 writes files and decides."""

    rank: int = 0
    world: int = 1

    @property
    def writes(self) -> bool:
        """True in the process that writes checkpoints and logs."""
        return self.rank == 0

    def shards(self, count: int) -> range:
        """The shards of a step that this process computes, `count` being those of all."""
        return range(self.rank, count, self.world)

    def total(self, tensor: Tensor) -> Tensor:
        """The sum of all processes' tensors, in place."""
        if self.world > 1:
            dist.all_reduce(tensor, group=_joined[0])
        return tensor

    def most(self, number: int) -> int:
        """The largest of all processes' numbers."""
        if self.world == 1:
            return number
        found = torch.tensor(number)
        dist.all_reduce(found, op=dist.ReduceOp.MAX, group=_joined[0])
        return int(found)

    def share(self, value: Value) -> Value:
        """Rank 0's value, in every process; plain values and tensors on the CPU.

        What the others hand in is not looked at.
        """
        if self.world == 1:
            return value
        data = torch.empty(0, dtype=torch.uint8)
        if self.writes:
            buffer = io.BytesIO()
            torch.save(value, buffer)
            data = torch.frombuffer(bytearray(buffer.getvalue()), dtype=torch.uint8)
        length = torch.tensor(len(data))
        dist.broadcast(length, src=0, group=_joined[0])
        if not self.writes:
            data = torch.empty(int(length), dtype=torch.uint8)
        dist.broadcast(data, src=0, group=_joined[0])
        if self.writes:
            return value
        found: Any = torch.load(io.BytesIO(data.numpy().tobytes()), weights_only=True)
        return found  # type: ignore[no-any-return]


def place() -> Place:
    """Where this process stands in the group that it joined; alone without one."""
    if dist.is_available() and dist.is_initialized():
        return Place(dist.get_rank(), dist.get_world_size())
    return Place()


def join(device: str) -> Place:
    """Join the group that the environment tells of; `device` is "cpu" or "cuda".

    Gradients travel through gloo between processors and through NCCL between GPUs.
    """
    if int(os.environ.get("WORLD_SIZE", "1")) > 1 and not dist.is_initialized():
        backend = "cpu:gloo,cuda:nccl" if device == "cuda" else "gloo"
        dist.init_process_group(backend, timeout=MEETING)
        _joined[0] = dist.new_group(timeout=PATIENCE)
    return place()


def leave() -> None:
    """Wait for the others to come to their end as well, then leave the group, if one was joined.

    To be called when all went well; a process that failed just ends, which the others notice.
    """
    if dist.is_available() and dist.is_initialized():
        place().most(0)
        _joined[0] = None
        dist.destroy_process_group()


def local_rank() -> int:
    """The number of this process on its machine; its GPU has the same one."""
    return int(os.environ.get("LOCAL_RANK", "0"))


def local_world() -> int:
    """How many processes of the training share this machine."""
    return int(os.environ.get("LOCAL_WORLD_SIZE", "1"))
