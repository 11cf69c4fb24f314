"""Masks as such: their size, strokes, steps of undo, and masks made elsewhere."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPointF, QRect, QSize
from PySide6.QtGui import QColor, QImage, QPainter

from genstudio.ui.widgets import mask_layer
from genstudio.ui.widgets.mask_layer import MaskLayer, covered, mask_of, mask_size

GREY = QImage.Format.Format_Grayscale8


@pytest.fixture
def layer() -> MaskLayer:
    return MaskLayer(QSize(40, 40))


def value(layer: MaskLayer, x: float, y: float) -> int:
    """The mask at a picture point."""
    scale = layer.image().width() / 40
    return layer.image().pixelColor(int(x * scale), int(y * scale)).red()


def paint(layer: MaskLayer, *points: tuple[float, float], width: float = 5, erase=False) -> None:
    layer.begin(QPointF(*points[0]), width, erase)
    for point in points[1:]:
        layer.go(QPointF(*point))
    layer.end()


def filled(side: int, colour: str, part: QRect | None = None) -> QImage:
    """Transparent, but for `part` in a colour."""
    image = QImage(side, side, QImage.Format.Format_ARGB32)
    image.fill(0)
    painter = QPainter(image)
    painter.fillRect(part or image.rect(), QColor(colour))
    painter.end()
    return image


@pytest.mark.parametrize(
    ("picture", "size"),
    [
        ((64, 64), (512, 512)),
        ((28, 28), (532, 532)),
        ((64, 32), (512, 256)),
        ((600, 300), (600, 300)),
        ((2048, 1024), (1024, 512)),
        ((2048, 1), (1024, 1)),
        ((0, 0), (-1, -1)),
    ],
)
def test_a_mask_is_fine_enough_and_never_huge(picture, size):
    assert mask_size(QSize(*picture)).toTuple() == size


def test_without_a_picture_there_is_no_mask():
    layer = MaskLayer()
    assert layer.is_null()
    assert layer.is_empty()
    assert not layer.undo()


def test_a_point_is_a_round_spot(layer):
    paint(layer, (20, 20), width=10)
    assert [value(layer, x, 20) for x in (14.5, 15.5, 24.4, 25.5)] == [0, 255, 255, 0]
    assert value(layer, 16, 16) == 0, "the corner of its square"


def test_quick_turns_of_the_hand_stay_round(layer):
    """The mouse told three places of a quarter circle; its middle is met between them."""
    paint(layer, (5, 20), (16, 16), (20, 5), width=1.5)
    assert value(layer, 15.2, 15.2) > 0 or value(layer, 14.4, 14.4) > 0
    assert value(layer, 16, 16) == 0, "no corner where the mouse was"
    assert value(layer, 5, 20) == value(layer, 20, 5.2) == 255, "both ends are reached"


def test_a_place_told_twice_changes_nothing(layer):
    paint(layer, (5, 20), (30, 20))
    once = layer.image()
    other = MaskLayer(QSize(40, 40))
    paint(other, (5, 20), (5, 20), (30, 20), (30, 20))
    assert other.image() == once


def test_the_brush_goes_nowhere_before_it_is_set_down(layer):
    layer.go(QPointF(20, 20))
    layer.end()
    assert layer.is_empty()
    assert not layer.can_undo()


def test_steps_go_back_and_forth(layer):
    paint(layer, (10, 10))
    paint(layer, (30, 30))
    assert layer.undo()
    assert (value(layer, 10, 10), value(layer, 30, 30)) == (255, 0)
    assert layer.can_redo()
    assert layer.redo()
    assert value(layer, 30, 30) == 255
    assert not layer.redo()
    layer.undo()
    layer.invert()
    assert not layer.can_redo(), "another step ends what was taken back"


def test_a_step_back_ends_the_stroke(layer):
    layer.begin(QPointF(5, 5), 5, False)
    assert layer.painting()
    layer.undo()
    layer.go(QPointF(30, 30))
    assert not layer.painting()
    assert layer.is_empty()


def test_only_so_many_steps_are_kept(layer, monkeypatch):
    monkeypatch.setattr(mask_layer, "KEPT", 2)
    for x in (5, 15, 25):
        paint(layer, (x, 20))
    assert [layer.undo() for _ in range(3)] == [True, True, False]
    assert value(layer, 5, 20) == 255


def test_one_painted_pixel_is_not_empty():
    layer = MaskLayer(QSize(601, 3))  # no multiple of four: lines end with bytes that mean nothing
    assert layer.is_empty()
    dot = layer.image()
    dot.setPixelColor(600, 2, QColor("white"))
    layer.take(dot)
    assert not layer.is_empty()


def test_the_eraser_takes_away(layer):
    layer.fill(255)
    paint(layer, (20, 20), (30, 20), erase=True)
    assert (value(layer, 25, 20), value(layer, 25, 30)) == (0, 255)


# ---- masks made elsewhere


def test_white_on_black_is_taken_as_it_is():
    mask = mask_of(filled(16, "black"))
    assert covered(mask) == 0
    half = filled(16, "black")
    painter = QPainter(half)
    painter.fillRect(0, 0, 8, 16, QColor("white"))
    painter.end()
    assert covered(mask_of(half)) == pytest.approx(0.5, abs=0.01)
    assert mask_of(half).format() == GREY


def test_white_strokes_on_nothing_are_the_region():
    mask = mask_of(filled(16, "white", QRect(0, 0, 4, 16)))
    assert covered(mask) == pytest.approx(0.25, abs=0.01)
    assert mask.pixelColor(1, 1).red() == 255


def test_the_holes_of_a_coloured_picture_are_the_region():
    picture = filled(16, "#c04020", QRect(0, 0, 12, 16))
    mask = mask_of(picture)
    assert (mask.pixelColor(2, 2).red(), mask.pixelColor(14, 2).red()) == (0, 255)


def test_a_coloured_picture_without_holes_is_as_bright_as_it_looks():
    mask = mask_of(filled(16, "#ffff00"))
    assert 200 < mask.pixelColor(3, 3).red() < 255


def test_how_much_is_covered():
    assert covered(QImage()) == 0.0
