"""The grid: places laid out at once, keyboard, stars, drags, a thousand results."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible, QContextMenuEvent, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from genstudio.ui.widgets import result_grid
from genstudio.ui.widgets.grid_delegate import GAP, star_rect
from genstudio.ui.widgets.grid_model import spoken
from genstudio.ui.widgets.result_grid import Cell, ResultGrid


@pytest.fixture
def grid(qtbot):
    made = ResultGrid()
    qtbot.addWidget(made)
    made.resize(800, 600)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    made.setFocus()
    return made


def fill(grid, picture, count=6):
    grid.set_cells(
        Cell(key=f"k{i}", label=str(i), path=f"/tmp/r{i}.png", image=picture(8))
        for i in range(count)
    )
    QApplication.processEvents()


def test_places_are_laid_out_at_once_and_never_move(grid, picture):
    grid.lay_out(9)
    QApplication.processEvents()
    before = [grid.visualRect(grid.model().index(i, 0)) for i in range(9)]
    for i in range(9):
        grid.put(i, picture(8), passing=i % 2 == 0)
    QApplication.processEvents()
    assert [grid.visualRect(grid.model().index(i, 0)) for i in range(9)] == before
    assert grid.cell(3).image is not None
    assert grid.cell(4).passing


def test_places_fill_the_width_and_do_not_overlap(grid):
    grid.lay_out(40)
    QApplication.processEvents()
    rects = [grid.visualRect(grid.model().index(i, 0)) for i in range(40)]
    rows = {}
    for rect in rects:
        rows.setdefault(rect.top(), []).append(rect)
    first = rows[min(rows)]
    assert len(first) == 4
    assert all(not a.intersects(b) for a in first for b in first if a is not b)
    assert grid.viewport().width() - first[-1].right() < grid.cell_side()


def test_filling_uses_the_height_for_few(grid):
    grid.set_fill(True)
    grid.lay_out(1)
    assert grid.cell_side() > 400
    grid.lay_out(64)
    assert grid.cell_side() == pytest.approx(160 + GAP, abs=40)


def test_put_outside_is_ignored(grid, picture):
    grid.lay_out(2)
    grid.put(7, picture())
    grid.update_key("nothing", starred=True)
    assert grid.count() == 2


def test_unknown_fields_are_refused(grid):
    grid.lay_out(1)
    with pytest.raises(TypeError, match="colour"):
        grid.put(0, colour="red")


def test_keys_find_their_places(grid, picture):
    fill(grid, picture)
    assert grid.index_of("k3") == 3
    grid.update_key("k3", starred=True, key="new")
    assert grid.cell(3).starred
    assert (grid.index_of("k3"), grid.index_of("new")) == (-1, 3)
    grid.append([Cell(key="k9")])
    assert grid.index_of("k9") == 6
    assert [cell.key for cell in grid.cells()][:2] == ["k0", "k1"]


def test_removing_selects_the_neighbour(grid, picture, heard):
    fill(grid, picture)
    said = heard(grid.selection_changed)
    grid.select([2])
    grid.remove(["k2"])
    assert grid.count() == 5
    assert grid.selected() == [2]
    assert grid.index_of("k3") == 2
    assert said
    grid.remove([f"k{i}" for i in range(6)])
    assert grid.count() == 0
    assert grid.selected() == []


def test_arrows_walk(grid, picture):
    fill(grid, picture, 12)
    grid.select([0])
    QTest.keyClick(grid, Qt.Key.Key_Right)
    assert grid.selected() == [1]
    QTest.keyClick(grid, Qt.Key.Key_Down)
    assert grid.selected() == [5]
    QTest.keyClick(grid, Qt.Key.Key_Left)
    assert grid.selected() == [4]
    QTest.keyClick(grid, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert len(grid.selected()) == 2
    QTest.keyClick(grid, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert len(grid.selected()) == 12


def test_return_opens_and_space_compares(grid, picture, heard):
    fill(grid, picture)
    opened, compared = heard(grid.opened), heard(grid.compare_wanted)
    grid.select([4])
    QTest.keyClick(grid, Qt.Key.Key_Return)
    QTest.keyClick(grid, Qt.Key.Key_Space)
    grid.select([1, 3, 5])
    QTest.keyClick(grid, Qt.Key.Key_Space)
    grid.select([5])
    QTest.keyClick(grid, Qt.Key.Key_Space)
    assert opened == [4]
    assert compared == [[4, 5], [1, 3], [4, 5]]


def test_delete_and_star_by_key(grid, picture, heard):
    fill(grid, picture)
    deleted, starred = heard(grid.delete_wanted), heard(grid.star_wanted)
    grid.select([1, 2])
    QTest.keyClick(grid, Qt.Key.Key_Delete)
    QTest.keyClick(grid, Qt.Key.Key_Period)
    assert (deleted, starred) == ([[1, 2]], [[1, 2]])


def test_letters_are_left_to_the_keys(grid, picture):
    fill(grid, picture)
    grid.select([0])
    QTest.keyClick(grid, Qt.Key.Key_S)
    assert grid.selected() == [0]


def test_double_click_opens(grid, picture, heard):
    fill(grid, picture)
    opened = heard(grid.opened)
    middle = grid.visualRect(grid.model().index(2, 0)).center()
    QTest.mouseClick(grid.viewport(), Qt.MouseButton.LeftButton, pos=middle)
    QTest.mouseDClick(grid.viewport(), Qt.MouseButton.LeftButton, pos=middle)
    assert opened == [2]


def test_click_on_the_star_does_not_select(grid, picture, heard):
    fill(grid, picture)
    starred = heard(grid.star_wanted)
    spot = star_rect(grid.visualRect(grid.model().index(3, 0))).center()
    QTest.mouseClick(grid.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    assert starred == [[3]]
    assert grid.selected() == []


def test_context_menu_selects_what_it_is_about(grid, picture, heard):
    fill(grid, picture)
    wanted = heard(grid.menu_wanted)
    spot = grid.visualRect(grid.model().index(2, 0)).center()
    reason = QContextMenuEvent.Reason.Mouse
    QApplication.sendEvent(
        grid.viewport(), QContextMenuEvent(reason, spot, grid.viewport().mapToGlobal(spot))
    )
    assert grid.selected() == [2]
    grid.select([0])
    reason = QContextMenuEvent.Reason.Keyboard
    QApplication.sendEvent(grid.viewport(), QContextMenuEvent(reason, QPoint(0, 0), QPoint(0, 0)))
    assert [index for index, _ in wanted] == [2, 0]


def test_files_are_dragged_out(grid, picture, monkeypatch):
    fill(grid, picture)
    grid.append([Cell(key="no file", image=picture())])
    dragged = []

    class Drag:
        def __init__(self, source):
            self.source = source

        def setMimeData(self, mime):
            dragged.extend(url.toLocalFile() for url in mime.urls())

        def setPixmap(self, pixmap):
            assert not pixmap.isNull()

        def exec(self, action):
            assert action == Qt.DropAction.CopyAction

    monkeypatch.setattr(result_grid, "QDrag", Drag)
    grid.select([1, 4, 6])
    grid.startDrag(Qt.DropAction.CopyAction)
    assert dragged == ["/tmp/r1.png", "/tmp/r4.png"]
    dragged.clear()
    grid.select([6])
    grid.startDrag(Qt.DropAction.CopyAction)
    assert dragged == []


def test_only_what_has_a_file_can_be_dragged(grid, picture):
    grid.set_cells([Cell(key="a"), Cell(key="b", path="/tmp/b.png")])
    drag = Qt.ItemFlag.ItemIsDragEnabled
    flags = [grid.model().flags(grid.model().index(i, 0)) for i in range(2)]
    assert [bool(f & drag) for f in flags] == [False, True]


def test_missing_pictures_are_asked_for_once(grid, picture, qtbot):
    asked = []
    grid.set_loader(asked.append)
    grid.lay_out(1000)
    qtbot.waitUntil(lambda: bool(asked))
    seen = len(asked)
    assert 0 < seen < 60, "only what is in sight"
    for index in list(asked):
        grid.put(index, picture(8))
    grid.viewport().update()
    QApplication.processEvents()
    assert len(asked) == seen
    grid.verticalScrollBar().setValue(3000)
    qtbot.waitUntil(lambda: len(asked) > seen)
    assert len(set(asked)) == len(asked)


def test_end_is_told(grid, picture, heard):
    fill(grid, picture, 100)
    said = heard(grid.reached_end)
    grid.verticalScrollBar().setValue(grid.verticalScrollBar().maximum())
    assert said


def test_a_thousand_results_keep_few_pictures(grid, picture):
    fill(grid, picture, 1000)
    for value in range(0, grid.verticalScrollBar().maximum(), 500):
        grid.verticalScrollBar().setValue(value)
        QApplication.processEvents()
    assert len(grid._delegate._kept) <= 600


def test_words_can_stand_on_every_place(grid, picture):
    grid.set_cells([Cell(key="a", label="kick", image=picture(8))])
    grid.clearSelection()
    QApplication.processEvents()
    bare = grid.grab().toImage()
    grid.show_labels()
    assert grid.grab().toImage() != bare
    named = grid.grab().toImage()
    grid.put(0, label="")
    assert grid.grab().toImage() == bare != named


def test_drawn_picture_is_kept_until_it_changes(grid, picture):
    fill(grid, picture, 2)
    QApplication.processEvents()
    grid.grab()
    kept = dict(grid._delegate._kept)
    assert len(kept) == 2
    grid.put(0, picture(8, "#aa0000"))
    grid.grab()
    assert len(set(grid._delegate._kept) - set(kept)) == 1


def test_pictures_that_took_too_long_follow(grid, picture, qtbot, monkeypatch):
    from genstudio.ui.widgets import grid_delegate

    monkeypatch.setattr(grid_delegate, "TURN_SECONDS", 0.0)
    grid.set_cells(Cell(key=str(i), image=picture(8)) for i in range(6))
    qtbot.waitUntil(lambda: len(grid._delegate._kept) == 6)


def test_scaling_and_theme_draw_anew(grid, picture):
    noise = QImage(8, 8, QImage.Format.Format_RGB32)
    noise.fill(0)
    fill(grid, picture, 1)
    smooth = grid.grab().toImage()
    grid.set_scaling("smooth")
    assert grid.grab().toImage() != smooth


def test_side_is_kept_within_reason(grid):
    grid.set_side(5)
    assert grid.cell_side() >= 96
    grid.set_side(5000)
    assert grid.cell_side() <= 440


def test_what_a_screen_reader_says(grid, picture):
    cell = Cell(name="boot", label="42", badge="48 frames", starred=True, passing=True)
    assert spoken(cell, 0) == "boot, 42, 48 frames, starred, still empty"
    cell.image = picture()
    assert spoken(cell, 0).endswith("preview")
    assert spoken(Cell(), 4) == "Result 5, still empty"
    fill(grid, picture, 1)
    role = Qt.ItemDataRole.AccessibleTextRole
    assert grid.model().index(0, 0).data(role) == "Result 1, 0"
    interface = QAccessible.queryAccessibleInterface(grid)
    assert interface.text(QAccessible.Text.Name) == "Results"


def test_selection_shows(grid, picture):
    fill(grid, picture)
    grid.select([])
    before = grid.grab().toImage()
    grid.select([0])
    assert grid.grab().toImage() != before


def test_a_name_for_each_place(grid):
    grid.lay_out(3, names=["one", "two"])
    assert [cell.name for cell in grid.cells()] == ["one", "two", ""]
