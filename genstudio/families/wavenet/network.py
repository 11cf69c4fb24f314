"""A network that says which level comes next in a sound.

van den Oord et al. 2016: causal convolutions whose dilation grows from layer to layer (section
2.1), 256 companded levels (2.2), gated units (2.3), residual and skip connections (2.4), a class
told to every layer (2.5, equation 2). Beside the level before, the network is told how long the
sound has lasted, as a local condition (2.5): its reach is a quarter of a second, a word is longer.

Layers read x[t], x[t - d], …, x[t - (kernel - 1) * d] with d = kernel ** i for layer i of a stack.
Le Paine et al. 2016: one sample further, a layer needs only what it read d, 2 d … samples ago;
`step` takes these taps and hands out what the next steps will need.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from genstudio.media.companding import CODES, SILENCE

CLOCKS = tuple(0.0625 * 2**i for i in range(8))  # seconds of a turn, 0.06 to 8
DECAYS = (0.005, 0.03, 0.2)  # seconds in which the beginning fades
FEATURES = 2 * len(CLOCKS) + len(DECAYS)


@dataclass(frozen=True)
class WaveNetConfig:
    """Everything needed to build the network."""

    width: int = 64
    layers: int = 7
    stacks: int = 1
    kernel: int = 3
    rate: int = 8000
    classes: int = 0

    @property
    def dilations(self) -> tuple[int, ...]:
        """Samples between the taps of each layer, from below."""
        return tuple(self.kernel**i for i in range(self.layers)) * self.stacks

    @property
    def taps(self) -> int:
        """How many earlier numbers a step needs, of all layers together."""
        return (self.kernel - 1) * len(self.dilations)

    @property
    def reach(self) -> int:
        """Samples that have a say in the next one."""
        return 1 + (self.kernel - 1) * sum(self.dilations)


class WaveNet(nn.Module):
    """codes (b, t) int64 (the first one BEFORE, or where the reading begins), kinds (b,) int64
    (0: none told, i: class i - 1), places (b, t) int64 (number of the sample that follows) ->
    logits (b, t, 256) of that sample."""

    def __init__(self, config: WaveNetConfig) -> None:
        super().__init__()
        self.config, width, count = config, config.width, len(config.dilations)
        self.embedding = nn.Embedding(CODES, width)
        self.begin = nn.Linear(1 + FEATURES, width)
        self.kinds = nn.Embedding(config.classes + 1, count * 2 * width)
        self.gates = nn.ModuleList(
            nn.Linear(config.kernel * width, 2 * width) for _ in range(count)
        )
        self.mixes = nn.ModuleList(nn.Linear(width, 2 * width) for _ in range(count))
        self.middle = nn.Linear(width, 2 * width)
        self.last = nn.Linear(2 * width, CODES)
        nn.init.normal_(self.embedding.weight, std=0.1)
        nn.init.normal_(self.kinds.weight, std=0.05)

    def forward(self, codes: Tensor, kinds: Tensor, places: Tensor) -> Tensor:
        return self.read(codes, kinds, places)[0]

    def read(self, codes: Tensor, kinds: Tensor, places: Tensor) -> tuple[Tensor, Tensor]:
        """logits (b, t, 256), and what each layer read: (b, layers, t, width)."""
        told = self.told(kinds)[:, :, None]  # (b, layers, 1, 2 * width)
        x = self.first(codes, places)  # (b, t, width)
        time, kernel = codes.shape[1], self.config.kernel
        skip, seen = torch.zeros_like(x), []
        for layer, dilation in enumerate(self.config.dilations):
            seen.append(x)
            taps = [
                F.pad(x, (0, 0, (kernel - 1 - i) * dilation, 0))[:, :time] for i in range(kernel)
            ]
            x, skip = self.layer(layer, torch.cat(taps, dim=-1), told[:, layer], x, skip)
        return self.answers(skip), torch.stack(seen, dim=1)

    def step(
        self, codes: Tensor, kinds: Tensor, places: Tensor, taps: Tensor
    ) -> tuple[Tensor, Tensor]:
        """The same for one sample: codes, kinds and places (b,), `taps` (b, taps, width) what
        each layer read (kernel - 1) * d … d samples ago, layer after layer, the oldest first.

        -> logits (b, 256), what each layer reads now (b, layers, width).
        """
        told, each = self.told(kinds), self.config.kernel - 1
        x = self.first(codes, places)  # (b, width)
        skip, seen = torch.zeros_like(x), []
        for layer in range(len(self.config.dilations)):
            seen.append(x)
            old = taps[:, layer * each : (layer + 1) * each].flatten(1)
            x, skip = self.layer(layer, torch.cat([old, x], dim=-1), told[:, layer], x, skip)
        return self.answers(skip), torch.stack(seen, dim=1)

    def told(self, kinds: Tensor) -> Tensor:
        """What every layer is told of the class: (b, layers, 2 * width)."""
        return self.kinds(kinds).unflatten(1, (len(self.config.dilations), -1))

    def first(self, codes: Tensor, places: Tensor) -> Tensor:
        """The level before and the time, of any shape -> (…, width)."""
        level = (codes.float() - SILENCE) / SILENCE
        facts = torch.cat([level[..., None], features(places, self.config.rate)], dim=-1)
        return self.embedding(codes) + self.begin(facts)

    def layer(
        self, number: int, taps: Tensor, told: Tensor, x: Tensor, skip: Tensor
    ) -> tuple[Tensor, Tensor]:
        """(…, kernel * width) -> x and skip (…, width) after layer `number`."""
        content, gate = (self.gates[number](taps) + told).chunk(2, dim=-1)
        more, out = self.mixes[number](torch.tanh(content) * torch.sigmoid(gate)).chunk(2, dim=-1)
        return x + more, skip + out

    def answers(self, skip: Tensor) -> Tensor:
        """(…, width) -> logits (…, 256)."""
        x = F.relu(skip / math.sqrt(len(self.config.dilations)))
        return self.last(F.relu(self.middle(x)))


def features(places: Tensor, rate: int) -> Tensor:
    """How long a sound has lasted: (…,) whole numbers of samples -> (…, FEATURES) in [-1, 1]."""
    seconds = places.float()[..., None] / rate
    turns = seconds * torch.tensor([2 * math.pi / clock for clock in CLOCKS], device=places.device)
    fading = torch.exp(-seconds / torch.tensor(DECAYS, device=places.device))
    return torch.cat([turns.sin(), turns.cos(), fading], dim=-1)
