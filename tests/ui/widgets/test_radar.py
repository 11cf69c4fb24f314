"""The radar plot: places, keys, mouse, its text, gaps where something was not compared."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QImage, QPainter

from genstudio.ui.theme import SERIES, color, theme
from genstudio.ui.widgets.radar import Radar, Series, paint_sign

AXES = ("Likeness", "Variety", "Speed", "Copies")
ONE = Series("One", (1.0, 0.5, 0.25, 0.75), ("1.0", "0.5", "10/s", "0"))
OTHER = Series("Other", (0.5, None, 0.5, 0.5), ("0.5", "not compared", "20/s", "0.1"))


@pytest.fixture
def radar(qtbot) -> Radar:
    made = Radar()
    qtbot.addWidget(made)
    made.resize(820, 400)
    made.set_data(AXES, (ONE, OTHER))
    made.show()
    return made


def near(one: QPointF, other: QPointF) -> bool:
    return (one - other).manhattanLength() < 1.5


def test_the_first_axis_points_up_and_the_others_follow_clockwise(radar):
    centre = radar.point(0, 0.0)
    assert radar.point(0, 1.0).y() < centre.y()
    assert radar.point(0, 1.0).x() == pytest.approx(centre.x())
    assert radar.point(1, 1.0).x() > centre.x()
    assert radar.point(2, 1.0).y() > centre.y()
    half = radar.point(0, 0.5)
    assert near(half, (centre + radar.point(0, 1.0)) / 2)


def test_keys_walk_and_read(radar, heard, qtbot):
    said = heard(radar.read)
    qtbot.keyClick(radar, Qt.Key.Key_Right)
    assert radar.axis() == 0
    assert said == ["Likeness: One 1.0; Other 0.5"]
    qtbot.keyClick(radar, Qt.Key.Key_Left)
    assert radar.axis() == 3
    qtbot.keyClick(radar, Qt.Key.Key_Home)
    qtbot.keyClick(radar, Qt.Key.Key_Right)
    assert said[-1] == "Variety: One 0.5; Other not compared"
    assert radar.accessibleDescription() == said[-1]


def test_the_first_step_to_the_left_reads_the_last_axis(radar, qtbot):
    qtbot.keyClick(radar, Qt.Key.Key_Left)
    assert radar.axis() == 3


def test_other_keys_are_left_to_others(radar, qtbot):
    qtbot.keyClick(radar, Qt.Key.Key_A)
    assert radar.axis() == -1


@pytest.mark.parametrize("axis", range(4))
def test_a_click_reads_the_nearest_axis(radar, qtbot, axis):
    place = radar.point(axis, 0.8).toPoint() + QPoint(3, 2)
    qtbot.mouseClick(radar, Qt.MouseButton.LeftButton, pos=place)
    assert radar.axis() == axis


def test_a_click_far_away_reads_nothing(radar, qtbot):
    qtbot.mouseClick(radar, Qt.MouseButton.LeftButton, pos=QPoint(2, 390))
    assert radar.axis() == -1


def test_the_whole_plot_is_text(radar):
    lines = radar.text().splitlines()
    assert len(lines) == 4
    assert lines[2] == "Speed: One 10/s; Other 20/s"
    assert radar.accessibleDescription() == radar.text()
    assert "outward is better" in radar.accessibleName()


def test_new_data_forgets_the_axis(radar):
    radar.set_axis(2)
    radar.set_data(AXES[:3], (Series("One", (1, 1, 1), ("a", "b", "c")),))
    assert radar.axis() == -1
    assert radar.text().startswith("Likeness: One a")


def test_series_that_do_not_fit_the_axes_are_refused(radar):
    with pytest.raises(ValueError, match="one share and one text"):
        radar.set_data(AXES, (Series("One", (1.0,), ("1",)),))


def test_without_axes_nothing_happens(radar, qtbot):
    radar.set_data((), ())
    qtbot.keyClick(radar, Qt.Key.Key_Right)
    radar.set_axis(1)
    assert radar.axis() == -1
    assert radar.text() == ""
    assert not radar.grab().isNull()


def test_signs_stand_at_their_values_and_gaps_stay_open(radar):
    drawn = radar.grab().toImage()

    def at(place: QPointF) -> QColor:
        return drawn.pixelColor(place.toPoint())

    assert at(radar.point(0, 1.0)) == color(SERIES[0])
    assert at(radar.point(2, 0.5)) == color(SERIES[1])
    # Without a value on the second axis, no line leads there.
    between = (radar.point(0, 0.5) + radar.point(1, 0.0)) / 2
    assert at(between) != color(SERIES[1])


def test_shares_beyond_the_rim_stay_on_it(radar):
    radar.set_data(AXES, (Series("Far", (3.0, -1.0, 0.5, 0.5), ("3", "-1", "a", "b")),))
    drawn = radar.grab().toImage()
    assert drawn.pixelColor(radar.point(0, 1.0).toPoint()) == color(SERIES[0])
    assert drawn.pixelColor(radar.point(1, 0.0).toPoint()) == color(SERIES[0])


@pytest.mark.parametrize("name", ["dark", "light"])
@pytest.mark.parametrize("width", [420, 820])
def test_it_is_drawn_in_both_themes_and_small(radar, name, width):
    theme().choose(name)
    radar.resize(width, 400)
    drawn = radar.grab().toImage()
    assert drawn.pixelColor(radar.point(0, 1.0).toPoint()) == color(SERIES[0])


def test_each_thing_has_a_sign_of_its_own():
    shapes = set()
    for number in range(len(SERIES)):
        image = QImage(24, 24, QImage.Format.Format_RGB32)
        image.fill(QColor("black"))
        painter = QPainter(image)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor("white"))
        paint_sign(painter, number, QPointF(12, 12), 16)
        painter.end()
        shapes.add(bytes(image.constBits()))
    assert len(shapes) == len(SERIES)
