"""The Sound panel: asking, seeing and hearing, trimming, variations, export, coming back."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt

from genstudio.ui.panels.sound import SoundPanel
from genstudio.ui.state.studio_state import StudioState
from tests.helpers import a11y
from tests.helpers.fake_studio import FakeBridge
from tests.helpers.hearing import RATE, add_hearing, done, finished, outline


@pytest.fixture
def state(studio):
    add_hearing(studio)
    made = StudioState(studio, FakeBridge())
    made.sound.ask.set_model("hits")
    made.sound.ask.set_values({"count": 2, "seconds": 0.3})
    yield made
    made.close()


@pytest.fixture
def panel(state, shown) -> SoundPanel:
    made = shown(SoundPanel(state))
    made.activated()
    return made


@pytest.fixture
def sounded(panel, state, studio, qtbot) -> SoundPanel:
    """A round of two sounds, the first one chosen and read."""
    asked = state.sound.submit()
    for index in range(2):
        seconds = 0.2 + 0.1 * index
        state.sound.on_event(finished(studio, asked.job, asked.request, index, seconds))
    state.sound.on_event(done(asked.job))
    qtbot.waitUntil(lambda: panel.page.wave.seconds() == pytest.approx(0.2))
    return panel


def choose(panel, qtbot, row: int, seconds: float) -> None:
    panel.page.grid.select([row])
    qtbot.waitUntil(lambda: panel.page.wave.seconds() == pytest.approx(seconds))


def test_a_first_look_offers_the_one_button(panel, studio):
    assert panel.answer.page() == "empty"
    assert panel.asking.generate.text() == "Make 2 sounds"
    panel.empty.clicked.emit()
    assert studio.queue.last.request.model == "hits"
    assert panel.answer.page() == "sounds"


def test_without_a_model_it_says_what_to_do(studio, shown):
    made = StudioState(studio, FakeBridge())
    panel = shown(SoundPanel(made))
    assert not panel.asking.generate.isEnabled()
    assert "train one" in panel.asking.hint.text()
    made.close()


def test_the_button_says_what_is_missing(panel, state):
    state.sound.ask.set_task("continue")
    assert panel.asking.generate.text() == "Continue"
    assert panel.asking.hint.text() == "Still needed: sound."
    assert not panel.asking.generate.isEnabled()


def test_a_sound_grows_and_is_heard_when_it_is_there(panel, state, studio, qtbot):
    asked = state.sound.submit()
    assert panel.asking.stop.isVisible()
    state.sound.on_event(outline(asked.job, 0, 5))
    assert panel.page.grid.cell(0).image is not None
    assert panel.page.grid.cell(1).image is None
    state.sound.on_event(finished(studio, asked.job, asked.request, 0))
    qtbot.waitUntil(lambda: panel.page.transport.length > 0)
    assert panel.page.transport.length == pytest.approx(0.2)
    assert panel.page.grid.cell(0).label == "kick · 0.20 s"
    assert "8,000 Hz" in panel.page.facts.text()
    state.sound.on_event(done(asked.job))
    assert panel.asking.stop.isHidden()
    assert panel.page.grid.cell(1).label == "nothing"


def test_every_sound_has_words_before_it_is_chosen(panel, state, studio, qtbot):
    def said(row: int) -> str:
        grid = panel.page.grid
        return grid.model().index(row, 0).data(Qt.ItemDataRole.AccessibleTextRole)

    asked = state.sound.submit()
    assert [said(0), said(1)] == ["Sound 1, waits, still empty", "Sound 2, waits, still empty"]
    state.sound.on_event(outline(asked.job, 1, 5))
    assert said(1) == "Sound 2, preview"
    for index in range(2):
        state.sound.on_event(finished(studio, asked.job, asked.request, index))
    state.sound.on_event(done(asked.job))
    qtbot.waitUntil(lambda: "preview" not in said(1))
    assert panel.page.grid.selected() == [0]
    assert [said(0), said(1)] == ["Sound 1, kick · 0.20 s", "Sound 2, kick · 0.20 s"]


def test_choosing_another_shows_and_loads_it(sounded, qtbot):
    choose(sounded, qtbot, 1, 0.3)
    assert sounded.page.transport.length == pytest.approx(0.3)
    sounded.page.grid.select([0, 1])
    assert sounded.page.wave.seconds() == 0
    assert not sounded.actions.able("variations")
    assert sounded.actions.able("export")


def test_trimming_and_normalising_change_what_is_heard_not_the_file(sounded, state):
    page, name = sounded.page, state.sound.shown.places[0].artifact
    before = state.sound.shown.places[0].path.read_bytes()
    assert not page.trim.isEnabled()
    page.wave.set_part((0.05, 0.15))
    page.wave.part_changed.emit((0.05, 0.15))
    page.trim.click()
    assert page.wave.seconds() == pytest.approx(0.1)
    page.normalise.click()
    edit = state.sound.edit_of(name)
    assert (edit.first, edit.last, edit.normalise) == (0.05, 0.15, True)
    assert page.facts.text().endswith("peak -0.2 dB")
    page.whole.click()
    assert page.wave.seconds() == pytest.approx(0.2)
    assert state.sound.edit_of(name).normalise
    assert state.sound.shown.places[0].path.read_bytes() == before


def test_normalising_leaves_the_marked_part(sounded):
    page = sounded.page
    page.wave.set_part((0.05, 0.15))
    page.wave.part_changed.emit((0.05, 0.15))
    page.normalise.click()
    assert page.wave.part() == (0.05, 0.15)
    page.trim.click()
    assert page.wave.seconds() == pytest.approx(0.1)
    assert page.wave.part() is None


def test_trimming_twice_counts_from_the_first_cut(sounded, state):
    page, name = sounded.page, state.sound.shown.places[0].artifact
    for part in ((0.05, 0.2), (0.05, 0.1)):
        page.wave.set_part(part)
        page.trim.setEnabled(True)
        page.trim.click()
    edit = state.sound.edit_of(name)
    assert (edit.first, edit.last) == (pytest.approx(0.1), pytest.approx(0.15))


def test_actions_do_what_they_say(sounded, state, studio):
    name = state.sound.shown.places[0].artifact
    sounded.run("star")
    assert studio.gallery.get(name).starred
    sounded.run("continue")
    assert state.sound.ask.task_name == "continue"
    sounded.run("settings")
    assert state.sound.ask.task_name == "sample"
    sounded.run("variations")
    assert studio.queue.last.request.values["count"] == 8
    state.sound.step_round(-1)
    sounded.page.grid.select([1])
    gone = state.sound.shown.places[1].artifact
    sounded.run("delete")
    assert studio.gallery.get(gone).trashed


def test_the_sheet_exports_what_is_chosen_else_all(sounded, state, studio, tmp_path):
    state.sound_export.set_folder(tmp_path)
    sounded.run("export")
    assert sounded.sheet.isVisible()
    assert sounded.sheet.about.text() == "1 sound."
    sounded.page.grid.select([])
    sounded.sheet.open_for()
    sounded.sheet.go.click()
    ids = [place.artifact for place in state.sound.shown.places]
    assert studio.queue.last.body["ids"] == ids
    assert not sounded.sheet.go.isEnabled()
    sounded.sheet._on_written([tmp_path / "kick.wav"])
    assert sounded.sheet.last.path == tmp_path / "kick.wav"


def test_escape_stops_then_leaves_the_sheet_then_silences(sounded, state, studio):
    state.sound.submit()
    assert sounded.cancel()
    assert studio.queue.cancelled
    state.sound.on_event(done(studio.queue.last.job))
    sounded.sheet.open_for()
    assert sounded.cancel()
    assert sounded.sheet.isHidden()
    assert not sounded.cancel()


def test_a_sound_of_the_gallery_is_shown(sounded, state, studio, qtbot):
    first = state.sound.shown
    other = finished(studio, "x", first.request, 5, 0.25)
    state.sound.open(other.data["artifact"])
    qtbot.waitUntil(lambda: sounded.page.wave.seconds() == pytest.approx(0.25))
    assert sounded.back.isVisible()
    sounded.back.click()
    assert state.sound.shown is first


def test_a_file_that_is_gone_shows_nothing_and_breaks_nothing(sounded, state, qtbot):
    place = state.sound.shown.places[1]
    place.path.unlink()
    sounded.page.grid.select([1])
    qtbot.waitUntil(lambda: sounded.page._of == place.artifact)
    sounded.page.transport.pause()
    assert sounded.page.grid.count() == 2


def test_everything_has_a_name_and_is_reached_by_key(sounded):
    assert a11y.nameless(sounded) == []
    assert a11y.unreachable(sounded) == []


def test_what_is_heard_is_at_the_rate_of_the_file(sounded):
    assert sounded.page._sound.rate == RATE
    assert np.abs(sounded.page._sound.samples).max() == pytest.approx(0.5, abs=0.01)


def test_a_sound_goes_to_the_drums_of_the_music_panel(sounded, state, heard):
    areas = heard(state.area_wanted)
    assert sounded.actions.able("drum")
    sounded.run("drum")
    assert areas == ["music"]
    place = sounded.page.current()
    assert state.row_sounds.take_offered() == place.path
