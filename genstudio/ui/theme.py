"""The look: one table of tokens for dark and light; palette, fonts and motion come from here.

Widgets ask `color("accent")`, `font(13)`, `theme().still`; none holds a literal colour.
Contrast is WCAG 2.2 relative luminance (w3.org/TR/WCAG22, "contrast ratio").
"""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Iterator
from dataclasses import dataclass, fields
from functools import lru_cache

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QFontMetrics, QPalette
from PySide6.QtWidgets import QApplication

from genstudio.core.paths import resources

RADIUS = 8
RADIUS_PICTURE = 10
RADIUS_BOX = 12
GAP = 8
GAP_GROUP = 16
MOTION_MS = 140


@dataclass(frozen=True)
class Tokens:
    """Colours of one theme as `rrggbb` (`aarrggbb` where see-through).

    `faint` is for what cannot be used now, `fill` the primary button, `wash` a selected place;
    `scrim` lies over pictures under `on_scrim` text; `check_a/b` are the checkerboard behind
    transparency. `series_1` … `series_6` tell curves and models apart, beside another sign.
    `chance_1` … `chance_5` lie under words from likely to surprising (blue to orange: told apart
    whatever one's eyes), `heat_1` … `heat_4` under words that weigh little or much.
    `roll_…` are the ground of the piano roll (rows of white and black keys, lines of beats and
    bars), `voice_1` … `voice_8` its tracks with `on_voice` for words on their notes.
    """

    window: str
    panel: str
    raised: str
    line: str
    text: str
    dim: str
    faint: str
    accent: str
    fill: str
    fill_hover: str
    on_fill: str
    hover: str
    wash: str
    good: str
    amber: str
    red: str
    focus: str
    scrim: str
    veil: str
    on_scrim: str
    check_a: str
    check_b: str
    series_1: str
    series_2: str
    series_3: str
    series_4: str
    series_5: str
    series_6: str
    chance_1: str
    chance_2: str
    chance_3: str
    chance_4: str
    chance_5: str
    heat_1: str
    heat_2: str
    heat_3: str
    heat_4: str
    roll_white: str
    roll_black: str
    roll_beat: str
    roll_bar: str
    voice_1: str
    voice_2: str
    voice_3: str
    voice_4: str
    voice_5: str
    voice_6: str
    voice_7: str
    voice_8: str
    on_voice: str


DARK = Tokens(
    window="16171b",
    panel="1d1f24",
    raised="262930",
    line="31343c",
    text="eceef2",
    dim="9aa0ab",
    faint="626874",
    accent="7c8cff",
    fill="5664ea",
    fill_hover="4c5ae0",
    on_fill="ffffff",
    hover="2e313a",
    wash="292c43",
    good="4cc38a",
    amber="e0b252",
    red="f4858b",
    focus="9aa6ff",
    scrim="d216171b",
    veil="b016171b",
    on_scrim="ffffff",
    check_a="24272d",
    check_b="2c2f37",
    series_1="7c8cff",
    series_2="e8a33d",
    series_3="3fc1b0",
    series_4="ef7fb1",
    series_5="5cb8f0",
    series_6="a9c75a",
    chance_1="1f3857",
    chance_2="252f3d",
    chance_3="37332a",
    chance_4="584119",
    chance_5="74381b",
    heat_1="272b47",
    heat_2="313765",
    heat_3="3e4688",
    heat_4="4c57a6",
    roll_white="1e2025",
    roll_black="191a1f",
    roll_beat="292c33",
    roll_bar="3d414b",
    voice_1="ec6f9f",
    voice_2="e5b04b",
    voice_3="58c78d",
    voice_4="8190ff",
    voice_5="56bdf0",
    voice_6="f08d62",
    voice_7="c58af5",
    voice_8="b7cc62",
    on_voice="15161a",
)
LIGHT = Tokens(
    window="f4f5f7",
    panel="ffffff",
    raised="f0f1f4",
    line="dfe2e8",
    text="1b1d22",
    dim="5f6672",
    faint="a2a8b3",
    accent="4a5be0",
    fill="4a5be0",
    fill_hover="3d4dcc",
    on_fill="ffffff",
    hover="e7e9ee",
    wash="eaedfd",
    good="1a7445",
    amber="815400",
    red="b52b34",
    focus="4a5be0",
    scrim="d2101114",
    veil="b0f4f5f7",
    on_scrim="ffffff",
    check_a="eceef2",
    check_b="f9fafb",
    series_1="4a5be0",
    series_2="b05f00",
    series_3="0b7d72",
    series_4="b52b76",
    series_5="0a72b8",
    series_6="5f7300",
    chance_1="cfe3fb",
    chance_2="e6f0fb",
    chance_3="faf1dc",
    chance_4="fbdcab",
    chance_5="f8bd93",
    heat_1="e9ecfd",
    heat_2="d3d9fb",
    heat_3="b8c2f8",
    heat_4="9ba8f3",
    roll_white="ffffff",
    roll_black="f4f5f8",
    roll_beat="e9ebf0",
    roll_bar="c9cdd6",
    voice_1="c92d70",
    voice_2="9a6400",
    voice_3="0c7d4c",
    voice_4="4a5be0",
    voice_5="0a72b8",
    voice_6="bf4a17",
    voice_7="8b3fcb",
    voice_8="5f7300",
    on_voice="ffffff",
)
TEXT_ON: tuple[tuple[str, str], ...] = (
    *(
        (front, back)
        for front in ("text", "dim")
        for back in ("window", "panel", "raised", "hover")
    ),
    *((front, "wash") for front in ("text", "dim", "accent")),
    *(
        (front, back)
        for front in ("accent", "good", "amber", "red")
        for back in ("window", "panel")
    ),
    ("good", "raised"),
    ("amber", "raised"),
    ("red", "raised"),
    ("on_fill", "fill"),
    ("on_fill", "fill_hover"),
    *(("text", f"chance_{level}") for level in range(1, 6)),
    *(("text", f"heat_{level}") for level in range(1, 5)),
    *((front, back) for front in ("text", "dim") for back in ("roll_white", "roll_black")),
    *(("on_voice", f"voice_{number}") for number in range(1, 9)),
)
"""Every (text, background) pair that the program draws; all must reach 4.5:1."""
SERIES = tuple(f"series_{number}" for number in range(1, 7))
"""Tokens of curves; all reach 3:1 on window, panel and raised (WCAG 1.4.11)."""
VOICES = tuple(f"voice_{number}" for number in range(1, 9))
"""Tokens of tracks; all reach 3:1 on the roll's ground. The ninth track begins anew."""


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
