"""The place of a painted mask in a form: says whether one is set, and how much it covers."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Signal
from PySide6.QtGui import QImage, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from genstudio.ui.theme import RADIUS, color
from genstudio.ui.widgets import images
from genstudio.ui.widgets.buttons import Button
from genstudio.ui.widgets.mask_layer import covered
from genstudio.ui.widgets.painting import painting
from genstudio.ui.widgets.panel_frame import note

EMPTY, SET = "Paint the part to make anew…", "Change the mask…"
THUMB = 38


class MaskSlot(QWidget):
    """`painted` when somebody wants to paint, `removed` when the mask is taken away,
    `again_wanted` when the last one is to be used again."""

    painted = Signal()
    removed = Signal()
    again_wanted = Signal()

    def __init__(self, help_text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._path = ""
        self.paint = Button(EMPTY, "brush")
        self.paint.setToolTip(help_text)
        self.remove = Button("", "close", kind="quiet")
        self.remove.setAccessibleName("Remove the mask")
        self.remove.setToolTip("Remove the mask")
        self.remove.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.again = Button("Use the last mask again", "undo", kind="quiet")
        self._former = False
        self.thumb = _Thumb()
        self.words = note("")
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.thumb)
        row.addWidget(self.paint, 1)
        row.addWidget(self.remove)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(row)
        column.addWidget(self.words)
        column.addWidget(self.again)
        self.paint.clicked.connect(self.painted)
        self.remove.clicked.connect(self.removed)
        self.again.clicked.connect(self.again_wanted)
        self.clear()

    def offer_former(self, there: bool) -> None:
        """Whether there is a last mask to use again; offered while none is set."""
        self._former = there
        self.again.setVisible(there and not self._path)

    def path(self) -> str:
        """The file of the mask, "" for none."""
        return self._path

    def set_file(self, path: str, image: QImage | None = None) -> None:
        """A mask is set; its picture may follow later."""
        self._path = path
        self.paint.set_text(SET)
        self.paint.set_icon("check")
        self.remove.setVisible(True)
        self.again.setVisible(False)
        if image is not None:
            self.thumb.set_image(image)
            share = covered(image)
            words = "under 1 %" if 0 < share < 0.01 else f"{share:.0%}".replace("%", " %")
            self.words.setText(f"{words} of the picture is made anew.")
        else:
            self.words.setText("A mask is set.")
        self.thumb.setVisible(image is not None)
        self.words.setVisible(True)
        self.paint.setAccessibleDescription(self.words.text())

    def clear(self) -> None:
        """No mask."""
        self._path = ""
        self.paint.set_text(EMPTY)
        self.paint.set_icon("brush")
        self.paint.setAccessibleDescription("No mask is set")
        for widget in (self.thumb, self.remove, self.words):
            widget.setVisible(False)
        self.again.setVisible(self._former)


class _Thumb(QWidget):
    """The mask, small: what is made anew in the accent."""

    def __init__(self) -> None:
        super().__init__()
        self._image = QImage()
        self.setFixedSize(THUMB, THUMB)

    def set_image(self, image: QImage) -> None:
        self._image = image.convertToFormat(QImage.Format.Format_Grayscale8)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(THUMB, THUMB)

    @painting
    def paintEvent(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        frame = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        path = QPainterPath()
        path.addRoundedRect(frame, RADIUS - 2, RADIUS - 2)
        painter.fillPath(path, color("raised"))
        if not self._image.isNull():
            painter.save()
            painter.setClipPath(path)
            tint = QImage(self._image.size(), QImage.Format.Format_ARGB32)
            tint.fill(color("accent"))
            tint.setAlphaChannel(self._image)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(images.contain_rect(tint.size(), frame), tint)
            painter.restore()
        painter.setPen(QPen(color("line"), 1))
        painter.drawPath(path)
