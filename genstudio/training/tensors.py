"""Small conversions that objectives share."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F


def one_hot(labels: Tensor, classes: int) -> Tensor:
    """(b,) int64 -> (b, classes) float32."""
    return F.one_hot(labels, classes).to(torch.float32)


def to_pixels(images: Tensor) -> np.ndarray:
    """(b, c, h, w) in [-1, 1] -> (b, h, w, c) uint8."""
    bytes_ = ((images.detach().float() + 1) * 127.5).round().clamp(0, 255).to(torch.uint8)
    return np.ascontiguousarray(bytes_.permute(0, 2, 3, 1).cpu().numpy())


def fixed_normal(count: int, length: int, seed: int, device: torch.device) -> Tensor:
    """(count, length) standard normal numbers that depend on `seed` alone, whatever the device."""
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(count, length, generator=generator).to(device)
