"""Augmentation: training pictures mirrored, moved, recoloured, blanked, by (seed, position) alone.

No picture depends on its neighbours in the batch, so a resumed run, another batch size or another
number of processes see the same pictures. What is drawn comes from splitmix64; means are whole
number sums, so that the bytes agree between machines.
"""

from __future__ import annotations

import numpy as np

from genstudio.numerics.mixing import mix, uniform

FLIP = 12
"""Added to the seed for the draw that mirrors; runs of earlier versions depend on it."""
_SHIFT_X, _SHIFT_Y, _CUT_SIDE, _CUT_X, _CUT_Y = 21, 22, 23, 24, 25
_COLOURS = _BRIGHTNESS, _CONTRAST, _SATURATION = 26, 27, 28
GREY = 128
"""What fills a hole: the middle of the range, 0 for a network that sees -1 … 1."""
_LUMA = np.array([19595, 38470, 7471], np.int64)  # ITU-R BT.601 in 1/65536, as Pillow's grey
POLICY_WORDS = ("color", "translation", "cutout")
_POLICY_SHIFT, _POLICY_HOLE = 0.125, 0.5  # Zhao 2020, the authors' DiffAugment_pytorch.py


def augment(
    pixels: np.ndarray,
    seed: int,
    positions: np.ndarray,
    flip: bool = False,
    shift: float = 0.0,
    colour: float = 0.0,
    cutout: float = 0.0,
) -> np.ndarray:
    """Changed copies of `pixels` uint8 (b, h, w, c), c in 1, 3, 4; `positions` int64 (b,).

    In this order, each only where asked for:

    - flip: mirrored left to right where uniform(seed + 12, position) < 0.5.
    - shift (0 … 0.5): moved by whole pixels, right or left and up or down, each drawn evenly
      from -n … n with n = round(shift * side); the outermost pixels are repeated into the gap.
    - colour (0 … 1): factors drawn evenly from 1 - colour … 1 + colour: brightness multiplies
      the values, contrast the distance from the picture's mean grey, saturation the distance
      from each pixel's own grey (none in grey pictures). As torchvision's ColorJitter, fixed order.
    - cutout (0 … 0.9): a square with a side drawn evenly from 0 … round(cutout * shorter side)
      pixels is filled with mid-grey (128), its centre anywhere in the picture, so that borders may
      cut it (DeVries, Taylor 2017, "Improved regularization of convolutional neural networks
      with cutout"; there the side is fixed).

    Alpha (the fourth channel) is mirrored and moved, never recoloured or blanked. A new array is
    returned; `pixels` stays as it is. Raises ValueError where shapes do not fit.
    """
    _check(pixels, positions)
    result = np.array(pixels, np.uint8, order="C")
    if flip:
        mirrored = uniform(seed + FLIP, positions) < 0.5
        result[mirrored] = result[mirrored, :, ::-1]
    if shift > 0:
        height, width = result.shape[1:3]
        across = _whole(seed, _SHIFT_X, positions, round(shift * width))
        down = _whole(seed, _SHIFT_Y, positions, round(shift * height))
        result = _moved(result, across, down)
    if colour > 0:
        result = _recoloured(result, *(_factors(seed, k, positions, colour) for k in _COLOURS))
    if cutout > 0:
        _blank(result, *_holes(result.shape, seed, positions, cutout))
    return result


def policy_preview(pixels: np.ndarray, seed: int, positions: np.ndarray, policy: str) -> np.ndarray:
    """What a critic sees under a differentiable `policy` such as "color,translation,cutout".

    The same changes as Zhao et al. 2020 ("Differentiable augmentation for data-efficient GAN
    training", section 3 and the authors' code), on uint8 (b, h, w, c): colour adds up to half of
    the range -1 … 1 to the brightness (± 0.5), then saturation times 0 … 2 and contrast times
    0.5 … 1.5 about the picture's mean; translation moves by up to 1/8 of the side and leaves
    mid-grey behind; cutout blanks a square of half the side with mid-grey. For looking at only:
    training draws its own numbers. Raises ValueError for an unknown word.
    """
    _check(pixels, positions)
    words = policy_words(policy)
    result = np.array(pixels, np.uint8, order="C")
    if "color" in words:
        result = _policy_colour(result, seed, positions)
    height, width = result.shape[1:3]
    if "translation" in words:
        across = _whole(seed, _SHIFT_X, positions, int(width * _POLICY_SHIFT + 0.5))
        down = _whole(seed, _SHIFT_Y, positions, int(height * _POLICY_SHIFT + 0.5))
        result = _moved(result, across, down, GREY)
    if "cutout" in words:
        sides = np.full(len(result), int(min(height, width) * _POLICY_HOLE + 0.5))
        _blank(result, sides, *_centres(result.shape, seed, positions))
    return result


def policy_words(policy: str) -> tuple[str, ...]:
    """The words of a differentiable policy; "" and "off" have none. Raises ValueError."""
    words = tuple(word.strip() for word in policy.split(",") if word.strip())
    if words == ("off",):
        return ()
    for word in words:
        if word not in POLICY_WORDS:
            raise ValueError(f"there is no augmentation {word!r}; known: {', '.join(POLICY_WORDS)}")
    return words


