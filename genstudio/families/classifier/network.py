"""A small convolutional classifier, used as judge and as feature extractor.

- Simonyan, Zisserman 2015 (VGG, section 2): stacks of 3x3 convolutions.
- Ioffe, Szegedy 2015 (algorithm 1): batch normalisation.
- Srivastava et al. 2014 (section 4): dropout before the last layer.

The last hidden vector (b, features) is what Frechet and kernel distances are computed on.
"""

import math
from dataclasses import dataclass

import torch
from torch import Tensor, nn


@dataclass(frozen=True)
class ClassifierConfig:
    """Any picture size from 8 up works; width 8 is enough for a test."""

    size: int = 28
    channels: int = 1
    classes: int = 10
    width: int = 24
    features: int = 96
    dropout: float = 0.2


def block(inputs: int, outputs: int, stride: int = 1) -> nn.Sequential:
    """3x3 convolution, batch norm, ReLU: (b, i, h, w) -> (b, o, h / stride, w / stride)."""
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, 3, stride=stride, padding=1, bias=False),
        nn.BatchNorm2d(outputs),
        nn.ReLU(),
    )


def extra_halvings(size: int) -> int:
    """How many more halvings bring half the picture size down to at most 27 pixels."""
    count, side = 0, size // 2
    while side > 27:
        count, side = count + 1, side // 2
    return count


class Classifier(nn.Module):
    """x -> (features (b, features), logits (b, classes))."""

    def __init__(self, config: ClassifierConfig) -> None:
        super().__init__()
        self.config = config
        w = config.width
        layers = [block(config.channels, w), block(w, 2 * w, stride=2)]  # (b, 2w, h / 2, w / 2)
        for _ in range(extra_halvings(config.size)):
            layers.append(block(2 * w, 2 * w, stride=2))  # (b, 2w, h / 2, w / 2), to 14 .. 24
        layers += [block(2 * w, 2 * w), block(2 * w, 4 * w, stride=2)]  # (b, 4w, h / 2, w / 2)
        layers += [block(4 * w, 4 * w, stride=2)]  # (b, 4w, side, side)
        self.body = nn.Sequential(*layers)
        side = math.ceil(config.size / 2 ** (3 + extra_halvings(config.size)))  # 4 .. 6
        self.dense = nn.Linear(4 * w * side**2, config.features, bias=False)
        self.norm = nn.BatchNorm1d(config.features)
        self.drop = nn.Dropout(config.dropout)
        self.head = nn.Linear(config.features, config.classes)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        h = self.body(x).flatten(1)  # (b, 4w * side * side)
        features = torch.relu(self.norm(self.dense(h)))  # (b, features)
        return features, self.head(self.drop(features))  # (b, features), (b, classes)


def build(config: ClassifierConfig) -> dict[str, nn.Module]:
    """The network, by the name it has in checkpoints and packages."""
    return {"classifier": Classifier(config)}
