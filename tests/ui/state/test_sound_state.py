"""Asking for sounds: rounds that fill, outlines that grow, going on from a sound, trimming."""

from __future__ import annotations

import pytest

from genstudio.core import sounding
from genstudio.core.errors import UsageError
from genstudio.core.events import Cancelled, Failed, Log
from genstudio.core.sound_edit import SoundEdit
from genstudio.ui.state.sound_state import VARIATIONS, VARIED, SoundState, chosen_ids
from tests.helpers.hearing import add_hearing, done, finished, outline


@pytest.fixture
def sound(studio) -> SoundState:
    add_hearing(studio)
    made = SoundState(studio)
    made.ask.set_model("hits")
    made.ask.set_values({"count": 2, "seconds": 0.3})
    return made


def answered(sound: SoundState, studio, count: int = 2):
    """A round with `count` finished sounds."""
    asked = sound.submit()
    for index in range(count):
        sound.on_event(finished(studio, asked.job, asked.request, index))
    sound.on_event(done(asked.job))
    return asked


def test_only_models_of_sound_are_offered(sound):
    assert [model.id for model in sound.ask.models] == ["birds", "hits"] or {
        model.id for model in sound.ask.models
    } == {"birds", "hits"}
    assert [task.name for task in sound.ask.tasks] == ["sample", "continue"]


def test_a_press_lays_out_places_that_fill(sound, studio, heard):
    places, rounds = heard(sound.place_changed), heard(sound.round_changed)
    asked = sound.submit()
    assert len(rounds) == 1
    assert studio.queue.last.request.values["seconds"] == 0.3
    assert [place.state for place in asked.places] == ["waiting", "waiting"]
    assert sound.running is asked
    sound.on_event(outline(asked.job, 1))
    sound.on_event(outline(asked.job, 1))
    assert asked.places[1].state == "preview"
    assert len(sound.peaks(asked.places[1])) == 6
    assert sound.peaks(asked.places[0]) == []
    sound.on_event(finished(studio, asked.job, asked.request, 1))
    sound.on_event(outline(asked.job, 1))
    assert asked.places[1].state == "done"
    assert places == [1, 1, 1]
    sound.on_event(done(asked.job))
    assert asked.places[0].state == "lost"
    assert sound.running is None
    assert sound.seconds_asked() == 0.3


def test_events_of_other_jobs_are_ignored(sound):
    asked = sound.submit()
    sound.on_event(outline("another"))
    assert all(place.state == "waiting" for place in asked.places)


def test_a_refusal_is_told_and_nothing_is_laid_out(sound, studio, heard):
    problems = heard(sound.problem)
    studio.queue.refuse = UsageError("The queue is full")
    assert sound.submit() is None
    assert problems[0].what == "The queue is full"
    assert sound.shown is None


def test_what_is_missing_is_said(sound, heard):
    said = heard(sound.said)
    sound.ask.set_task("continue")
    assert sound.submit() is None
    assert said[0][0] == "Still needed: sound."


def test_a_failure_and_a_warning_are_told(sound, heard):
    problems, said = heard(sound.problem), heard(sound.said)
    asked = sound.submit()
    sound.on_event(Log(job=asked.job, level="warning", text="Slow today"))
    sound.on_event(Failed(job=asked.job, problem=UsageError("No").problem))
    assert problems[0].what == "No"
    assert said[0][0] == "Slow today"


def test_stopping_ends_what_runs_and_keeps_what_came(sound, studio):
    assert not sound.cancel()
    asked = sound.submit()
    sound.on_event(finished(studio, asked.job, asked.request))
    assert sound.cancel()
    assert studio.queue.cancelled == [asked.job]
    sound.on_event(Cancelled(job=asked.job))
    assert [place.state for place in asked.places] == ["done", "lost"]


def test_rounds_are_gone_through(sound, studio):
    first, second = answered(sound, studio), answered(sound, studio)
    assert (sound.shown, sound.position) == (second, (2, 2))
    sound.step_round(-1)
    assert (sound.shown, sound.position) == (first, (1, 2))
    sound.step_round(-1)
    sound.step_round(5)
    assert sound.shown is second


def test_continuing_puts_the_sound_into_the_form(sound, studio):
    place = answered(sound, studio).places[0]
    assert sound.continue_from(place.path)
    assert sound.ask.task_name == "continue"
    assert sound.ask.given(sounding.SOUND) == place.path
    assert sound.ask.values[sounding.KEEP] == 1.0


def test_variations_keep_the_beginning_and_the_class(sound, studio):
    artifact = sound.artifact_of(answered(sound, studio).places[0])
    asked = sound.variations_of(artifact)
    values = asked.request.values
    assert (values["keep"], values["count"], values["class"]) == (VARIED, VARIATIONS, "kick")
    assert asked.request.inputs["sound"] == str(sound.path(artifact))


def test_a_model_that_cannot_go_on_says_so(sound, studio, heard):
    artifact = sound.artifact_of(answered(sound, studio).places[0])
    sound.ask.set_model("birds")
    said = heard(sound.said)
    assert sound.continuing() is None
    assert sound.variations_of(artifact) is None
    assert "no variations" in said[0][0]


def test_settings_come_back(sound, studio):
    artifact = sound.artifact_of(answered(sound, studio).places[0])
    sound.ask.set_model("birds")
    sound.ask.set_values({"seconds": 2.0})
    assert sound.use_settings_of(artifact)
    assert sound.ask.model_id == "hits"
    assert sound.ask.values["seconds"] == 0.3
    assert sound.ask.seed_locked


def test_an_edit_is_kept_told_and_taken_back(sound, heard):
    told = heard(sound.edit_changed)
    sound.set_edit("a0", SoundEdit(first=0.1))
    sound.set_edit("a0", SoundEdit(first=0.1))
    assert told == ["a0"]
    assert sound.edit_of("a0").first == 0.1
    sound.set_edit("a0", SoundEdit())
    assert sound.edits == {}


def test_a_sound_of_the_gallery_is_opened_in_its_round_or_alone(sound, studio, heard):
    first = answered(sound, studio)
    answered(sound, studio)
    wanted = heard(sound.open_wanted)
    assert sound.open(first.places[1].artifact)
    assert sound.shown is first
    assert wanted == [first.places[1].artifact]
    alone = studio.gallery.make(first.request, 7, "sound", seconds=0.1)
    assert sound.open(alone.id)
    assert [place.artifact for place in sound.shown.places] == [alone.id]
    assert not sound.open("gone")


def test_stars_and_trash_of_the_gallery_are_followed(sound, studio):
    place = answered(sound, studio).places[0]
    studio.gallery.star(place.artifact, True)
    sound.on_artifact(place.artifact)
    assert place.starred
    studio.gallery.trash([place.artifact])
    sound.on_artifact(place.artifact)
    assert place.state == "trashed"
    assert chosen_ids(sound.shown.places) == [sound.shown.places[1].artifact]


def test_a_session_comes_back(sound, studio):
    asked = answered(sound, studio)
    name = asked.places[0].artifact
    sound.set_edit(name, SoundEdit(normalise=True))
    sound.set_edit("gone", SoundEdit(first=1.0))
    saved = sound.snapshot()
    saved["edits"]["bad"] = {"first": -3}
    again = SoundState(studio)
    again.restore(saved)
    assert again.ask.model_id == "hits"
    assert [place.artifact for place in again.shown.places] == [p.artifact for p in asked.places]
    assert again.edits == {name: SoundEdit(normalise=True)}
    again.restore({"rounds": "nonsense", "edits": 3, "ask": []})
    assert again.shown is None
