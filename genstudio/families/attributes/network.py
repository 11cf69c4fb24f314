"""A small convolutional network with one answer per attribute.

- Liu et al. 2015 (section 3): many attributes read from one shared vector.
- Simonyan, Zisserman 2015 (VGG, section 2): stacks of 3x3 convolutions.
- Ioffe, Szegedy 2015 (algorithm 1): batch normalisation.

Where something is tells what it is (a colour above is hair, below a shirt), so the last map is
not averaged but read place by place. The hidden vector (b, features) serves as feature extractor.
"""

import math
from dataclasses import dataclass

import torch
from torch import Tensor, nn

SMALLEST = 6
"""Side of the last map in pixels, at most."""
LARGE = 64
"""From this picture side on the first layer halves."""


@dataclass(frozen=True)
class ReaderConfig:
    """`answers` counts the values of all slots together, with "none" for each."""

    size: int = 64
    channels: int = 3
    answers: int = 10
    width: int = 24
    features: int = 128
    dropout: float = 0.1


def block(inputs: int, outputs: int, stride: int = 1) -> nn.Sequential:
    """3x3 convolution, batch norm, ReLU: (b, i, h, w) -> (b, o, h / stride, w / stride)."""
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, 3, stride=stride, padding=1, bias=False),
        nn.BatchNorm2d(outputs),
        nn.ReLU(),
    )


class Reader(nn.Module):
    """x (b, channels, size, size) -> (features (b, features), logits (b, answers))."""

    def __init__(self, config: ReaderConfig) -> None:
        super().__init__()
        stride = 2 if config.size >= LARGE else 1
        side, width = math.ceil(config.size / stride), config.width
        layers = [block(config.channels, width, stride)]  # (b, w, side, side)
        if stride > 1:
            layers.append(block(width, width))  # round or square is told at this size
        while side > SMALLEST:
            side, inputs, width = math.ceil(side / 2), width, min(2 * width, 4 * config.width)
            layers.append(block(inputs, width, stride=2))  # (b, 2w or 4w, side / 2, side / 2)
            if side > SMALLEST:
                layers.append(block(width, width))
        self.body = nn.Sequential(*layers)
        self.dense = nn.Linear(width * side**2, config.features, bias=False)
        self.norm = nn.BatchNorm1d(config.features)
        self.drop = nn.Dropout(config.dropout)
        self.head = nn.Linear(config.features, config.answers)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        h = self.body(x).flatten(1)  # (b, 4w * side * side)
        features = torch.relu(self.norm(self.dense(h)))  # (b, features)
        return features, self.head(self.drop(features))  # (b, features), (b, answers)


def build(config: ReaderConfig) -> dict[str, nn.Module]:
    """The network, by the name it has in checkpoints and packages."""
    return {"reader": Reader(config)}
