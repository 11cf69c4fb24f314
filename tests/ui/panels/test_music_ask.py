"""The asking side of the Music panel: what it shows of the state, what a hand does to it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog

from genstudio.core.request import Request
from genstudio.ui.panels.music import MusicPanel
from genstudio.ui.panels.music_ask import NO_MODEL, MusicAsk
from genstudio.ui.state.studio_state import StudioState
from genstudio.ui.widgets.panel_frame import AskingColumn
from tests.helpers.composers import add_composers, done
from tests.helpers.fake_studio import FakeBridge, png
from tests.helpers.pieces import chorale


@pytest.fixture
def composers(studio) -> None:
    add_composers(studio)


@pytest.fixture
def state(studio):
    made = StudioState(studio, FakeBridge())
    if made.music.ask.models:
        made.music.ask.set_model("voices")
    yield made
    made.close()


@pytest.fixture
def column(shown) -> AskingColumn:
    return shown(AskingColumn("Music"))


@pytest.fixture
def asking(column, state) -> MusicAsk:
    return MusicAsk(column, state.music, state.fast, column)


def names(asking) -> set[str]:
    return {control.name for control in asking.form.controls()}


# ---- models and tasks


def test_without_models_it_says_so_and_offers_nothing_to_press(asking, heard):
    wanted = heard(asking.write_wanted)
    assert asking.hint.text() == NO_MODEL
    assert asking.hint.isVisible()
    for widget in (asking.cards, asking.model_words, asking.tasks, asking.task_words):
        assert widget.isHidden()
    QTest.keyClick(asking.generate, Qt.Key.Key_Space)
    assert wanted == []


def test_models_that_come_are_there_at_once(asking, studio, state):
    add_composers(studio)
    state.music.ask.reload_models()
    assert asking.cards.isVisible()
    assert asking.generate.isEnabled()
    assert asking.hint.isHidden()
    studio.library.models.clear()
    state.music.ask.reload_models()
    assert asking.cards.isHidden()
    assert not asking.generate.isEnabled()


@pytest.mark.usefixtures("composers")
class TestWithModels:
    def test_a_card_chooses_its_model(self, asking, state):
        asking.cards.chosen.emit("tunes")
        assert state.music.ask.model_id == "tunes"
        assert [task.name for task in state.music.tasks] == [
            option[0] for option in asking._options
        ]

    def test_tasks_of_the_model_are_pills_and_reports_are_not_among_them(self, asking, state):
        shown = [option[0] for option in asking._options]
        assert {"sample", "fill"} <= set(shown)
        assert "score" not in shown
        asking.tasks.pill("fill").click()
        assert state.music.ask.task_name == "fill"
        assert asking.tasks.value() == "fill"
        state.music.ask.set_task("sample")
        assert asking.tasks.value() == "sample"

    def test_the_form_asks_nothing_that_the_roll_knows(self, asking, state):
        for task in state.music.tasks:
            state.music.ask.set_task(task.name)
            given = {"piece", "from_bar", "to_bar", "tracks", "locked", "melody"}
            assert names(asking).isdisjoint(given), task.name
            assert names(asking) <= {control.name for control in task.controls}

    def test_a_field_and_the_state_are_one(self, asking, state):
        state.music.ask.set_task("fill")
        state.music.ask.set_values({"count": 5})
        assert asking.form.values()["count"] == 5
        asking.form.changed.emit("count", 2, False)
        assert state.music.ask.values["count"] == 2
        asking.form.changed.emit("no such setting", 2, False)
        assert "no such setting" not in state.music.ask.values

    def test_the_seed_is_locked_and_free_again(self, asking, state, heard):
        edited = heard(state.music.ask.edited)
        asking.form.changed.emit("seed", 77, False)
        assert (state.music.ask.seed, state.music.ask.seed_locked) == (77, True)
        assert state.music.ask.next_seed() == 77
        asking.form.changed.emit("seed", None, False)
        assert not state.music.ask.seed_locked
        assert edited == ["seed", "seed"]
        assert asking.form.seed() is None

    def test_a_locked_seed_of_the_state_is_shown(self, asking, state):
        state.music.ask.set_seed(1234, True)
        assert asking.form.seed() == 1234
        state.music.ask.set_seed(99, False)
        assert asking.form.seed() is None

    def test_a_file_that_is_gone_leaves_the_slot_empty_and_is_told(
        self, asking, state, tmp_path, heard
    ):
        state.music.ask.set_task("bridge")
        problems = heard(state.problem)
        asking.form._zones["to"].dropped.emit([str(tmp_path / "gone.mid")])
        assert asking.form._zones["to"].path() == ""
        assert ["gone.mid is not there" in problem.sentence for problem in problems] == [True]

    def test_a_second_file_is_given_and_taken_away(self, asking, state, tmp_path):
        state.music.ask.set_task("bridge")
        path = tmp_path / "second.mid"
        path.write_bytes(b"MThd")
        asking.form.input_changed.emit("to", str(path))
        assert state.music.ask.given("to") == path
        state.music.ask.set_task("sample")
        state.music.ask.set_task("bridge")
        assert asking.form.inputs().get("to") == str(path), "it is remembered"
        state.music.ask.set_input("to", None)
        asking.show_values()
        assert not asking.form.inputs().get("to"), "what is gone is not shown"
        asking.form.input_changed.emit("to", "")
        assert state.music.ask.given("to") is None

    def test_a_file_that_somebody_else_gave_is_shown(self, asking, state, tmp_path):
        state.music.ask.set_task("bridge")
        path = tmp_path / "second.mid"
        path.write_bytes(b"MThd")
        state.music.ask.set_input("to", path)
        assert asking.form.inputs().get("to") == str(path)

    def test_the_button_asks_and_stop_stops(self, asking, state, studio, heard):
        wanted, stopped = heard(asking.write_wanted), heard(asking.stop_wanted)
        assert asking.stop.isHidden()
        QTest.keyClick(asking.generate, Qt.Key.Key_Space)
        assert len(wanted) == 1
        asking.set_verb("Fill bar 3")
        asking.set_verb("Fill bar 3")
        assert asking.generate.text() == "Fill bar 3"
        assert stopped == []

    def test_other_settings_of_a_former_piece_come_into_the_form(self, asking, state):
        state.music.use_request(
            Request(model="voices", task="fill", values={"count": 4, "from_bar": 2}, seed=31)
        )
        assert asking.tasks.value() == "fill"
        assert asking.form.values()["count"] == 4


# ---- in its panel


@pytest.fixture
def panel(composers, state, shown) -> MusicPanel:
    state.music.pieces.new(chorale(bars=2, voices=2), "Song")
    made = shown(MusicPanel(state))
    made.activated()
    return made


def test_while_it_composes_there_is_stop_and_no_second_press(panel, state, studio):
    asking = panel.asking
    assert asking.stop.isHidden()
    assert panel.write()
    assert asking.stop.isVisible()
    assert not asking.generate.isEnabled()
    asking.stop.setFocus()
    QTest.keyClick(asking.stop, Qt.Key.Key_Space)
    assert studio.queue.cancelled == [studio.queue.last.job]
    state.music.on_event(done(studio.queue.last.job))
    assert asking.stop.isHidden()
    assert asking.generate.isEnabled()


@pytest.mark.parametrize("bars", [1, 2, 3])
def test_a_short_piece_that_comes_is_shown(panel, state, bars):
    piece = chorale(bars=bars, voices=1).within(0, bars * 1920)
    state.music.pieces.new(piece, "Short")
    assert len(panel.page.roll.piece().notes) == len(piece.notes)
    assert [line.name for line in panel.asking.tracks.tracks()] == ["Soprano"]
    region = panel.page.roll.region()
    assert region is None or region[0] < region[1] <= bars * 1920


def test_what_is_heard_follows_a_track_that_goes_and_comes_back(panel, state):
    tracks = panel.asking.tracks
    tracks.switch(1, "muted").click()
    assert panel.playing.transport._mix.muted == {1}
    tracks.remove_wanted.emit(0)
    assert panel.playing.transport._mix.muted == {0}
    panel.page.roll.undo()
    assert panel.playing.transport._mix.muted == {1}


def test_a_picture_fills_in_key_and_tempo(composers, asking, state, tmp_path, monkeypatch, qtbot):
    path = tmp_path / "red.png"
    path.write_bytes(png(16, "#e61414"))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(path), ""))
    state.music.ask.set_task("fill")
    assert asking.picture.isHidden(), "filling has no key"
    state.music.ask.set_task("sample")
    assert not asking.picture.isHidden()
    assert asking.colours.isHidden()
    with qtbot.waitSignal(state.music.colours.changed, timeout=20_000):
        asking.picture.click()
    assert asking.form.values()["key"] == "C major"
    assert "mostly red" in asking.colours.text()
    assert not asking.colours.isHidden()
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: ("", ""))
    asking.picture.click()
    assert asking.form.values()["key"] == "C major"
