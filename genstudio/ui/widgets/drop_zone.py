"""A place for a file: drop it, choose it, see it, clear it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QFontMetrics,
    QImage,
    QPainter,
    QPen,
)
from PySide6.QtWidgets import QAbstractButton, QFileDialog, QHBoxLayout, QSizePolicy, QWidget

from genstudio.ui import icons
from genstudio.ui.theme import RADIUS, color, font
from genstudio.ui.widgets import images
from genstudio.ui.widgets.buttons import Button
from genstudio.ui.widgets.painting import painting

PICTURES = (".png", ".jpg", ".jpeg", ".webp", ".gif", ".bmp", ".tif", ".tiff")
EMPTY_HEIGHT = 76
THUMB = 52


def local_files(mime: QMimeData) -> list[str]:
    """Paths of the local files in a drag."""
    return [url.toLocalFile() for url in mime.urls() if url.isLocalFile()]


class DropZone(QAbstractButton):
    """Shows what may be dropped; a click or Return opens the file dialog."""

    dropped = Signal(list)
    cleared = Signal()

    def __init__(
        self,
        text: str,
        hint: str = "",
        suffixes: Sequence[str] = (),
        many: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._hint, self._suffixes, self._many = hint, tuple(suffixes), many
        self._path, self._image, self._over = "", None, False
        self.setText(text)
        self.setAccessibleName(text)
        self.setAccessibleDescription(hint or "Drop a file here or press to choose one")
        self.setAcceptDrops(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.clicked.connect(self.choose)
        self._clear = Button("Clear", kind="quiet", parent=self)
        self._clear.setAccessibleName(f"Clear {text}")
        self._clear.clicked.connect(self._on_clear)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 8, 8, 8)
        row.addStretch(1)
        row.addWidget(self._clear, 0, Qt.AlignmentFlag.AlignVCenter)
        self._clear.hide()

    def sizeHint(self) -> QSize:
        """Low, and as wide as there is room."""
        return QSize(200, EMPTY_HEIGHT)

    def path(self) -> str:
        """The file in it, or ""."""
        return self._path

    def set_file(self, path: str, image: QImage | None = None) -> None:
        """Show a file and, if given, its picture."""
        self._path, self._image = path, image
        self._clear.setVisible(bool(path))
        self.setAccessibleDescription(f"holds {Path(path).name}" if path else self._hint)
        self.update()

    def clear(self) -> None:
        """Show that it is empty, without saying so."""
        self.set_file("")

    def choose(self) -> None:
        """Let the user pick a file."""
        words = " ".join(f"*{suffix}" for suffix in self._suffixes)
        wanted = f"Files ({words})" if words else "All files (*)"
        if self._many:
            paths, _ = QFileDialog.getOpenFileNames(self, self.text(), "", wanted)
        else:
            path, _ = QFileDialog.getOpenFileName(self, self.text(), "", wanted)
            paths = [path] if path else []
        if paths:
            self.dropped.emit(paths)

    def accepts(self, paths: Sequence[str]) -> bool:
        """Whether these files may be dropped here."""
        if not paths or (len(paths) > 1 and not self._many):
            return False
        return not self._suffixes or all(p.lower().endswith(self._suffixes) for p in paths)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take what fits."""
        if self.accepts(local_files(event.mimeData())):
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            self._set_over(True)
        else:
            event.ignore()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """The mouse went on."""
        self._set_over(False)

    def dropEvent(self, event: QDropEvent) -> None:
        """Say which files were dropped."""
        self._set_over(False)
        event.acceptProposedAction()
        self.dropped.emit(local_files(event.mimeData()))

    def changeEvent(self, event: QEvent) -> None:
        """Draw anew in another theme."""
        super().changeEvent(event)
        self.update()

    def _set_over(self, over: bool) -> None:
        self._over = over
        self.update()

    def _on_clear(self) -> None:
        self.clear()
        self.cleared.emit()

    @painting
    def paintEvent(self, painter: QPainter) -> None:
        """A dashed frame, the picture or an arrow, two lines of words."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        lively = self._over or self.underMouse()
        pen = QPen(color("accent" if self._over else "dim" if lively else "line"), 1)
        pen.setDashPattern([4, 3])
        painter.setPen(Qt.PenStyle.NoPen if self._path else pen)
        painter.setBrush(color("wash" if self._over else "raised" if self._path else "panel"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)
        left = self._paint_sign(painter)
        room = QRect(left, 0, self.width() - left - (70 if self._path else 10), self.height())
        first = Path(self._path).name if self._path else self.text()
        second = "Drop another to replace it" if self._path else self._hint
        self._paint_words(painter, room, first, second)

    def _paint_sign(self, painter: QPainter) -> int:
        top = (self.height() - THUMB) // 2
        if self._image is not None and not self._image.isNull():
            dpr = self.devicePixelRatioF()
            smooth = images.smooth_for(self._image, "auto")
            side = QSize(THUMB, THUMB)
            painter.drawPixmap(12, top, images.rounded(self._image, side, 6, dpr, smooth))
            return 12 + THUMB + 12
        icons.paint(painter, "drop", QRect(14, (self.height() - 26) // 2, 26, 26), "dim")
        return 52

    def _paint_words(self, painter: QPainter, room: QRect, first: str, second: str) -> None:
        bold, small = font(13, 600), font(12)
        elide = Qt.TextElideMode.ElideMiddle
        painter.setFont(bold)
        painter.setPen(color("text"))
        half = QRect(room.x(), room.center().y() - 20, room.width(), 20)
        if not second:
            half.moveTop(room.center().y() - 10)
        words = QFontMetrics(bold).elidedText(first, elide, room.width())
        painter.drawText(half, Qt.AlignmentFlag.AlignVCenter, words)
        painter.setFont(small)
        painter.setPen(color("dim"))
        words = QFontMetrics(small).elidedText(second, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(half.translated(0, 20), Qt.AlignmentFlag.AlignVCenter, words)
