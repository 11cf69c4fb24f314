"""Image view, compare view, animation player."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QImage, QKeyEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from genstudio.ui.widgets.animation_player import AnimationPlayer
from genstudio.ui.widgets.compare_view import CompareView
from genstudio.ui.widgets.image_view import ImageView


def shown(qtbot, widget, side=400):
    qtbot.addWidget(widget)
    widget.resize(side, side)
    widget.show()
    widget.activateWindow()
    qtbot.waitUntil(widget.isActiveWindow)
    return widget


# ---- image view


@pytest.fixture
def view(qtbot, picture):
    made = shown(qtbot, ImageView())
    made.set_image(picture(32), "boot")
    made.setFocus()
    return made


def test_fits_at_first(view):
    assert view.target().width() == pytest.approx(368)
    assert view.target().center().toTuple() == pytest.approx((200, 200))
    assert view.accessibleName() == "boot"
    assert view.accessibleDescription() == "32 × 32 pixels"


def test_zoom_keeps_the_point_below_the_mouse(view):
    at = QPointF(100, 150)
    before = (at - view.target().topLeft()) / view.zoom()
    view.zoom_by(3, at)
    after = (at - view.target().topLeft()) / view.zoom()
    assert after.toTuple() == pytest.approx(before.toTuple())


def test_wheel_zooms(view, heard):
    said = heard(view.zoomed)
    here = QPointF(200, 200)
    event = QWheelEvent(
        here,
        view.mapToGlobal(here),
        QPoint(0, 0),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    before = view.zoom()
    QApplication.sendEvent(view, event)
    assert view.zoom() == pytest.approx(before * 1.25)
    assert said[-1] == view.zoom()


def test_keys_zoom(view):
    QTest.keyClick(view, Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    assert view.zoom() == 1.0
    QTest.keyClick(view, Qt.Key.Key_0, Qt.KeyboardModifier.ControlModifier)
    assert view.zoom() == pytest.approx(11.5)


def test_zoom_has_ends(view):
    for _ in range(60):
        view.zoom_by(2)
    assert view.zoom() == 64
    for _ in range(60):
        view.zoom_by(0.5)
    assert view.zoom() == 0.5


def test_dragging_pans_but_not_off_the_picture(view):
    view.zoom_by(4)
    before = view.target().topLeft()
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=QPoint(200, 200))
    QTest.mouseMove(view, QPoint(220, 190))
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton)
    assert (view.target().topLeft() - before).toTuple() == pytest.approx((20, -10))
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=QPoint(0, 0))
    QTest.mouseMove(view, QPoint(5000, 5000))
    assert view.target().left() <= 0.01


def test_arrows_step_while_fitted_and_pan_while_zoomed(view, heard):
    stepped, closed = heard(view.stepped), heard(view.closed)
    QTest.keyClick(view, Qt.Key.Key_Right)
    QTest.keyClick(view, Qt.Key.Key_Left)
    assert stepped == [1, -1]
    view.zoom_by(4)
    before = view.target().left()
    QTest.keyClick(view, Qt.Key.Key_Right)
    assert view.target().left() < before
    QTest.keyClick(view, Qt.Key.Key_Escape)
    assert (stepped, len(closed)) == ([1, -1], 1)


def test_escape_is_kept_from_the_window(view):
    override = QKeyEvent(
        QEvent.Type.ShortcutOverride, Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier
    )
    override.ignore()
    QApplication.sendEvent(view, override)
    assert override.isAccepted()


def test_sharper_picture_keeps_the_place(view, picture):
    view.zoom_by(4, QPointF(10, 10))
    before = view.target()
    view.set_image(picture(32, "#112233"), keep=True)
    assert view.target() == before
    view.set_image(picture(64), keep=True)
    assert view.target() != before


def test_double_click_goes_between_fitted_and_actual(view):
    QTest.mouseDClick(view, Qt.MouseButton.LeftButton, pos=QPoint(200, 200))
    assert view.zoom() == 1.0
    QTest.mouseDClick(view, Qt.MouseButton.LeftButton, pos=QPoint(200, 200))
    assert view.zoom() > 10


def test_pixel_art_stays_square_and_resizes_stay_fitted(view):
    image = view.grab().toImage()
    inks = {image.pixelColor(x, 150).name() for x in range(30, 370)}
    assert inks == {"#336699"}
    view.set_scaling("smooth")
    view.resize(200, 200)
    assert view.target().width() == pytest.approx(168)


def test_nothing_to_show(view):
    view.set_image(None)
    view.zoom_by(2)
    view.fit()
    assert view.image().isNull()
    assert not view.grab().isNull()


# ---- compare


@pytest.fixture
def compare(qtbot, picture):
    made = shown(qtbot, CompareView())
    made.set_images(picture(16, "#ff0000"), picture(16, "#00ff00"), "seed 1", "seed 2")
    made.setFocus()
    return made


def ink(widget, x, y):
    return widget.grab().toImage().pixelColor(x, y).name()


def test_slider_shows_both(compare):
    assert ink(compare, 100, 350) == "#ff0000"
    assert ink(compare, 300, 350) == "#00ff00"
    compare.set_share(1.0)
    assert ink(compare, 300, 350) == "#ff0000"
    compare.set_share(7)
    assert compare.share() == 1.0


def test_line_moves_by_mouse_and_key(compare):
    QTest.mousePress(compare, Qt.MouseButton.LeftButton, pos=QPoint(108, 200))
    assert compare.share() == pytest.approx(0.25)
    QTest.mouseRelease(compare, Qt.MouseButton.LeftButton)
    QTest.keyClick(compare, Qt.Key.Key_Right)
    assert compare.share() == pytest.approx(0.27)
    assert "27 %" in compare.accessibleDescription()


def test_side_by_side_and_swap(compare, heard):
    modes, closed = heard(compare.mode_changed), heard(compare.closed)
    QTest.keyClick(compare, Qt.Key.Key_M)
    assert (compare.mode(), modes) == ("side", ["side"])
    assert ink(compare, 60, 250) == "#ff0000"
    QTest.keyClick(compare, Qt.Key.Key_C)
    assert compare.names() == ("seed 2", "seed 1")
    assert ink(compare, 60, 250) == "#00ff00"
    compare.set_mode("nothing")
    assert compare.mode() == "side"
    QTest.keyClick(compare, Qt.Key.Key_Escape)
    assert len(closed) == 1
    assert compare.accessibleName() == "seed 2 compared with seed 1"


def test_compare_without_pictures(qtbot):
    empty = shown(qtbot, CompareView())
    assert not empty.grab().isNull()
    empty.set_mode("side")
    assert not empty.grab().isNull()


# ---- animation


@pytest.fixture
def player(qtbot):
    made = shown(qtbot, AnimationPlayer())
    frames = []
    for number in range(4):
        image = QImage(8, 8, QImage.Format.Format_RGB32)
        image.fill(QColor(number * 60, 0, 0))
        frames.append(image)
    made.set_frames(frames, 100, "walk")
    return made


def test_player_goes_round(player, qtbot, heard):
    seen = heard(player.frame_changed)
    player.play()
    assert player.playing()
    qtbot.waitUntil(lambda: len(seen) > 5)
    player.pause()
    assert seen[:5] == [1, 2, 3, 0, 1]
    assert not player.playing()


def test_player_scrubs_and_steps(player):
    player.set_frame(2)
    assert (player.frame(), player._slider.value(), player._count.text()) == (2, 2, "3 of 4")
    player._slider.setValue(1)
    assert player.frame() == 1
    player.step(-2)
    assert player.frame() == 3
    assert player.view.image().pixelColor(0, 0).red() == 180


def test_player_by_key_and_speed(player):
    player.view.setFocus()
    QTest.keyClick(player.view, Qt.Key.Key_K)
    assert player.playing()
    player.set_speed(4)
    assert player._timer.interval() == 2
    assert player._play.text() == "Pause"
    player.toggle()
    assert player._play.text() == "Play"


def test_player_rests_when_nobody_looks(player):
    player.play()
    player.hide()
    assert not player.playing()


def test_player_of_nothing(player):
    player.set_frames([], 24)
    player.play()
    player.step(1)
    assert (player.count(), player.frame(), player.playing()) == (0, 0, False)
    assert player._count.text() == "0 of 0"
