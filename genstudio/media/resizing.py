"""Sizes: fit to a model's square, scale, thumbnails, contact sheets."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import numpy as np
from PIL import Image

from genstudio.core.errors import BadInput
from genstudio.media import colour
from genstudio.media.reading import MAX_PIXELS, read

Policy = Literal["cover", "contain", "stretch"]
Method = Literal["smooth", "nearest"]
_MODES = {1: "L", 3: "RGB", 4: "RGBA"}


def to_pillow(pixels: np.ndarray) -> Image.Image:
    """uint8 (h, w, c) as a Pillow image."""
    pixels = colour.check_pixels(pixels)
    return Image.fromarray(
        np.ascontiguousarray(pixels[:, :, 0] if pixels.shape[2] == 1 else pixels)
    )


def from_pillow(picture: Image.Image) -> np.ndarray:
    """A Pillow image of mode L, RGB or RGBA as uint8 (h, w, c)."""
    array = np.asarray(picture)
    return array[:, :, None] if array.ndim == 2 else array


def resize(
    pixels: np.ndarray,
    width: int,
    height: int,
    method: Method = "smooth",
    box: tuple[float, float, float, float] | None = None,
) -> np.ndarray:
    """Scale (the part inside `box`) to width × height; "nearest" keeps pixel art crisp."""
    if not 1 <= width * height <= MAX_PIXELS or width < 1:
        raise BadInput(f"a picture of {width}×{height} pixels cannot be made")
    picture = to_pillow(pixels)
    if picture.size == (width, height) and box in (None, (0, 0, width, height)):
        return colour.check_pixels(pixels)
    if method == "nearest":
        scaled = picture.resize((width, height), Image.Resampling.NEAREST, box=box)
    else:
        # reducing_gap first shrinks large photos by whole factors (area mean), then LANCZOS.
        scaled = picture.resize((width, height), Image.Resampling.LANCZOS, box, reducing_gap=3.0)
    return from_pillow(scaled)


def fit(
    pixels: np.ndarray,
    size: int,
    channels: int,
    policy: Policy = "cover",
    method: Method = "smooth",
) -> np.ndarray:
    """A square picture: (h, w, c) -> uint8 (size, size, channels).

    "cover" cuts the longer side, centred; "contain" pads with the colour of the border;
    "stretch" changes the proportions. Alpha that must go is laid over white.
    """
    pixels = colour.convert(pixels, channels)
    height, width = pixels.shape[:2]
    if policy == "stretch" or width == height:
        return resize(pixels, size, size, method)
    if policy == "cover":
        side = min(width, height)
        left, top = (width - side) / 2, (height - side) / 2
        return resize(pixels, size, size, method, (left, top, left + side, top + side))
    if policy == "contain":
        return _contained(pixels, size, method)
    raise BadInput(f"pictures are fitted by cover, contain or stretch, not {policy!r}")


def _contained(pixels: np.ndarray, size: int, method: Method) -> np.ndarray:
    height, width = pixels.shape[:2]
    scale = size / max(width, height)
    inner = resize(pixels, max(1, round(width * scale)), max(1, round(height * scale)), method)
    border = np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]])
    page = np.empty((size, size, pixels.shape[2]), np.uint8)
    page[:] = np.median(border, axis=0).astype(np.uint8)
    top, left = (size - inner.shape[0]) // 2, (size - inner.shape[1]) // 2
    page[top : top + inner.shape[0], left : left + inner.shape[1]] = inner
    return page


def upscale(pixels: np.ndarray, least: int) -> np.ndarray:
    """Nearest-neighbour copy by the smallest whole factor that makes the short side >= `least`."""
    factor = max(1, -(-least // min(pixels.shape[0], pixels.shape[1])))
    return pixels.repeat(factor, axis=0).repeat(factor, axis=1)


def shrunk(source: Path | bytes | np.ndarray, side: int) -> np.ndarray:
    """The picture, made smaller where its long side exceeds `side`; never larger."""
    pixels = source if isinstance(source, np.ndarray) else read(source)
    pixels = colour.check_pixels(pixels)
    height, width = pixels.shape[:2]
    scale = side / max(height, width)
    if scale >= 1:
        return pixels
    return resize(pixels, max(1, round(width * scale)), max(1, round(height * scale)))


def grid(
    pictures: Sequence[np.ndarray], columns: int = 0, gap: int = 0, background: int = 255
) -> np.ndarray:
    """A contact sheet, row by row; pictures of one size, mixed channels allowed.

    `columns` 0 makes it about square. Returns uint8 (rows*(h+gap)-gap, columns*(w+gap)-gap, c).
    """
    if not len(pictures):
        raise BadInput("a grid needs at least one picture")
    pictures = [colour.check_pixels(picture) for picture in pictures]
    height, width = pictures[0].shape[:2]
    if any(picture.shape[:2] != (height, width) for picture in pictures):
        raise BadInput("pictures of a grid must have the same size")
    channels = max(picture.shape[2] for picture in pictures)
    columns = min(columns or int(np.ceil(np.sqrt(len(pictures)))), len(pictures))
    rows = -(-len(pictures) // columns)
    shape = (rows * (height + gap) - gap, columns * (width + gap) - gap, channels)
    sheet = np.full(shape, background, np.uint8)
    for place, picture in enumerate(pictures):
        top, left = place // columns * (height + gap), place % columns * (width + gap)
        sheet[top : top + height, left : left + width] = colour.convert(picture, channels)
    return sheet
