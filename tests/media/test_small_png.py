"""Small PNG files written by hand are read by Pillow as what they are."""

import io
import zlib

import numpy as np
import pytest
from PIL import Image, PngImagePlugin

from genstudio.media import small_png


def picture(height: int, width: int, channels: int) -> np.ndarray:
    rng = np.random.default_rng(height * width + channels)
    return rng.integers(0, 256, (height, width, channels), dtype=np.uint8)


def opened(data: bytes) -> Image.Image:
    found = Image.open(io.BytesIO(data), formats=["PNG"])
    found.load()
    return found


@pytest.mark.parametrize(("channels", "mode"), [(1, "L"), (3, "RGB"), (4, "RGBA")])
@pytest.mark.parametrize(("height", "width"), [(28, 28), (1, 1), (1, 300), (97, 3), (128, 128)])
def test_pixels_come_back_bit_for_bit(height: int, width: int, channels: int, mode: str) -> None:
    pixels = picture(height, width, channels)
    found = opened(small_png.encode(pixels))
    assert (found.size, found.mode) == ((width, height), mode)
    np.testing.assert_array_equal(np.asarray(found).reshape(pixels.shape), pixels)


def test_pieces_of_larger_arrays_are_fine() -> None:
    pixels = picture(40, 40, 3)[5:25:2, ::3]
    np.testing.assert_array_equal(np.asarray(opened(small_png.encode(pixels))), pixels)


def test_texts_are_read_back() -> None:
    info = PngImagePlugin.PngInfo()
    info.add_text("parameters", "Steps: 3")
    info.add_itxt("genstudio", '{"ü": "服"}')
    chunks = [(kind, data) for kind, data, *_ in info.chunks]
    found = opened(small_png.encode(picture(8, 8, 1), chunks))
    assert found.text == {"parameters": "Steps: 3", "genstudio": '{"ü": "服"}'}


def test_every_chunk_has_its_checksum() -> None:
    data = small_png.encode(picture(8, 8, 3), [(b"tEXt", b"a\0b")])
    place, kinds = 8, []
    while place < len(data):
        length = int.from_bytes(data[place : place + 4], "big")
        body = data[place + 4 : place + 8 + length]
        assert int.from_bytes(data[place + 8 + length : place + 12 + length], "big") == zlib.crc32(
            body
        )
        kinds.append(body[:4])
        place += 12 + length
    assert kinds == [b"IHDR", b"tEXt", b"IDAT", b"IEND"]


def test_what_counts_as_small() -> None:
    assert small_png.fits(picture(128, 128, 4))
    assert not small_png.fits(np.zeros((256, 256, 3), np.uint8))
    assert not small_png.fits(np.zeros((0, 4, 3), np.uint8))
