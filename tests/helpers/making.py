"""Pictures and files made in the tests: good ones, odd ones and hostile ones."""

from __future__ import annotations

import io
import struct
import zlib

import numpy as np
from PIL import Image

from genstudio.core.artifact import InputFacts, Provenance
from genstudio.core.request import Request

PNG_HEAD = b"\x89PNG\r\n\x1a\n"


def picture(height: int = 24, width: int = 20, channels: int = 3, seed: int = 0) -> np.ndarray:
    """Noise that no two seeds share: uint8 (h, w, c)."""
    shape = (height, width, channels)
    return np.random.default_rng(seed).integers(0, 256, shape, np.uint8)


def smooth(height: int = 24, width: int = 20, channels: int = 3) -> np.ndarray:
    """A gradient, different along both axes and in each channel: survives JPEG well."""
    y, x = np.mgrid[:height, :width].astype(np.float64)
    layers = [(x * (3 + c) + y * (5 - c)) / (3 * width + 5 * height) * 200 for c in range(channels)]
    return np.stack(layers, axis=2).astype(np.uint8)


def saved(image: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    """What Pillow writes for an image."""
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def png_chunk(kind: bytes, data: bytes) -> bytes:
    """One PNG chunk with its checksum."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_header(width: int, height: int, depth: int = 8, colour: int = 2) -> bytes:
    """Signature and IHDR."""
    head = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    return PNG_HEAD + png_chunk(b"IHDR", head)


def png_with(*chunks: bytes, pixels: np.ndarray | None = None) -> bytes:
    """A good small PNG with extra chunks right behind its header."""
    data = saved(Image.fromarray(picture() if pixels is None else pixels))
    return data[:33] + b"".join(chunks) + data[33:]


def sixteen_bit_rgb(values: np.ndarray) -> bytes:
    """A 16-bit RGB PNG (Pillow cannot write one): values uint16 (h, w, 3)."""
    height, width = values.shape[:2]
    rows = b"".join(b"\x00" + row.astype(">u2").tobytes() for row in values)
    body = png_chunk(b"IDAT", zlib.compress(rows)) + png_chunk(b"IEND", b"")
    return png_header(width, height, 16, 2) + body


def provenance(**changes: object) -> Provenance:
    """A full record with words that need quoting, escaping and more than Latin-1."""
    request = Request(
        model="fashion-gan",
        task="sample",
        seed=1234567,
        values={
            "count": 4,
            "class": "Ankle boot, hohe & <schöne> “名前”",
            "truncation": 0.75,
            "prompt": "a boot: red,\nwith ]]> laces",
            "loop": True,
        },
    )
    facts: dict[str, object] = {
        "app": "GenStudio 0.1.0",
        "created": "2026-11-21T00:00:00+00:00",
        "request": request,
        "index": 3,
        "title": "Ankle boot",
        "family": "gan",
        "model_sha256": "0123456789abcdef" * 4,
        "data": ("Fashion-MNIST",),
        "data_sha256": ("f" * 64,),
        "licence": "MIT",
        "device": "CPU",
        "inputs": {"image": InputFacts(name="Ünï 名.png", sha256="e" * 64)},
        "facts": {"score": 0.5, "nested": {"list": [1, None, "x"]}},
    }
    return Provenance(**(facts | changes))  # type: ignore[arg-type]
