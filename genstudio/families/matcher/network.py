"""Two encoders into one space: pictures and captions that belong together lie close.

- Radford et al. 2021 (CLIP, section 2.3): dual encoder, cosine of both, learned temperature.
- Kim 2014 (section 2): convolution over word vectors, here before their mean: a word is read
  with its neighbours, so that "blue hair, red shirt" is not "red hair, blue shirt".
- Ioffe, Szegedy 2015 (algorithm 1): batch normalisation.

All vectors have length 1 but those of texts, which are stretched by the inverse temperature: the
product of a picture's vector with a text's is the logit of their fitting together.
"""

import math
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

SMALLEST = 6
"""Side of the last map in pixels, at most."""
LARGE = 64
"""From this picture side on the first layer halves."""
START = math.log(1 / 0.07)
"""Logarithm of the first inverse temperature, as in CLIP."""
MOST = math.log(100.0)


@dataclass(frozen=True)
class MatcherConfig:
    """`words` counts the numbers a token may have; `text_width` is the length of a word."""

    size: int = 64
    channels: int = 3
    words: int = 100
    width: int = 24
    features: int = 96
    text_width: int = 64


def block(inputs: int, outputs: int, stride: int = 1) -> nn.Sequential:
    """3x3 convolution, batch norm, ReLU: (b, i, h, w) -> (b, o, h / stride, w / stride)."""
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, 3, stride=stride, padding=1, bias=False),
        nn.BatchNorm2d(outputs),
        nn.ReLU(),
    )


class PictureEncoder(nn.Module):
    """x (b, channels, size, size) -> vector (b, features) of length 1."""

    def __init__(self, config: MatcherConfig) -> None:
        super().__init__()
        stride = 2 if config.size >= LARGE else 1
        side, width = math.ceil(config.size / stride), config.width
        layers = [block(config.channels, width, stride)]  # (b, w, side, side)
        while side > SMALLEST:
            side, inputs, width = math.ceil(side / 2), width, min(2 * width, 4 * config.width)
            layers.append(block(inputs, width, stride=2))  # (b, 2w or 4w, side / 2, side / 2)
            if side > SMALLEST:
                layers.append(block(width, width))
        self.body = nn.Sequential(*layers)
        self.dense = nn.Linear(width * side**2, config.features, bias=False)
        self.norm = nn.BatchNorm1d(config.features)

    def forward(self, x: Tensor) -> Tensor:
        h = self.body(x).flatten(1)  # (b, 4w * side * side)
        return F.normalize(self.norm(self.dense(h)), dim=1)  # (b, features)


class TextEncoder(nn.Module):
    """tokens int64 (b, length), 0 for empty places -> vector (b, features)."""

    def __init__(self, config: MatcherConfig) -> None:
        super().__init__()
        self.words = nn.Embedding(config.words, config.text_width)
        self.near = nn.Conv1d(config.text_width, config.text_width, 3, padding=1)
        self.dense = nn.Linear(config.text_width, config.features)
        self.scale = nn.Parameter(torch.full((1,), START))

    def forward(self, tokens: Tensor) -> Tensor:
        there = (tokens > 0).to(self.scale.dtype)[:, None]  # (b, 1, length)
        x = self.words(tokens).transpose(1, 2) * there  # (b, text_width, length)
        x = (x + F.relu(self.near(x))) * there
        mean = x.sum(dim=2) / there.sum(dim=2).clamp(min=1)  # (b, text_width)
        vector = F.normalize(self.dense(mean), dim=1)  # (b, features)
        return vector * self.scale.clamp(max=MOST).exp()


def build(config: MatcherConfig) -> dict[str, nn.Module]:
    """The networks, by the names they have in checkpoints and packages."""
    return {"picture": PictureEncoder(config), "text": TextEncoder(config)}
