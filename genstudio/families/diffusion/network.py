"""The two networks of a diffusion model: a U-Net that finds the noise, a text encoder that guides.

- Ho, Jain, Abbeel 2020 (appendix B): U-Net with residual blocks, attention at low resolution,
  sinusoidal time embedding.
- Dhariwal, Nichol 2021 (section 3.1): adaptive group normalisation carries time and condition.
- Rombach et al. 2022 (section 3.3): cross-attention to the words of the caption.
- Hoogeboom, Heek, Salimans 2023, Simple diffusion (section 2.3): pixels folded into patches
  before the first layer, so that the costly layers work on a small grid.
- A sketch of the picture, drawn from the words alone (`sketching`), lies under the noise.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from genstudio.core.words import FIRST
from genstudio.families.diffusion.sketching import Sketch

HEAD = 32
"""Channels of an attention head."""
QUIET = 0.02


@dataclass(frozen=True)
class DiffusionConfig:
    """Everything needed to build the networks.

    `places` counts what a token can be: 0 = nothing guides, classes = classes + 1, text = words
    + 2. `length` is the number of tokens of a caption; 1 for classes. `reach` is the number of
    neighbouring words that are read as one, odd; 1 = each by itself. The grid has
    size / patch cells a side and is halved `levels` - 1 times. `sketch` is the width of the
    network that sketches a picture from a caption; 0 = none. `over`: the U-Net answers with the
    picture and draws it over the sketch.
    """

    size: int = 32
    channels: int = 3
    width: int = 64
    patch: int = 2
    levels: int = 2
    depth: int = 1
    places: int = 0
    length: int = 1
    text_width: int = 128
    text: bool = False
    reach: int = 1
    sketch: int = 0
    over: bool = False

    @property
    def folded(self) -> int:
        """Channels of a picture folded into patches."""
        return self.channels * self.patch**2

    @property
    def embedding(self) -> int:
        """Length of the vector that carries time and condition."""
        return 2 * self.width


def build(config: DiffusionConfig) -> dict[str, nn.Module]:
    """The networks "unet" and, where something guides, "text"."""
    found: dict[str, nn.Module] = {"unet": UNet(config)}
    if config.places:
        kind = TextEncoder if config.text else ClassEncoder
        found["text"] = kind(config)
    return found


def places_of(words: int) -> int:
    """Tokens of a vocabulary of `words`: the words, nothing, and the start."""
    return words + FIRST


def _heads(channels: int) -> int:
    """About one for HEAD channels, such that they share evenly."""
    wanted = max(1, channels // HEAD)
    return next(n for n in range(wanted, 0, -1) if channels % n == 0)


def _norm(channels: int) -> nn.GroupNorm:
    return nn.GroupNorm(math.gcd(32, channels), channels)


def _silent(layer: nn.Module) -> nn.Module:
    """The layer with numbers near zero: a block that does next to nothing at first.

    Not zero (as in Ho 2020's code): gradients then reach all that lies before from the first step.
    """
    with torch.no_grad():
        for parameter in layer.parameters():
            parameter.mul_(QUIET)
    return layer


def time_embedding(t: Tensor, length: int) -> Tensor:
    """Sines and cosines of t (b,) at `length` / 2 frequencies: (b, length)."""
    half = length // 2
    frequencies = torch.exp(
        torch.arange(half, device=t.device, dtype=torch.float32) * (-math.log(10000.0) / half)
    )
    angles = t[:, None].float() * frequencies[None]  # (b, length / 2)
    return torch.cat([angles.cos(), angles.sin()], dim=1)


class Block(nn.Module):
    """Two convolutions around an adaptive group normalisation, and the way around them."""

    def __init__(self, before: int, after: int, embedding: int) -> None:
        super().__init__()
        self.norm1, self.conv1 = _norm(before), nn.Conv2d(before, after, 3, padding=1)
        self.scale = nn.Linear(embedding, 2 * after)
        self.norm2, self.conv2 = _norm(after), _silent(nn.Conv2d(after, after, 3, padding=1))
        self.around = nn.Identity() if before == after else nn.Conv2d(before, after, 1)

    def forward(self, x: Tensor, e: Tensor) -> Tensor:
        """x (b, before, h, w), e (b, embedding) -> (b, after, h, w)."""
        h = self.conv1(F.silu(self.norm1(x)))
        both = self.scale(e)[:, :, None, None]  # (b, 2 * after, 1, 1)
        scale, shift = both[:, : h.shape[1]], both[:, h.shape[1] :]
        h = F.silu(self.norm2(h) * (1 + scale) + shift)
        return self.around(x) + self.conv2(h)


class Attention(nn.Module):
    """Every cell looks at all cells, or at the words of a caption."""

    def __init__(self, channels: int, seen: int = 0) -> None:
        super().__init__()
        self.heads = _heads(channels)
        self.norm = _norm(channels)
        self.q = nn.Linear(channels, channels)
        self.kv = nn.Linear(seen or channels, 2 * channels)
        self.out = _silent(nn.Linear(channels, channels))

    def forward(self, x: Tensor, seen: Tensor | None = None) -> Tensor:
        """x (b, c, h, w), seen (b, n, seen) -> (b, c, h, w)."""
        c, h, w = x.shape[1:]
        flat = self.norm(x).flatten(2).transpose(1, 2)  # (b, h * w, c)
        both = self.kv(flat if seen is None else seen)
        k, v = both[:, :, :c], both[:, :, c:]
        q, k, v = (self._split(y) for y in (self.q(flat), k, v))
        # The scale is said, or the graph works it out anew at every call.
        found = F.scaled_dot_product_attention(q, k, v, scale=(c // self.heads) ** -0.5)
        joined = found.transpose(1, 2).reshape(-1, h * w, c)
        return x + self.out(joined).transpose(1, 2).reshape(-1, c, h, w)

    def _split(self, y: Tensor) -> Tensor:
        """(b, n, c) -> (b, heads, n, c / heads)."""
        n, c = y.shape[1:]
        return y.reshape(-1, n, self.heads, c // self.heads).transpose(1, 2)


class Cell(nn.Module):
    """A block, then attention: to itself at the lowest level, to the caption where there is one."""

    def __init__(self, before: int, after: int, config: DiffusionConfig, lowest: bool) -> None:
        super().__init__()
        self.block = Block(before, after, config.embedding)
        self.look = Attention(after) if lowest else None
        self.read = Attention(after, config.text_width) if config.text else None

    def forward(self, x: Tensor, e: Tensor, context: Tensor | None) -> Tensor:
        """x (b, before, h, w), e (b, embedding), context (b, n, text width) or None."""
        x = self.block(x, e)
        if self.look is not None:
            x = self.look(x)
        if self.read is not None:
            x = self.read(x, context)
        return x


class UNet(nn.Module):
    """(x, t[, pooled[, context[, sketch]]]) -> noise, velocity or picture, of the shape of x."""

    def __init__(self, config: DiffusionConfig) -> None:
        super().__init__()
        self.config = config
        c, folded = config, config.folded
        widths = [c.width * min(2, level + 1) for level in range(c.levels)]
        self.time1 = nn.Linear(c.width, c.embedding)
        self.time2 = nn.Linear(c.embedding, c.embedding)
        self.enter = nn.Conv2d(folded, c.width, 3, padding=1)
        # Quiet, so that a model without a sketch can go on from where it is.
        guess = _silent(nn.Conv2d(folded, c.width, 3, padding=1)) if c.sketch else None
        self.guess = guess
        self.down, self.shrink = nn.ModuleList(), nn.ModuleList()
        kept, now = [], c.width
        for level, width in enumerate(widths):
            lowest = level == c.levels - 1
            for _ in range(c.depth):
                self.down.append(Cell(now, width, c, lowest))
                now = width
                kept.append(now)
            if not lowest:
                self.shrink.append(nn.Conv2d(now, now, 3, stride=2, padding=1))
        self.middle1 = Cell(now, now, c, True)
        self.middle2 = Block(now, now, c.embedding)
        self.up, self.grow = nn.ModuleList(), nn.ModuleList()
        for level, width in reversed(list(enumerate(widths))):
            for _ in range(c.depth):
                self.up.append(Cell(now + kept.pop(), width, c, level == c.levels - 1))
                now = width
            if level:
                self.grow.append(nn.Conv2d(now, widths[level - 1], 3, padding=1))
                now = widths[level - 1]
        last = nn.Conv2d(now, folded, 3, padding=1)
        self.leave = nn.Sequential(_norm(now), nn.SiLU(), _silent(last))

    def forward(
        self, x: Tensor, t: Tensor, pooled: Tensor | None = None, context: Tensor | None = None,
        sketch: Tensor | None = None,
    ) -> Tensor:  # fmt: skip
        """x (b, c, s, s), t (b,) from 0 to T - 1, pooled (b, e), context (b, n, text width),
        sketch (b, folded, grid, grid)."""
        c = self.config
        e = self.time2(F.silu(self.time1(time_embedding(t, c.width))))
        e = F.silu(e if pooled is None else e + pooled)  # (b, embedding)
        h = self.enter(F.pixel_unshuffle(x, c.patch))
        if self.guess is not None:
            h = h + self.guess(sketch)
        kept = []
        for level in range(c.levels):
            for cell in self.down[level * c.depth : (level + 1) * c.depth]:
                h = cell(h, e, context)
                kept.append(h)
            if level < c.levels - 1:
                h = self.shrink[level](h)
        h = self.middle2(self.middle1(h, e, context), e)
        for step in range(c.levels):
            for cell in self.up[step * c.depth : (step + 1) * c.depth]:
                h = cell(torch.cat([h, kept.pop()], dim=1), e, context)
            if step < c.levels - 1:
                # Convolved before it is doubled: a quarter of the work.
                h = F.interpolate(self.grow[step](h), scale_factor=2.0, mode="nearest")
        h = self.leave(h)
        found: Tensor = F.pixel_shuffle(h + sketch if c.over else h, c.patch)
        return found

    def answer_anew(self) -> None:
        """Forget how what is found is told: for weights that were trained to answer otherwise."""
        _silent(self.leave[-1])


class ClassEncoder(nn.Module):
    """tokens (b, 1): 0 = any, k + 1 = class k -> pooled (b, embedding)."""

    def __init__(self, config: DiffusionConfig) -> None:
        super().__init__()
        self.table = nn.Embedding(config.places, config.embedding)

    def forward(self, tokens: Tensor) -> Tensor:
        """The vector of the class."""
        found: Tensor = self.table(tokens[:, 0])
        return found


class TextEncoder(nn.Module):
    """tokens (b, length) -> context (b, length, text width), pooled (b, embedding)[, sketch].

    A small transformer (Vaswani et al. 2017), normalised before each layer. Empty places give
    zeros, so that a short caption has nothing to say there. Before it, each word takes up its
    neighbours (a convolution over `reach` words): captions come with their parts in any order, and
    from places alone the network learns only slowly that "blue" belongs to the "hair" beside it.
    """

    def __init__(self, config: DiffusionConfig, layers: int = 2) -> None:
        super().__init__()
        width = config.text_width
        self.table = nn.Embedding(config.places, width)
        self.place = nn.Parameter(torch.randn(config.length, width) * 0.02)
        reach = config.reach
        self.near = nn.Conv1d(width, width, reach, padding=reach // 2) if reach > 1 else None
        self.layers = nn.ModuleList(TextLayer(width) for _ in range(layers))
        self.norm = nn.LayerNorm(width)
        self.pool = nn.Linear(width, config.embedding)
        c, grid = config, config.size // config.patch
        self.sketch = Sketch(width, c.sketch, c.folded, grid) if c.sketch else None

    def forward(self, tokens: Tensor) -> tuple[Tensor, ...]:
        """See the class."""
        there = (tokens != 0).to(torch.float32)  # (b, length)
        h = self.table(tokens)  # (b, length, text width)
        if self.near is not None:
            h = h + self.near((h * there[:, :, None]).transpose(1, 2)).transpose(1, 2)
        h = h + self.place
        closed = (there - 1)[:, None, None, :] * 1e4  # (b, 1, 1, length): 0 where there is a word
        for layer in self.layers:
            h = layer(h, closed)
        context = self.norm(h) * there[:, :, None]
        mean = context.sum(dim=1) / there.sum(dim=1, keepdim=True).clamp(min=1)
        found = (context, self.pool(mean))
        return found if self.sketch is None else (*found, self.sketch(context))


class TextLayer(nn.Module):
    """Attention among the words, then a small dense network."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.heads = _heads(width)
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.qkv, self.out = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.dense1, self.dense2 = nn.Linear(width, 3 * width), nn.Linear(3 * width, width)

    def forward(self, h: Tensor, closed: Tensor) -> Tensor:
        """h (b, n, width); `closed` (b, 1, 1, n) is added to the scores."""
        b, n, width = h.shape
        parts = self.qkv(self.norm1(h)).reshape(b, n, 3, self.heads, width // self.heads)
        q, k, v = parts.permute(2, 0, 3, 1, 4).unbind(0)  # 3 x (b, heads, n, width / heads)
        found = F.scaled_dot_product_attention(q, k, v, attn_mask=closed)
        h = h + self.out(found.transpose(1, 2).reshape(b, n, width))
        more: Tensor = h + self.dense2(F.gelu(self.dense1(self.norm2(h))))
        return more
