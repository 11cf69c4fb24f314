"""Pictures: arrays, pixel art, scaling, rounding."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QRect, QRectF, QSize
from PySide6.QtGui import QColor, QImage, QPainter

from genstudio.ui.theme import color
from genstudio.ui.widgets import images
from tests.helpers.fake_studio import png


@pytest.mark.parametrize("channels", [1, 3, 4])
def test_from_array(qapp, channels):
    pixels = np.zeros((4, 6, channels), np.uint8)
    pixels[1, 2] = [200, 100, 50, 255][:channels]
    image = images.from_array(pixels)
    assert (image.width(), image.height()) == (6, 4)
    found = image.pixelColor(2, 1)
    assert found.red() == 200
    assert found.green() == (100 if channels > 1 else 200)


def test_from_array_of_two_axes_and_slices(qapp):
    pixels = np.arange(64, dtype=np.uint8).reshape(8, 8)
    assert images.from_array(pixels[::2, ::2]).pixelColor(1, 0).red() == 2


def test_from_array_owns_its_memory(qapp):
    pixels = np.full((2, 2, 3), 7, np.uint8)
    image = images.from_array(pixels)
    pixels[:] = 0
    assert image.pixelColor(0, 0).red() == 7


def test_strange_channels_are_refused(qapp):
    with pytest.raises(ValueError, match="2"):
        images.from_array(np.zeros((2, 2, 2), np.uint8))


def test_from_png(qapp):
    assert images.from_png(png(5)).width() == 5
    assert images.from_png(b"no picture").isNull()


def noise(side: int) -> QImage:
    rng = np.random.default_rng(1)
    return images.from_array(rng.integers(0, 255, (side, side, 3), np.uint8))


def greys(side: int, levels: int) -> QImage:
    rng = np.random.default_rng(2)
    return images.from_array(rng.integers(0, levels, (side, side, 1), np.uint8) * (250 // levels))


def test_pixel_art_is_small_with_few_colours(qapp, picture):
    assert images.is_pixel_art(picture(32))
    assert not images.is_pixel_art(noise(32))
    assert not images.is_pixel_art(picture(400))
    assert not images.is_pixel_art(QImage())


@pytest.mark.parametrize("grain", [0, 12])
def test_pixel_art_that_a_model_drew_unevenly_is_pixel_art(qapp, grain):
    random = np.random.default_rng(0)
    tiles = random.integers(0, 4, (8, 8)).repeat(4, axis=0).repeat(4, axis=1)
    palette = np.array([[200, 40, 40], [40, 90, 200], [230, 220, 200], [20, 20, 30]])
    drawn = palette[tiles] + random.integers(-grain, grain + 1, (32, 32, 3))
    assert images.is_pixel_art(images.from_array(drawn.clip(0, 255).astype(np.uint8)))


def test_a_small_photograph_is_scaled_smoothly(qapp):
    """Soft shades of many colours, with one hard edge as photographs have it."""
    y, x = np.mgrid[0:32, 0:32]
    shade = np.stack([120 + 3 * x, 90 + 4 * y, 60 + 2 * (x + y)], axis=2)
    shade[:, 20:] //= 3
    assert not images.is_pixel_art(images.from_array(shade.astype(np.uint8)))


def test_scaling_of_each_kind(qapp, picture):
    assert not images.smooth_for(picture(32), "auto")
    assert images.smooth_for(noise(32), "auto")
    assert images.smooth_for(greys(32, 40), "auto"), "a grey photograph has few greys"
    assert not images.smooth_for(greys(32, 4), "auto")
    assert images.smooth_for(picture(32), "smooth")
    assert not images.smooth_for(noise(32), "nearest")


def test_nearest_makes_no_new_colours(qapp, picture):
    large = images.enlarge(picture(8), QSize(40, 40), smooth=False)
    assert {large.pixelColor(x, 20).name() for x in range(40)} <= {"#336699", "#ffffff"}
    soft = images.enlarge(picture(8), QSize(40, 40), smooth=True)
    assert len({soft.pixelColor(x, 20).name() for x in range(40)}) > 2


def test_cover_and_contain(qapp):
    assert images.cover_rect(QSize(100, 50), QSize(10, 10)) == QRectF(25, 0, 50, 50)
    assert images.contain_rect(QSize(100, 50), QRectF(0, 0, 100, 100)) == QRectF(0, 25, 100, 50)
    assert images.contain_rect(QSize(), QRectF(0, 0, 9, 9)) == QRectF(0, 0, 9, 9)


@pytest.mark.parametrize("dpr", [1.0, 1.5, 2.0])
def test_rounded_is_sharp_and_round(qapp, picture, dpr):
    pixmap = images.rounded(picture(16), QSize(40, 40), 10, dpr, smooth=False)
    assert pixmap.width() == round(40 * dpr)
    image = pixmap.toImage()
    assert image.pixelColor(0, 0).alpha() == 0
    assert image.pixelColor(image.width() // 4, image.height() // 2).name() == "#336699"


def test_transparency_lies_over_the_checkerboard(qapp):
    clear = QImage(8, 8, QImage.Format.Format_ARGB32)
    clear.fill(0)
    image = images.rounded(clear, QSize(32, 32), 0, 1.0).toImage()
    found = {image.pixelColor(x, 16).name() for x in range(32)}
    assert found == {color("check_a").name(), color("check_b").name()}


def test_checkerboard_stays_inside(qapp):
    image = QImage(40, 40, QImage.Format.Format_RGB32)
    image.fill(QColor("#ff0000"))
    painter = QPainter(image)
    images.checkerboard(painter, QRect(5, 5, 20, 20))
    painter.end()
    assert image.pixelColor(4, 4).name() == "#ff0000"
    assert image.pixelColor(26, 10).name() == "#ff0000"
    assert image.pixelColor(5, 5).name() != "#ff0000"
