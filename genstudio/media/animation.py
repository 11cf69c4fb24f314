"""Moving pictures: uint8 frames (n, h, w, c) <-> animated WebP, APNG, GIF and MP4.

WebP and APNG keep every bit. GIF keeps up to 256 colours exactly (grey always) and spreads the
error of more. MP4 is VP9 through OpenCV's LGPL FFmpeg: free to ship, and playable in browsers.
"""

from __future__ import annotations

import io
import itertools
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from PIL import Image, ImageSequence

from genstudio.core.artifact import MetadataLevel, Provenance
from genstudio.core.errors import BadInput, UsageError
from genstudio.media import colour, gif, mp4
from genstudio.media.modes import to_uint8
from genstudio.media.provenance import Embedded, embed
from genstudio.media.reading import opened
from genstudio.media.resizing import to_pillow, upscale
from genstudio.media.writing import packets, png_info

SUFFIXES = (".webp", ".gif", ".mp4", ".png", ".apng")
MAX_FRAMES = 10_000
MAX_FPS = 100.0
# All frames lie in memory together, so the limit is for all of them.
MAX_TOTAL_PIXELS = 400_000_000


def encode(
    frames: np.ndarray | Sequence[np.ndarray],
    ext: str,
    fps: float,
    provenance: Provenance | None = None,
    level: MetadataLevel = "full",
    least_side: int = 0,
) -> bytes:
    """A file's bytes, looping for ever where the format can.

    `least_side` scales small frames up by a whole factor, pixel by pixel, until the short side
    has that many (MP4 always does, to 256: players blur small films). Raises UsageError for
    other suffixes, BadInput for frames that do not fit together.
    """
    writer = _WRITERS.get(ext.lower())
    if writer is None:
        raise UsageError(f"animations are saved as {', '.join(SUFFIXES)}, not {ext!r}")
    if not 0 < fps <= MAX_FPS:
        raise UsageError(f"animations run at up to {MAX_FPS:g} frames a second, not {fps:g}")
    pictures = check_frames(frames)
    if least_side:
        pictures = [upscale(picture, least_side) for picture in pictures]
    height, width = pictures[0].shape[:2]
    texts = embed(provenance, level, (width, height), json_in_xmp=ext.lower() not in _CHUNKED)
    return writer(pictures, fps, texts)


def read(source: Path | str | bytes) -> tuple[np.ndarray, float]:
    """(frames uint8 (n, h, w, c), frames a second) of WebP, GIF, APNG or MP4; raises BadInput."""
    if mp4.is_mp4(source):
        return mp4.read(source, MAX_FRAMES, MAX_TOTAL_PIXELS)
    with opened(source) as picture:
        count = getattr(picture, "n_frames", 1)
        if count > MAX_FRAMES or count * picture.width * picture.height > MAX_TOTAL_PIXELS:
            raise BadInput(f"it has {count} frames, more than can be held here")
        pictures, times = [], []
        for frame in ImageSequence.Iterator(picture):
            frame.load()
            times.append(max(1.0, float(frame.info.get("duration", 100) or 100)))
            pictures.append(to_uint8(frame))
    return _evenly(pictures, times)


def check_frames(frames: np.ndarray | Sequence[np.ndarray]) -> list[np.ndarray]:
    """The frames as pictures of one size and one number of channels; raises BadInput."""
    pictures = [colour.check_pixels(frame) for frame in frames]
    if not pictures or len(pictures) > MAX_FRAMES:
        raise BadInput(f"an animation has 1 to {MAX_FRAMES:,} frames, not {len(pictures):,}")
    if len({picture.shape[:2] for picture in pictures}) != 1:
        raise BadInput("the frames of an animation must have the same size")
    channels = max(picture.shape[2] for picture in pictures)
    return [colour.convert(picture, channels) for picture in pictures]


def durations(count: int, fps: float, unit: float = 1.0) -> list[int]:
    """Milliseconds of each frame, multiples of `unit`, that do not drift from `fps`."""
    ends = [round(place * 1000.0 / fps / unit) for place in range(count + 1)]
    return [int((end - start) * unit) for start, end in itertools.pairwise(ends)]


def _evenly(pictures: list[np.ndarray], times: list[float]) -> tuple[np.ndarray, float]:
    """Frames at an even pace: writers join equal frames, so a long one stands for several."""
    step = min(times)
    repeats = [max(1, round(time / step)) for time in times]
    if sum(repeats) > MAX_FRAMES:
        repeats = [1] * len(repeats)
    channels = max(picture.shape[2] for picture in pictures)
    frames = [colour.convert(picture, channels) for picture in pictures]
    stack = np.stack([f for f, times_ in zip(frames, repeats, strict=True) for _ in range(times_)])
    return stack, 1000.0 * len(stack) / sum(times)


def _webp(pictures: list[np.ndarray], fps: float, texts: Embedded) -> bytes:
    mode = 4 if pictures[0].shape[2] == 4 else 3
    images = [to_pillow(colour.convert(picture, mode)) for picture in pictures]
    return _saved(
        images, "WEBP", fps, lossless=True, exact=True, quality=60, method=3, **packets(texts)
    )


def _apng(pictures: list[np.ndarray], fps: float, texts: Embedded) -> bytes:
    images = [to_pillow(picture) for picture in pictures]
    return _saved(images, "PNG", fps, pnginfo=png_info(texts))


def _saved(images: list[Image.Image], kind: str, fps: float, **options: object) -> bytes:
    buffer = io.BytesIO()
    first, *rest = images
    times = durations(len(images), fps)
    first.save(
        buffer,
        kind,
        save_all=True,
        append_images=rest,
        duration=times if rest else times[0],
        loop=0,
        **options,
    )
    return buffer.getvalue()


def _gif(pictures: list[np.ndarray], fps: float, texts: Embedded) -> bytes:
    # Hundredths of a second, and players take less than two of them for ten.
    times = durations(len(pictures), min(fps, 50.0), unit=10.0)
    return gif.encode(pictures, times, texts)


def _mp4(pictures: list[np.ndarray], fps: float, texts: Embedded) -> bytes:
    return mp4.encode(pictures, fps, texts)


_CHUNKED = (".png", ".apng")
_WRITERS: dict[str, Callable[[list[np.ndarray], float, Embedded], bytes]] = {
    ".webp": _webp,
    ".gif": _gif,
    ".mp4": _mp4,
    ".png": _apng,
    ".apng": _apng,
}
