"""A large place for files and folders: drop them, or press one of two buttons."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent, QPainter, QPen
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from genstudio.ui import icons
from genstudio.ui.theme import RADIUS_BOX, color
from genstudio.ui.widgets.buttons import Button
from genstudio.ui.widgets.drop_zone import local_files
from genstudio.ui.widgets.painting import painting
from genstudio.ui.widgets.panel_frame import strong

SIGN = 34


class DropArea(QWidget):
    """`dropped(paths)` for files or folders, however they came."""

    dropped = Signal(list)

    def __init__(self, text: str, hint: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._over = False
        self.setAcceptDrops(True)
        self.setAccessibleName(text)
        self.setAccessibleDescription(hint)
        self._sign = QLabel()
        self.folder = Button("Choose a folder…", "folder")
        self.files = Button("Choose files…", "import")
        self.folder.clicked.connect(self._choose_folder)
        self.files.clicked.connect(self._choose_files)
        self._lay_out(text, hint)
        self._tint()

    def _lay_out(self, text: str, hint: str) -> None:
        words = QVBoxLayout()
        words.setSpacing(4)
        small = QLabel(hint)
        small.setProperty("role", "dim")
        small.setWordWrap(True)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.folder)
        buttons.addWidget(self.files)
        buttons.addStretch(1)
        words.addWidget(strong(text))
        words.addWidget(small)
        words.addSpacing(8)
        words.addLayout(buttons)
        row = QHBoxLayout(self)
        row.setContentsMargins(24, 20, 24, 20)
        row.setSpacing(20)
        row.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addLayout(words, 1)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files and folders of other programs."""
        if local_files(event.mimeData()):
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            self._set_over(True)
        else:
            event.ignore()

    def dragLeaveEvent(self, _event: QDragLeaveEvent) -> None:
        """The mouse went on."""
        self._set_over(False)

    def dropEvent(self, event: QDropEvent) -> None:
        """Say what was dropped."""
        self._set_over(False)
        event.acceptProposedAction()
        self.dropped.emit(local_files(event.mimeData()))

    def changeEvent(self, event: QEvent) -> None:
        """Tint anew in another theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._tint()

    def _choose_folder(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, "Add a folder as data")
        if chosen:
            self.dropped.emit([chosen])

    def _choose_files(self) -> None:
        chosen, _ = QFileDialog.getOpenFileNames(self, "Add files as data")
        if chosen:
            self.dropped.emit(chosen)

    def _set_over(self, over: bool) -> None:
        self._over = over
        self.update()

    def _tint(self) -> None:
        self._sign.setPixmap(icons.pixmap("drop", SIGN, "dim", self.devicePixelRatioF()))

    @painting
    def paintEvent(self, painter: QPainter) -> None:
        """A dashed frame, in the accent while something hangs over it."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(color("accent" if self._over else "dim"), 1)
        pen.setDashPattern([5, 4])
        painter.setPen(pen)
        painter.setBrush(color("wash" if self._over else "panel"))
        shape = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(shape, RADIUS_BOX, RADIUS_BOX)
