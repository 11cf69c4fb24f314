"""Labels beside a grid: at their columns and rows, whatever the size and the scrolling."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from genstudio.ui.theme import color
from genstudio.ui.widgets.labelled_grid import LabelledGrid
from genstudio.ui.widgets.result_grid import LARGEST, ResultGrid


@pytest.fixture
def labelled(qtbot):
    made = LabelledGrid(ResultGrid())
    qtbot.addWidget(made)
    made.resize(900, 600)
    made.show()
    qtbot.waitExposed(made)
    return made


def lay_out(labelled: LabelledGrid, columns: int, rows: int) -> None:
    down = [f"row {n}" for n in range(rows)] if rows > 1 else []
    labelled.set_labels([f"col {n}" for n in range(columns)], down, "Steps", "Guidance")
    labelled.grid.lay_out(columns * rows)
    QApplication.processEvents()


def rect(labelled: LabelledGrid, cell: int):
    grid = labelled.grid
    place = grid.visualRect(grid.model().index(cell, 0))
    return place.translated(grid.viewport().mapTo(labelled, QPoint(0, 0)))


@pytest.mark.parametrize(
    ("columns", "rows", "width"),
    [
        (1, 1, 900),
        (2, 1, 900),
        (5, 3, 900),
        (3, 5, 1500),
        (10, 10, 500),
        (10, 1, 700),
        (1, 10, 900),
    ],
)
def test_rows_are_rows_at_every_size(labelled, columns, rows, width):
    labelled.resize(width, 600)
    lay_out(labelled, columns, rows)
    first = rect(labelled, 0)
    for cell in range(columns * rows):
        place = rect(labelled, cell)
        assert place.left() - first.left() == cell % columns * first.width()
        assert place.top() - first.top() == cell // columns * first.height()
    assert rect(labelled, columns - 1).right() < labelled.width()
    assert first.width() <= LARGEST + 10


def inked(labelled: LabelledGrid, left: int, top: int, width: int, height: int) -> bool:
    """Whether anything was written in a part."""
    image = labelled.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    ratio = image.width() / labelled.width()
    ground = image.pixel(image.width() - 3, image.height() - 3)
    xs = range(round(left * ratio), round((left + width) * ratio))
    ys = range(round(top * ratio), round((top + height) * ratio))
    return any(image.pixel(x, y) != ground for x in xs for y in ys)


def test_labels_stand_above_their_columns_and_beside_their_rows(labelled):
    lay_out(labelled, 3, 2)
    for column in range(3):
        place = rect(labelled, column)
        assert inked(labelled, place.left() + 8, place.top() - 24, place.width() - 16, 20)
    left = labelled.layout().contentsMargins().left()
    for row in range(2):
        place = rect(labelled, row * 3)
        assert inked(labelled, 20, place.center().y() - 10, left - 20, 20)
        assert not inked(labelled, 20, place.top() + 8, left - 20, 20)


def test_rows_of_labels_scroll_with_the_grid(labelled):
    labelled.resize(900, 300)
    lay_out(labelled, 8, 10)
    before = rect(labelled, 72).top()
    bar = labelled.grid.verticalScrollBar()
    assert bar.maximum() > 0
    bar.setValue(bar.maximum())
    QApplication.processEvents()
    assert rect(labelled, 72).top() == before - bar.maximum()
    place = rect(labelled, 72)
    left = labelled.layout().contentsMargins().left()
    assert inked(labelled, 20, place.center().y() - 10, left - 20, 20)


def test_a_grid_without_labels_is_the_grid_alone(labelled):
    lay_out(labelled, 4, 2)
    assert labelled.text().startswith("Across Steps: col 0, col 1")
    assert "Down Guidance: row 0, row 1" in labelled.text()
    labelled.set_labels(())
    labelled.grid.lay_out(7)
    QApplication.processEvents()
    margins = labelled.layout().contentsMargins()
    assert (margins.left(), margins.top()) == (0, 0)
    assert labelled.text() == labelled.accessibleDescription() == ""
    plain = ResultGrid()
    plain.resize(labelled.grid.size())
    plain.lay_out(7)
    assert labelled.grid.cell_side() == plain.cell_side()
    plain.deleteLater()


def test_long_words_are_cut_and_never_push_the_grid_away(labelled):
    long = "a very long value with many words in it " * 4
    labelled.set_labels([long, "x" * 300], [long, "y" * 300], long, long)
    labelled.grid.lay_out(4)
    QApplication.processEvents()
    assert labelled.layout().contentsMargins().left() < 170
    assert rect(labelled, 1).right() < labelled.width()
    assert inked(labelled, rect(labelled, 0).left() + 8, 20, 60, 30)


def test_the_focus_goes_to_the_grid_and_the_theme_is_followed(labelled):
    from genstudio.ui.theme import theme

    lay_out(labelled, 2, 2)
    labelled.setFocus()
    assert labelled.focusProxy() is labelled.grid
    theme().choose("light")
    QApplication.processEvents()
    left = labelled.layout().contentsMargins().left()
    assert inked(labelled, 20, rect(labelled, 0).center().y() - 10, left - 20, 20)
    assert color("text").lightness() < 128
