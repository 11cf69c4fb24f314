"""Generator and critic of a small class-conditional convolutional GAN.

- Radford, Metz, Chintala 2016 (DCGAN, section 3): transposed 4x4 convolutions in the generator,
  strided 4x4 convolutions in the critic.
- Brock, Donahue, Simonyan 2019 (BigGAN, section 3 and appendix B): class-conditional batch
  normalisation from a shared class embedding, with the latent vector fed to every layer (skip-z).
- Miyato, Koyama 2018 (projection discriminator, equation 4): score = psi(h) + <V y, h>.
- Odena, Olah, Shlens 2017 (AC-GAN, section 3): an auxiliary class head on the critic.
- Miyato, Kataoka, Koyama, Yoshida 2018 (spectral normalisation, algorithm 1), in the critic only.
- Karras, Aila, Laine, Lehtinen 2018 (progressive GAN, section 3): minibatch standard deviation.

Labels are float vectors (one-hot, or a blend of classes), latent vectors are never normalised, so
truncation (z' = psi z) and blending both happen outside the network.
"""

from dataclasses import dataclass
from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn.utils.parametrizations import spectral_norm

# picture size -> (size of the first feature map, number of doublings)
STAGES = {28: (7, 2), 32: (4, 3), 48: (6, 3), 64: (4, 4), 96: (6, 4), 128: (4, 5)}


@dataclass(frozen=True)
class GanConfig:
    """Everything needed to build the two networks; classes = 0 means unconditional."""

    size: int = 28
    channels: int = 1
    classes: int = 10
    latent: int = 64
    width: int = 32  # x 1/2 channels at full size, x 2 at half size, x 4 at a quarter ...
    critic_width: int = 32
    max_factor: int = 8  # ... up to this many times
    embedding: int = 32  # length of the class embedding shared by the generator's layers
    spectral: bool = True  # spectral normalisation in the critic; switch off for wgan-gp

    def __post_init__(self) -> None:
        if self.size not in STAGES:
            raise ValueError(f"size must be one of {sorted(STAGES)}, not {self.size}")


