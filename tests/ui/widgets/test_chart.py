"""Curves: smoothing, range, words, drawing, readout by mouse and keys."""

from __future__ import annotations

import subprocess
import sys

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from genstudio.ui.theme import color, theme
from genstudio.ui.widgets.chart import Chart, Curve
from genstudio.ui.widgets.chart_words import can_log, limits, thinned, trend


def falling(name="training", count=100, low=1.0, token="series_1"):
    steps = [10.0 * n for n in range(1, count + 1)]
    return Curve(name, steps, [low + 50.0 / n for n in range(1, count + 1)], token)


# ---- words


def test_nearest_point():
    curve = Curve("a", [10, 20, 40], [1, 2, 3])
    assert [curve.at(step) for step in (-5, 10, 14, 16, 29, 31, 999)] == [0, 0, 0, 1, 1, 2, 2]
    assert Curve("a", [], []).at(5) == -1


def test_smoothing_keeps_a_straight_line_and_calms_noise():
    steps = list(range(200))
    level = Curve("a", steps, [3.0] * 200)
    assert level.mean == pytest.approx([3.0] * 200)
    noisy = Curve("a", steps, [float(n % 2) for n in range(200)])
    middle = noisy.mean[20:180]
    assert max(middle) - min(middle) < 0.25
    assert sum(middle) / len(middle) == pytest.approx(0.5, abs=0.01)


def test_smoothing_does_not_lag():
    ramp = Curve("a", list(range(200)), [float(n) for n in range(200)])
    assert ramp.mean[100] == pytest.approx(100, abs=0.01)


def test_few_or_sparse_points_stay_as_they_are():
    few = Curve("a", list(range(10)), [float(n % 3) for n in range(10)])
    assert few.mean == list(few.values)
    sparse = Curve("a", list(range(100)), [float(n % 3) for n in range(100)], sparse=True)
    assert sparse.mean == list(sparse.values)


def test_great_heights_at_the_start_do_not_press_the_rest_flat():
    curve = Curve("a", list(range(200)), [1000.0, 900.0, 500.0] + [2.0, 1.0] * 98 + [1.0])
    low, high = limits([curve], smooth=False)
    assert (low, high) == (1.0, 2.0)
    low, high = limits([curve], smooth=True)
    assert high < 500


def test_range_of_several_curves_and_of_none():
    assert limits([], True) is None
    assert limits([Curve("a", [], [])], True) is None
    assert limits([Curve("a", [1, 2], [1, 5]), Curve("b", [1], [-3])], False) == (-3, 5)
    low, high = limits([Curve("a", [1, 2], [4, 4])], False)
    assert low < 4 < high
    low, high = limits([Curve("a", [1], [0])], False)
    assert low < 0 < high


def test_logarithm_needs_positive_numbers():
    assert can_log([falling()])
    assert not can_log([falling(), Curve("b", [1], [0.0])])


def test_trends_in_words():
    text = trend(falling())
    assert text.startswith("training fell from")
    assert "at step 10 to 1.5" in text
    assert text.endswith("of late it is level.")
    back = Curve("validation", [100, 200, 300], [4.0, 1.0, 3.0], sparse=True)
    assert trend(back) == (
        "validation fell from 4.00 at step 100 to 3.00 at step 300, lowest 1.00 at step 200."
    )
    rising = Curve("kl", list(range(50)), [float(n) for n in range(50)])
    assert trend(rising).startswith("kl rose from")
    assert trend(rising).endswith("of late it rises.")
    down = Curve("a", list(range(50)), [50.0 - n for n in range(50)])
    assert trend(down).endswith("of late it falls.")


def test_trends_of_little():
    assert trend(Curve("a", [], [])) == "a: no numbers yet."
    assert trend(Curve("a", [5], [2.5])) == "a: 2.50 at step 5."
    assert trend(Curve("a", [1, 2, 3], [2, 2, 2])) == "a stayed near 2.00 at step 3."


# ---- the widget


@pytest.fixture
def chart(qtbot):
    made = Chart("Loss")
    qtbot.addWidget(made)
    made.resize(600, 300)
    made.build()
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    return made


VALID = Curve("validation", [200, 400, 600, 800], [3.0, 2.0, 2.5, 2.6], "series_2", sparse=True)


def test_legend_tells_the_last_numbers(chart):
    chart.set_curves([falling(low=2.0), VALID])
    name, value = chart.readout().split(", ")[0].split()
    assert name == "training"
    assert 2.5 <= float(value) <= 2.6
    assert chart.readout().endswith(", validation 2.60")
    chart.set_curves([VALID])
    assert chart.readout() == "validation 2.60"
    chart.set_curves([Curve("training", [], [])])
    assert chart.readout() == "training"


