"""Reading pictures: every mode to the right values, every damage to a sentence."""

from __future__ import annotations

import io
import os
import struct
import sys
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, PngImagePlugin

from genstudio.core.errors import BadInput
from genstudio.media import image
from tests.helpers.making import (
    picture,
    png_chunk,
    png_header,
    png_with,
    saved,
    sixteen_bit_rgb,
    smooth,
)


@pytest.mark.parametrize("channels", [1, 3, 4])
@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_lossless_formats_come_back_bit_for_bit(kind: str, channels: int) -> None:
    pixels = picture(9, 7, channels)
    source = Image.fromarray(pixels[:, :, 0] if channels == 1 else pixels)
    found = image.read(saved(source, kind))
    assert found.dtype == np.uint8
    assert found.flags["C_CONTIGUOUS"]
    np.testing.assert_array_equal(found, pixels)


@pytest.mark.parametrize("kind", ["JPEG", "WEBP", "AVIF", "BMP", "GIF", "PPM"])
def test_other_formats_come_back_nearly(kind: str) -> None:
    pixels = smooth(40, 32)
    found = image.read(saved(Image.fromarray(pixels), kind))
    assert found.shape == pixels.shape
    assert np.abs(found.astype(int) - pixels).mean() < 6


def test_sixteen_bit_grey_is_scaled_and_not_clipped() -> None:
    wide = np.array([[0, 128, 257, 32768], [40000, 50000, 65000, 65535]], np.uint16)
    found = image.read(saved(Image.fromarray(wide)))
    assert found.shape == (2, 4, 1)
    np.testing.assert_array_equal(found[:, :, 0], np.rint(wide / 257).astype(np.uint8))


def test_sixteen_bit_grey_tiff_both_byte_orders() -> None:
    wide = np.linspace(0, 65535, 64).astype(np.uint16).reshape(8, 8)
    little = image.read(saved(Image.fromarray(wide), "TIFF"))
    big = image.read(saved(Image.fromarray(wide.astype(">u2")), "TIFF"))
    np.testing.assert_array_equal(little, big)
    assert abs(float(little.mean()) - 127.5) < 1


def test_sixteen_bit_rgb_keeps_its_brightness() -> None:
    wide = np.random.default_rng(1).integers(0, 65536, (6, 5, 3), np.uint16)
    found = image.read(sixteen_bit_rgb(wide))
    assert found.shape == (6, 5, 3)
    assert np.abs(found.astype(int) - np.rint(wide / 257).astype(int)).max() <= 1


def test_sixteen_bit_grey_with_a_transparent_level_becomes_rgba() -> None:
    rows = b"".join(b"\x00" + np.array([0, 65535], ">u2").tobytes() for _ in range(2))
    data = (
        png_header(2, 2, 16, 0)
        + png_chunk(b"tRNS", struct.pack(">H", 65535))
        + png_chunk(b"IDAT", zlib.compress(rows))
        + png_chunk(b"IEND", b"")
    )
    found = image.read(data)
    assert found.shape == (2, 2, 4)
    assert found[0, :, 3].tolist() == [255, 0]


@pytest.mark.parametrize(
    ("values", "wanted"),
    [
        (np.array([[0.0, 0.5, 1.0]], np.float32), [0, 128, 255]),
        (np.array([[0.0, 100.0, 255.0]], np.float32), [0, 100, 255]),
        (np.array([[-10.0, 0.0, 10.0]], np.float32), [0, 128, 255]),
        (np.array([[0, 32768, 65535]], np.int32), [0, 128, 255]),
        (np.array([[0.0, np.nan, 1.0]], np.float32), [0, 0, 255]),
        (np.array([[7.0, 7.0, 7.0]], np.float32), [7, 7, 7]),
    ],
)
def test_32_bit_values(values: np.ndarray, wanted: list[int]) -> None:
    found = image.read(saved(Image.fromarray(values), "TIFF"))
    assert np.abs(found[0, :, 0].astype(int) - wanted).max() <= 1


def test_32_bit_without_a_number_is_refused() -> None:
    with pytest.raises(BadInput, match="no finite values"):
        image.read(saved(Image.fromarray(np.full((3, 3), np.nan, np.float32)), "TIFF"))


def test_cmyk_jpeg_becomes_the_same_colours_in_rgb() -> None:
    pixels = smooth(32, 32)
    found = image.read(saved(Image.fromarray(pixels).convert("CMYK"), "JPEG", quality=98))
    assert found.shape == (32, 32, 3)
    assert np.abs(found.astype(int) - pixels).mean() < 6


