"""Sweeps as the window asks for them: axes as typed, rounds of cells, sheets, going back."""

from __future__ import annotations

import pytest

from genstudio.core.controls import Text
from genstudio.core.events import Cancelled, Done, Failed, Log
from genstudio.core.family import Task
from genstudio.core.paths import Home
from genstudio.core.series import Series
from genstudio.studio import series as shelf
from genstudio.ui.state.generation_state import GenerationState
from genstudio.ui.state.sweep_state import ACROSS, DOWN, ONCE, SWEEP, Draft
from tests.helpers.fake_studio import FakeModel, FakeStudio, preview, result


@pytest.fixture
def generation(studio):
    made = GenerationState(studio)
    yield made
    made.close()


@pytest.fixture
def many(generation):
    return generation.many


def draft(many, which: str, name: str, values: str, find: str = "") -> None:
    """Choose a setting, then type."""
    many.set_draft(which, Draft(name))
    many.set_draft(which, Draft(name, values, find))


@pytest.fixture
def swept(generation, many):
    """A sweep of 3 × 2 cells that runs."""
    many.set_mode(SWEEP)
    draft(many, ACROSS, "amount", "0-1 (3)")
    draft(many, DOWN, "kind", "boot, bag")
    return generation.submit()


def answer(studio: FakeStudio, generation: GenerationState, asked, places) -> None:
    for place in places:
        request = asked.series.request(place)
        event = result(studio, asked.job, request, 0)
        group = asked.series.group(place)
        name = event.data["artifact"]
        made = studio.gallery.get(name).provenance.model_copy(update={"group": group})
        studio.gallery._change(name, provenance=made)
        generation.on_event(event.model_copy(update={"index": place}))


def test_one_asks_once_unless_told_otherwise(many, generation):
    assert many.modes == (ONCE, SWEEP)
    assert many.mode == ONCE
    assert (many.button("Generate"), many.summary()) == ("", "")
    many.set_mode("list")  # nothing here takes a list
    assert many.mode == ONCE
    assert generation.submit().series is None


def test_the_first_setting_stands_across_and_nothing_down(many):
    many.set_mode(SWEEP)
    assert many.draft(ACROSS).name == "kind"
    assert many.draft(DOWN) == Draft()
    assert many.control(DOWN) is None
    assert many.told(ACROSS) == ("", False)
    assert not many.ready()
    assert many.summary() == "Type the values of each axis."


def test_what_is_typed_is_counted_and_told(many, heard):
    changes = heard(many.changed)
    many.set_mode(SWEEP)
    draft(many, ACROSS, "amount", "0-1 (5)")
    assert many.told(ACROSS) == ("5 values: 0, 0.25, 0.5, 0.75, 1", False)
    assert many.summary() == "5 pictures in one row, one seed"
    draft(many, DOWN, "kind", "bag, BOOT")
    assert many.told(DOWN) == ("", False)  # it stands there as it is
    assert many.summary() == "5 × 2 = 10 pictures, one seed"
    assert many.button("Generate") == "Sweep 10"
    assert many.ready()
    draft(many, DOWN, "seed", "random (4)")
    assert many.axis(DOWN) == many.axis(DOWN)  # drawn once, not at every look
    assert many.summary() == "5 × 4 = 20 pictures"
    assert len(changes) >= 6


def test_faults_are_told_while_typing(many):
    many.set_mode(SWEEP)
    draft(many, ACROSS, "amount", "0-3 (4)")
    text, fault = many.told(ACROSS)
    assert fault
    assert "from 0 to 1" in text
    assert not many.ready()
    assert many.summary() == "The values of Amount do not fit."
    draft(many, ACROSS, "amount", "0-1 (20)")
    draft(many, DOWN, "seed", "1-20")
    assert many.summary() == "20 × 20 = 400: a sweep makes at most 100."
    assert many.button("Generate") == "Sweep"
    assert not many.ready()


def test_words_to_replace_must_stand_in_the_prompt(studio, qapp, heard):
    prompt = Text(name="prompt", label="Prompt", role="prompt")
    tell = Task(name="tell", title="From words", verb="Generate", controls=(prompt,))
    studio.library.models.insert(0, FakeModel("teller", "Teller", (tell,)))
    generation = GenerationState(studio)
    many = generation.many
    many.set_mode(SWEEP)
    draft(many, ACROSS, "prompt", "dog, owl", "cat")
    assert many.told(ACROSS) == ("Nothing to replace: 'cat' does not stand in the text", True)
    assert not many.ready()
    changes = heard(many.changed)
    generation.ask.set_values({"prompt": "a cat"})
    assert changes
    assert many.told(ACROSS)[1] is False
    assert many.button("Generate") == "Sweep 2"
    generation.close()


def test_values_come_back_with_their_setting(many):
    many.set_mode(SWEEP)
    draft(many, ACROSS, "amount", "0, 1")
    many.set_draft(ACROSS, Draft("kind", "0, 1"))
    assert many.draft(ACROSS) == Draft("kind")
    many.set_draft(ACROSS, Draft("amount"))
    assert many.draft(ACROSS).values == "0, 1"


def test_long_lists_of_values_are_shortened(many):
    many.set_mode(SWEEP)
    draft(many, ACROSS, "seed", "1000000000-1000000019")
    text, _ = many.told(ACROSS)
    assert text.startswith("20 values: 1000000000, ")
    assert text.endswith("… 1000000019")
    assert len(text) < 80


