"""What a WaveNet is trained for: the next level of a sound."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from genstudio.core.stored import Json
from genstudio.families.wavenet.network import WaveNet, WaveNetConfig
from genstudio.families.wavenet.queues import Queues
from genstudio.media import companding
from genstudio.training.clip_batches import Waves
from genstudio.training.doctor import Detector
from genstudio.training.objective import Networks, Phase, StepInfo

NETWORK = "network"
LONGEST = 0.75
"""Seconds of a live sample, at most."""
TEMPERATURE = 0.95
SHAPES = ("width", "layers", "stacks", "kernel", "rate")


def networks(config: Mapping[str, Any]) -> dict[str, nn.Module]:
    """The network of a manifest config."""
    fields = {name: int(config[name]) for name in SHAPES}
    return {NETWORK: WaveNet(WaveNetConfig(**fields, classes=len(config["class_names"])))}


class WaveNetObjective:
    """See `training.objective.Objective`."""

    best: tuple[str, str] | None = ("loss", "lower")
    ema: frozenset[str] = frozenset({NETWORK})

    def __init__(self, config: Mapping[str, Json], networks: dict[str, nn.Module]) -> None:
        self.config: dict[str, Any] = dict(config)
        self.networks = networks

    def phases(self) -> list[Phase]:
        return [Phase("sound", (NETWORK,))]

    def loss(self, phase: str, batch: Waves, step: StepInfo) -> tuple[Tensor, dict[str, Tensor]]:
        """Mean negative log-likelihood of a sample, in nats."""
        return _told(self.networks, batch), {}

    def validate(self, networks: Networks, batch: Waves) -> dict[str, Tensor]:
        """The same of held-out sounds, in bits, too."""
        loss = _told(networks, batch)
        return {"loss": loss, "bits": loss / math.log(2)}

    def preview(self, networks: Networks, batch: Waves, count: int, seed: int) -> None:
        """No pictures."""
        return

    def samples(self, networks: Networks, batch: Waves, count: int, seed: int) -> None:
        """No pictures."""
        return

    def asked(self, batch: Waves, count: int) -> list[str]:
        """The classes of `sounds`, in turn."""
        names = self.config["class_names"]
        return [str(names[i % len(names)]) for i in range(count)] if names else []

    def detectors(self) -> list[Detector]:
        return []

    def finish(self, networks: Networks, batches: Iterator[Waves], seed: int) -> None:
        return

    def sounds(
        self, networks: Networks, batch: Waves, count: int, seed: int
    ) -> tuple[list[np.ndarray], int]:
        """`count` sounds of the classes in turn, float32 (n,) at the rate that comes second.

        The chance comes from `seed` alone; the generators of the training are left alone.
        """
        network, device = networks[NETWORK], batch.codes.device
        assert isinstance(network, WaveNet)
        shape, rate = network.config, network.config.rate
        generator = torch.Generator().manual_seed(seed)
        queues = Queues(count, shape.dilations, shape.kernel, shape.width)
        kinds = torch.arange(count, device=device) % max(1, shape.classes) + (shape.classes > 0)
        codes = torch.full((count,), companding.BEFORE, device=device)
        found = np.empty((count, round(min(LONGEST, self.config["seconds"]) * rate)), np.uint8)
        for place in range(found.shape[1]):
            places = torch.full_like(codes, place)
            taps = torch.from_numpy(queues.taps()).to(device)
            logits, seen = network.step(codes, kinds, places, taps)
            queues.push(seen.cpu().numpy())
            logits[:, companding.BEFORE] = -math.inf
            chances = (logits.float().cpu() / TEMPERATURE).softmax(dim=-1)
            codes = torch.multinomial(chances, 1, generator=generator)[:, 0].to(device)
            found[:, place] = codes.cpu().numpy()
        return list(companding.decode(found)), rate


def _told(networks: Networks, batch: Waves) -> Tensor:
    logits = networks[NETWORK](batch.given, batch.kinds, batch.places)  # (b, n, 256)
    each = F.cross_entropy(logits.float().flatten(0, 1), batch.codes.flatten(), reduction="none")
    weight = batch.weight.flatten()  # (b * n,)
    return (each * weight).sum() / weight.sum().clamp(min=1.0)


def make(config: Mapping[str, Json], options: Mapping[str, Json]) -> WaveNetObjective:
    """The objective of a recipe: `config` from the family, `options` checked."""
    return WaveNetObjective(config, networks(config))
