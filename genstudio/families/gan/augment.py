"""Differentiable augmentation: real and made pictures are changed alike before the critic.

Zhao, Liu, Lin, Zhu, Han 2020 ("Differentiable augmentation for data-efficient GAN training",
section 3 and the authors' DiffAugment_pytorch.py). Because made pictures are changed too and the
gradient passes through, the generator does not learn the changes; the critic cannot learn few
pictures by heart. Numbers come from torch's global generator, which the Trainer seeds.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

POLICIES = ("off", "color", "color,translation", "color,translation,cutout")
FULL = POLICIES[-1]
SHIFT, HOLE = 0.125, 0.5  # shares of the side, as the authors have them


def augment(images: Tensor, policy: str) -> Tensor:
    """Changed pictures (b, c, h, w) in about [-1, 1]; "" and "off" change nothing."""
    words = policy.split(",")
    if "color" in words:
        images = _colour(images)
    if "translation" in words:
        images = _translated(images)
    if "cutout" in words:
        images = _cut(images)
    return images


def _colour(images: Tensor) -> Tensor:
    """Brightness + (-0.5 … 0.5), saturation * (0 … 2), contrast * (0.5 … 1.5)."""
    b, device = len(images), images.device
    images = images + torch.rand(b, 1, 1, 1, device=device) - 0.5
    if images.shape[1] == 3:
        grey = images.mean(dim=1, keepdim=True)  # (b, 1, h, w)
        images = (images - grey) * (torch.rand(b, 1, 1, 1, device=device) * 2) + grey
    middle = images.mean(dim=(1, 2, 3), keepdim=True)  # (b, 1, 1, 1)
    return (images - middle) * (torch.rand(b, 1, 1, 1, device=device) + 0.5) + middle


def _translated(images: Tensor) -> Tensor:
    """Moved by up to 1/8 of the side; the gap is mid-grey (0)."""
    b, _, h, w = images.shape
    down, across = int(h * SHIFT + 0.5), int(w * SHIFT + 0.5)
    padded = F.pad(images, (across, across, down, down))  # (b, c, h + 2d, w + 2a)
    top = torch.randint(0, 2 * down + 1, (b, 1), device=images.device)
    left = torch.randint(0, 2 * across + 1, (b, 1), device=images.device)
    rows = top + torch.arange(h, device=images.device)  # (b, h)
    columns = left + torch.arange(w, device=images.device)  # (b, w)
    each = torch.arange(b, device=images.device)[:, None, None]
    moved = padded.permute(0, 2, 3, 1)[each, rows[:, :, None], columns[:, None, :]]  # (b, h, w, c)
    return moved.permute(0, 3, 1, 2)


def _cut(images: Tensor) -> Tensor:
    """A square of half the side, its centre anywhere, becomes mid-grey (0)."""
    b, _, h, w = images.shape
    tall, wide = int(h * HOLE + 0.5), int(w * HOLE + 0.5)
    device = images.device
    top = torch.randint(0, h + (1 - tall % 2), (b, 1), device=device) - tall // 2
    left = torch.randint(0, w + (1 - wide % 2), (b, 1), device=device) - wide // 2
    rows, columns = torch.arange(h, device=device), torch.arange(w, device=device)
    inside_rows = (rows >= top) & (rows < top + tall)  # (b, h)
    inside_columns = (columns >= left) & (columns < left + wide)  # (b, w)
    hole = inside_rows[:, None, :, None] & inside_columns[:, None, None, :]  # (b, 1, h, w)
    return images.masked_fill(hole, 0.0)
