"""Pictures -> PNG, JPEG and WebP with provenance at three levels."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from genstudio.core.artifact import MetadataLevel, Provenance
from genstudio.core.errors import GenStudioError, UsageError
from genstudio.media import colour, exif, small_png
from genstudio.media.provenance import KEY, Embedded, embed
from genstudio.media.resizing import to_pillow

SUFFIXES = {".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG", ".webp": "WEBP"}
JPEG_QUALITY = 95
# An APP1 segment counts its length in 16 bits; Pillow refuses more with a bare ValueError.
_SEGMENT = 65_000


def encode(
    pixels: np.ndarray,
    ext: str,
    provenance: Provenance | None = None,
    level: MetadataLevel = "full",
) -> bytes:
    """A file's bytes. PNG and WebP are lossless; JPEG lays transparency over white.

    Raises UsageError for other suffixes, GenStudioError where JPEG has no room for the settings.
    """
    kind = SUFFIXES.get(ext.lower())
    if kind is None:
        raise UsageError(f"pictures are saved as {', '.join(SUFFIXES)}, not {ext!r}")
    pixels = colour.check_pixels(pixels)
    size = (pixels.shape[1], pixels.shape[0])
    texts = embed(provenance, level, size, json_in_xmp=kind != "PNG")
    buffer = io.BytesIO()
    _SAVERS[kind](pixels, texts, buffer)
    return buffer.getvalue()


def png_info(texts: Embedded) -> PngInfo | None:
    """The text chunks of a PNG or APNG, or None where there is nothing to say."""
    info = PngInfo()
    if texts.parameters:
        # tEXt, and iTXt by itself where the text is not Latin-1: readers of A1111 take both.
        info.add_text("parameters", texts.parameters)
    if texts.json:
        info.add_itxt(KEY, texts.json)
    if texts.xmp:
        info.add_itxt("XML:com.adobe.xmp", texts.xmp.decode())
    return info if info.chunks else None


def packets(texts: Embedded) -> dict[str, bytes]:
    """`exif` and `xmp` arguments for Pillow's JPEG and WebP writers."""
    found = {}
    if texts.parameters:
        found["exif"] = exif.build(texts.parameters)
    if texts.xmp:
        found["xmp"] = texts.xmp
    return found


def _png(pixels: np.ndarray, texts: Embedded, buffer: io.BytesIO) -> None:
    info = png_info(texts)
    if small_png.fits(pixels):
        chunks = [(kind, data) for kind, data, *_ in info.chunks] if info else []
        buffer.write(small_png.encode(pixels, chunks))
        return
    to_pillow(pixels).save(buffer, "PNG", pnginfo=info, compress_level=6)


def _jpeg(pixels: np.ndarray, texts: Embedded, buffer: io.BytesIO) -> None:
    parts = packets(texts)
    if any(len(part) > _SEGMENT for part in parts.values()):
        raise GenStudioError(
            "The settings of this picture are too long for a JPEG file",
            next_step="Save it as PNG or WebP, or export with the label only.",
        )
    picture = to_pillow(colour.convert(pixels, 1 if pixels.shape[2] == 1 else 3))
    picture.save(buffer, "JPEG", quality=JPEG_QUALITY, subsampling=0, **parts)


def _webp(pixels: np.ndarray, texts: Embedded, buffer: io.BytesIO) -> None:
    if max(pixels.shape[:2]) > 16383:
        raise GenStudioError("WebP files reach 16383 pixels a side", next_step="Save it as PNG.")
    picture: Image.Image = to_pillow(pixels if pixels.shape[2] == 4 else colour.convert(pixels, 3))
    # exact: colours under full transparency stay as they are, so files round-trip bit for bit.
    picture.save(buffer, "WEBP", lossless=True, exact=True, quality=80, method=4, **packets(texts))


_SAVERS = {"PNG": _png, "JPEG": _jpeg, "WEBP": _webp}
