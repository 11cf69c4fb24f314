"""What a place says while there is nothing in it: what it is for, and the next step."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QImage
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from genstudio.ui import icons
from genstudio.ui.widgets import images
from genstudio.ui.widgets.buttons import Button
from genstudio.ui.widgets.drop_zone import local_files

PICTURE = 168
WIDTH = 380


class EmptyState(QWidget):
    """Icon or picture, a line, a sentence, a button."""

    clicked = Signal()
    dropped = Signal(list)

    def __init__(
        self,
        icon: str,
        title: str,
        text: str,
        button: str = "",
        image: QImage | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._icon, self._image = icon, image
        self._sign = QLabel()
        self._title = QLabel(title)
        self._title.setProperty("role", "hero")
        self._text = QLabel(text)
        self._text.setProperty("role", "dim")
        self._text.setWordWrap(True)
        self._text.setFixedWidth(WIDTH)
        self._button = Button(button, kind="primary", parent=self)
        self._button.setMinimumWidth(160)
        self._button.setVisible(bool(button))
        self._button.clicked.connect(self.clicked)
        column = QVBoxLayout(self)
        column.setSpacing(10)
        column.addStretch(2)
        middle = Qt.AlignmentFlag.AlignHCenter
        for widget in (self._sign, self._title, self._text):
            widget.setAlignment(Qt.AlignmentFlag.AlignCenter)
            column.addWidget(widget, 0, middle)
        column.addSpacing(6)
        column.addWidget(self._button, 0, middle)
        column.addStretch(3)
        self._draw()
        self._fit()

    def _fit(self) -> None:
        # A wrapped label in the middle of a column is given too little height by Qt.
        self._text.setMinimumHeight(max(0, self._text.heightForWidth(WIDTH)))

    def set_text(self, title: str, text: str, button: str | None = None) -> None:
        """Other words."""
        self._title.setText(title)
        self._text.setText(text)
        self._fit()
        if button is not None:
            self._button.set_text(button)
            self._button.setVisible(bool(button))

    def set_image(self, image: QImage | None) -> None:
        """Another picture in place of the icon."""
        self._image = image
        self._draw()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files where drops are accepted."""
        if local_files(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Say which files were dropped."""
        event.acceptProposedAction()
        self.dropped.emit(local_files(event.mimeData()))

    def changeEvent(self, event: QEvent) -> None:
        """Tint anew in another theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._draw()

    def _draw(self) -> None:
        dpr = self.devicePixelRatioF()
        if self._image is not None and not self._image.isNull():
            smooth = images.smooth_for(self._image, "auto")
            side = QSize(PICTURE, PICTURE)
            self._sign.setPixmap(images.rounded(self._image, side, 12, dpr, smooth))
        else:
            self._sign.setPixmap(icons.pixmap(self._icon, 44, "dim", dpr))
