"""Encoder and decoder of a convolutional variational autoencoder, conditional or not.

- Kingma, Welling 2014 (section 3 and appendix C): diagonal Gaussian posterior and prior.
- Sohn, Lee, Yan 2015 (section 4.1): the conditional variant, the label given to both networks.
- Wu, He 2018 (equation 7): group normalisation; unlike batch normalisation it makes the encoding
  of a picture independent of the other pictures, which encode, anomaly and complete rely on.

Labels are float vectors (one-hot, or a blend of classes).
"""

from dataclasses import dataclass
from itertools import pairwise

import torch
from torch import Tensor, nn

# picture size -> (size of the smallest feature map, number of halvings)
STAGES = {28: (7, 2), 32: (4, 3), 48: (6, 3), 64: (4, 4), 96: (6, 4), 128: (4, 5)}


@dataclass(frozen=True)
class VaeConfig:
    """Everything needed to build the two networks; classes = 0 means unconditional."""

    size: int = 28
    channels: int = 1
    classes: int = 0
    latent: int = 32
    width: int = 32  # channels at full size; doubled at each halving, up to max_factor times
    max_factor: int = 8
    hidden: int = 256  # length of the dense layer on either side of the latent vector

    def __post_init__(self) -> None:
        if self.size not in STAGES:
            raise ValueError(f"size must be one of {sorted(STAGES)}, not {self.size}")


def widths(config: VaeConfig) -> list[int]:
    """Channels per level, from full size down to the smallest feature map."""
    levels = range(STAGES[config.size][1] + 1)
    return [config.width * min(2**level, config.max_factor) for level in levels]


def normalised(layer: nn.Module, channels: int) -> nn.Sequential:
    """A layer, group normalisation and SiLU."""
    return nn.Sequential(layer, nn.GroupNorm(max(1, channels // 16), channels), nn.SiLU())


def join(x: Tensor, label: Tensor | None, classes: int) -> Tensor:
    """Append the label where the network is conditional: (b, n) -> (b, n + classes)."""
    if not classes:
        return x
    if label is None:
        raise ValueError("a conditional autoencoder needs labels")
    return torch.cat([x, label], dim=1)  # (b, n + classes)


class Encoder(nn.Module):
    """x, or (x, label) -> (mean, logvar), each (b, latent)."""

    def __init__(self, config: VaeConfig) -> None:
        super().__init__()
        self.config = config
        levels = widths(config)
        start = STAGES[config.size][0]
        self.first = normalised(nn.Conv2d(config.channels, levels[0], 3, padding=1), levels[0])
        self.downs = nn.ModuleList(
            normalised(nn.Conv2d(a, b, 4, stride=2, padding=1), b) for a, b in pairwise(levels)
        )
        self.dense = nn.Linear(levels[-1] * start**2 + config.classes, config.hidden)
        self.heads = nn.Linear(config.hidden, 2 * config.latent)

    def forward(self, x: Tensor, label: Tensor | None = None) -> tuple[Tensor, Tensor]:
        x = self.first(x)  # (b, width, size, size)
        for down in self.downs:
            x = down(x)  # (b, 2c, h / 2, w / 2)
        x = join(x.flatten(1), label, self.config.classes)  # (b, c * start * start + classes)
        x = nn.functional.silu(self.dense(x))  # (b, hidden)
        mean, logvar = self.heads(x).chunk(2, dim=1)  # 2 x (b, latent)
        return mean, logvar.clamp(-12, 4)


class Decoder(nn.Module):
    """z, or (z, label) -> pictures in [-1, 1], the location of the likelihood in losses.py."""

    def __init__(self, config: VaeConfig) -> None:
        super().__init__()
        self.config = config
        levels = widths(config)[::-1]
        self.start = STAGES[config.size][0]
        self.dense = nn.Linear(config.latent + config.classes, config.hidden)
        self.grow = nn.Linear(config.hidden, levels[0] * self.start**2)
        self.mix = normalised(nn.Conv2d(levels[0], levels[0], 3, padding=1), levels[0])
        self.ups = nn.ModuleList(
            normalised(nn.ConvTranspose2d(a, b, 4, stride=2, padding=1), b)
            for a, b in pairwise(levels)
        )
        self.last = nn.Conv2d(levels[-1], config.channels, 3, padding=1)

    def forward(self, z: Tensor, label: Tensor | None = None) -> Tensor:
        x = join(z, label, self.config.classes)  # (b, latent + classes)
        x = nn.functional.silu(self.dense(x))  # (b, hidden)
        x = nn.functional.silu(self.grow(x))  # (b, c * start * start)
        x = x.view(z.shape[0], -1, self.start, self.start)  # (b, c, start, start)
        x = self.mix(x)  # (b, c, start, start)
        for up in self.ups:
            x = up(x)  # (b, c / 2, 2h, 2w)
        return torch.tanh(self.last(x))  # (b, channels, size, size)


def build(config: VaeConfig) -> dict[str, nn.Module]:
    """Both networks, by the names they have in checkpoints and packages."""
    return {"encoder": Encoder(config), "decoder": Decoder(config)}
