"""Seeded damage to every kind of file: only BadInput may come out, and quickly."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image

from genstudio.core.errors import BadInput
from genstudio.media import animation, image, latent, provenance
from tests.helpers.making import picture, saved, smooth
from tests.helpers.making import provenance as record

ROUNDS = 40
_KINDS = ("flip", "cut", "zero", "copy", "grow", "length")


def _exif_jpeg() -> bytes:
    exif = Image.Exif()
    exif[0x0112] = 6
    return saved(Image.fromarray(smooth()).convert("CMYK"), "JPEG", exif=exif)


SEEDS: dict[str, Callable[[], bytes]] = {
    "png": lambda: image.encode(picture(), ".png", record()),
    "png16": lambda: saved(Image.fromarray(picture(8, 8, 1)[..., 0].astype(np.uint16) * 257)),
    "palette": lambda: saved(Image.fromarray(picture()).quantize(16), transparency=1),
    "jpeg": lambda: image.encode(smooth(), ".jpg", record()),
    "cmyk": _exif_jpeg,
    "webp": lambda: image.encode(picture(), ".webp", record()),
    "tiff": lambda: saved(Image.fromarray(picture()), "TIFF", compression="tiff_deflate"),
    "bmp": lambda: saved(Image.fromarray(picture()), "BMP"),
    "moving": lambda: animation.encode([picture(seed=n) for n in range(3)], ".webp", 9, record()),
    "apng": lambda: animation.encode([picture(seed=n) for n in range(3)], ".png", 9, record()),
    "gif": lambda: animation.encode([picture(seed=n) for n in range(3)], ".gif", 9, record()),
    "mp4": lambda: animation.encode([smooth(16, 16)], ".mp4", 9, record()),
    "latent": lambda: latent.pack(latent.Latent(np.ones(64, np.float32), "m", "ab" * 32)),
}


def damaged(data: bytes, random: np.random.Generator) -> bytes:
    """One or a few random damages of the kinds that disks, networks and villains make."""
    found = bytearray(data)
    for _ in range(int(random.integers(1, 4))):
        kind = _KINDS[int(random.integers(len(_KINDS)))]
        place = int(random.integers(max(1, len(found))))
        size = int(random.integers(1, 64))
        if kind == "flip" and found:
            found[place] ^= 1 << int(random.integers(8))
        elif kind == "cut":
            del found[place : place + size]
        elif kind == "zero":
            found[place : place + size] = bytes(min(size, len(found) - place))
        elif kind == "copy":
            found[place:place] = found[:size]
        elif kind == "grow":
            found[place:place] = random.bytes(size)
        else:
            found[place : place + 4] = b"\xff\xff\xff\xff"
    return bytes(found)


def _tries(name: str) -> list[Callable[[bytes], object]]:
    if name == "latent":
        return [latent.read]
    if name == "mp4":
        return [provenance.read, animation.read]
    if name in ("moving", "apng", "gif"):
        return [image.read, provenance.read, animation.read]
    return [image.read, provenance.read]


@pytest.mark.parametrize("name", SEEDS)
def test_only_bad_input_comes_out(name: str) -> None:
    data = SEEDS[name]()
    rounds = 8 if name == "mp4" else ROUNDS
    for number in range(rounds):
        broken = damaged(data, np.random.default_rng([number, sum(name.encode())]))
        for act in _tries(name):
            try:
                act(broken)
            except BadInput:
                continue
            except Exception as error:
                pytest.fail(f"{name} round {number}: {act.__name__}: {error!r}")


def test_describe_of_damaged_files_is_always_json_like() -> None:
    data = image.encode(picture(), ".png", record())
    for number in range(60):
        broken = damaged(data, np.random.default_rng([number, 99]))
        try:
            said = provenance.describe(provenance.read(broken))
        except BadInput:
            continue
        assert isinstance(said["notes"], list)
        assert isinstance(said["level"], str)
