"""GIF with one good palette for all frames, and room for the AI label."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image

from genstudio.media import colour
from genstudio.media.provenance import Embedded
from genstudio.media.resizing import to_pillow

_SAMPLE_PIXELS = 1_000_000
_XMP_HEAD = b"\x21\xff\x0bXMP DataXMP"
# Readers that skip sub-blocks by their length must land on the zero at the end whatever byte
# they come from (Adobe XMP specification part 3, section 1.1.2).
_XMP_TRAILER = b"\x01" + bytes(range(255, -1, -1)) + b"\x00"


def encode(pictures: list[np.ndarray], times: list[int], texts: Embedded) -> bytes:
    """Frames of one size with `times` in milliseconds; transparency is laid over white."""
    opaque = [colour.convert(p, 3) if p.shape[2] == 4 else p for p in pictures]
    frames, palette = _indexed(opaque)
    buffer = io.BytesIO()
    first, *rest = [_paletted(frame, palette) for frame in frames]
    first.save(
        buffer,
        "GIF",
        save_all=True,
        append_images=rest,
        duration=times if rest else times[0],
        loop=0,
        optimize=False,
        disposal=1,
        # Named here, or every frame brings a table of its own.
        palette=palette,
        comment=texts.parameters.encode("utf-8", "replace"),
    )
    return _with_xmp(buffer.getvalue(), texts.xmp)


def _indexed(pictures: list[np.ndarray]) -> tuple[list[np.ndarray], bytes]:
    """(indices uint8 (h, w) of each frame, RGB palette): exact where 256 colours are enough."""
    if all(colour.is_grey(picture) for picture in pictures):
        return [p[:, :, 0] for p in pictures], bytes(np.arange(256, dtype=np.uint8).repeat(3))
    colours = np.unique(_packed(np.concatenate([p.reshape(-1, 3) for p in pictures])))
    if len(colours) <= 256:
        table = np.stack([colours >> 16, colours >> 8 & 255, colours & 255], axis=1)
        found = [np.searchsorted(colours, _packed(p)).astype(np.uint8) for p in pictures]
        return found, table.astype(np.uint8).tobytes()
    palette = _adaptive(pictures)
    mapped = [
        to_pillow(p).quantize(palette=palette, dither=Image.Dither.FLOYDSTEINBERG) for p in pictures
    ]
    return [np.asarray(frame) for frame in mapped], bytes(palette.getpalette("RGB") or [])


def _adaptive(pictures: list[np.ndarray]) -> Image.Image:
    """A picture whose palette suits all frames, found on an even sample of their pixels."""
    pixels = np.concatenate([picture.reshape(-1, 3) for picture in pictures])
    sample = pixels[:: max(1, len(pixels) // _SAMPLE_PIXELS)]
    width = min(len(sample), 1000)
    rows = len(sample) // width
    sheet = to_pillow(sample[: rows * width].reshape(rows, width, 3))
    # Median cut on the colours, then k-means: smoother than Pillow's default alone.
    return sheet.quantize(256, method=Image.Quantize.MEDIANCUT, kmeans=2)


def _packed(pixels: np.ndarray) -> np.ndarray:
    wide = pixels.astype(np.uint32)
    return wide[..., 0] << 16 | wide[..., 1] << 8 | wide[..., 2]


def _paletted(indices: np.ndarray, palette: bytes) -> Image.Image:
    picture = Image.fromarray(np.ascontiguousarray(indices))
    picture.putpalette(palette)
    return picture


def _with_xmp(data: bytes, packet: bytes) -> bytes:
    """Put an XMP extension right behind the global palette."""
    if not packet:
        return data
    flags = data[10]
    place = 13 + (3 << ((flags & 7) + 1) if flags & 0x80 else 0)
    return data[:place] + _XMP_HEAD + packet + _XMP_TRAILER + data[place:]
