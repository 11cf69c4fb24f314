"""The graphs of a WaveNet: a whole sound at once, and one sample further.

Whoever steps keeps what the layers read (queues) and feeds the taps that are due, so a step costs
the same however far the network looks back (Le Paine et al. 2016).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor, nn

from genstudio.families.wavenet.network import WaveNet
from genstudio.media.companding import CODES
from genstudio.training.objective import Networks
from genstudio.training.to_onnx import GraphSpec

READ, STEP = "read", "step"


class Read(nn.Module):
    """codes (b, t), kinds (b,), start (b,) -> logits (b, t, 256), seen (b, layers, t, width)."""

    def __init__(self, network: WaveNet) -> None:
        super().__init__()
        self.network = network

    def forward(self, codes: Tensor, kinds: Tensor, start: Tensor) -> tuple[Tensor, Tensor]:
        places = start[:, None] + torch.arange(codes.shape[1], device=codes.device)
        return self.network.read(codes, kinds, places)


class Step(nn.Module):
    """codes, kinds, places (b,), taps (b, taps, width) -> logits (b, 256), seen (b, layers,
    width)."""

    def __init__(self, network: WaveNet) -> None:
        super().__init__()
        self.network = network

    def forward(
        self, codes: Tensor, kinds: Tensor, places: Tensor, taps: Tensor
    ) -> tuple[Tensor, Tensor]:
        return self.network.step(codes, kinds, places, taps)


def graphs(networks: Networks, config: Mapping[str, Any]) -> list[GraphSpec]:
    """read(codes, kinds, start) and step(codes, kinds, places, taps)."""
    network = networks["network"]
    assert isinstance(network, WaveNet)
    shape = network.config

    def numbers(count: int) -> dict[str, Tensor]:
        kinds = torch.arange(count) % (shape.classes + 1)
        return {"codes": torch.randint(1, CODES, (count,)), "kinds": kinds}

    def reading(count: int) -> dict[str, Tensor]:
        codes = torch.randint(1, CODES, (count, 2 * count + 9))
        return {**numbers(count), "codes": codes, "start": torch.arange(count) * 100}

    def stepping(count: int) -> dict[str, Tensor]:
        taps = torch.randn(count, shape.taps, shape.width)
        return {**numbers(count), "places": torch.arange(count) * 100, "taps": taps}

    axes = {"codes": {1: "time"}, "logits": {1: "time"}, "seen": {2: "time"}}
    return [
        GraphSpec(READ, Read(network), reading, ("logits", "seen"), axes),
        GraphSpec(STEP, Step(network), stepping, ("logits", "seen")),
    ]
