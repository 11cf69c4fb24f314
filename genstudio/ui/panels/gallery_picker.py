"""A small window of recent pictures to take one from."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from genstudio.ui.panels import pictures
from genstudio.ui.state.gallery_state import GalleryState
from genstudio.ui.widgets.panel_frame import note, title
from genstudio.ui.widgets.result_grid import Cell, ResultGrid

SIZE = QSize(420, 440)


class GalleryPicker(QFrame):
    """A popup: click or Return takes a picture, Esc leaves."""

    picked = Signal(str)

    def __init__(self, gallery: GalleryState, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self._gallery = gallery
        self._loader = pictures.Loader(self)
        self._loader.ready.connect(self._loaded)
        self.setProperty("box", "raised")
        self.setAccessibleName("Pictures from the gallery")
        self.grid = ResultGrid(name="Recent pictures")
        self.grid.set_whole(True)
        self.grid.set_side(96)
        self.grid.setDragEnabled(False)
        self.grid.set_loader(self._load)
        self.grid.opened.connect(self._take)
        self.grid.clicked.connect(lambda index: self._take(index.row()))
        self.nothing = note("Nothing has been made yet.")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 12, 0, 8)
        head = title("Take a picture from the gallery")
        head.setContentsMargins(16, 0, 16, 0)
        self.nothing.setContentsMargins(16, 0, 16, 0)
        for widget in (head, self.nothing, self.grid):
            column.addWidget(widget)
        self.resize(SIZE)

    def open_beside(self, widget: QWidget) -> None:
        """Show the newest pictures beside `widget`."""
        found = self._gallery.recent_pictures()
        self.nothing.setVisible(not found)
        cells = [
            Cell(
                key=a.id,
                name=f"{a.provenance.title} {a.id}",
                path=str(self._gallery.path(a)),
                data=a,
            )
            for a in found
        ]
        self.grid.set_cells(cells)
        corner = widget.mapToGlobal(widget.rect().topRight() + QPoint(12, 0))
        room = widget.screen().availableGeometry()
        self.move(corner.x(), max(room.top(), min(corner.y(), room.bottom() - self.height())))
        self.show()
        self.grid.setFocus()

    def close_loader(self) -> None:
        """Let the loader end."""
        self._loader.close()

    def _load(self, row: int) -> None:
        artifact = self.grid.cell(row).data
        self._loader.ask(artifact.id, lambda: self._gallery.small_picture(artifact, 128))

    def _loaded(self, key: object, made: object) -> None:
        if made is not None:
            self.grid.update_key(str(key), image=QImage(str(made)))

    def _take(self, row: int) -> None:
        if 0 <= row < self.grid.count():
            self.hide()
            self.picked.emit(self.grid.cell(row).path)
