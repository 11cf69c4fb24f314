"""One round of training: every phase in turn, in parts where memory is short."""

from __future__ import annotations

import gc
import math
from collections.abc import Iterator
from typing import Any

import torch
from torch import Tensor, nn

from genstudio.core.errors import OutOfMemory, is_out_of_memory
from genstudio.core.recipe import TrainerSettings
from genstudio.training import shards
from genstudio.training.distributed import Place
from genstudio.training.feeding import Feed
from genstudio.training.objective import Batch, Objective, Phase, StepInfo
from genstudio.training.optimisers import optimiser
from genstudio.training.precision import Precision
from genstudio.training.randomness import seed_torch
from genstudio.training.schedule import lr_factor


class NotFinite(Exception):
    """A loss or gradient is NaN or infinite; no weight was moved by it."""


class Rounds:
    """Optimisers and phases of an objective. `rate` scales all learning rates (1 at first)."""

    def __init__(
        self,
        objective: Objective,
        settings: TrainerSettings,
        batches: Feed,
        seed: int,
        place: Place = Place(),  # noqa: B008 - frozen
        precision: Precision | None = None,
    ) -> None:
        shards.check(settings.batch, settings.shards, place.world)
        self.objective, self.settings, self.batches = objective, settings, batches
        self.seed, self.place = seed, place
        self.precision = precision or Precision()
        self.phases = objective.phases()
        self.draws = sum(phase.repeats for phase in self.phases)
        self.rate, self.parts = 1.0, settings.parts
        self.said: list[str] = []
        self.optimisers = {
            names: optimiser([objective.networks[name] for name in names], settings)
            for names in dict.fromkeys(phase.networks for phase in self.phases)
        }
        self._buffers = shards.Buffers(objective.networks.values())
        self._moving: tuple[str, ...] = ()

    def state(self) -> dict[str, Any]:
        """What a checkpoint keeps beside the optimisers; plain values."""
        scale = self.precision.state()
        return {"rate": self.rate, "parts": self.parts, **({"scale": scale} if scale else {})}

    def take(self, state: dict[str, Any]) -> None:
        """Go on from `state`; as many parts as it or the settings ask for, whichever is more."""
        self.rate, self.parts = state["rate"], max(state["parts"], self.settings.parts)
        self.precision.take(state.get("scale", {}))

    def round(self, step: int) -> dict[str, float]:
        """Do round `step` (from 0); numbers to log. Raises NotFinite before any weight is hurt."""
        self._agree_on_parts()
        info = StepInfo(step, self.settings.steps)
        s = self.settings
        rate = s.learning_rate * self.rate * lr_factor((step + 1) / s.steps, s.warmup, s.final_rate)
        values: dict[str, float] = {}
        draw = step * self.draws
        for number, phase in enumerate(self.phases):
            if step % phase.every == 0:
                for repeat in range(phase.repeats):
                    key = (self.seed, step, number, repeat)
                    values |= self._update(phase, draw + repeat, info, rate * phase.lr_scale, key)
            draw += phase.repeats
        return values

    def _update(
        self, phase: Phase, draw: int, info: StepInfo, rate: float, key: tuple[int, ...]
    ) -> dict[str, float]:
        self._let_move(phase.networks)
        optimiser = self.optimisers[phase.networks]
        for group in optimiser.param_groups:
            group["lr"] = rate
        values = self._gradients(phase, draw, info, key)
        self.precision.unscale(optimiser)
        moved = [p.grad for p in _parameters(optimiser) if p.grad is not None]
        norm = float(torch.nn.utils.get_total_norm(moved))
        finite = math.isfinite(norm)
        if not all(map(math.isfinite, values.values())) or not self.precision.bears(finite):
            optimiser.zero_grad()
            raise NotFinite(phase.name)
        if not finite:
            optimiser.zero_grad()
            return values
        if self.settings.clip and norm > self.settings.clip:
            torch._foreach_mul_(moved, self.settings.clip / norm)
        optimiser.step()
        optimiser.zero_grad()
        return {**values, f"gradient/{phase.name}": norm}

    def _gradients(
        self, phase: Phase, draw: int, info: StepInfo, key: tuple[int, ...]
    ) -> dict[str, float]:
        """Gradients and numbers of the whole batch, whoever computed it.

        Each shard is halved as often as memory asks for; then all start again.
        """
        several = self.settings.shards > 1
        if several:
            self._buffers.keep()
        while True:
            try:
                totals = self._shards(phase, draw, info, key)
                break
            except Exception as error:
                if not is_out_of_memory(error):
                    raise
            # Outside the except block: the exception holds the tensors that fill the memory.
            self._halve(phase)
        if several:
            self._sum_up(phase, totals)
        # One transfer for all numbers: on a GPU each would wait for the device.
        return dict(zip(totals, torch.stack(list(totals.values())).tolist(), strict=True))

    def _shards(
        self, phase: Phase, draw: int, info: StepInfo, key: tuple[int, ...]
    ) -> dict[str, Tensor]:
        """This process's shards: gradients are added up in the parameters, numbers returned."""
        count = self.settings.shards
        totals: dict[str, Tensor] = {}
        for shard in self.place.shards(count):
            batch = self.batches.shard(draw, shard)
            if count > 1:
                self._buffers.put_back()
            seed_torch(*key, shard)
            self._backward(phase, batch, info, totals)
            if count > 1:
                self._buffers.add(1 / count)
        return totals

    def _backward(
        self, phase: Phase, batch: Batch, info: StepInfo, totals: dict[str, Tensor]
    ) -> None:
        for part in batch.split(self.parts):
            share = part.size / batch.size / self.settings.shards
            with self.precision.reduced():
                loss, more = self.objective.loss(phase.name, part, info)
            self.precision.backward(loss * share if share != 1 else loss)
            for name, value in {f"loss/{phase.name}": loss, **more}.items():
                value = value.detach().float() * share
                totals[name] = totals[name] + value if name in totals else value

    def _sum_up(self, phase: Phase, totals: dict[str, Tensor]) -> None:
        """Add what the other processes computed to gradients, numbers and running averages."""
        if self.place.world > 1:
            parameters = list(_parameters(self.optimisers[phase.networks]))
            has = torch.tensor([float(p.grad is not None) for p in parameters])
            has = has.to(parameters[0].device)
            for parameter in parameters:
                if parameter.grad is None:
                    parameter.grad = torch.zeros_like(parameter)
            grads = [p.grad for p in parameters if p.grad is not None]
            shards.sum_up(self.place, [*grads, *totals.values(), *self._buffers.sums, has])
            for parameter, count in zip(parameters, has.tolist(), strict=True):
                if not count:
                    parameter.grad = None
        self._buffers.take_sums()

    def _agree_on_parts(self) -> None:
        """Memory may be short in one process only: all cut as finely as that one has to."""
        parts = self.place.most(self.parts)
        if parts > self.parts:
            self.parts = parts
            self.said.append(f"Memory ran out in another process: batches come in {parts} parts.")

    def _halve(self, phase: Phase) -> None:
        size = self.batches.size
        for network in self.objective.networks.values():
            network.zero_grad()
        gc.collect()
        if torch.cuda.is_available():
            torch.cuda.empty_cache()
        if self.parts >= size:
            raise OutOfMemory(
                "Memory ran out although only one picture was computed at a time",
                next_step="Choose a smaller preset or picture size, or close other programs.",
            )
        self.parts *= 2
        self.said.append(
            f"Memory ran out in phase {phase.name}: the batch of {size} is now computed in "
            f"{self.parts} parts; the result is nearly the same, each step takes a little longer."
        )

    def _let_move(self, names: tuple[str, ...]) -> None:
        if names == self._moving:
            return
        for name, network in self.objective.networks.items():
            network.requires_grad_(name in names)
        self._moving = names


def _parameters(optimiser: torch.optim.Optimizer) -> Iterator[nn.Parameter]:
    for group in optimiser.param_groups:
        yield from group["params"]
