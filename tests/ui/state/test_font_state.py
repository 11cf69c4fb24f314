"""Which SoundFont plays music."""

from __future__ import annotations

import pytest

from genstudio.media.soundfont import SoundFont
from genstudio.ui.state.font_state import ABOUT, BUNDLED, FontState, licence_path
from genstudio.ui.state.settings_state import SettingsState
from tests.helpers import fonts


@pytest.fixture
def fonts_state(studio):
    made = FontState(SettingsState(studio))
    yield made
    made.close()


@pytest.fixture
def own(tmp_path):
    path = tmp_path / "own.sf2"
    path.write_bytes(fonts.font_bytes())
    return path


def choose(qtbot, state: FontState, path) -> None:
    """Choose, and wait until it is known whether it is taken."""
    state.choose(path)
    assert state.busy
    qtbot.waitUntil(lambda: not state.busy)


def test_the_bundled_one_plays_and_its_licence_lies_beside_it(fonts_state):
    fonts_state.restore()
    assert (fonts_state.font, fonts_state.name, fonts_state.busy) == (None, BUNDLED, False)
    assert "MIT" in ABOUT
    assert "MIT" in licence_path().read_text("utf-8")


def test_another_one_is_taken_and_remembered(fonts_state, own, studio, qtbot):
    choose(qtbot, fonts_state, own)
    assert isinstance(fonts_state.font, SoundFont)
    assert fonts_state.name == "own.sf2"
    assert studio.settings.soundfont == str(own)
    again = FontState(SettingsState(studio))
    again.restore()
    qtbot.waitUntil(lambda: not again.busy)
    assert again.name == "own.sf2"
    again.close()


def test_it_is_read_once_for_a_start(fonts_state, own, studio, qtbot, heard):
    changed = heard(fonts_state.changed)
    fonts_state.restore()
    studio.settings = studio.settings.model_copy(update={"soundfont": str(own)})
    fonts_state.restore()
    assert not fonts_state.busy
    assert changed == []


def test_a_broken_one_is_told_and_the_old_one_stays(
    fonts_state, own, studio, qtbot, heard, tmp_path
):
    choose(qtbot, fonts_state, own)
    before, problems = fonts_state.font, heard(fonts_state.problem)
    broken = tmp_path / "broken.sf2"
    broken.write_bytes(b"RIFF\0\0\0\0sfbk")
    choose(qtbot, fonts_state, broken)
    assert "broken.sf2 is damaged" in problems[0].sentence
    assert fonts_state.font is before
    assert studio.settings.soundfont == str(own)


def test_one_that_is_gone_at_a_start_is_told_and_the_bundled_one_plays(studio, qtbot, heard):
    studio.settings = studio.settings.model_copy(update={"soundfont": "/gone/away.sf2"})
    state = FontState(SettingsState(studio))
    problems = heard(state.problem)
    state.restore()
    qtbot.waitUntil(lambda: not state.busy)
    assert "away.sf2 cannot be read" in problems[0].sentence
    assert state.font is None
    assert studio.settings.soundfont == "/gone/away.sf2", "the disk may come back"
    state.close()


def test_back_to_the_bundled_one(fonts_state, own, studio, qtbot, heard):
    choose(qtbot, fonts_state, own)
    changed = heard(fonts_state.changed)
    fonts_state.reset()
    assert (fonts_state.font, fonts_state.name) == (None, BUNDLED)
    assert studio.settings.soundfont == ""
    assert len(changed) == 1


def test_what_was_reset_meanwhile_is_not_taken(fonts_state, own, studio, qtbot):
    fonts_state.choose(own)
    fonts_state.reset()
    fonts_state.close()
    qtbot.wait(1)  # what the thread said arrives
    assert fonts_state.font is None
    assert studio.settings.soundfont == ""


def test_other_settings_leave_it_alone(studio, own):
    settings = SettingsState(studio)
    assert settings.use_soundfont(str(own))
    assert settings.change("theme", "light")
    assert studio.settings.soundfont == str(own)
