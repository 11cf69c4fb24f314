"""Sound files that are dropped on a row of a drum track."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QWidget

from genstudio.media.sound_reading import SUFFIXES
from genstudio.ui.widgets.drop_zone import local_files
from genstudio.ui.widgets.roll_canvas import RollCanvas


class RollDrops(QObject):
    """Watches the roll's ground and its names; says `canvas.sound_dropped(pitch, path)`, with
    pitch -1 where no drums are in sight.

    While a sound hangs over a row, `canvas.over_row` is its pitch (-1: none).
    """

    def __init__(self, canvas: RollCanvas, side: QWidget) -> None:
        super().__init__(canvas)
        self._canvas, self._side = canvas, side
        for widget in (canvas.viewport(), side):
            widget.setAcceptDrops(True)
            widget.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Drags of sounds are ours; all else goes its way."""
        kind = event.type()
        if kind == QEvent.Type.DragLeave:
            self._show(-1)
            return True
        if kind not in (QEvent.Type.DragEnter, QEvent.Type.DragMove, QEvent.Type.Drop):
            return False
        assert isinstance(event, (QDragEnterEvent, QDragMoveEvent, QDropEvent))
        paths = [path for path in local_files(event.mimeData()) if is_sound(path)]
        if not paths:
            event.ignore()
            return True
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        pitch = self._pitch(event.position())
        if kind == QEvent.Type.Drop:
            self._show(-1)
            self._canvas.sound_dropped.emit(pitch, paths[0])
        else:
            self._show(pitch)
        return True

    def _pitch(self, at: QPointF) -> int:
        return self._canvas.view.pitch(at.y()) if self._canvas.view.hits else -1

    def _show(self, pitch: int) -> None:
        if pitch != self._canvas.over_row:
            self._canvas.over_row = pitch
            self._canvas.viewport().update()
            self._side.update()


def is_sound(path: str) -> bool:
    """Whether a file is a sound, by its name."""
    return path.lower().endswith(SUFFIXES)
