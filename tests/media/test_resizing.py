"""Fitting, scaling, channels, sheets."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from genstudio.core.errors import BadInput
from genstudio.media import colour, image
from tests.helpers.making import picture, smooth


@pytest.mark.parametrize("policy", ["cover", "contain", "stretch"])
@pytest.mark.parametrize("channels", [1, 3, 4])
@pytest.mark.parametrize("source", [(50, 20, 3), (20, 50, 1), (13, 13, 4), (1, 400, 3)])
def test_fit_gives_what_was_asked(policy: str, channels: int, source: tuple[int, ...]) -> None:
    found = image.fit(picture(*source), 28, channels, policy)
    assert found.shape == (28, 28, channels)
    assert found.dtype == np.uint8


def test_fitting_a_fitting_picture_changes_nothing() -> None:
    pixels = picture(28, 28, 1)
    for policy in ("cover", "contain", "stretch"):
        np.testing.assert_array_equal(image.fit(pixels, 28, 1, policy), pixels)


def test_cover_cuts_the_longer_side_in_the_middle() -> None:
    pixels = np.zeros((10, 30, 1), np.uint8)
    pixels[:, 10:20] = 200
    assert (image.fit(pixels, 10, 1, "cover") == 200).all()
    assert (image.fit(pixels.transpose(1, 0, 2), 10, 1, "cover") == 200).all()


def test_contain_pads_with_the_colour_of_the_border() -> None:
    pixels = np.full((10, 20, 3), (10, 20, 30), np.uint8)
    pixels[4:6, 8:12] = 255
    found = image.fit(pixels, 20, 3, "contain")
    assert found[0, 0].tolist() == [10, 20, 30]
    assert found[19, 19].tolist() == [10, 20, 30]
    np.testing.assert_array_equal(found[5:15], pixels)


def test_stretch_keeps_everything() -> None:
    pixels = np.zeros((10, 40, 1), np.uint8)
    pixels[:, 20:] = 255
    found = image.fit(pixels, 10, 1, "stretch")
    assert found[:, :4].max() < 30
    assert found[:, 6:].min() > 225


def test_unknown_policy() -> None:
    with pytest.raises(BadInput, match="cover, contain or stretch"):
        image.fit(picture(10, 20), 8, 3, "crop")  # type: ignore[arg-type]


def test_shrinking_averages_and_does_not_alias() -> None:
    board = (np.indices((512, 512)).sum(axis=0) % 2 * 255).astype(np.uint8)[:, :, None]
    found = image.fit(board, 32, 1)
    assert np.abs(found.astype(int) - 127).max() <= 4


def test_nearest_makes_no_new_values() -> None:
    pixels = (picture(16, 16, 1) // 128 * 255).astype(np.uint8)
    assert set(np.unique(image.fit(pixels, 37, 1, method="nearest"))) <= {0, 255}
    np.testing.assert_array_equal(
        image.resize(pixels, 32, 32, "nearest"), pixels.repeat(2, 0).repeat(2, 1)
    )


def test_transparent_colours_do_not_bleed() -> None:
    pixels = np.zeros((40, 40, 4), np.uint8)
    pixels[:, :20] = (255, 0, 0, 255)
    pixels[:, 20:] = (0, 255, 0, 0)
    found = image.resize(pixels, 10, 10)
    solid = found[found[:, :, 3] > 20]
    assert solid[:, 0].min() > 200
    assert solid[:, 1].max() < 40


@pytest.mark.parametrize("size", [(0, 5), (-3, 5), (100_000, 100_000)])
def test_absurd_sizes(size: tuple[int, int]) -> None:
    with pytest.raises(BadInput, match="cannot be made"):
        image.resize(picture(), *size)


def test_upscale_by_whole_factors() -> None:
    found = image.upscale(picture(28, 30, 1), 256)
    assert found.shape == (280, 300, 1)
    np.testing.assert_array_equal(found[::10, ::10], picture(28, 30, 1))
    assert image.upscale(picture(300, 400), 256).shape == (300, 400, 3)


@pytest.mark.parametrize(("have", "want"), [(a, b) for a in (1, 3, 4) for b in (1, 3, 4)])
def test_channels_there_and_back(have: int, want: int) -> None:
    found = colour.convert(picture(5, 6, have), want)
    assert found.shape == (5, 6, want)
    if have <= want and have != 4:
        np.testing.assert_array_equal(colour.convert(found, have), picture(5, 6, have))


def test_grey_uses_luma() -> None:
    pure = np.zeros((1, 3, 3), np.uint8)
    pure[0, 0, 0] = pure[0, 1, 1] = pure[0, 2, 2] = 255
    assert image.to_grey(pure)[0, :, 0].tolist() == [76, 150, 29]
    same = picture(4, 4, 1)
    np.testing.assert_array_equal(image.to_grey(colour.convert(same, 3)), same)


def test_alpha_is_laid_over_the_background() -> None:
    pixels = np.array([[[10, 20, 30, 0], [10, 20, 30, 255], [0, 0, 0, 128]]], np.uint8)
    found = image.flatten(pixels, 255)
    assert found[0, 0].tolist() == [255, 255, 255]
    assert found[0, 1].tolist() == [10, 20, 30]
    assert found[0, 2].tolist() == [127, 127, 127]
    assert colour.convert(pixels, 3, background=0)[0, 0].tolist() == [0, 0, 0]


def test_is_grey() -> None:
    grey = colour.convert(picture(5, 5, 1), 3)
    assert image.is_grey(grey)
    assert image.is_grey(colour.convert(grey, 4))
    assert not image.is_grey(picture(5, 5, 3))
    half = colour.convert(grey, 4).copy()
    half[0, 0, 3] = 0
    assert not image.is_grey(half)


@pytest.mark.parametrize(
    "wrong",
    [
        np.zeros((3, 3, 2), np.uint8),
        np.zeros((3, 3, 3), np.float32),
        np.zeros((0, 3, 3), np.uint8),
        np.zeros((1, 3, 3, 3), np.uint8),
    ],
)
def test_wrong_pixels_are_named(wrong: np.ndarray) -> None:
    with pytest.raises(BadInput, match="pixels must be uint8"):
        image.png(wrong)


def test_two_dimensions_count_as_grey() -> None:
    assert image.check_pixels(np.zeros((3, 4), np.uint8)).shape == (3, 4, 1)
    with pytest.raises(BadInput, match="1, 3 or 4 channels"):
        colour.convert(picture(), 2)


def test_grid_places_row_by_row() -> None:
    pictures = [np.full((2, 3, 1), number, np.uint8) for number in range(5)]
    sheet = image.grid(pictures, columns=3, gap=1)
    assert sheet.shape == (5, 11, 1)
    assert [int(sheet[0, x, 0]) for x in (0, 4, 8)] == [0, 1, 2]
    assert [int(sheet[3, x, 0]) for x in (0, 4, 8)] == [3, 4, 255]
    assert image.grid(pictures).shape == (4, 9, 1)
    assert image.grid(pictures, columns=99).shape == (2, 15, 1)


def test_grid_mixes_channels_and_refuses_mixed_sizes() -> None:
    assert image.grid([picture(4, 4, 1), picture(4, 4, 4)]).shape == (4, 8, 4)
    with pytest.raises(BadInput, match="same size"):
        image.grid([picture(4, 4), picture(5, 4)])
    with pytest.raises(BadInput, match="at least one"):
        image.grid([])


def test_grid_takes_an_array() -> None:
    assert image.grid(np.zeros((4, 8, 8, 1), np.uint8), 2).shape == (16, 16, 1)


def test_thumbnails_shrink_and_never_grow(tmp_path: Path) -> None:
    path = tmp_path / "groß.png"
    path.write_bytes(image.png(smooth(200, 400)))
    small = image.read(image.thumbnail(path, 100))
    assert small.shape == (50, 100, 3)
    assert image.read(image.thumbnail(picture(28, 28, 1), 256)).shape == (28, 28, 1)
    assert image.read(image.thumbnail(image.png(smooth(1, 1000)), 10)).shape == (1, 10, 3)
