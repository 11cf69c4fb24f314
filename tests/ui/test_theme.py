"""Tokens, contrast, switching while running, no colour written elsewhere."""

from __future__ import annotations

import re
from dataclasses import asdict
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPalette
from PySide6.QtWidgets import QApplication, QLabel

import genstudio.ui
from genstudio.ui import icons, style_sheet, theme

UI = Path(genstudio.ui.__file__).parent
THEMES = {"dark": theme.DARK, "light": theme.LIGHT}


@pytest.mark.parametrize("name", THEMES)
@pytest.mark.parametrize(("front", "back"), theme.TEXT_ON)
def test_text_can_be_read(name, front, back):
    tokens = THEMES[name]
    ratio = theme.contrast(theme.parse(getattr(tokens, front)), theme.parse(getattr(tokens, back)))
    assert ratio >= 4.5, f"{front} on {back}: {ratio:.2f}"


@pytest.mark.parametrize("name", THEMES)
def test_focus_and_accent_stand_out(name):
    tokens = THEMES[name]
    for front in ("focus", "accent"):
        for back in ("window", "panel", "raised"):
            pair = theme.parse(getattr(tokens, front)), theme.parse(getattr(tokens, back))
            assert theme.contrast(*pair) >= 3.0


@pytest.mark.parametrize("name", THEMES)
@pytest.mark.parametrize("series", theme.SERIES)
def test_curves_stand_out(name, series):
    for back in ("window", "panel", "raised"):
        pair = (getattr(THEMES[name], series), getattr(THEMES[name], back))
        assert theme.contrast(*map(theme.parse, pair)) >= 3.0, back


@pytest.mark.parametrize("name", THEMES)
@pytest.mark.parametrize("voice", theme.VOICES)
def test_notes_stand_out_from_the_roll(name, voice):
    for back in ("roll_white", "roll_black"):
        pair = (getattr(THEMES[name], voice), getattr(THEMES[name], back))
        assert theme.contrast(*map(theme.parse, pair)) >= 3.0, back


@pytest.mark.parametrize("name", THEMES)
def test_voices_differ_from_each_other(name):
    assert len({getattr(THEMES[name], voice) for voice in theme.VOICES}) == 8


@pytest.mark.parametrize("name", THEMES)
def test_curves_differ_from_each_other(name):
    colours = [getattr(THEMES[name], series) for series in theme.SERIES]
    assert len(set(colours)) == len(colours) == 6


@pytest.mark.parametrize("name", THEMES)
@pytest.mark.parametrize("below", ["#ffffff", "#000000", "#808080"])
def test_words_on_pictures_can_be_read(name, below):
    scrim = theme.parse(THEMES[name].scrim)
    ground, share = QColor(below), scrim.alphaF()
    mixed = QColor.fromRgbF(
        *(
            share * front + (1 - share) * back
            for front, back in zip(scrim.getRgbF()[:3], ground.getRgbF()[:3], strict=True)
        )
    )
    assert theme.contrast(theme.parse(THEMES[name].on_scrim), mixed) >= 4.5


def test_luminance_of_black_and_white():
    assert theme.luminance(QColor("#ffffff")) == pytest.approx(1.0)
    assert theme.luminance(QColor("#000000")) == pytest.approx(0.0)
    assert theme.contrast(QColor("#fff"), QColor("#000")) == pytest.approx(21.0)
    assert theme.contrast(QColor("#777"), QColor("#777")) == 1.0


def test_themes_have_the_colours_of_the_design():
    assert (theme.DARK.window, theme.DARK.panel, theme.DARK.raised) == (
        "16171b",
        "1d1f24",
        "262930",
    )
    assert (theme.LIGHT.window, theme.LIGHT.text, theme.LIGHT.accent) == (
        "f4f5f7",
        "1b1d22",
        "4a5be0",
    )


def test_style_sheet_uses_every_name_it_has():
    for tokens in THEMES.values():
        sheet = style_sheet.build(tokens)
        assert "$" not in sheet
        assert f"#{tokens.accent}" in sheet


