"""The picture of the export sheet as it will be written, made beside the window's thread."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import QRect, QRectF, QSize, Signal
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QSizePolicy, QWidget

from genstudio.ui.panels.pictures import Loader
from genstudio.ui.widgets import images
from genstudio.ui.widgets.painting import painting

HEIGHT = 132
LARGEST = 512


class ExportPreview(QWidget):
    """`told(words)` says in words what the picture shows: how much of it is see-through."""

    told = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._wanted: tuple[object, ...] = ()
        self._image = QImage()
        self._loader = Loader(self, threads=1)
        self._loader.ready.connect(self._take)
        self.setFixedHeight(HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("What will be written")

    def show_file(self, path: Path, background: str, tolerance: int) -> None:
        """Show a picture of our own with this background; the old one stays until then."""
        wanted = (path, background, tolerance)
        if wanted == self._wanted:
            return
        if self._wanted and self._wanted[0] != path:
            self._image = QImage()
        self._wanted = wanted
        self._loader.forget()
        self._loader.ask(wanted, lambda: finished(path, background, tolerance))
        self.update()

    def image(self) -> QImage:
        """What is shown; null before it was made."""
        return self._image

    def close_loader(self) -> None:
        """Let what runs end."""
        self._loader.close()

    def sizeHint(self) -> QSize:
        """As wide as its sheet."""
        return QSize(200, HEIGHT)

    def _take(self, key: object, made: Any) -> None:
        if key != self._wanted or made is None:
            return
        self._image, share = made
        self.update()
        words = "" if self._wanted[1] == "keep" else _words(share)
        self.setAccessibleDescription(words)
        if words:
            self.told.emit(words)

    def _place(self) -> QRect:
        """Whole blocks of pixels where there is room, so that edges show as they are written."""
        room = self.rect()
        width, height = self._image.width(), self._image.height()
        scale: float = min(room.width() / width, room.height() / height)
        if scale > 1:
            scale = int(scale)
        side = QSize(max(1, round(width * scale)), max(1, round(height * scale)))
        made = QRect(0, 0, side.width(), side.height())
        made.moveCenter(room.center())
        return made

    @painting
    def paintEvent(self, painter: QPainter) -> None:
        """The picture over the pattern that stands for nothing."""
        if self._image.isNull():
            return
        place = self._place()
        if self._image.hasAlphaChannel():
            images.checkerboard(painter, place)
        shrunk = place.width() < self._image.width()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, shrunk)
        painter.drawImage(QRectF(place), self._image)


def finished(path: Path, background: str, tolerance: int) -> tuple[QImage, float]:
    """(the picture with its background as asked, the share of it that is clear)."""
    if background == "keep":
        return QImage(str(path)), 0.0
    from genstudio.media import image
    from genstudio.media.finishing import Finish

    pixels = image.shrunk(path, LARGEST)
    made = Finish(1, background, tolerance).applied(pixels)  # type: ignore[arg-type]
    share = float((made[..., 3] == 0).mean()) if made.shape[2] == 4 else 0.0
    return images.from_array(made), share


def _words(share: float) -> str:
    if share <= 0:
        return "Nothing becomes transparent: try a higher tolerance."
    if share >= 1:
        return "All of it becomes transparent: try a lower tolerance."
    return f"{max(1, round(share * 100))} % of it becomes transparent."