def test_a_sweep_is_one_job_and_one_round(generation, studio, swept, home_of):
    assert len(studio.queue.submitted) == 1
    job = studio.queue.last
    assert (job.work, job.body) == ("series", {"series": swept.series.id})
    kept = shelf.read(home_of, swept.series.id)
    assert isinstance(kept, Series)
    assert [kept.request(n).values["amount"] for n in range(3)] == [0.0, 0.5, 1.0]
    assert {kept.request(n).seed for n in range(6)} == {generation.ask.seed}
    assert generation.shown is swept
    assert [place.state for place in swept.places] == ["waiting"] * 6


@pytest.fixture
def home_of(studio) -> Home:
    return studio.home


def test_cells_fill_live_and_a_stop_keeps_them(generation, studio, swept, heard):
    changes = heard(generation.place_changed)
    generation.on_event(preview(swept.job, 4))
    answer(studio, generation, swept, (0, 4))
    generation.on_event(Log(job=swept.job, level="error", index=1, text="kind boot: no"))
    generation.on_event(Log(job=swept.job, text="a remark"))
    assert generation.cancel()
    assert studio.queue.cancelled == [swept.job]
    generation.on_event(Cancelled(job=swept.job))
    states = [place.state for place in swept.places]
    assert states == ["done", "lost", "lost", "lost", "done", "lost"]
    assert swept.places[1].fault == "kind boot: no"
    assert changes[:4] == [4, 0, 4, 1]


def test_settings_of_a_cell_are_used(generation, studio, swept):
    answer(studio, generation, swept, (5,))
    generation.on_event(Done(job=swept.job))
    artifact = generation.artifact_of(swept.places[5])
    assert generation.use_settings_of(artifact)
    assert (generation.ask.values["amount"], generation.ask.values["kind"]) == (1.0, "bag")


def test_a_slider_beside_a_sweep_redraws_one_picture(generation, studio, swept):
    answer(studio, generation, swept, range(6))
    generation.on_event(Done(job=swept.job))
    generation.focus = 4
    generation.ask.set_value("amount", 0.3)
    assert generation.submit_live()
    assert len(generation.sketch.places) == 1
    assert generation.focus == 0


def test_what_cannot_be_asked_is_a_sentence(generation, many, studio, heard):
    problems = heard(generation.problem)
    many.set_mode(SWEEP)
    draft(many, ACROSS, "amount", "0, 1")
    draft(many, DOWN, "amount", "0.5")
    assert generation.submit() is None
    assert "on both axes" in problems[0].what
    assert studio.queue.submitted == []


def test_a_sweep_is_there_again_after_a_restart(generation, many, studio, swept):
    answer(studio, generation, swept, (0, 1))
    generation.on_event(Done(job=swept.job))
    kept = generation.snapshot()
    later = GenerationState(studio)
    later.restore(kept)
    assert later.shown.series == swept.series
    assert [p.state for p in later.shown.places[:3]] == ["done", "done", "lost"]
    assert later.many.mode == SWEEP
    assert later.many.draft(ACROSS) == Draft("amount", "0-1 (3)")
    assert later.many.button("x") == "Sweep 6"
    later.close()


def test_a_broken_snapshot_is_no_harm(many):
    many.restore({"mode": 3, "axes": {"x": 1, "z": {}}, "list": {"sources": 7, "text": None}})
    many.restore({"axes": [], "list": []})
    assert many.mode == ONCE


def test_the_gallery_opens_a_sweep_as_it_was(generation, many, studio, swept, heard):
    answer(studio, generation, swept, (1, 4))
    generation.on_event(Done(job=swept.job))
    name = swept.series.id
    assert many.opened(name, generation.rounds) is swept
    studio.gallery.list = lambda text="", limit=0, **more: list(studio.gallery.items.values())
    again = many.opened(name, [])
    assert [place.index for place in again.places if place.state == "done"] == [1, 4]
    assert again.places[4].artifact == "a1"
    assert not again.running
    problems = heard(many.problem)
    assert many.opened("sweep-1", []) is None
    assert "not here any more" in problems[0].what


def test_the_sheet_is_written_by_the_files_worker(many, studio, swept, heard, tmp_path):
    said, problems = heard(many.said), heard(many.problem)
    job = many.export_sheet(swept.series, tmp_path, "label")
    assert studio.queue.last.body == {
        "series": swept.series.id, "target": str(tmp_path), "level": "label",
    }  # fmt: skip
    many.on_event(Done(job="another"))
    many.on_event(Done(job=job))
    assert str(tmp_path) in said[0][0]
    job = many.export_sheet(swept.series, tmp_path, "full")
    many.on_event(Failed(job=job, problem={"what": "The disk is full"}))
    assert problems[0].what == "The disk is full"
    studio.queue.refuse = _refusal()
    assert many.export_sheet(swept.series, tmp_path, "full") == ""


def _refusal() -> Exception:
    from genstudio.core.errors import GenStudioError

    return GenStudioError("GenStudio is closing")


def test_what_could_not_be_made_is_listed(many, heard):
    problems = heard(many.problem)
    many.on_event(Done(data={"failed": [{"name": "cat", "text": "It is no picture."}]}))
    assert problems[0].sentence == "1 item could not be made. cat: It is no picture."
    faults = [{"name": str(n), "text": "no"} for n in range(3)]
    many.on_event(Done(data={"failed": faults}))
    assert problems[1].what == "3 items could not be made"
    assert problems[1].details == "0: no\n1: no\n2: no"
    many.on_event(Done(data={"failed": []}))
    assert len(problems) == 2


def test_another_task_has_other_axes(many, generation):
    many.set_mode(SWEEP)
    draft(many, ACROSS, "kind", "boot")
    generation.ask.set_task("walk")
    assert many.draft(ACROSS).name == "frames"
    generation.ask.set_task("make")
    assert many.draft(ACROSS) == Draft("kind", "boot")
    generation.ask.set_model("critic")
    assert many.mode == ONCE
    assert many.controls == ()