def test_description_says_what_is_to_be_seen(chart):
    chart.set_curves([falling(), VALID], best=400)
    text = chart.canvas.accessibleDescription()
    assert "training fell" in text
    assert "lowest 2.00 at step 400" in text
    assert text.endswith("Best state at step 400.")
    assert chart.canvas.accessibleName() == "Loss curves"
    chart.set_title("Distance")
    assert chart.canvas.accessibleName() == "Distance curves"
    chart.set_curves([])
    assert chart.canvas.accessibleDescription() == "No numbers yet."


def test_arrows_walk_along_the_longest_curve(chart, heard):
    moved = heard(chart.cursor_moved)
    chart.set_curves([falling(), VALID])
    chart.canvas.setFocus()
    QTest.keyClick(chart.canvas, Qt.Key.Key_Right)
    assert chart.read_step() == 10
    QTest.keyClick(chart.canvas, Qt.Key.Key_Right)
    assert chart.read_step() == 20
    QTest.keyClick(chart.canvas, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert chart.read_step() == 120
    QTest.keyClick(chart.canvas, Qt.Key.Key_End)
    assert chart.read_step() == 1000
    QTest.keyClick(chart.canvas, Qt.Key.Key_Left)
    assert chart.read_step() == 990
    QTest.keyClick(chart.canvas, Qt.Key.Key_Home)
    assert chart.read_step() == 10
    assert moved[-1] == 10
    assert chart.at.text() == "step 10"
    assert chart.canvas.accessibleDescription() == f"Step 10: {chart.readout()}"


def test_other_curves_end_a_readout_beyond_them(chart):
    chart.set_curves([falling()])
    chart.point(900.0)
    chart.set_curves([VALID])
    assert chart.read_step() is None
    chart.point(500.0)
    chart.set_curves([VALID])
    assert chart.read_step() == 500


def test_left_begins_at_the_end(chart):
    chart.set_curves([falling()])
    chart.walk(-1)
    assert chart.read_step() == 1000


def test_walking_along_nothing(chart):
    chart.walk(1)
    chart.set_curves([Curve("a", [], [])])
    chart.walk(1)
    assert chart.read_step() is None


def test_the_cursor_goes_with_the_focus(chart):
    chart.set_curves([falling()])
    chart.canvas.setFocus()
    chart.walk(1)
    chart.smooth.setFocus()
    assert chart.read_step() is None
    assert chart.at.text() == ""


def test_other_keys_are_left_to_others(chart):
    chart.set_curves([falling()])
    chart.canvas.setFocus()
    QTest.keyClick(chart.canvas, Qt.Key.Key_A)
    assert chart.read_step() is None


def test_mouse_reads_out_what_is_below_it(chart):
    chart.set_curves([falling(low=2.0), VALID])
    plot = chart._plot
    view = plot.getViewBox()
    where = view.mapViewToScene(QPointF(400, 2.5))
    plot._moved(where)
    assert chart.read_step() == pytest.approx(400, abs=1)
    assert "validation 2.00" in chart.readout()
    plot._moved(QPointF(-50, -50))
    assert chart.read_step() is None
    plot._moved(where)
    QApplication.sendEvent(plot, QEvent(QEvent.Type.Leave))
    assert chart.read_step() is None


def test_the_mouse_leaving_does_not_take_the_cursor_of_the_keys(chart):
    chart.set_curves([falling()])
    chart.canvas.setFocus()
    chart.walk(5)
    step = chart.read_step()
    QApplication.sendEvent(chart._plot, QEvent(QEvent.Type.Leave))
    assert chart.read_step() == step


def test_the_wheel_is_left_to_the_page(chart):
    here = QPointF(50, 50)
    event = QWheelEvent(here, here, QPoint(0, 0), QPoint(0, 120), Qt.MouseButton.NoButton,
                        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase,
                        False)  # fmt: skip
    chart._plot.wheelEvent(event)
    assert not event.isAccepted()


def test_logarithm_is_offered_where_it_is_possible(chart):
    chart.set_curves([falling()])
    assert chart.log.isEnabled()
    chart.log.setChecked(True)
    assert chart.is_log()
    low, high = chart._plot.getViewBox().viewRange()[1]
    assert -1 < low < high < 2.5  # powers of ten
    chart.set_curves([Curve("a", [1, 2], [-1, 2])])
    assert not chart.log.isEnabled()
    assert not chart.is_log()
    assert "zero" in chart.log.toolTip()


def test_smoothing_can_be_turned_off(chart):
    noisy = Curve("a", list(range(100)), [float(n % 2) for n in range(100)])
    chart.set_curves([noisy])
    assert chart.is_smooth()
    calm = chart.readout()
    chart.smooth.setChecked(False)
    assert chart.readout() == "a 1.00" != calm


def test_range_follows_the_numbers(chart):
    chart.set_curves([falling()])
    (first, last), (low, high) = chart._plot.getViewBox().viewRange()
    assert first < 10 < 1000 < last
    assert low < 1.5 < high
    chart.set_curves([])
    assert chart._plot.getViewBox().viewRange()[0] == pytest.approx([0, 1])


def colours(widget) -> set[str]:
    image = widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    return {
        image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())
    }