def _check(pixels: np.ndarray, positions: np.ndarray) -> None:
    if pixels.ndim != 4 or pixels.shape[3] not in (1, 3, 4) or pixels.dtype != np.uint8:
        raise ValueError(f"{pixels.dtype} {pixels.shape} is no batch of pictures")
    if positions.shape != pixels.shape[:1]:
        raise ValueError(f"{positions.shape} positions for {len(pixels)} pictures")


def _draw(seed: int, key: int, positions: np.ndarray) -> np.ndarray:
    """A number in [0, 1) for each position (b,), unlike those of any other key."""
    return uniform(mix(seed, FLIP, key), positions)


def _whole(seed: int, key: int, positions: np.ndarray, most: int) -> np.ndarray:
    """A whole number from -most … most for each position (b,)."""
    drawn = _draw(seed, key, positions) * (2 * most + 1)
    return drawn.astype(np.int64) - most


def _factors(seed: int, key: int, positions: np.ndarray, reach: float) -> np.ndarray:
    """A factor from 1 - reach … 1 + reach for each position: float32 (b, 1, 1, 1)."""
    drawn = 1.0 + reach * (2.0 * _draw(seed, key, positions) - 1.0)
    return drawn.astype(np.float32)[:, None, None, None]


def _moved(
    pixels: np.ndarray, across: np.ndarray, down: np.ndarray, fill: int | None = None
) -> np.ndarray:
    """Each picture moved to the right and down by whole pixels; `fill` None repeats the border."""
    count, height, width = pixels.shape[:3]
    rows = np.arange(height) - down[:, None]  # (b, h)
    columns = np.arange(width) - across[:, None]  # (b, w)
    inside_rows, inside_columns = np.clip(rows, 0, height - 1), np.clip(columns, 0, width - 1)
    picture = np.arange(count)[:, None, None]
    moved = pixels[picture, inside_rows[:, :, None], inside_columns[:, None, :]]
    if fill is not None:
        outside = (rows != inside_rows)[:, :, None] | (columns != inside_columns)[:, None, :]
        moved[..., :3][outside] = fill
    return moved


def _recoloured(
    pixels: np.ndarray, brightness: np.ndarray, contrast: np.ndarray, saturation: np.ndarray
) -> np.ndarray:
    """Factors are float32 (b, 1, 1, 1)."""
    values = pixels[..., :3].astype(np.float32) * brightness
    values = _bytes(values)
    mean = _grey(values).sum(axis=(1, 2, 3), keepdims=True) / np.float32(
        values.shape[1] * values.shape[2] * 65536.0
    )
    values = _bytes((values - mean.astype(np.float32)) * contrast + mean.astype(np.float32))
    if values.shape[3] == 3:
        grey = (_grey(values) / 65536.0).astype(np.float32)
        values = _bytes((values - grey) * saturation + grey)
    return np.concatenate([values, pixels[..., 3:]], axis=3)


def _grey(values: np.ndarray) -> np.ndarray:
    """Luma in 1/65536: uint8 (b, h, w, 1 or 3) -> int64 (b, h, w, 1)."""
    if values.shape[3] == 1:
        return values.astype(np.int64) * 65536
    return (values.astype(np.int64) @ _LUMA)[..., None]


def _bytes(values: np.ndarray) -> np.ndarray:
    return np.clip(np.rint(values), 0, 255).astype(np.uint8)


def _holes(
    shape: tuple[int, ...], seed: int, positions: np.ndarray, cutout: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(sides, centre rows, centre columns), each (b,)."""
    most = round(cutout * min(shape[1:3]))
    sides = (_draw(seed, _CUT_SIDE, positions) * (most + 1)).astype(np.int64)
    return sides, *_centres(shape, seed, positions)


def _centres(
    shape: tuple[int, ...], seed: int, positions: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    rows = (_draw(seed, _CUT_Y, positions) * shape[1]).astype(np.int64)
    columns = (_draw(seed, _CUT_X, positions) * shape[2]).astype(np.int64)
    return rows, columns


def _blank(pixels: np.ndarray, sides: np.ndarray, rows: np.ndarray, columns: np.ndarray) -> None:
    """Fill squares about (row, column) with mid-grey, in place."""
    for picture, side, row, column in zip(pixels, sides, rows, columns, strict=True):
        top, left = max(0, row - side // 2), max(0, column - side // 2)
        bottom, right = row - side // 2 + side, column - side // 2 + side
        picture[top : max(0, bottom), left : max(0, right), :3] = GREY


def _policy_colour(pixels: np.ndarray, seed: int, positions: np.ndarray) -> np.ndarray:
    """Brightness, saturation, contrast as Zhao 2020 have them, in the range -1 … 1."""
    drawn = [
        _draw(seed, key, positions)[:, None, None, None]
        for key in (_BRIGHTNESS, _SATURATION, _CONTRAST)
    ]
    values = pixels[..., :3].astype(np.float64) / 127.5 - 1
    values += drawn[0] - 0.5
    grey = values.mean(axis=3, keepdims=True)
    values = (values - grey) * (drawn[1] * 2) + grey
    mean = values.mean(axis=(1, 2, 3), keepdims=True)
    values = (values - mean) * (drawn[2] + 0.5) + mean
    return np.concatenate([_bytes((values + 1) * 127.5), pixels[..., 3:]], axis=3)
