"""The drawing of a chart: axes, cursor, mark, themes."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from genstudio.ui.theme import color, theme
from genstudio.ui.widgets.chart_plot import Plot
from genstudio.ui.widgets.chart_words import Curve

STEPS = [100.0 * n for n in range(1, 31)]
LOSS = Curve("training", STEPS, [10.0 / n for n in range(1, 31)], "series_1")
VALID = Curve("validation", STEPS[9::10], [2.0, 1.0, 1.5], "series_2", sparse=True)


@pytest.fixture
def plot(qtbot):
    made = Plot()
    qtbot.addWidget(made)
    made.resize(500, 240)
    made.show_curves([LOSS, VALID], smooth=False, log=False, best=None)
    made.show()
    qtbot.waitExposed(made)
    return made


def data(plot, place):
    line, _dots = plot._lines[place]
    return [list(values) for values in line.getData()]


def test_numbers_at_the_axes_are_those_of_people(plot):
    assert plot._bottom.tickStrings([0, 2000, 12000.0], 1, 1) == ["0", "2,000", "12,000"]
    assert plot._left.tickStrings([0.25, 12.5], 1, 1) == ["0.250", "12.5"]
    plot.show_curves([LOSS], smooth=False, log=True, best=None)
    assert plot._left.tickStrings([-1, 0, 2], 1, 1) == ["0.100", "1.00", "100"]


def test_values_are_drawn_as_they_are_or_as_powers_of_ten(plot):
    assert data(plot, 0) == [STEPS, list(LOSS.values)]
    plot.show_curves([LOSS], smooth=False, log=True, best=None)
    steps, heights = data(plot, 0)
    assert steps == STEPS
    assert heights[0] == pytest.approx(1.0)
    assert heights[9] == pytest.approx(0.0)
    plot.show_curves([LOSS], smooth=False, log=False, best=None)
    assert data(plot, 0)[1] == list(LOSS.values)


def test_smoothing_draws_steps_faintly_and_their_mean_above(plot):
    plot.show_curves([LOSS, VALID], smooth=True, log=False, best=None)
    assert data(plot, 0)[1] == list(LOSS.values)
    assert data(plot, 1)[1] == pytest.approx(LOSS.mean)
    faint, strong = (plot._lines[place][0].opts["pen"] for place in (0, 1))
    assert faint.color().alpha() < 255 == strong.color().alpha()
    assert faint.widthF() < strong.widthF()
    assert data(plot, 2)[1] == list(VALID.values)


def test_validation_is_told_apart_by_more_than_colour(plot):
    training, validation = (plot._lines[place][0].opts["pen"].style() for place in (0, 1))
    assert training == Qt.PenStyle.SolidLine
    assert validation == Qt.PenStyle.DashLine
    assert [dots.isVisible() for _line, dots in plot._lines] == [False, True]


def test_long_noise_is_drawn_thin(plot):
    noise = Curve("a", list(range(2000)), [float(n % 5) for n in range(2000)])
    plot.show_curves([noise], smooth=False, log=False, best=None)
    line = plot._lines[0][0]
    assert line.opts["pen"].widthF() == 1
    assert not line.opts["antialias"]
    assert len(data(plot, 0)[0]) < 700


def test_the_cursor_has_a_dot_on_every_curve(plot):
    plot.show_cursor(1040.0)
    assert plot._rule.isVisible()
    assert plot._rule.value() == 1040
    dots = [(spot.pos().x(), spot.pos().y()) for spot in plot._spots.points()]
    assert dots == [(1000, 1.0), (1000, 2.0)]
    plot.show_cursor(None)
    assert not plot._rule.isVisible()
    assert not plot._spots.isVisible()


def test_curves_without_points_have_no_dot(plot):
    plot.show_curves([Curve("a", [], []), VALID], smooth=True, log=False, best=None)
    plot.show_cursor(2000)
    assert len(plot._spots.points()) == 1


def test_the_mark_of_the_best_state(plot):
    plot.show_curves([LOSS], smooth=False, log=False, best=2000)
    assert plot._mark.isVisible()
    assert plot._mark.value() == 2000
    plot.show_curves([LOSS], smooth=False, log=False, best=None)
    assert not plot._mark.isVisible()


def test_the_mouse_is_followed_inside_only(plot, heard):
    said = heard(plot.pointed)
    view = plot.getViewBox()
    plot._moved(view.mapViewToScene(QPointF(1500, 3)))
    assert said[-1] == pytest.approx(1500, abs=1)
    plot._moved(QPointF(2, 2))
    assert said[-1] is None
    plot.show_curves([], smooth=False, log=False, best=None)
    plot._moved(view.mapViewToScene(QPointF(0.5, 0.5)))
    assert said[-1] is None


@pytest.mark.parametrize("name", ["dark", "light"])
def test_it_changes_its_clothes_while_running(plot, name):
    theme().choose("light" if name == "dark" else "dark")
    theme().choose(name)
    QApplication.processEvents()
    image = plot.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    assert image.pixelColor(1, 1).name() == color("panel").name()
    assert plot._lines[0][0].opts["pen"].color().name() == color("series_1").name()
    assert plot._bottom.textPen().color().name() == color("dim").name()


def test_a_closed_plot_is_not_dressed_any_more(plot):
    plot.close()
    plot.close()
    theme().choose("light")


def test_it_takes_no_focus_and_no_drags(plot):
    assert plot.focusPolicy() == Qt.FocusPolicy.NoFocus
    assert plot.viewport().focusPolicy() == Qt.FocusPolicy.NoFocus
    assert plot.getViewBox().mouseEnabled() == [False, False]
    assert not plot.getPlotItem().menuEnabled()
