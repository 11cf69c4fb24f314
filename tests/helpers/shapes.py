"""Generated pictures to train on: three shapes that even a tiny model can tell apart."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
from PIL import Image

CLASSES = ("cross", "disc", "square")
SIZE = 28


def picture(name: str, number: int, size: int = SIZE) -> np.ndarray:
    """A bright shape on black, uint8 (size, size); place and size follow from `number`."""
    random = np.random.default_rng([CLASSES.index(name), number])
    radius = size * random.uniform(0.22, 0.36)
    x, y = size / 2 + random.uniform(-2, 2, 2)
    rows, columns = np.mgrid[:size, :size]
    right, down = np.abs(columns - x), np.abs(rows - y)
    inside = {
        "disc": np.hypot(right, down) < radius,
        "square": np.maximum(right, down) < radius,
        "cross": (np.minimum(right, down) < radius / 3) & (np.maximum(right, down) < radius),
    }[name]
    return np.where(inside, random.integers(150, 256), 0).astype(np.uint8)


def png(pixels: np.ndarray) -> bytes:
    """The picture as PNG bytes."""
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG")
    return buffer.getvalue()


def write(folder: Path, per_class: int = 40, size: int = SIZE) -> Path:
    """Write `per_class` pictures of each shape as `folder/<shape>/000.png`; returns the folder."""
    for name in CLASSES:
        (folder / name).mkdir(parents=True, exist_ok=True)
        for number in range(per_class):
            place = folder / name / f"{number:03d}.png"
            place.write_bytes(png(picture(name, number, size)))
    return folder
