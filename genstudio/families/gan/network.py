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
    width: int = 32  # channels at full size; doubled at each halving, up to max_factor times
    critic_width: int = 32
    max_factor: int = 8
    embedding: int = 32  # length of the class embedding shared by the generator's layers
    spectral: bool = True  # spectral normalisation in the critic; switch off for wgan-gp

    def __post_init__(self) -> None:
        if self.size not in STAGES:
            raise ValueError(f"size must be one of {sorted(STAGES)}, not {self.size}")


def widths(base: int, doublings: int, max_factor: int) -> list[int]:
    """Channels per level, from full size down to the smallest feature map."""
    return [base * min(2**level, max_factor) for level in range(doublings + 1)]


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
        self.embed = nn.Linear(config.classes, config.embedding, bias=False) if config.classes else None
        condition = config.latent + (config.embedding if config.classes else 0)
        if self.embed is not None:
            nn.init.normal_(self.embed.weight, std=1.0)
        self.first = nn.Linear(condition, levels[0] * self.start**2)
        self.norms = nn.ModuleList(ConditionalNorm(c, condition) for c in levels)
        self.ups = nn.ModuleList(
            nn.ConvTranspose2d(a, b, 4, stride=2, padding=1, bias=False)
            for a, b in zip(levels, levels[1:], strict=False)
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


def minibatch_deviation(x: Tensor, group: int = 8) -> Tensor:
    """One more channel: how much the pictures of a group differ (progressive GAN, section 3)."""
    b, c, h, w = x.shape
    group = next(n for n in range(min(group, b), 0, -1) if b % n == 0)
    y = x.reshape(group, b // group, c, h, w)  # (group, b / group, c, h, w)
    y = (y - y.mean(dim=0)).square().mean(dim=0)  # (b / group, c, h, w)
    y = (y + 1e-8).sqrt().mean(dim=(1, 2, 3))  # (b / group,)
    y = y.repeat(group)[:, None, None, None].expand(b, 1, h, w)  # (b, 1, h, w)
    return torch.cat([x, y], dim=1)  # (b, c + 1, h, w)


class Critic(nn.Module):
    """(x, label) -> score (b,) and class logits (b, classes); without classes the logits are (b, 0)."""

    def __init__(self, config: GanConfig) -> None:
        super().__init__()
        self.config = config
        start, doublings = STAGES[config.size]
        levels = widths(config.critic_width, doublings, config.max_factor)
        wrap = spectral_norm if config.spectral else (lambda module: module)
        self.first = wrap(nn.Conv2d(config.channels, levels[0], 3, padding=1))
        self.downs = nn.ModuleList(
            wrap(nn.Conv2d(a, b, 4, stride=2, padding=1)) for a, b in zip(levels, levels[1:], strict=False)
        )
        top = levels[-1]
        self.mix = wrap(nn.Conv2d(top + 1, top, 3, padding=1))
        self.flat = wrap(nn.Linear(top * start**2, 2 * top))
        self.score = wrap(nn.Linear(2 * top, 1))
        self.project = wrap(nn.Linear(config.classes, 2 * top, bias=False)) if config.classes else None
        self.classify = nn.Linear(2 * top, config.classes) if config.classes else None

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
        x = nn.functional.leaky_relu(self.first(x), 0.2)  # (b, c, size, size)
        for down in self.downs:
            x = nn.functional.leaky_relu(down(x), 0.2)  # (b, 2c, h / 2, w / 2)
        x = minibatch_deviation(x)  # (b, c + 1, start, start)
        x = nn.functional.leaky_relu(self.mix(x), 0.2)  # (b, c, start, start)
        return nn.functional.leaky_relu(self.flat(x.flatten(1)), 0.2)  # (b, f)


def build(config: GanConfig) -> dict[str, nn.Module]:
    """Both networks, by the names they have in checkpoints and packages."""
    return {"generator": Generator(config), "critic": Critic(config)}
