"""Our own icons: SVG drawings of `resources/icons`, tinted with a token at any size."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QByteArray, QRect, QRectF, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from genstudio.core.paths import resources
from genstudio.ui.theme import color


def names() -> tuple[str, ...]:
    """All icons that ship with the program."""
    return tuple(sorted(path.stem for path in (resources() / "icons").glob("*.svg")))


@lru_cache(maxsize=256)
def _source(name: str) -> bytes:
    return (resources() / "icons" / f"{name}.svg").read_bytes()


@lru_cache(maxsize=512)
def _renderer(name: str, rgb: str) -> QSvgRenderer:
    return QSvgRenderer(QByteArray(_source(name).replace(b"currentColor", rgb.encode())))


def paint(painter: QPainter, name: str, rect: QRect | QRectF, token: str = "text") -> None:
    """Draw icon `name` into `rect` in the colour of `token`."""
    _renderer(name, color(token).name()).render(painter, QRectF(rect))


@lru_cache(maxsize=1024)
def _pixmap(name: str, side: int, rgb: str, dpr: float) -> QPixmap:
    pixels = QPixmap(round(side * dpr), round(side * dpr))
    pixels.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixels)
    _renderer(name, rgb).render(painter)
    painter.end()
    pixels.setDevicePixelRatio(dpr)
    return pixels


def pixmap(name: str, side: int = 20, token: str = "text", dpr: float = 1.0) -> QPixmap:
    """Icon `name` as a square of `side` device-independent pixels, sharp at `dpr`."""
    return _pixmap(name, side, color(token).name(), dpr)


def icon(name: str, token: str = "text", side: int = 18) -> QIcon:
    """Icon `name` for buttons and menus, sharp at 100–200 %; ask again when the theme changes."""
    result = QIcon()
    for dpr in (1.0, 1.5, 2.0):
        result.addPixmap(pixmap(name, side, token, dpr))
        result.addPixmap(pixmap(name, side, "dim", dpr), QIcon.Mode.Disabled)
    return result


def app_icon() -> QIcon:
    """The program's own icon."""
    result = QIcon()
    for side in (16, 32, 64, 128, 256):
        result.addPixmap(_pixmap("app-icon", side, "none", 1.0))
    return result
