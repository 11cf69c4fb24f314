"""The grid's model and its drawing of one place."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPixmap
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem

from genstudio.ui.theme import color, theme
from genstudio.ui.widgets.grid_delegate import (
    GAP,
    KEPT,
    GridDelegate,
    picture_rect,
    star_rect,
    whole_rect,
)
from genstudio.ui.widgets.grid_model import Cell, GridItemModel, spoken

SIDE = 120


@pytest.fixture
def model(qapp):
    made = GridItemModel()
    made.reset(Cell(key=f"k{i}", path=f"/tmp/{i}.png") for i in range(4))
    return made


# ---- model


def test_counts_and_places(model):
    assert model.rowCount() == 4
    assert model.rowCount(model.index(0, 0)) == 0, "places have no children"
    assert model.place("k2") == 2
    assert model.place("nothing") == -1


def test_data_of_a_place(model):
    role = Qt.ItemDataRole
    model.change(1, {"tip": "a boot", "name": "boot"})
    index = model.index(1, 0)
    assert model.data(index, role.UserRole) is model.cells[1]
    assert model.data(index, role.ToolTipRole) == "a boot"
    assert model.data(model.index(0, 0), role.ToolTipRole) is None
    assert model.data(index, role.AccessibleTextRole) == "boot, still empty"
    assert model.data(index, role.DisplayRole) is None
    assert model.data(QModelIndex()) is None


def test_adding_and_dropping_tell_the_view(model, heard):
    added, gone = heard(model.rowsInserted), heard(model.rowsRemoved)
    model.add([Cell(key="x"), Cell(key="y")])
    model.add([])
    assert [(first, last) for _, first, last in added] == [(4, 5)]
    model.drop(["k0", "y", "nothing"])
    assert sorted(first for _, first, _ in gone) == [0, 5]
    assert [cell.key for cell in model.cells] == ["k1", "k2", "k3", "x"]
    assert (model.place("k1"), model.place("x"), model.place("y")) == (0, 3, -1)


def test_changes_are_told_and_counted(model, heard, picture):
    told = heard(model.dataChanged)
    model.change(2, {"starred": True})
    assert model.cells[2].version == 0
    model.change(2, {"image": picture()})
    model.change(2, {"image": picture()})
    assert model.cells[2].version == 2
    assert [first.row() for first, *_ in told] == [2, 2, 2]


def test_a_new_key_takes_the_place(model):
    model.change(1, {"key": "fresh"})
    assert (model.place("k1"), model.place("fresh")) == (-1, 1)


@pytest.mark.parametrize("name", ["version", "colour", "Key"])
def test_unknown_fields_are_refused(model, name):
    with pytest.raises(TypeError, match=name):
        model.change(0, {name: 1})


def test_files_for_other_programs(model):
    model.change(1, {"path": ""})
    model.change(2, {"path": "/tmp/ünï 名.png"})
    mime = model.mimeData([model.index(row, 0) for row in (2, 1, 0, 0)])
    assert [url.toLocalFile() for url in mime.urls()] == ["/tmp/0.png", "/tmp/ünï 名.png"]
    assert model.mimeTypes() == ["text/uri-list"]


def test_reset_forgets_the_old(model, heard):
    told = heard(model.modelReset)
    model.reset([Cell(key="a")])
    assert len(told) == 1
    assert (model.rowCount(), model.place("k0"), model.place("a")) == (1, -1, 0)


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        (Cell(), "Result 3, still empty"),
        (Cell(name="boot 42", label="42"), "boot 42, still empty"),
        (Cell(name="boot", starred=True), "boot, starred, still empty"),
        (Cell(label="7", badge="48 frames"), "Result 3, 7, 48 frames, still empty"),
    ],
)
def test_spoken(cell, words):
    assert spoken(cell, 2) == words


# ---- drawing


def draw(delegate, model, row=0, state=None, dpr=1.0):
    pixmap = QPixmap(round(SIDE * dpr), round(SIDE * dpr))
    pixmap.setDevicePixelRatio(dpr)
    pixmap.fill(color("window"))
    option = QStyleOptionViewItem()
    option.rect = QRect(0, 0, SIDE, SIDE)
    flag = QStyle.StateFlag
    option.state = flag.State_Enabled | (state or flag.State_None)
    painter = QPainter(pixmap)
    delegate.paint(painter, option, model.index(row, 0))
    painter.end()
    return pixmap.toImage()


@pytest.fixture
def delegate(qapp):
    return GridDelegate()


def test_empty_place_is_drawn_and_wanted(delegate, model):
    image = draw(delegate, model)
    assert delegate.wanted == [0]
    assert image.pixelColor(60, 60) == color("panel")


def test_picture_fills_its_place(delegate, model, picture):
    model.change(0, {"image": picture(8)})
    image = draw(delegate, model)
    assert image.pixelColor(20, 60).name() == "#336699"
    assert image.pixelColor(1, 60) == color("window"), "the gap stays free"
    assert image.pixelColor(GAP // 2, GAP // 2) == color("window"), "corners are round"


@pytest.mark.parametrize("dpr", [1.0, 1.5, 2.0])
def test_picture_is_drawn_in_real_pixels(delegate, model, picture, dpr):
    model.change(0, {"image": picture(8)})
    draw(delegate, model, dpr=dpr)
    kept = next(iter(delegate._kept.values()))
    assert kept.width() == round((SIDE - GAP) * dpr)


@pytest.mark.parametrize(
    "changes",
    [
        {"starred": True},
        {"badge": "48 frames"},
        {"label": "seed", "starred": True},
    ],
)
def test_marks_are_seen(delegate, model, picture, changes):
    model.change(0, {"image": picture(8)})
    before = draw(delegate, model)
    model.change(0, changes)
    assert draw(delegate, model) != before


def test_label_only_when_it_matters(delegate, model, picture):
    model.change(0, {"image": picture(8), "label": "20261120"})
    calm = draw(delegate, model)
    model.change(0, {"label": ""})
    assert draw(delegate, model) == calm
    model.change(0, {"label": "20261120"})
    assert draw(delegate, model, state=QStyle.StateFlag.State_MouseOver) != calm


def test_selection_and_focus_have_rings(delegate, model, picture):
    flag = QStyle.StateFlag
    model.change(0, {"image": picture(8)})
    looks = [
        draw(delegate, model, state=state)
        for state in (
            flag.State_None,
            flag.State_Selected,
            flag.State_HasFocus,
            flag.State_Selected | flag.State_HasFocus,
        )
    ]
    assert all(a != b for i, a in enumerate(looks) for b in looks[i + 1 :])


def test_star_appears_below_the_mouse_only_for_files(delegate, model, picture):
    over = QStyle.StateFlag.State_MouseOver
    model.change(0, {"image": picture(8)})
    model.change(1, {"image": picture(8), "path": ""})
    assert draw(delegate, model, 0, over) != draw(delegate, model, 0)
    assert draw(delegate, model, 1, over) == draw(delegate, model, 1)


def test_theme_changes_the_empty_place(delegate, model):
    dark = draw(delegate, model)
    theme().choose("light")
    assert draw(delegate, model) != dark


def test_only_so_many_pictures_are_kept(delegate, qapp, picture):
    model = GridItemModel()
    model.reset(Cell(key=str(i), image=picture(2)) for i in range(KEPT + 20))
    for row in range(KEPT + 20):
        delegate.begin()
        draw(delegate, model, row)
    assert len(delegate._kept) == KEPT
    delegate.forget()
    assert len(delegate._kept) == 0


def test_the_same_picture_is_scaled_once(delegate, model, picture):
    image = picture(8)
    for row in range(3):
        model.change(row, {"image": image})
        draw(delegate, model, row)
    model.reset([Cell(key="other", image=image)])
    draw(delegate, model)
    assert len(delegate._kept) == 1


def test_a_turn_of_painting_has_an_end(delegate, model, picture, monkeypatch):
    """What does not fit into the time of one paint is drawn plainly and asked for again."""
    from genstudio.ui.widgets import grid_delegate

    monkeypatch.setattr(grid_delegate, "TURN_SECONDS", 0.0)
    for row in range(4):
        model.change(row, {"image": picture(8, f"#{row}0{row}0{row}0")})
    delegate.begin()
    looks = [draw(delegate, model, row) for row in range(4)]
    assert len(delegate._kept) == 1
    assert delegate.unfinished
    assert looks[3].pixelColor(20, 60).red() == pytest.approx(0x30, abs=3), "drawn, if plainly"
    for _ in range(3):
        delegate.begin()
        for row in range(4):
            draw(delegate, model, row)
    delegate.begin()
    draw(delegate, model)
    assert (len(delegate._kept), delegate.unfinished) == (4, False)


def test_a_paint_error_leaves_no_painter_behind(qtbot):
    from PySide6.QtWidgets import QWidget

    from genstudio.ui.widgets.painting import painting

    seen = []

    class Broken(QWidget):
        @painting
        def paintEvent(self, painter):
            seen.append(painter)
            raise ValueError("no")

    widget = Broken()
    qtbot.addWidget(widget)
    with qtbot.capture_exceptions() as caught:
        widget.show()
        qtbot.waitUntil(lambda: bool(caught))
    assert not seen[0].isActive()
    widget.hide()


def test_scaling_changes_the_picture(delegate, model, picture):
    model.change(0, {"image": picture(8)})
    delegate.scaling = "smooth"
    smooth = draw(delegate, model)
    delegate.forget()
    delegate.scaling = "nearest"
    assert draw(delegate, model) != smooth


def test_rects():
    place = QRect(100, 50, SIDE, SIDE)
    assert picture_rect(place) == QRect(105, 55, SIDE - GAP, SIDE - GAP)
    assert picture_rect(place).contains(star_rect(place))


def test_size_of_a_place(delegate, model):
    delegate.side = 77
    assert delegate.sizeHint(QStyleOptionViewItem(), model.index(0, 0)) == QSize(77, 77)


def test_previews_are_drawn_pixelated_and_not_kept(delegate, model):
    quarters = QImage(2, 2, QImage.Format.Format_RGB32)
    for place, name in enumerate(("#ff0000", "#00ff00", "#0000ff", "#ffffff")):
        quarters.setPixelColor(place % 2, place // 2, QColor(name))
    model.change(0, {"image": quarters, "passing": True})
    image = draw(delegate, model)
    edge = SIDE // 2
    found = [image.pixelColor(edge + x, edge + y).name() for y in (-2, 2) for x in (-2, 2)]
    assert found == ["#ff0000", "#00ff00", "#0000ff", "#ffffff"], "edges stay sharp"
    assert image.pixelColor(GAP // 2, GAP // 2) == color("window"), "corners are round"
    assert delegate._kept == {}
    model.change(0, {"passing": False})
    draw(delegate, model)
    assert len(delegate._kept) == 1


def test_what_is_drawn_in_haste_has_the_same_shape(delegate, model, picture):
    model.change(0, {"image": picture(64)})
    careful = draw(delegate, model)
    delegate.forget()
    delegate._spent = 1.0
    hasty = draw(delegate, model)
    assert delegate.unfinished
    for x, y in ((GAP // 2, GAP // 2), (GAP // 2 + 12, GAP // 2 + 12), (20, 60)):
        assert hasty.pixelColor(x, y) == careful.pixelColor(x, y)


def test_a_transparent_preview_lies_on_the_pattern(delegate, model):
    clear = QImage(4, 4, QImage.Format.Format_ARGB32)
    clear.fill(Qt.GlobalColor.transparent)
    model.change(0, {"image": clear, "passing": True})
    assert draw(delegate, model).pixelColor(60, 60) == color("check_a")


def test_wide_pictures_are_shown_whole_where_that_is_wanted():
    wide = QImage(60, 30, QImage.Format.Format_RGB32)
    assert whole_rect(QRect(10, 10, 100, 100), wide) == QRect(10, 35, 100, 50)
    square = QImage(8, 8, QImage.Format.Format_RGB32)
    assert whole_rect(QRect(10, 10, 100, 100), square) == QRect(10, 10, 100, 100)