@pytest.mark.parametrize("name", ["dark", "light"])
def test_colours_are_those_of_the_theme(chart, qtbot, name):
    chart.set_curves([falling(), VALID], best=400)
    theme().choose(name)
    QApplication.processEvents()
    seen = colours(chart._plot)
    assert color("panel").name() in seen
    assert {color(token).name() for token in ("series_1", "series_2")} <= seen


def test_only_sparse_curves_and_single_points_have_dots(chart):
    chart.set_curves([falling(), VALID, Curve("one", [5], [2.0])])
    # The faint steps, their mean, validation, one point.
    drawn = [(line.isVisible(), dots.isVisible()) for line, dots in chart._plot._lines]
    assert drawn == [(True, False), (True, False), (True, True), (True, True)]
    assert len(chart._plot._lines[2][1].data) == 4


def test_items_are_used_again(chart):
    chart.set_curves([falling(), VALID])
    before = list(chart._plot._lines)
    chart.set_curves([VALID])
    assert chart._plot._lines == before
    assert [line.isVisible() for line, _dots in before] == [True, False, False]
    chart.set_curves([])
    assert not any(item.isVisible() for pair in before for item in pair)


def test_many_points_are_thinned_out(chart):
    many = Curve("a", list(range(100_000)), [float(n % 7) for n in range(100_000)])
    chart.smooth.setChecked(False)
    chart.set_curves([many])
    steps, values = chart._plot._lines[0][0].getData()
    assert len(steps) < 2000
    assert (steps[0], steps[-1]) == (0, 99_999)
    assert (min(values), max(values)) == (0, 6)


def test_thinning_keeps_peaks_and_order():
    values = [0.0] * 1000
    values[371], values[372], values[900] = 9.0, -9.0, 5.0
    steps, kept = thinned(range(1000), values, 100)
    assert len(steps) <= 102
    assert steps == sorted(set(steps))
    assert {371, 372, 900, 0, 999} <= set(steps)
    assert [values[step] for step in steps] == kept
    assert thinned([1, 2], [3, 4], 100) == ([1, 2], [3, 4])


def test_best_state_is_marked(chart):
    chart.set_curves([falling()], best=400)
    assert chart._plot._mark.isVisible()
    assert chart._plot._mark.value() == 400
    chart.set_curves([falling()])
    assert not chart._plot._mark.isVisible()


def test_everything_works_before_there_is_a_plot(qtbot):
    made = Chart("Loss")
    qtbot.addWidget(made)
    made.set_curves([falling()], best=10)
    made.walk(3)
    assert made.read_step() == 30
    made.build()
    made.build()
    assert made.canvas.column.count() == 1


LAZY = """
import os, sys, threading
from PySide6.QtWidgets import QApplication
from genstudio.ui.app import dress
app = QApplication([])
dress(app)
from genstudio.ui.widgets.chart import Chart, Curve
import genstudio.ui.panels.train_run
hooks = sys.excepthook, threading.excepthook
chart = Chart("Loss")
assert "pyqtgraph" not in sys.modules, "imported before it was shown"
chart.set_curves([Curve("a", [1, 2], [3, 4])])
chart.show()
assert chart._plot is None, "the window waited for it"
from PySide6.QtTest import QTest
for _ in range(2000):
    if chart._plot is not None:
        break
    QTest.qWait(10)
assert chart._plot is not None
assert (sys.excepthook, threading.excepthook) == hooks, "somebody else reports our faults"
chart.close()
print("fine")
"""


def test_pyqtgraph_is_imported_beside_the_window_when_a_chart_is_shown():
    done = subprocess.run([sys.executable, "-c", LAZY], capture_output=True, text=True, timeout=120)
    assert done.stdout.strip() == "fine", done.stderr
