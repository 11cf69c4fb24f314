"""One round of training: every phase in turn, in parts where memory is short."""

from __future__ import annotations

import gc
import math
from typing import Any

import torch
from torch import Tensor, nn

from genstudio.core.errors import OutOfMemory, is_out_of_memory
from genstudio.core.recipe import TrainerSettings
from genstudio.training.batches import Batches
from genstudio.training.distributed import Place
from genstudio.training.objective import Batch, Objective, Phase, StepInfo
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
        batches: Batches,
        seed: int,
        place: Place,
    ) -> None:
        self.objective, self.settings, self.batches = objective, settings, batches
        self.seed, self.place = seed, place
        self.phases = objective.phases()
        self.draws = sum(phase.repeats for phase in self.phases)
        self.rate, self.parts = 1.0, 1
        self.said: list[str] = []
        self.optimisers = {
            names: _optimiser([objective.networks[name] for name in names], settings)
            for names in dict.fromkeys(phase.networks for phase in self.phases)
        }
        self._moving: tuple[str, ...] = ()

    def round(self, step: int) -> dict[str, float]:
        """Do round `step` (from 0); numbers to log. Raises NotFinite before any weight is hurt."""
        info = StepInfo(step, self.settings.steps)
        s = self.settings
        rate = s.learning_rate * self.rate * lr_factor((step + 1) / s.steps, s.warmup, s.final_rate)
        values: dict[str, float] = {}
        draw = step * self.draws
        for number, phase in enumerate(self.phases):
            if step % phase.every == 0:
                for repeat in range(phase.repeats):
                    batch = self.batches.draw(draw + repeat)
                    key = (self.seed, step, number, repeat, self.place.rank)
                    values |= self._update(phase, batch, info, rate * phase.lr_scale, key)
            draw += phase.repeats
        return values

    def _update(
        self, phase: Phase, batch: Batch, info: StepInfo, rate: float, key: tuple[int, ...]
    ) -> dict[str, float]:
        self._let_move(phase.networks)
        optimiser = self.optimisers[phase.networks]
        for group in optimiser.param_groups:
            group["lr"] = rate
        values = self._gradients(phase, batch, info, key)
        moved = [
            p.grad
            for group in optimiser.param_groups
            for p in group["params"]
            if p.grad is not None
        ]
        norm = float(torch.nn.utils.get_total_norm(moved))
        if not math.isfinite(norm) or not all(map(math.isfinite, values.values())):
            optimiser.zero_grad()
            raise NotFinite(phase.name)
        if self.settings.clip and norm > self.settings.clip:
            torch._foreach_mul_(moved, self.settings.clip / norm)
        optimiser.step()
        optimiser.zero_grad()
        return {**values, f"gradient/{phase.name}": norm}

    def _gradients(
        self, phase: Phase, batch: Batch, info: StepInfo, key: tuple[int, ...]
    ) -> dict[str, float]:
        """Gradients of the batch, halving it as often as memory asks for."""
        while True:
            seed_torch(*key)
            try:
                return self._backward(phase, batch, info)
            except Exception as error:
                if not is_out_of_memory(error):
                    raise
            # Outside the except block: the exception holds the tensors that fill the memory.
            self._halve(phase, batch)

    def _backward(self, phase: Phase, batch: Batch, info: StepInfo) -> dict[str, float]:
        totals: dict[str, Tensor] = {}
        for part in batch.split(self.parts):
            share = part.size / batch.size
            loss, more = self.objective.loss(phase.name, part, info)
            (loss * share if share != 1 else loss).backward()
            for name, value in {f"loss/{phase.name}": loss, **more}.items():
                value = value.detach() * share
                totals[name] = totals[name] + value if name in totals else value
        # One transfer for all numbers: on a GPU each would wait for the device.
        return dict(zip(totals, torch.stack(list(totals.values())).tolist(), strict=True))

    def _halve(self, phase: Phase, batch: Batch) -> None:
        for network in self.objective.networks.values():
            network.zero_grad()
        gc.collect()
        if torch.cuda.is_available():
            torch.cuda.empty_cache()
        if self.parts >= batch.size:
            raise OutOfMemory(
                "Memory ran out although only one picture was computed at a time",
                next_step="Choose a smaller preset or picture size, or close other programs.",
            )
        self.parts *= 2
        self.said.append(
            f"Memory ran out in phase {phase.name}: the batch of {batch.size} is now computed in "
            f"{self.parts} parts; the result is nearly the same, each step takes a little longer."
        )

    def _let_move(self, names: tuple[str, ...]) -> None:
        if names == self._moving:
            return
        for name, network in self.objective.networks.items():
            network.requires_grad_(name in names)
        self._moving = names


def _optimiser(networks: list[nn.Module], settings: TrainerSettings) -> torch.optim.Optimizer:
    """AdamW in its fused form; norms and biases (one dimension) do not decay."""
    parameters = [p for network in networks for p in network.parameters()]
    groups: list[dict[str, Any]] = [{"params": parameters, "weight_decay": 0.0}]
    if settings.weight_decay:
        matrices = [p for p in parameters if p.ndim > 1]
        vectors = [p for p in parameters if p.ndim <= 1]
        groups = [
            {"params": matrices, "weight_decay": settings.weight_decay},
            {"params": vectors, "weight_decay": 0.0},
        ]
    return torch.optim.AdamW(
        [group for group in groups if group["params"]],
        lr=settings.learning_rate,
        betas=(settings.beta1, settings.beta2),
        fused=True,
    )
