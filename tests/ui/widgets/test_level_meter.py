"""How loud, for eye and reader."""

from __future__ import annotations

import pytest

from genstudio.ui.theme import color, theme
from genstudio.ui.widgets import level_meter
from genstudio.ui.widgets.level_meter import FLOOR, LevelMeter, decibels


@pytest.fixture
def meter(qtbot):
    found = LevelMeter()
    qtbot.addWidget(found)
    found.resize(found.sizeHint())
    return found


def colours(meter: LevelMeter) -> list[str]:
    """Those of the upper bar, from left to right."""
    image = meter.grab().toImage()
    return [image.pixelColor(x, 4).name() for x in range(image.width())]


@pytest.mark.parametrize(("share", "found"), [(1.0, 0.0), (0.5, -6.02), (0.0, FLOOR), (-1, FLOOR)])
def test_decibels(share, found):
    assert decibels(share) == pytest.approx(found, abs=0.01)


def test_silence_is_dark_and_said(meter):
    assert meter.text() == "Silent"
    assert meter.accessibleDescription() == "Silent"
    assert color("good").name() not in colours(meter)


@pytest.mark.parametrize("look", ["dark", "light"])
def test_loud_reaches_red(meter, look):
    theme().choose(look)
    meter.set_levels(1.0, 1.0)
    found = colours(meter)
    assert {color(token).name() for token in ("good", "amber", "red")} <= set(found)
    assert meter.text() == "Peak 0 dB"


def test_soft_stays_green(meter):
    meter.set_levels(0.2, 0.1)
    assert color("amber").name() not in colours(meter)
    assert meter.accessibleDescription() == "Peak −14 dB"
    assert meter.toolTip() == "Peak −14 dB"


def test_bars_fall_slowly_and_the_peak_stays_a_while(meter, monkeypatch):
    now = [100.0]
    monkeypatch.setattr(level_meter.time, "monotonic", lambda: now[0])
    meter.set_levels(1.0, 1.0)
    green = colours(meter).count(color("red").name())
    meter.set_levels(0.0, 0.0)
    assert colours(meter).count(color("red").name()) < green
    assert meter.text() == "Peak 0 dB"
    now[0] += 2.0
    meter.set_levels(0.1, 0.1)
    assert meter.text() == "Peak −20 dB"
    meter.rest()
    assert meter.text() == "Silent"
