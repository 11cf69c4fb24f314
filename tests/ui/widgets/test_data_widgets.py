"""The widgets of the data page, each alone."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QContextMenuEvent, QDragEnterEvent, QDropEvent, QHelpEvent, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QLineEdit, QToolTip, QVBoxLayout, QWidget

from genstudio.ui.theme import theme
from genstudio.ui.widgets.count_bars import CountBars
from genstudio.ui.widgets.drop_area import DropArea
from genstudio.ui.widgets.item_list import ROW_HEIGHT, ItemList, Line
from genstudio.ui.widgets.note_edit import NoteEdit
from genstudio.ui.widgets.picture_groups import LARGEST, SMALLEST, PictureGroups
from genstudio.ui.widgets.picture_strip import PictureStrip, Shown
from genstudio.ui.widgets.result_grid import Cell, ResultGrid


@pytest.fixture
def show(qtbot):
    def put(widget: QWidget, width: int = 640, height: int = 400) -> QWidget:
        qtbot.addWidget(widget)
        widget.resize(width, height)
        widget.show()
        qtbot.waitExposed(widget)
        return widget

    return put


def colours(widget: QWidget) -> set[int]:
    image = widget.grab().toImage()
    return {
        image.pixel(x, y) for x in range(0, image.width(), 5) for y in range(0, image.height(), 5)
    }


# ---- lists


@pytest.fixture
def items(show):
    made = ItemList(name="Texts")
    made.set_lines(Line(f"text {n}", f"{n} letters", "Once upon a time") for n in range(40))
    return show(made)


def test_a_list_walks_by_keys_and_opens_with_return(items, heard):
    opened, chosen = heard(items.opened), heard(items.selection_changed)
    items.select([3])
    items.setFocus()
    QTest.keyClick(items, Qt.Key.Key_Down)
    QTest.keyClick(items, Qt.Key.Key_Return)
    assert (items.selected(), items.current(), opened) == ([4], 4, [4])
    assert chosen
    QTest.keyClick(items, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert items.selected() == [4, 5]


def test_delete_names_the_selected_and_letters_are_left_to_the_panel(items, heard):
    deleted = heard(items.delete_wanted)
    items.select([1, 2])
    items.setFocus()
    QTest.keyClick(items, Qt.Key.Key_Delete)
    QTest.keyClick(items, Qt.Key.Key_T)
    assert deleted == [[1, 2]]
    assert items.selected() == [1, 2], "a letter does not search"


def test_lines_can_be_changed_added_and_cut(items):
    items.put(2, name="other", faded=True)
    assert items.line(2) == Line("other", "2 letters", "Once upon a time", True)
    items.put(99, name="outside")
    items.append([Line("more")])
    items.append([])
    assert items.count() == 41
    items.cut(10)
    items.cut(20)
    assert items.count() == 10


def test_a_line_is_read_aloud(items):
    items.put(0, faded=True)
    model = items.model()
    spoken = model.data(model.index(0, 0), Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "text 0, 0 letters, excluded"
    text = model.data(model.index(0, 0), Qt.ItemDataRole.AccessibleDescriptionRole)
    assert text == "Once upon a time"
    assert model.data(model.index(99, 0)) is None
    assert model.data(model.index(0, 0), Qt.ItemDataRole.DecorationRole) is None


def test_scrolling_near_the_end_asks_for_more(items, heard):
    ends = heard(items.reached_end)
    items.verticalScrollBar().setValue(items.verticalScrollBar().maximum())
    assert ends


def test_the_menu_opens_on_what_is_below_the_mouse(items, heard):
    menus = heard(items.menu_wanted)
    items.select([0])
    where = QPoint(40, ROW_HEIGHT * 2 + 10)
    mouse = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, where, where)
    items.contextMenuEvent(mouse)
    assert menus[0][0] == 2
    assert items.selected() == [2]
    keyboard = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, where, where)
    items.contextMenuEvent(keyboard)
    assert menus[1][0] == 2
    items.set_lines([])
    items.contextMenuEvent(mouse)
    assert len(menus) == 2


def test_lines_are_drawn_in_the_colours_of_the_theme(items):
    items.select([1])
    dark = colours(items)
    assert len(dark) > 3
    theme().choose("light")
    assert colours(items) != dark


# ---- grid: what is new


def test_a_faded_place_is_drawn_pale(show, picture):
    grid = show(ResultGrid(), 300, 200)
    grid.set_side(100)
    grid.set_cells([Cell(key="0", image=picture(16, "#ff0000"))])
    full = colours(grid)
    grid.put(0, faded=True)
    assert colours(grid) != full
    assert 0xFFFF0000 in full
    assert 0xFFFF0000 not in colours(grid)


def test_a_grid_can_be_cut(show):
    grid = show(ResultGrid())
    grid.lay_out(8)
    grid.cut(3)
    grid.cut(5)
    assert grid.count() == 3
    assert (grid.index_of("2"), grid.index_of("3")) == (2, -1)


# ---- groups of pictures


def test_groups_fill_the_room_without_scrolling(show):
    groups = show(PictureGroups("Crops", ("As it is", "In training")), 600, 400)
    groups.lay_out(8, 2)
    places = groups.places()
    assert len(places) == 16
    assert all(groups.rect().contains(place) for place in places)
    assert {place.width() for place in places} == {places[0].height()}
    gap = places[1].left() - places[0].right()
    assert gap > places[3].left() - places[2].right() - 1
    groups.resize(1400, 900)
    wider = groups.places()[0].width()
    assert places[0].width() < wider <= LARGEST


def test_groups_have_a_smallest_size(show):
    groups = show(PictureGroups("x", ("a", "b")), 60, 40)
    groups.lay_out(5, 6)
    assert groups.places()[0].width() == SMALLEST
    groups.clear()
    assert groups.places() == []
    assert not groups.grab().isNull()


def test_pictures_land_in_their_places(show, picture):
    groups = show(PictureGroups("Crops", ("As it is", "In training")))
    groups.lay_out(2, 2, ["a.png", "b.png"])
    empty = colours(groups)
    groups.put(3, picture(16, "#00ff00"))
    groups.put(4, picture(16))
    groups.put(0, QImage())
    assert groups.filled() == 1
    assert groups.image(3).width() == 16
    assert groups.image(0) is None
    assert groups.accessibleDescription() == "1 of 4 pictures are drawn: a.png, b.png"
    assert colours(groups) != empty
    groups.lay_out(2, 2)
    assert groups.filled() == 1, "what stays in its place is not drawn anew"
    groups.lay_out(3, 2)
    assert groups.filled() == 0


def test_a_picture_that_is_not_square_keeps_its_shape(show):
    groups = show(PictureGroups("Crops", ("a", "b")), 400, 300)
    groups.lay_out(1, 1)
    wide = QImage(80, 20, QImage.Format.Format_RGB32)
    wide.fill(0xFF00FF00)
    groups.put(0, wide)
    place = groups.places()[0]
    image = groups.grab().toImage()
    assert image.pixel(place.center()) == 0xFF00FF00
    assert image.pixel(place.center().x(), place.top() + 4) != 0xFF00FF00


# ---- counts


def test_counts_say_in_words_what_they_draw(show):
    bars = show(CountBars("Classes"), 300, 100)
    bars.set_counts({"apple": 1200, "pear": 0})
    assert bars.text() == bars.accessibleDescription() == "apple 1,200, pear 0"
    assert len(colours(bars)) > 3
    bars.set_counts({})
    assert bars.text() == ""
    assert not bars.grab().isNull()


def test_counts_stand_in_columns_where_there_is_room(show):
    bars = show(CountBars("Classes"), 760, 200)
    bars.set_counts({f"class {n}": n for n in range(9)})
    assert (bars.columns(200), bars.columns(520), bars.columns(2000)) == (1, 2, 3)
    assert bars.heightForWidth(200) > bars.heightForWidth(800)
    assert bars.row_at(QPoint(2, 2)) == 0
    assert bars.row_at(QPoint(500, 2)) == 3, "down the first column, then the next"
    assert bars.row_at(QPoint(2, 5000)) == -1


def test_the_whole_name_is_under_the_mouse(show, monkeypatch):
    told = []
    monkeypatch.setattr(QToolTip, "showText", lambda _at, text, _w: told.append(text))
    bars = show(CountBars("Classes"), 300, 100)
    bars.set_counts({"a very long name of a class": 12})
    strip = show(PictureStrip("First"), 300, 100)
    strip.lay_out([Shown("a", "a.png\napple")])
    for widget in (bars, strip):
        for where in (QPoint(4, 4), QPoint(290, 98)):
            widget.event(QHelpEvent(QEvent.Type.ToolTip, where, where))
    assert told == ["a very long name of a class: 12", "", "a.png\napple", ""]


# ---- strip


def test_a_strip_grows_and_never_has_more_than_two_rows(show, picture):
    strip = show(PictureStrip("First pictures"), 330, 200)
    strip.put(0, picture(16))
    strip.put(1, picture(16))
    strip.put(5, picture(16))
    assert len(strip.shown()) == 2
    strip.lay_out([Shown(f"apple {n}") for n in range(12)])
    assert len(strip.places()) == 8
    assert strip.heightForWidth(330) > strip.heightForWidth(2000)
    assert strip.accessibleDescription().startswith("apple 0, apple 1")
    strip.put(0, picture(16, "#00ff00"))
    assert 0xFF00FF00 in colours(strip)
    theme().choose("light")
    assert strip.shown()[0].image is not None


# ---- a place to drop


def mime(*paths: str) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(path) for path in paths])
    return data


def test_files_and_folders_are_dropped(show, heard):
    area = show(DropArea("Drop here", "Anything"))
    dropped = heard(area.dropped)
    copy, buttons = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    none = Qt.KeyboardModifier.NoModifier
    data = mime("/x/a", "/x/b.png")
    enter = QDragEnterEvent(QPoint(5, 5), copy, data, buttons, none)
    plain = colours(area)
    area.dragEnterEvent(enter)
    assert enter.isAccepted()
    assert colours(area) != plain
    area.dropEvent(QDropEvent(QPointF(5, 5), copy, data, buttons, none))
    assert dropped == [["/x/a", "/x/b.png"]]
    assert colours(area) == plain
    words = QMimeData()
    words.setText("no file")
    enter = QDragEnterEvent(QPoint(5, 5), copy, words, buttons, none)
    enter.accept()
    area.dragEnterEvent(enter)
    assert not enter.isAccepted()
    area.dragEnterEvent(QDragEnterEvent(QPoint(5, 5), copy, data, buttons, none))
    area.dragLeaveEvent(None)
    assert colours(area) == plain


def test_buttons_open_the_dialogs(show, heard, monkeypatch):
    area = show(DropArea("Drop here", "Anything"))
    dropped = heard(area.dropped)
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: "/x/folder")
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: (["/a", "/b"], ""))
    area.folder.click()
    area.files.click()
    assert dropped == [["/x/folder"], ["/a", "/b"]]
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: "")
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: ([], ""))
    area.folder.click()
    area.files.click()
    assert len(dropped) == 2
    theme().choose("light")


# ---- a note


@pytest.fixture
def note(show, qtbot):
    window = QWidget()
    column = QVBoxLayout(window)
    edit, other = NoteEdit("Caption"), QLineEdit()
    column.addWidget(edit)
    column.addWidget(other)
    show(window)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    edit.other, edit.keeps = other, window
    edit.show_text("old", "None yet")
    edit.setFocus()
    edit.selectAll()
    return edit


def test_return_finishes_a_note_once(note, heard):
    said = heard(note.finished)
    QTest.keyClicks(note, "a red apple")
    assert said == []
    QTest.keyClick(note, Qt.Key.Key_Return)
    QTest.keyClick(note, Qt.Key.Key_Return)
    assert said == ["a red apple"]


def test_going_elsewhere_finishes_a_note_too(note, heard):
    said = heard(note.finished)
    QTest.keyClicks(note, "new ")
    note.other.setFocus()
    assert said == ["new"]
    note.setFocus()
    note.other.setFocus()
    assert said == ["new"]


def test_shift_return_begins_a_line_and_escape_takes_back(note, heard):
    said = heard(note.finished)
    QTest.keyClicks(note, "one")
    QTest.keyClick(note, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClicks(note, "two")
    assert note.toPlainText() == "one\ntwo"
    QTest.keyClick(note, Qt.Key.Key_Escape)
    assert note.toPlainText() == "old"
    note.other.setFocus()
    assert said == []
