"""The look: palette, fonts and motion, from one table of tokens for dark and light.

Widgets ask `color("accent")`, `font(13)`, `theme().still`; none holds a literal colour.
Contrast is WCAG 2.2 relative luminance (w3.org/TR/WCAG22, "contrast ratio").
"""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Iterator
from dataclasses import fields
from functools import lru_cache

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QFontMetrics, QPalette
from PySide6.QtWidgets import QApplication

from genstudio.core.paths import resources
from genstudio.ui.tokens import DARK, LIGHT, Tokens
from genstudio.ui.tokens import SERIES as SERIES
from genstudio.ui.tokens import TEXT_ON as TEXT_ON
from genstudio.ui.tokens import VOICES as VOICES

RADIUS = 8
RADIUS_PICTURE = 10
RADIUS_BOX = 12
GAP = 8
GAP_GROUP = 16
MOTION_MS = 140


def parse(text: str) -> QColor:
    """The colour of a token value."""
    return QColor("#" + text)


def luminance(color: QColor) -> float:
    """Relative luminance from 0 (black) to 1 (white)."""

    def linear(part: float) -> float:
        return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4

    return (
        0.2126 * linear(color.redF())
        + 0.7152 * linear(color.greenF())
        + 0.0722 * linear(color.blueF())
    )


def contrast(one: QColor, other: QColor) -> float:
    """Contrast ratio from 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def palette_of(tokens: Tokens) -> QPalette:
    """The Qt palette of a theme, for everything the style sheet does not reach."""
    roles = QPalette.ColorRole
    table = {
        roles.Window: tokens.window,
        roles.WindowText: tokens.text,
        roles.Base: tokens.panel,
        roles.AlternateBase: tokens.raised,
        roles.Text: tokens.text,
        roles.PlaceholderText: tokens.dim,
        roles.Button: tokens.raised,
        roles.ButtonText: tokens.text,
        roles.BrightText: tokens.red,
        roles.Highlight: tokens.fill,
        roles.HighlightedText: tokens.on_fill,
        roles.Link: tokens.accent,
        roles.LinkVisited: tokens.accent,
        roles.ToolTipBase: tokens.raised,
        roles.ToolTipText: tokens.text,
        roles.Light: tokens.hover,
        roles.Midlight: tokens.raised,
        roles.Mid: tokens.line,
        roles.Dark: tokens.line,
        roles.Shadow: tokens.line,
        roles.Accent: tokens.accent,
    }
    palette = QPalette()
    for role, value in table.items():
        palette.setColor(role, parse(value))
    for role in (roles.WindowText, roles.Text, roles.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, parse(tokens.dim))
    return palette


class Theme(QObject):
    """The theme in force: follows the system unless one was chosen; switches while running."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.tokens = DARK
        self.name = "dark"
        self._chosen = "system"
        self._still = False

    @property
    def still(self) -> bool:
        """True where motion is unwanted."""
        return self._still

    def set_still(self, still: bool) -> None:
        """Show every change at once."""
        self._still = still

    def duration(self) -> int:
        """Milliseconds of a movement; 0 where motion is unwanted."""
        return 0 if self._still else MOTION_MS

    def choose(self, wanted: str) -> None:
        """Take "dark", "light" or "system"; everything on screen changes at once."""
        self._chosen = wanted
        self._apply()

    def follow_system(self) -> None:
        """Listen to the desktop's colour scheme."""
        QApplication.styleHints().colorSchemeChanged.connect(lambda _scheme: self._apply())

    def _wanted(self) -> str:
        if self._chosen in ("dark", "light"):
            return self._chosen
        scheme = QApplication.styleHints().colorScheme()
        return "light" if scheme == Qt.ColorScheme.Light else "dark"

    def _apply(self) -> None:
        from genstudio.ui.style_sheet import build

        name = self._wanted()
        app = QApplication.instance()
        if not isinstance(app, QApplication):
            return
        if name == self.name and app.styleSheet():
            return
        self.name, self.tokens = name, DARK if name == "dark" else LIGHT
        _color.cache_clear()
        with _no_collection():
            app.setPalette(palette_of(self.tokens))
            app.setStyleSheet(build(self.tokens))
        self.changed.emit()


@contextlib.contextmanager
def _no_collection() -> Iterator[None]:
    """Qt walks a list of all widgets while it dresses them anew, and calls our Python code on
    the way. A collection of garbage in the middle could delete a widget that it comes to yet."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@lru_cache(maxsize=1)
def theme() -> Theme:
    """The one theme of the program."""
    return Theme()


@lru_cache(maxsize=128)
def _color(name: str) -> QColor:
    return parse(getattr(theme().tokens, name))


def color(name: str) -> QColor:
    """The colour of token `name` in the theme in force."""
    return QColor(_color(name))


def token_names() -> tuple[str, ...]:
    """The names `color` knows."""
    return tuple(field.name for field in fields(Tokens))


def font(size: int = 13, weight: int = 400, tabular: bool = False) -> QFont:
    """The program's font; `size` in device-independent pixels, `tabular` for changing numbers."""
    return QFont(_font(QApplication.font().key(), size, weight, tabular))


@lru_cache(maxsize=64)
def _font(_base: str, size: int, weight: int, tabular: bool) -> QFont:
    result = QFont(QApplication.font())
    result.setPixelSize(size)
    result.setWeight(QFont.Weight(weight))
    if tabular:
        result.setFeature(QFont.Tag("tnum"), 1)
    return result


@lru_cache(maxsize=2000)
def text_width(text: str, size: int = 13, weight: int = 400) -> int:
    """Width of a line of text in pixels (fonts do not change while the program runs)."""
    return QFontMetrics(font(size, weight)).horizontalAdvance(text)


def load_fonts() -> str:
    """Load the bundled Inter (OFL, licence beside it) and make it the program's font."""
    folder = resources() / "fonts"
    for name in ("Inter-Regular.otf", "Inter-SemiBold.otf"):
        if (folder / name).is_file():
            QFontDatabase.addApplicationFont(str(folder / name))
    chosen = QFont(QApplication.font())
    families = ["Inter", *chosen.families()]
    chosen.setFamilies(families)
    chosen.setPixelSize(13)
    QApplication.setFont(chosen)
    text_width.cache_clear()
    return chosen.family()
