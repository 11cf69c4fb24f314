"""The soft edge on the canvas is the one that fillings get."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QImage

from genstudio.ui.widgets.soft_edge import model_size, soft_edge

SIDE = 32


def as_image(mask: np.ndarray) -> QImage:
    """A Grayscale8 image with its own memory from bool (h, w)."""
    data = (mask * 255).astype(np.uint8).tobytes()
    height, width = mask.shape
    return QImage(data, width, height, width, QImage.Format.Format_Grayscale8).copy()


def as_array(image: QImage) -> np.ndarray:
    lines = np.frombuffer(bytes(image.constBits()), np.uint8)
    return lines.reshape(image.height(), image.bytesPerLine())[:, : image.width()] / 255


@pytest.fixture
def hole() -> np.ndarray:
    made = np.zeros((SIDE, SIDE), bool)
    made[8:24, 6:30] = True
    made[12:14, :20] = True
    return made


def wanted(hole: np.ndarray, pixels: int) -> np.ndarray:
    """The mean of the hole and of what is left of it after 1 … `pixels` narrowings."""
    total, left = hole.astype(float), hole
    for _ in range(pixels):
        wide = np.pad(left, 1, constant_values=True)
        parts = [wide[y : y + SIDE, x : x + SIDE] for y in range(3) for x in range(3)]
        left = np.logical_and.reduce(parts)
        total += left
    return total / (pixels + 1)


@pytest.mark.parametrize("pixels", [1, 3, 12])
def test_it_rises_from_the_edge_inwards(hole, pixels):
    made = as_array(soft_edge(as_image(hole), SIDE, pixels))
    np.testing.assert_allclose(made, wanted(hole, pixels), atol=0.03)
    assert (made[~hole] == 0).all(), "nothing outside changes"


def test_a_fine_mask_looks_as_in_the_models_pixels(hole):
    fine = as_image(hole.repeat(16, axis=0).repeat(16, axis=1))
    made = soft_edge(fine, SIDE, 4)
    assert made.size() == fine.size()
    centres = as_array(made)[8::16, 8::16]
    np.testing.assert_allclose(centres, wanted(hole, 4), atol=0.1)


@pytest.mark.parametrize("pixels", [0, -2])
def test_a_hard_edge_stays(hole, pixels):
    image = as_image(hole)
    assert soft_edge(image, SIDE, pixels) == image


def test_no_mask_has_no_edge():
    assert soft_edge(QImage(), SIDE, 3).isNull()


@pytest.mark.parametrize(
    ("mask", "side", "size"),
    [((512, 512), 64, (64, 64)), ((512, 256), 64, (128, 64)), ((3, 1024), 64, (64, 21845))],
)
def test_the_shorter_side_is_the_models(mask, side, size):
    assert model_size(QSize(*mask), side).toTuple() == size