def widths(base: int, doublings: int, max_factor: int) -> list[int]:
    """Channels per level, from full size (thin: it costs the most) down to the smallest map."""
    smaller = [base * min(2**level, max_factor) for level in range(1, doublings + 1)]
    return [max(4, base // 2), *smaller]


class ConditionalNorm(nn.Module):
    """Batch normalisation whose gain and bias are linear in the condition vector."""

    def __init__(self, channels: int, condition: int) -> None:
        super().__init__()
        self.norm = nn.BatchNorm2d(channels, affine=False)
        self.affine = nn.Linear(condition, 2 * channels)
        nn.init.normal_(self.affine.weight, std=0.05)
        nn.init.zeros_(self.affine.bias)

    def forward(self, x: Tensor, condition: Tensor) -> Tensor:
        gain, bias = self.affine(condition)[:, :, None, None].chunk(2, dim=1)  # 2 x (b, c, 1, 1)
        return self.norm(x) * (1 + gain) + bias  # (b, c, h, w)


class Generator(nn.Module):
    """(z, label) -> pictures in [-1, 1]; an unconditional generator takes z alone."""

    def __init__(self, config: GanConfig) -> None:
        super().__init__()
        self.config = config
        self.start, doublings = STAGES[config.size]
        levels = widths(config.width, doublings, config.max_factor)[::-1]
        self.embed, condition = None, config.latent
        if config.classes:
            self.embed = nn.Linear(config.classes, config.embedding, bias=False)
            condition += config.embedding
            nn.init.normal_(self.embed.weight, std=1.0)
        self.first = nn.Linear(condition, levels[0] * self.start**2)
        self.norms = nn.ModuleList(ConditionalNorm(c, condition) for c in levels)
        self.ups = nn.ModuleList(
            nn.ConvTranspose2d(a, b, 4, stride=2, padding=1, bias=False)
            for a, b in pairwise(levels)
        )
        self.last = nn.Conv2d(levels[-1], config.channels, 3, padding=1)

    def forward(self, z: Tensor, label: Tensor | None = None) -> Tensor:
        condition = self.condition(z, label)  # (b, latent + embedding)
        x = self.first(condition)  # (b, c0 * start * start)
        x = x.view(z.shape[0], -1, self.start, self.start)  # (b, c0, start, start)
        x = torch.relu(self.norms[0](x, condition))
        for up, norm in zip(self.ups, self.norms[1:], strict=True):
            x = torch.relu(norm(up(x), condition))  # (b, c / 2, 2h, 2w)
        return torch.tanh(self.last(x))  # (b, channels, size, size)

    def condition(self, z: Tensor, label: Tensor | None) -> Tensor:
        """The vector every layer sees: the latent, and the class embedding where there is one."""
        if self.embed is None:
            return z
        if label is None:
            raise ValueError("a conditional generator needs labels")
        return torch.cat([z, self.embed(label)], dim=1)  # (b, latent + embedding)


def minibatch_deviation(h: Tensor, group: int = 8) -> Tensor:
    """One more feature: how much the pictures of a group differ (progressive GAN, section 3)."""
    b, n = h.shape
    group = next(size for size in range(min(group, b), 0, -1) if b % size == 0)
    y = h.reshape(group, b // group, n)  # (group, b / group, n)
    y = (y - y.mean(dim=0)).square().mean(dim=0)  # (b / group, n)
    y = (y + 1e-8).sqrt().mean(dim=1, keepdim=True)  # (b / group, 1)
    return torch.cat([h, y.repeat(group, 1)], dim=1)  # (b, n + 1)


class Critic(nn.Module):
    """(x, label) -> score (b,) and class logits (b, classes), or (b, 0) without classes."""

    def __init__(self, config: GanConfig) -> None:
        super().__init__()
        self.config = config
        start, doublings = STAGES[config.size]
        levels = widths(config.critic_width, doublings, config.max_factor)[1:]
        wrap = spectral_norm if config.spectral else (lambda module: module)
        self.first = wrap(nn.Conv2d(config.channels, levels[0], 4, stride=2, padding=1))
        self.downs = nn.ModuleList(
            wrap(nn.Conv2d(a, b, 4, stride=2, padding=1)) for a, b in pairwise(levels)
        )
        top = levels[-1]
        self.mix = wrap(nn.Conv2d(top, top, 3, padding=1))
        self.flat = wrap(nn.Linear(top * start**2 + 1, top))
        self.score = wrap(nn.Linear(top, 1))
        self.project, self.classify = None, None
        if config.classes:
            self.project = wrap(nn.Linear(config.classes, top, bias=False))
            self.classify = nn.Linear(top, config.classes)

    def forward(self, x: Tensor, label: Tensor | None = None) -> tuple[Tensor, Tensor]:
        h = self.features(x)  # (b, f)
        score = self.score(h)[:, 0]  # (b,)
        if self.project is None or self.classify is None:
            return score, h[:, :0]
        if label is None:
            raise ValueError("a conditional critic needs labels")
        score = score + (self.project(label) * h).sum(dim=1)  # (b,)
        return score, self.classify(h)  # (b,), (b, classes)

    def features(self, x: Tensor) -> Tensor:
        """The vector the heads read."""
        x = nn.functional.leaky_relu(self.first(x), 0.2)  # (b, c, size / 2, size / 2)
        for down in self.downs:
            x = nn.functional.leaky_relu(down(x), 0.2)  # (b, 2c, h / 2, w / 2)
        x = nn.functional.leaky_relu(self.mix(x), 0.2)  # (b, c, start, start)
        x = minibatch_deviation(x.flatten(1))  # (b, c * start * start + 1)
        return nn.functional.leaky_relu(self.flat(x), 0.2)  # (b, f)


def build(config: GanConfig) -> dict[str, nn.Module]:
    """Both networks, by the names they have in checkpoints and packages."""
    return {"generator": Generator(config), "critic": Critic(config)}
