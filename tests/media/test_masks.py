"""What is a mask and what is a picture."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from genstudio.media import masks


def half(channels: int = 1) -> np.ndarray:
    """Black at the left, white at the right."""
    pixels = np.zeros((20, 20, channels), np.uint8)
    pixels[:, 10:] = 255
    return pixels


@pytest.mark.parametrize("channels", [1, 3, 4])
def test_black_and_white_is_a_mask(channels: int) -> None:
    assert masks.is_mask(half(channels))


def test_soft_edges_are_borne_and_grey_pictures_are_not() -> None:
    soft = half()
    soft[:, 10] = 128
    assert masks.is_mask(soft)
    soft[:, 5:10] = 128
    assert not masks.is_mask(soft)


@pytest.mark.parametrize("level", [0, 255])
def test_one_colour_marks_nothing(level: int) -> None:
    assert not masks.is_mask(np.full((9, 9, 3), level, np.uint8))


def test_colours_are_no_mask() -> None:
    red = half(3)
    red[0, 0] = (255, 0, 0)
    assert not masks.is_mask(red)


def test_what_is_transparent_counts_as_black() -> None:
    white = np.full((8, 8, 4), 255, np.uint8)
    assert not masks.is_mask(white)
    white[:4, :, 3] = 0
    assert masks.is_mask(white)


def test_a_file_is_read_and_a_broken_or_huge_one_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.png"
    Image.fromarray(half()[..., 0]).save(path)
    assert masks.of_file(path)
    monkeypatch.setattr(masks, "MAX_PIXELS", 399)
    assert not masks.of_file(path)
    path.write_bytes(b"no picture")
    assert not masks.of_file(path)


def test_a_coloured_picture_with_holes_means_its_holes() -> None:
    pixels = np.full((20, 20, 4), (230, 200, 180, 255), np.uint8)
    pixels[5:15, 5:15, 3] = 0
    found = masks.meant(pixels)
    assert (found[5:15, 5:15] == 255).all()
    assert found.sum() == 255 * 100


def test_any_other_picture_means_its_brightness() -> None:
    assert (masks.meant(half()) == half()[..., 0]).all()
    assert (masks.meant(half()[..., 0]) == half()[..., 0]).all()
    white = np.full((4, 4, 4), 255, np.uint8)
    white[:2, :, 3] = 0  # grey and clear: black ground
    assert masks.meant(white)[:2].max() == 0
    assert masks.meant(white)[2:].min() == 255
    opaque = np.full((4, 4, 4), (0, 255, 0, 255), np.uint8)
    assert masks.meant(opaque) == pytest.approx(127.5)