def test_switching_while_running(qtbot):
    label = QLabel("words")
    qtbot.addWidget(label)
    heard = []
    theme.theme().changed.connect(lambda: heard.append(theme.theme().name))
    theme.theme().choose("light")
    assert QApplication.palette().color(QPalette.ColorRole.Window) == QColor("#f4f5f7")
    assert theme.color("text") == QColor("#1b1d22")
    assert label.palette().color(QPalette.ColorRole.WindowText).name() == "#1b1d22"
    theme.theme().choose("dark")
    assert theme.color("text") == QColor("#eceef2")
    assert heard == ["light", "dark"]


def test_choosing_the_same_again_changes_nothing(qtbot):
    heard = []
    theme.theme().changed.connect(lambda: heard.append(1))
    theme.theme().choose("dark")
    assert heard == []


def test_system_theme_follows_the_desktop(qtbot, monkeypatch):
    hints = QApplication.styleHints()
    theme.theme().choose("system")
    hints.setColorScheme(Qt.ColorScheme.Light)
    try:
        theme.theme().choose("system")
        wanted = "light" if hints.colorScheme() == Qt.ColorScheme.Light else "dark"
        assert theme.theme().name == wanted
    finally:
        hints.unsetColorScheme()


def test_motion_can_be_switched_off():
    theme.theme().set_still(False)
    assert 120 <= theme.theme().duration() <= 160
    theme.theme().set_still(True)
    assert theme.theme().duration() == 0


def test_tabular_figures_are_equally_wide(qapp):
    metrics = QFontMetricsF(theme.font(13, tabular=True))
    assert metrics.horizontalAdvance("1111") == metrics.horizontalAdvance("8888")


def test_bundled_font_ships_with_its_licence(qapp):
    from genstudio.core.paths import resources

    folder = resources() / "fonts"
    fonts = list(folder.glob("*.otf"))
    assert fonts
    assert sum(path.stat().st_size for path in fonts) < 1_000_000
    assert "SIL OPEN FONT LICENSE" in (folder / "OFL.txt").read_text(encoding="utf-8")
    assert theme.font().families()[0] == "Inter"


COLOUR = re.compile(r"""["']#[0-9a-fA-F]{3,8}["']|QColor\(["'\d]|(?<!\.)rgba?\(""")
GREY_OF_A_MASK = {"mask_canvas.py"}


def test_no_colour_is_written_outside_the_table():
    for path in UI.rglob("*.py"):
        if path.name in {"theme.py"} | GREY_OF_A_MASK:
            continue
        found = COLOUR.findall(path.read_text(encoding="utf-8"))
        assert not found, f"{path.name}: {found}"


def test_token_names():
    assert set(theme.token_names()) == set(asdict(theme.DARK))


# ---- icons


@pytest.mark.parametrize("name", [n for n in icons.names() if n != "app-icon"])
def test_icon_is_drawn_in_the_wanted_colour(qapp, name):
    source = (icons.resources() / "icons" / f"{name}.svg").read_text(encoding="utf-8")
    assert 'viewBox="0 0 24 24"' in source
    assert 'stroke-width="1.75"' in source
    assert "currentColor" in source
    assert "#" not in source
    image = icons.pixmap(name, 48, "accent").toImage()
    inks = {
        image.pixelColor(x, y).name()
        for x in range(48)
        for y in range(48)
        if image.pixelColor(x, y).alpha() == 255
    }
    assert theme.color("accent").name() in inks


@pytest.mark.parametrize("dpr", [1.0, 1.5, 2.0])
def test_icon_is_sharp_at_every_scale(qapp, dpr):
    pixmap = icons.pixmap("image", 20, "text", dpr)
    assert pixmap.width() == round(20 * dpr)
    assert pixmap.devicePixelRatio() == dpr


def test_icon_changes_with_the_theme(qapp):
    dark = icons.pixmap("stop", 24).toImage()
    theme.theme().choose("light")
    assert icons.pixmap("stop", 24).toImage() != dark


def test_app_icon_has_all_sizes(qapp):
    sizes = {size.width() for size in icons.app_icon().availableSizes()}
    assert {16, 32, 64, 128, 256} <= sizes


def test_no_rule_of_the_style_sheet_is_written_twice():
    rules = [rule.strip() for rule in style_sheet.build(theme.DARK).split("}") if rule.strip()]
    twice = {" ".join(rule.split()) for rule in rules if rules.count(rule) > 1}
    assert not twice
