"""Generated pictures to train on: three shapes that even a tiny model can tell apart."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
from PIL import Image

CLASSES = ("cross", "disc", "square")
SIZE = 28


def _drawn(name: str, number: int) -> tuple[float, float, float, int]:
    """(radius as a share of the side, x and y from the middle in pixels, brightness)."""
    random = np.random.default_rng([CLASSES.index(name), number])
    radius = random.uniform(0.22, 0.36)
    x, y = random.uniform(-2, 2, 2)
    return radius, x, y, int(random.integers(150, 256))


def picture(name: str, number: int, size: int = SIZE) -> np.ndarray:
    """A bright shape on black, uint8 (size, size); place and size follow from `number`."""
    share, x, y, brightness = _drawn(name, number)
    radius = size * share
    rows, columns = np.mgrid[:size, :size]
    right, down = np.abs(columns - size / 2 - x), np.abs(rows - size / 2 - y)
    inside = {
        "disc": np.hypot(right, down) < radius,
        "square": np.maximum(right, down) < radius,
        "cross": (np.minimum(right, down) < radius / 3) & (np.maximum(right, down) < radius),
    }[name]
    return np.where(inside, brightness, 0).astype(np.uint8)


def caption(name: str, number: int) -> str:
    """What can be seen there: "a small bright disc"."""
    radius, _, _, brightness = _drawn(name, number)
    size, tone = "small" if radius < 0.29 else "large", "dim" if brightness < 200 else "bright"
    return f"a {size} {tone} {name}"


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


def write_captioned(folder: Path, per_class: int = 40, size: int = SIZE) -> Path:
    """The same pictures in one folder, `disc-000.png` with its caption in `disc-000.txt`."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in CLASSES:
        for number in range(per_class):
            place = folder / f"{name}-{number:03d}.png"
            place.write_bytes(png(picture(name, number, size)))
            place.with_suffix(".txt").write_text(caption(name, number), encoding="utf-8")
    return folder
