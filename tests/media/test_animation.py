"""Animations: exact where the format can, labelled where it has room, refused where broken."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from genstudio.core.errors import BadInput, UsageError
from genstudio.media import animation, colour, gif, image, mp4, provenance
from tests.helpers.making import picture
from tests.helpers.making import provenance as record

LOSSLESS = [".webp", ".png", ".apng"]
ALL = [*LOSSLESS, ".gif", ".mp4"]


def film(count: int = 5, height: int = 20, width: int = 24, channels: int = 3) -> np.ndarray:
    """Frames of noise, all different."""
    return np.stack([picture(height, width, channels, seed) for seed in range(count)])


def ramp(count: int = 6, side: int = 28) -> np.ndarray:
    """A moving grey gradient (n, side, side, 1)."""
    y, x = np.mgrid[:side, :side]
    return np.stack([(x * 5 + y * 3 + n * 9) % 256 for n in range(count)]).astype(np.uint8)[
        ..., None
    ]


@pytest.mark.parametrize("channels", [1, 3, 4])
@pytest.mark.parametrize("ext", LOSSLESS)
def test_every_bit_comes_back(ext: str, channels: int) -> None:
    frames = film(channels=channels)
    if channels == 4:
        # Colours that nobody can see may go: WebP lays each frame over the last one.
        frames[frames[..., 3] == 0] = 0
    found, fps = animation.read(animation.encode(frames, ext, 12.5, record()))
    assert fps == pytest.approx(12.5)
    wanted = [colour.convert(frame, found.shape[3]) for frame in frames]
    np.testing.assert_array_equal(found, wanted)


@pytest.mark.parametrize("fps", [1, 10, 24, 30, 50])
@pytest.mark.parametrize("ext", [".webp", ".png", ".gif"])
def test_speed_does_not_drift(ext: str, fps: float) -> None:
    found, speed = animation.read(animation.encode(film(30, 8, 8), ext, fps))
    assert len(found) == 30
    assert speed == pytest.approx(fps, rel=0.03)


def test_durations_add_up() -> None:
    assert sum(animation.durations(48, 24)) == 2000
    assert sum(animation.durations(30, 60)) == 500
    assert set(animation.durations(48, 24, 10)) == {40, 50}
    assert sum(animation.durations(48, 24, 10)) == 2000


def test_gif_keeps_grey_exactly() -> None:
    found, _ = animation.read(animation.encode(ramp(), ".gif", 10))
    np.testing.assert_array_equal(found, ramp())


def test_gif_keeps_few_colours_exactly() -> None:
    frames = film(4) // 64 * 64
    assert len(np.unique(frames.reshape(-1, 3), axis=0)) <= 256
    found, _ = animation.read(animation.encode(frames, ".gif", 10))
    np.testing.assert_array_equal([colour.convert(f, 3) for f in found], frames)


def test_gif_of_many_colours_stays_close_and_brings_one_palette() -> None:
    y, x = np.mgrid[:48, :48]
    frames = np.stack([np.stack([x * 5, y * 5, (x + y) * 2 + n], axis=2) for n in range(4)]).astype(
        np.uint8
    )
    data = animation.encode(frames, ".gif", 10)
    found, _ = animation.read(data)
    blurred = np.abs(found.astype(float).mean(axis=(1, 2)) - frames.astype(float).mean(axis=(1, 2)))
    assert blurred.max() < 3
    assert np.abs(found.astype(int) - frames).mean() < 12
    with Image.open(io.BytesIO(data)) as opened:
        first = opened.getpalette()
        for place in range(opened.n_frames):
            opened.seek(place)
            assert opened.tile[0][3][0] == 8 if opened.tile else True
        assert first is not None
    assert _local_palettes(data) == 0


def test_gif_lays_transparency_over_white() -> None:
    found, _ = animation.read(animation.encode(np.zeros((2, 8, 8, 4), np.uint8), ".gif", 5))
    assert found.min() == 255


def _local_palettes(data: bytes) -> int:
    place, count = 13 + (3 << ((data[10] & 7) + 1)), 0
    while data[place] != 0x3B:
        if data[place] == 0x2C:
            flags = data[place + 9]
            count += flags >> 7
            place += 11 + (3 << ((flags & 7) + 1) if flags & 0x80 else 0)
        else:
            place += 2
        while data[place]:
            place += data[place] + 1
        place += 1
    return count


@pytest.mark.parametrize("ext", ALL)
def test_full_provenance_round_trip(ext: str) -> None:
    found = provenance.read(animation.encode(ramp(2), ext, 10, record()))
    assert found.provenance == record()
    assert found.level == "full"
    assert found.source_type == "trained"
    assert found.parameters is not None
    assert found.parameters["Seed"] == "1234567"
    assert found.notes == ()


@pytest.mark.parametrize("ext", ALL)
def test_label_and_bare(ext: str) -> None:
    label = animation.encode(ramp(2), ext, 10, record(source_type="composite"), "label")
    found = provenance.read(label)
    assert (found.level, found.source_type, found.texts) == ("label", "composite", {})
    assert b"fashion-gan" not in label
    bare = animation.encode(ramp(2), ext, 10, record(), "bare")
    assert provenance.read(bare).level == "bare"
    assert len(bare) < len(label)


@pytest.mark.parametrize("ext", ALL)
def test_metadata_leaves_the_frames_alone(ext: str) -> None:
    with_texts, _ = animation.read(animation.encode(ramp(3), ext, 10, record()))
    without, _ = animation.read(animation.encode(ramp(3), ext, 10, None))
    np.testing.assert_array_equal(with_texts, without)


def test_mp4_scales_small_frames_up_to_even_sides() -> None:
    found, fps = animation.read(animation.encode(ramp(6, 28), ".mp4", 24))
    assert found.shape == (6, 280, 280, 3)
    assert fps == pytest.approx(24)
    wanted = ramp(6, 28).repeat(10, axis=1).repeat(10, axis=2)
    assert np.abs(found.astype(int) - wanted).mean() < 4
    odd, _ = animation.read(animation.encode(film(2, 257, 301), ".mp4", 24))
    assert odd.shape == (2, 258, 302, 3)


def test_mp4_is_vp9_and_whole() -> None:
    data = animation.encode(ramp(2), ".mp4", 24, record())
    assert data[4:8] == b"ftyp"
    assert b"vp09" in data
    assert mp4.is_mp4(data)
    assert not mp4.is_mp4(b"RIFF0000WEBP")


def test_least_side_scales_pixel_by_pixel() -> None:
    found, _ = animation.read(animation.encode(ramp(2), ".gif", 10, least_side=100))
    assert found.shape == (2, 112, 112, 1)
    np.testing.assert_array_equal(found[:, ::4, ::4], ramp(2))


def test_equal_frames_joined_by_a_writer_come_apart_again() -> None:
    frames = np.concatenate([ramp(1), ramp(1), ramp(1), 255 - ramp(1)])
    for ext in (".webp", ".gif", ".png"):
        found, fps = animation.read(animation.encode(frames, ext, 10))
        assert fps == pytest.approx(10)
        np.testing.assert_array_equal([colour.convert(f, 1) for f in found], frames)


@pytest.mark.parametrize("ext", ALL)
def test_a_single_frame(ext: str) -> None:
    found, _ = animation.read(animation.encode(ramp(1), ext, 10, record()))
    assert len(found) == 1


def test_still_pictures_are_animations_of_one_frame() -> None:
    found, fps = animation.read(image.png(picture()))
    np.testing.assert_array_equal(found, [picture()])
    assert fps > 0


def test_asking_for_nonsense() -> None:
    with pytest.raises(UsageError, match=r"\.webp, \.gif"):
        animation.encode(ramp(1), ".avi", 10)
    for fps in (0, -1, 1000, float("nan")):
        with pytest.raises(UsageError, match="frames a second"):
            animation.encode(ramp(1), ".webp", fps)
    with pytest.raises(BadInput, match="1 to 10,000 frames"):
        animation.encode([], ".webp", 10)
    with pytest.raises(BadInput, match="same size"):
        animation.encode([picture(4, 4), picture(5, 4)], ".webp", 10)


def test_mixed_channels_take_the_larger() -> None:
    found, _ = animation.read(animation.encode([picture(8, 8, 1), picture(8, 8, 3)], ".webp", 10))
    assert found.shape == (2, 8, 8, 3)


@pytest.mark.parametrize("ext", ALL)
def test_truncated_files_are_refused_or_shorter(ext: str) -> None:
    data = animation.encode(ramp(3), ext, 10)
    for cut in np.linspace(1, len(data) - 1, 12).astype(int):
        try:
            found, _ = animation.read(data[:cut])
        except BadInput:
            continue
        assert 1 <= len(found) <= 3


def test_too_many_pixels_in_all_frames(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(animation, "MAX_TOTAL_PIXELS", 28 * 28 * 2)
    with pytest.raises(BadInput, match="more"):
        animation.read(animation.encode(ramp(4), ".webp", 10))
    with pytest.raises(BadInput, match="more frames"):
        animation.read(animation.encode(ramp(4), ".mp4", 10))


def test_files_with_any_name(tmp_path: Path) -> None:
    for ext in ALL:
        path = tmp_path / f"Prüfung 測試{ext}"
        path.write_bytes(animation.encode(ramp(2), ext, 10, record()))
        assert len(animation.read(path)[0]) == 2
        assert provenance.read(path).provenance == record()
        path.write_bytes(b"")
        with pytest.raises(BadInput, match="empty"):
            animation.read(path)


def test_xmp_trailer_lands_every_reader_on_its_end() -> None:
    trailer = gif._XMP_TRAILER
    assert len(trailer) == 258
    for start in range(257):
        place = start
        while trailer[place]:
            place += trailer[place] + 1
        assert place in (256, 257)
