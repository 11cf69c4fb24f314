"""Mixed precision: networks compute in 16 bits where a GPU is fast at it, weights stay float32.

bfloat16 has the range of float32 and needs nothing more. float16 (GPUs before Ampere) has not:
small gradients would vanish, so the loss is multiplied by a scale that follows what the gradients
bear (Micikevicius et al. 2018, "Mixed Precision Training", section 3.2).
"""

from __future__ import annotations

import contextlib
from typing import Any

import torch
from torch import Tensor

LEAST = 1.0
"""A loss scale below this means that the numbers are wrong, not the scale."""


class Precision:
    """`kind` float16 or bfloat16 on `device` ("cuda"; "cpu" in tests); None computes in float32."""

    def __init__(self, device: str = "cpu", kind: torch.dtype | None = None) -> None:
        self.device, self.kind = device, kind
        self.scaler = torch.amp.GradScaler(device) if kind == torch.float16 else None

    def reduced(self) -> contextlib.AbstractContextManager[object]:
        """While inside, operations that bear it compute in 16 bits."""
        if self.kind is None:
            return contextlib.nullcontext()
        return torch.autocast(self.device, self.kind)

    def backward(self, loss: Tensor) -> None:
        """Backward of the loss, multiplied by the scale where there is one."""
        (loss if self.scaler is None else self.scaler.scale(loss)).backward()

    def unscale(self, optimiser: torch.optim.Optimizer) -> None:
        """Divide the gradients of `optimiser` by the scale."""
        if self.scaler is not None:
            self.scaler.unscale_(optimiser)

    def bears(self, finite: bool) -> bool:
        """Note whether the gradients were finite, and follow; False where that is a fault.

        With a scale infinite gradients are usual now and then: the step is left out and the next
        one has half the scale.
        """
        if self.scaler is None:
            return finite
        self.scaler.update()
        return finite or self.scaler.get_scale() >= LEAST

    def state(self) -> dict[str, Any]:
        """What a checkpoint keeps: the scale and how long it has held; empty without one."""
        return {} if self.scaler is None else self.scaler.state_dict()

    def take(self, state: dict[str, Any]) -> None:
        """Go on with the scale of a checkpoint, where both have one."""
        if self.scaler is not None and state:
            self.scaler.load_state_dict(state)


def choose(device: str, mixed: bool) -> Precision:
    """16 bits where `mixed` is wanted and `device` is a GPU, bfloat16 where it has that."""
    if device != "cuda" or not mixed:
        return Precision(device)
    # Older GPUs emulate bfloat16, slower than float32.
    real = torch.cuda.is_bf16_supported(including_emulation=False)
    return Precision(device, torch.bfloat16 if real else torch.float16)