def test_palette_with_and_without_transparency() -> None:
    flat = Image.fromarray(picture(8, 8) // 64 * 64).quantize(16)
    wanted = np.asarray(flat.convert("RGB"))
    np.testing.assert_array_equal(image.read(saved(flat)), wanted)
    clear = image.read(saved(flat, transparency=0))
    assert clear.shape == (8, 8, 4)
    np.testing.assert_array_equal(clear[:, :, 3], np.where(np.asarray(flat) == 0, 0, 255))


def test_one_bit_is_black_and_white() -> None:
    bits = np.array([[True, False], [False, True]])
    assert image.read(saved(Image.fromarray(bits)))[:, :, 0].tolist() == [[255, 0], [0, 255]]


def test_grey_with_alpha_keeps_alpha_as_the_fourth_channel() -> None:
    grey = Image.merge("LA", [Image.new("L", (3, 2), 90), Image.new("L", (3, 2), 40)])
    found = image.read(saved(grey))
    assert found.shape == (2, 3, 4)
    assert found[0, 0].tolist() == [90, 90, 90, 40]


def test_rgb_with_a_transparent_colour_becomes_rgba() -> None:
    pixels = np.zeros((2, 2, 3), np.uint8)
    pixels[0, 0] = (9, 8, 7)
    found = image.read(saved(Image.fromarray(pixels), transparency=(9, 8, 7)))
    assert found[:, :, 3].tolist() == [[0, 255], [255, 255]]


@pytest.mark.parametrize("mode", ["LAB", "YCbCr", "HSV"])
def test_other_colour_spaces(mode: str) -> None:
    source = Image.fromarray(smooth()).convert("RGB")
    if mode == "LAB":
        lab = Image.merge("LAB", source.split())
        assert image.read(saved(lab, "TIFF")).shape == (24, 20, 3)
        return
    found = image.read(saved(source.convert(mode).convert("RGB")))
    assert np.abs(found.astype(int) - smooth()).mean() < 4


_TURNED = {
    1: lambda p: p,
    2: lambda p: p[:, ::-1],
    3: lambda p: p[::-1, ::-1],
    4: lambda p: p[::-1],
    5: lambda p: p.transpose(1, 0, 2),
    6: lambda p: np.rot90(p, -1),
    7: lambda p: p[::-1, ::-1].transpose(1, 0, 2),
    8: lambda p: np.rot90(p, 1),
}


@pytest.mark.parametrize("kind", ["PNG", "TIFF", "WEBP"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_orientation_is_applied(orientation: int, kind: str) -> None:
    pixels = picture(6, 9)
    exif = Image.Exif()
    exif[0x0112] = orientation
    options = {"lossless": True, "exact": True} if kind == "WEBP" else {}
    data = saved(Image.fromarray(pixels), kind, exif=exif, **options)
    np.testing.assert_array_equal(image.read(data), _TURNED[orientation](pixels))


@pytest.mark.parametrize("orientation", [6, 8])
def test_exif_orientation_of_jpeg(orientation: int) -> None:
    pixels = smooth(30, 50)
    exif = Image.Exif()
    exif[0x0112] = orientation
    found = image.read(saved(Image.fromarray(pixels), "JPEG", exif=exif, quality=98))
    wanted = _TURNED[orientation](pixels)
    assert found.shape == wanted.shape
    assert np.abs(found.astype(int) - wanted).mean() < 3


@pytest.mark.parametrize(
    "blob", [b"Exif\x00\x00garbage", b"", b"II*\x00\xff\xff\xff\xff", b"MM" * 9]
)
def test_broken_exif_leaves_the_pixels_alone(blob: bytes) -> None:
    pixels = picture()
    np.testing.assert_array_equal(image.read(png_with(png_chunk(b"eXIf", blob), pixels=pixels)),
                                  pixels)  # fmt: skip


def test_first_frame_of_an_animation() -> None:
    frames = [Image.fromarray(picture(seed=seed)) for seed in range(3)]
    data = saved(frames[0], "WEBP", save_all=True, append_images=frames[1:], lossless=True)
    np.testing.assert_array_equal(image.read(data), picture(seed=0))


@pytest.mark.parametrize(("width", "height"), [(60000, 60000), (2**31 - 1, 1), (16000, 4001)])
def test_huge_headers_are_refused_before_decoding(width: int, height: int, tmp_path: Path) -> None:
    path = tmp_path / "huge.png"
    path.write_bytes(png_header(width, height) + png_chunk(b"IDAT", zlib.compress(b"")))
    with pytest.raises(BadInput, match="megapixels") as caught:
        image.read(path)
    assert "huge.png" in str(caught.value)
    assert caught.value.problem.next_step


def test_limit_is_ours_and_can_be_lowered() -> None:
    data = saved(Image.new("1", (1000, 100)))
    assert image.read(data).shape == (100, 1000, 1)
    with pytest.raises(BadInput, match="1000×100 pixels"):
        image.read(data, max_pixels=99_999)


def test_thirteen_kilobytes_of_a_hundred_megapixels() -> None:
    rows = zlib.compress(b"\x00" * (1 + 12000 // 8) * 9000, 9)
    data = png_header(12000, 9000, 1, 0) + png_chunk(b"IDAT", rows) + png_chunk(b"IEND", b"")
    assert len(data) < 20_000
    # Warnings are errors in all tests: Pillow would only warn of this size.
    with pytest.raises(BadInput, match="megapixels"):
        image.read(data)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b"\x00", "not a picture"),
        (b"hello, I am a text", "not a picture"),
        (b"PK\x03\x04" + bytes(100), "not a picture"),
        (b"\x89PNG\r\n\x1a\n", "not a picture"),
        (b"GIF89a", "not a picture|damaged"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n", "not a picture"),
        (b"\xff\xd8\xff\xe0", "damaged|not a picture"),
    ],
)
def test_foreign_and_empty_files(content: bytes, reason: str, tmp_path: Path) -> None:
    path = tmp_path / "picture.png"
    path.write_bytes(content)
    with pytest.raises(BadInput, match=reason) as caught:
        image.read(path)
    assert caught.value.problem.file == str(path)
    assert "picture.png" in caught.value.problem.what


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF", "AVIF"])
def test_truncation_is_refused_or_harmless(kind: str) -> None:
    data = saved(Image.fromarray(smooth(48, 40)), kind)
    whole = image.read(data)
    for cut in np.linspace(1, len(data) - 1, 25).astype(int):
        try:
            found = image.read(data[:cut])
        except BadInput:
            continue
        # Only bytes behind the pixels may be missing.
        np.testing.assert_array_equal(found, whole)


def test_flipped_bits_in_png_pixels_are_noticed() -> None:
    data = bytearray(saved(Image.fromarray(picture(30, 30))))
    place = data.index(b"IDAT") + 200
    data[place] ^= 0x10
    with pytest.raises(BadInput, match="damaged"):
        image.read(bytes(data))


@pytest.mark.parametrize("kind", [b"zTXt", b"iTXt"])
def test_text_bombs_do_not_become_memory(kind: bytes) -> None:
    packed = zlib.compress(b"a" * 20_000_000, 9)
    head = b"Comment\x00\x00" if kind == b"zTXt" else b"Comment\x00\x01\x00\x00\x00"
    with pytest.raises(BadInput, match="damaged"):
        image.read(png_with(png_chunk(kind, head + packed)))


def test_wrong_checksum_of_the_header() -> None:
    data = bytearray(saved(Image.fromarray(picture())))
    data[29] ^= 1
    with pytest.raises(BadInput):
        image.read(bytes(data))


def test_trailing_rubbish_is_ignored() -> None:
    pixels = picture()
    data = saved(Image.fromarray(pixels)) + b"rubbish" * 100
    np.testing.assert_array_equal(image.read(data), pixels)


@pytest.mark.parametrize("name", ["mit leer.png", "Prüfung 測試 мод 🎹.png", "x" * 251 + ".png"])
def test_any_file_name(name: str, tmp_path: Path) -> None:
    folder = tmp_path / "名前 ünï"
    folder.mkdir()
    path = folder / name
    path.write_bytes(saved(Image.fromarray(picture())))
    np.testing.assert_array_equal(image.read(path), picture())
    np.testing.assert_array_equal(image.read(str(path)), picture())
    path.write_bytes(b"no")
    with pytest.raises(BadInput, match=name[:5]):
        image.read(path)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has names that are no text")
def test_names_that_are_no_utf8(tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/b\xe4d.png"))
    path.write_bytes(saved(Image.fromarray(picture())))
    np.testing.assert_array_equal(image.read(path), picture())
    path.write_bytes(b"")
    with pytest.raises(BadInput) as caught:
        image.read(path)
    caught.value.problem.what.encode()


def test_missing_folder_and_device(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="is not there"):
        image.read(tmp_path / "none.png")
    with pytest.raises(BadInput, match="folder or a device"):
        image.read(tmp_path)
    with pytest.raises(BadInput, match="cannot be opened"):
        image.read("a\x00b.png")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_does_not_block(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.png")
    with pytest.raises(BadInput, match="device"):
        image.read(tmp_path / "pipe.png")


def test_size_of_reads_the_header_only() -> None:
    data = saved(Image.fromarray(picture(11, 13)))
    assert image.size_of(data) == (13, 11)
    assert image.size_of(data[:-20]) == (13, 11)


def test_mpo_from_phones_counts_as_jpeg() -> None:
    frames = [Image.fromarray(smooth()), Image.fromarray(smooth())]
    buffer = io.BytesIO()
    frames[0].save(buffer, "MPO", save_all=True, append_images=frames[1:])
    assert image.read(buffer.getvalue()).shape == (24, 20, 3)


def test_large_texts_within_bounds_are_fine() -> None:
    info = PngImagePlugin.PngInfo()
    info.add_itxt("note", "ü" * 100_000)
    assert image.read(saved(Image.fromarray(picture()), pnginfo=info)).shape == (24, 20, 3)
