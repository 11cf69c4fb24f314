"""The asking side of the Sound panel: models, tasks, fields, and what the button says."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from genstudio.ui.panels.sound_ask import NO_MODEL, SoundAsk, _card
from genstudio.ui.state.sound_state import SoundState
from genstudio.ui.widgets.panel_frame import AskingColumn
from tests.helpers.hearing import add_hearing, done


@pytest.fixture
def column(shown) -> AskingColumn:
    return shown(AskingColumn("Sound"))


@pytest.fixture
def empty(studio) -> SoundState:
    return SoundState(studio)


@pytest.fixture
def sounds(studio) -> SoundState:
    add_hearing(studio)
    made = SoundState(studio)
    made.ask.set_model("hits")
    return made


@pytest.fixture
def asking(column, sounds) -> SoundAsk:
    return SoundAsk(column, sounds, column)


@pytest.fixture
def wav(tmp_path):
    path = tmp_path / "knock.wav"
    path.write_bytes(b"RIFF")
    return path


# ---- models and tasks


def test_without_a_model_it_says_what_to_do(column, empty, studio):
    asking = SoundAsk(column, empty, column)
    assert asking.hint.text() == NO_MODEL
    assert asking.cards.isHidden()
    QTest.keyClick(asking.generate, Qt.Key.Key_Space)
    assert studio.queue.count == 0
    add_hearing(studio)
    empty.ask.reload_models()
    assert asking.cards.isVisible()
    assert asking.generate.isEnabled()
    assert asking.hint.isHidden()


def test_a_model_with_one_task_asks_for_no_task(asking, sounds):
    assert asking.tasks.isVisible()
    asking.cards.chosen.emit("birds")
    assert sounds.ask.model_id == "birds"
    assert asking.tasks.isHidden()
    sounds.ask.set_model("hits")
    assert asking.tasks.isVisible()


def test_pills_and_state_are_one(asking, sounds):
    asking.tasks.pill("continue").click()
    assert sounds.ask.task_name == "continue"
    assert "sound" in {control.name for control in asking.form.controls()}
    sounds.ask.set_task("sample")
    assert asking.tasks.value() == "sample"
    assert "sound" not in {control.name for control in asking.form.controls()}
    assert asking.about.text() == sounds.ask.task.help
    assert asking.about.isHidden() == (not sounds.ask.task.help)


# ---- the button


@pytest.mark.parametrize(("count", "words"), [(1, "Make 1 sound"), (2, "Make 2 sounds")])
def test_the_button_counts(asking, sounds, count, words):
    asking.form.changed.emit("count", count, False)
    assert sounds.ask.values["count"] == count
    assert asking.generate.text() == words


def test_a_count_of_the_state_is_on_the_button_too(asking, sounds):
    sounds.ask.set_values({"count": 7})
    asking.show_foot()
    assert asking.generate.text() == "Make 7 sounds"
    assert asking.form.values()["count"] == 7


def test_the_button_asks_by_key_and_stop_stops(asking, sounds, studio):
    assert asking.stop.isHidden()
    QTest.keyClick(asking.generate, Qt.Key.Key_Space)
    assert studio.queue.last.request.model == "hits"
    assert asking.stop.isVisible()
    assert asking.generate.isEnabled(), "more can be asked meanwhile"
    QTest.keyClick(asking.stop, Qt.Key.Key_Space)
    assert studio.queue.cancelled == [studio.queue.last.job]
    sounds.on_event(done(studio.queue.last.job))
    assert asking.stop.isHidden()


# ---- a sound that is given


def test_what_is_missing_is_said_until_it_is_given(asking, sounds, wav, studio):
    sounds.ask.set_task("continue")
    assert asking.hint.text() == "Still needed: sound."
    assert asking.hint.isVisible()
    assert not asking.generate.isEnabled()
    asking.form.input_changed.emit("sound", str(wav))
    assert sounds.ask.given("sound") == wav
    assert asking.hint.isHidden()
    assert asking.generate.isEnabled()
    assert asking.generate.text() == "Continue"
    asking.form.input_changed.emit("sound", "")
    assert asking.hint.isVisible()
    assert not asking.generate.isEnabled()
    assert studio.queue.count == 0


def test_a_sound_that_another_part_gave_is_shown_and_taken_away(asking, sounds, wav):
    assert sounds.continue_from(wav)
    assert asking.tasks.value() == "continue"
    assert asking.form.inputs() == {"sound": str(wav)}
    assert asking.form.values()["keep"] == 1.0
    sounds.ask.set_input("sound", None)
    assert asking.form.inputs() == {}


def test_the_given_sound_is_still_there_after_another_task(asking, sounds, wav):
    sounds.continue_from(wav)
    sounds.ask.set_task("sample")
    sounds.ask.set_task("continue")
    assert asking.form.inputs() == {"sound": str(wav)}
    assert asking.generate.isEnabled()


# ---- seeds and fields


def test_the_seed_is_locked_shown_and_free_again(asking, sounds, studio):
    asking.form.changed.emit("seed", 5, False)
    assert (sounds.ask.seed, sounds.ask.seed_locked) == (5, True)
    asking.generate.click()
    asking.generate.click()
    assert [one.request.seed for one in studio.queue.submitted] == [5, 5]
    asking.form.changed.emit("seed", None, False)
    assert not sounds.ask.seed_locked
    sounds.ask.set_seed(99, True)
    assert asking.form.seed() == 99
    sounds.ask.set_seed(3, False)
    assert asking.form.seed() is None


def test_unknown_fields_change_nothing(asking, sounds):
    before = dict(sounds.ask.values)
    asking.form.changed.emit("no such setting", 1, False)
    assert sounds.ask.values == before


def test_a_card_says_the_rate_of_its_model(asking, sounds):
    assert set(asking.cards.ids()) == {"hits", "birds"}
    assert asking.cards.current() == "hits"
    model = next(one for one in sounds.ask.models if one.id == "birds")
    assert (_card(model).title, _card(model).subtitle) == ("Birds", "Shapes · 8,000 Hz")
    model.config.pop("rate")
    assert _card(model).subtitle == "Shapes"
    assert _card(model).preview is None, "there is no such file"
