"""Read a picture from anywhere without trusting it.

Only whitelisted formats are tried, the size is judged from the header before a pixel is decoded,
and whatever Pillow raises becomes a sentence naming file, reason and next step
(RELIABILITY.md 2.15, 3.10; Pillow's own limits are far wider than ours).
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import numpy as np
from PIL import Image

from genstudio.core.errors import BadInput, OutOfMemory
from genstudio.media.modes import to_uint8
from genstudio.media.quiet import quiet

MAX_PIXELS = 64_000_000
MAX_FILE_BYTES = 512 * 1024 * 1024
FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF", "PPM", "AVIF")
_SUFFIXES = (
    "png apng jpg jpeg jpe jfif webp gif bmp dib tif tiff ppm pgm pbm pnm avif"  # FORMATS' own
)
SUFFIXES = frozenset(f".{suffix}" for suffix in _SUFFIXES.split(" "))
_ORIENTATION = 0x0112
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_NEXT = "Open it in an image program and save it as PNG or JPEG, or leave it out."


def read(source: Path | str | bytes, max_pixels: float = MAX_PIXELS) -> np.ndarray:
    """The (first) picture of a file as uint8 (h, w, c), c = 1 grey, 3 RGB or 4 RGBA.

    EXIF orientation is applied, 16-bit and float values are scaled to 8 bits, CMYK and palettes
    become RGB, transparency is kept. Raises BadInput, or OutOfMemory.
    """
    with opened(source, max_pixels) as picture:
        picture.load()
        turned = _upright(picture)
        return np.ascontiguousarray(to_uint8(turned))


def size_of(source: Path | str | bytes, max_pixels: float = MAX_PIXELS) -> tuple[int, int]:
    """(width, height) as the header says, orientation not applied. Raises BadInput."""
    with opened(source, max_pixels) as picture:
        return picture.size


@contextlib.contextmanager
def opened(source: Path | str | bytes, max_pixels: float = MAX_PIXELS) -> Iterator[Image.Image]:
    """Pillow's lazy image behind our checks; every error inside the block becomes BadInput."""
    name = label(source)
    where = "" if isinstance(source, bytes) else str(source)
    # What Pillow warns of (odd EXIF, extra bytes) does not change the pixels.
    with open_binary(source) as handle, quiet():
        try:
            with Image.open(handle, formats=FORMATS) as picture:
                _check_size(picture.size, max_pixels, name, where)
                yield picture
        except BadInput as error:
            if error.problem.file or not where:
                raise
            raise BadInput(f"{name}: {error.problem.what}", file=where, next_step=_NEXT) from error
        except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
            raise _too_large(name, where, max_pixels, str(error)) from error
        except MemoryError as error:
            raise OutOfMemory(f"Memory ran out while {name} was read", file=where) from error
        except Image.UnidentifiedImageError as error:
            raise BadInput(
                f"{name} is not a picture in a format known here ({_known()})",
                file=where,
                next_step=_NEXT,
            ) from error
        except Exception as error:  # damaged files: Pillow raises a dozen kinds (RELIABILITY.md 5)
            raise BadInput(
                f"{name} is damaged and cannot be read: {_reason(error)}",
                file=where,
                next_step=_NEXT,
            ) from error


def label(source: Path | str | bytes) -> str:
    """The name a message uses for `source`."""
    return "the picture" if isinstance(source, bytes) else printable(Path(source).name)


def printable(name: str) -> str:
    """`name` as text that any terminal, log or JSON file takes.

    Names that are no UTF-8 arrive with lone surrogates, which none of these can write.
    """
    return name.encode("utf-8", "replace").decode()


@contextlib.contextmanager
def open_binary(source: Path | str | bytes, limit: int = MAX_FILE_BYTES) -> Iterator[BinaryIO]:
    """A handle on bytes or on a regular, non-empty file of at most `limit` bytes.

    Handles, not paths, go to the libraries: some cannot open names with umlauts or CJK.
    """
    name = label(source)
    if isinstance(source, bytes):
        _check_bytes(len(source), limit, name, "")
        yield io.BytesIO(source)
        return
    try:
        # A fifo would block in open(), so its kind is asked for first.
        facts = os.stat(source)
        if not stat.S_ISREG(facts.st_mode):
            raise BadInput(f"{name} is a folder or a device, not a file", file=source)
        _check_bytes(facts.st_size, limit, name, str(source))
        handle = open(source, "rb")  # noqa: SIM115
    except FileNotFoundError as error:
        raise BadInput(
            f"{name} is not there", file=source, next_step="Check the name and try again."
        ) from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise BadInput(f"{name} cannot be opened: {reason}", file=source) from error
    with handle:
        yield handle


def _check_bytes(count: int, limit: int, name: str, where: str) -> None:
    if count == 0:
        raise BadInput(f"{name} is empty (0 bytes)", file=where, next_step="Fetch it again.")
    if count > limit:
        raise BadInput(f"{name} is larger than {limit // 1024 // 1024} MB", file=where)


def _check_size(size: tuple[int, int], max_pixels: float, name: str, where: str) -> None:
    width, height = size
    if width < 1 or height < 1:
        raise BadInput(f"{name} has no pixels ({width}×{height})", file=where)
    if width * height > max_pixels:
        raise BadInput(
            f"{name} is {width}×{height} pixels, {width * height / 1e6:.0f} megapixels; "
            f"the limit is {max_pixels / 1e6:g}",
            file=where,
            next_step="Make it smaller in an image program first.",
        )


def _too_large(name: str, where: str, max_pixels: float, said: str) -> BadInput:
    # Pillow's own limit struck before ours could: its text alone knows how many pixels.
    count = re.search(r"\((\d+) pixels\)", said)
    size = f"{int(count[1]) / 1e6:,.0f}" if count else "far too many"
    return BadInput(
        f"{name} says it has {size} megapixels; the limit is {max_pixels / 1e6:g}",
        file=where,
        next_step="Make it smaller in an image program first.",
    )


def _upright(picture: Image.Image) -> Image.Image:
    """Apply the EXIF orientation; broken EXIF counts as none."""
    try:
        turn = _TURNS.get(picture.getexif().get(_ORIENTATION, 1))
    except Exception:  # foreign EXIF can raise anything, and the pixels are good without it
        turn = None
    return picture if turn is None else picture.transpose(turn)


def _reason(error: BaseException) -> str:
    text = " ".join(str(error).split()) or type(error).__name__
    return text[:200].rstrip(".")


def _known() -> str:
    return ", ".join(FORMATS)
