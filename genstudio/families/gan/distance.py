"""How far made pictures are from real ones: the GAN's validation number.

The kernel distance (unbiased MMD^2 with the cubic polynomial kernel; Binkowski, Sutherland,
Arbel, Gretton 2018, "Demystifying MMD GANs", section 4) between features of a fixed network with
random weights. Naeem et al. 2020 ("Reliable fidelity and diversity metrics", section 4) find
random embeddings sound where no trained one fits the pictures; this one needs no download and
knows no classes. It tells better from worse within one training; for cards there is `evaluate`.
"""

from __future__ import annotations

import copy
import math

import torch
from torch import Tensor, nn

SEED = 20
WIDTHS = (32, 64, 128)


def random_features(channels: int) -> nn.Module:
    """A fixed network (b, channels, h, w) -> (b, 896): three strided convolutions, the means of
    their maps over the whole picture and over its quarters. The same numbers in every run."""
    draw = torch.Generator().manual_seed(SEED)
    layers, before = [], channels
    for width in WIDTHS:
        layer = nn.Conv2d(before, width, 4, stride=2, padding=1)
        with torch.no_grad():
            # He et al. 2015, equation 10: the size of features stays that of the picture.
            spread = math.sqrt(2 / (before * 16))
            layer.weight.copy_(torch.randn(layer.weight.shape, generator=draw) * spread)
            layer.bias.copy_(torch.randn(width, generator=draw) * 0.1)  # type: ignore[union-attr]
        layers.append(layer)
        before = width
    return Features(layers).eval().requires_grad_(False)


class Features(nn.Module):
    """See `random_features`."""

    def __init__(self, layers: list[nn.Conv2d]) -> None:
        super().__init__()
        self.layers = nn.ModuleList(layers)

    def forward(self, x: Tensor) -> Tensor:
        found = []
        for layer in self.layers:
            x = torch.relu(layer(x))  # (b, width, h / 2, w / 2)
            found.append(x.mean(dim=(2, 3)))  # (b, width)
        found.append(nn.functional.adaptive_avg_pool2d(x, 2).flatten(1))  # (b, 4 * width)
        found.append(x.std(dim=(2, 3)))
        return torch.cat(found, dim=1)


def kernel_distance(real: Tensor, made: Tensor) -> Tensor:
    """MMD^2 of features real (m, f) and made (n, f), n > 1; a single real one counts as alike."""
    real, made = real.double(), made.double()
    within = _mean_apart(_kernel(made, made)) + _mean_apart(_kernel(real, real))
    return within - 2 * _kernel(real, made).mean()


def _kernel(a: Tensor, b: Tensor) -> Tensor:
    return (a @ b.T / a.shape[1] + 1) ** 3  # (m, n)


def _mean_apart(kernel: Tensor) -> Tensor:
    """The mean without the diagonal; of a single item its only entry."""
    count = len(kernel)
    if count < 2:
        return kernel.mean()
    return (kernel.sum() - kernel.diagonal().sum()) / (count * (count - 1))


def on(network: nn.Module, device: torch.device) -> nn.Module:
    """The network on `device`, a copy where it lies elsewhere."""
    here = next(network.parameters()).device
    return network if here == device else copy.deepcopy(network).to(device)
