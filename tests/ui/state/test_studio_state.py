"""The parts together: routing, restoring, drops, export."""

from __future__ import annotations

from pathlib import Path

import pytest

from genstudio.core.artifact import UNFINISHED, Provenance
from genstudio.core.errors import GenStudioError, Problem
from genstudio.core.events import Cancelled, Done, Failed
from genstudio.core.request import Request
from genstudio.studio.importing import Described
from genstudio.ui.state.studio_state import StudioState
from tests.helpers.fake_data import keep
from tests.helpers.fake_studio import FakeBridge, FakeStudio, png, result


def test_events_reach_the_round(state):
    asked = state.state.generation.submit()
    state.bridge.event.emit(result(state.studio, asked.job, asked.request, 1))
    assert asked.places[1].state == "done"


def test_what_a_stop_kept_is_told_and_may_go(state, heard):
    said = heard(state.state.said)
    asked = state.state.generation.submit()
    for place, facts in enumerate(({UNFINISHED: "stopped at step 3 of 9"}, {"class": "boot"})):
        event = result(state.studio, asked.job, asked.request, place)
        data = {**event.data, **facts}
        state.bridge.event.emit(event.model_copy(update={"data": data}))
    state.bridge.event.emit(Cancelled(job=asked.job))
    words, button, remove = said[0]
    assert (words, button) == ("1 unfinished picture kept", "Remove")
    remove()
    assert [place.state for place in asked.places[:2]] == ["trashed", "done"]
    assert said[1][1] == "Undo"


def test_a_star_in_the_gallery_shows_in_the_image_panel(state):
    asked = state.state.generation.submit()
    state.bridge.event.emit(result(state.studio, asked.job, asked.request, 0))
    state.state.gallery.star(["a0"])
    assert asked.places[0].starred
    state.state.gallery.trash(["a0"])
    assert asked.places[0].state == "trashed"


def test_words_and_problems_come_out_at_the_top(state, heard):
    said, problems = heard(state.state.said), heard(state.state.problem)
    state.state.gallery.said.emit("a", "", None)
    state.state.models.problem.emit(Problem(what="b"))
    state.state.settings.change("trash_days", 0)
    assert said[0][0] == "a"
    assert len(problems) == 2


def test_a_new_model_is_offered_at_once(state, heard):
    lists = heard(state.state.generation.ask.models_changed)
    state.studio.library.models.pop(1)
    state.bridge.changed.emit("library")
    assert len(lists) == 1
    assert len(state.state.models.models) == 2
    for what in ("gallery", "queue", "settings", "unknown"):
        state.bridge.changed.emit(what)


def test_a_restart_brings_back_every_field(tmp_path, qapp, state):
    one = state.state
    one.generation.ask.set_value("count", 7)
    one.generation.ask.set_seed(5, locked=True)
    one.gallery.search("boots")
    one.exports.set_ext("image", ".webp")
    one.models.choose("shapes")
    one.close()

    two = StudioState(state.studio, FakeBridge())
    assert two.generation.ask.values["count"] == 7
    assert two.generation.ask.seed_locked
    assert two.gallery.text == "boots"
    assert two.exports.ext("image") == ".webp"
    assert two.models.current == "shapes"
    two.close()


# ---- drops


def _offer(state, name: str, sentence: str = "", **found):
    path = Path(f"/x/{name}")
    found = Described(path=path, sentence=sentence or f"This is {name}.", **found)
    return state.state.drop.offer((path,), found)


def test_a_picture_made_here_may_restore_its_settings(state, heard):
    areas = heard(state.state.area_wanted)
    request = Request(model="shapes", task="make", seed=42, values={"count": 2})
    offer = _offer(state, "a.png", kind="ours", provenance=Provenance(request=request))
    assert [c.key for c in offer.choices] == ["settings", "input", "data"]
    state.state.drop.accept(offer, "settings")
    ask = state.state.generation.ask
    assert (ask.seed, ask.seed_locked, ask.values["count"]) == (42, True, 2)
    assert areas == ["image"]


def test_any_picture_may_be_worked_on(state):
    offer = _offer(state, "a.jpg", kind="picture")
    assert offer.choices[0].text == "Redoer · Redo"
    assert [c.area for c in offer.choices] == ["image", "train"]
    state.state.drop.accept(offer, "input")
    ask = state.state.generation.ask
    assert (ask.model_id, ask.task_name) == ("redoer", "redo")
    assert ask.inputs["image"] == Path("/x/a.jpg")


def test_pictures_become_data_in_the_train_panel(state, heard):
    areas = heard(state.state.area_wanted)
    offer = _offer(state, "a.jpg", kind="picture")
    state.state.drop.accept(offer, "data")
    assert state.state.data.mode == "import"
    assert areas[-1] == "train"


def test_what_changed_on_the_shelves_is_read_again(state):
    keep(state.studio.home, "cars", 9)
    state.bridge.changed.emit("datasets")
    assert state.state.data.names() == ["cars"]
    assert state.state.training.recipe().data == "cars"
    title = state.state.training.recipe().title
    state.studio.library.models[0].title = title
    state.bridge.changed.emit("runs")
    assert state.state.training.recipe().title == f"{title} 2"


def test_packages_go_to_the_library_and_codes_to_their_task(state):
    offer = _offer(state, "boots.zip", kind="package")
    assert [c.area for c in offer.choices] == ["models"]
    state.state.drop.accept(offer, "import")
    assert state.studio.queue.last.work == "import_model"
    offer = _offer(state, "a.latent", kind="latent")
    assert [c.title for c in offer.choices] == ["Use as input"]


def test_what_nothing_takes_has_a_sentence(state):
    offer = _offer(state, "a.exe", kind="unknown", sentence="a.exe is nothing GenStudio knows")
    assert offer.choices == ()
    assert "nothing" in offer.text
    state.state.drop.accept(offer, "settings")


def test_a_file_is_looked_at_beside_the_window(state, tmp_path, qtbot):
    picture = tmp_path / "a.png"
    picture.write_bytes(png(8))
    with qtbot.waitSignal(state.state.drop.described, timeout=5000) as found:
        state.state.drop.describe([str(picture)])
    assert found.args[0].paths == (picture,)
    assert [c.key for c in found.args[0].choices] == ["input", "data"]


@pytest.mark.parametrize("name", ["gone.png", "broken.png"])
def test_broken_files_are_described_not_raised(state, tmp_path, qtbot, name):
    (tmp_path / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\n broken")
    with qtbot.waitSignal(state.state.drop.described, timeout=5000) as found:
        state.state.drop.describe([tmp_path / name])
    assert found.args[0].text
    state.state.drop.describe([])


# ---- export


def test_an_export_is_asked_of_the_files_worker(state, heard, tmp_path):
    exports = state.state.exports
    said, ends = heard(state.state.said), heard(exports.finished)
    exports.set_scale(4)
    exports.set_level("label")
    exports.set_ext("image", ".webp")
    exports.set_folder(tmp_path)
    item = state.studio.gallery.make(Request(model="shapes", task="make"))
    job = exports.run([item])
    assert state.studio.queue.last.body == {
        "ids": ["a0"], "target": str(tmp_path), "ext": ".webp", "level": "label", "scale": 4,
    }  # fmt: skip
    state.bridge.event.emit(Done(job=job, data={"paths": [str(tmp_path / "a.webp")]}))
    assert ends == [[tmp_path / "a.webp"]]
    assert said[0][0] == f"1 file written to {tmp_path}"


def test_choices_that_do_not_fit_are_ignored(state):
    exports = state.state.exports
    exports.set_scale(3)
    exports.set_level("secret")
    exports.set_ext("image", ".exe")
    assert (exports.scale, exports.level, exports.ext("image")) == (1, "full", ".png")
    assert exports.ext("report") == ".json"
    assert exports.run([]) == ""


def test_a_failed_export_is_a_problem(state, heard):
    problems = heard(state.state.problem)
    item = state.studio.gallery.make(Request(model="shapes", task="make"))
    job = state.state.exports.run([item])
    state.bridge.event.emit(Failed(job=job, problem=Problem(what="The disk is full")))
    state.studio.queue.refuse = GenStudioError("No")
    assert state.state.exports.run([item]) == ""
    assert [p.what for p in problems] == ["The disk is full", "No"]


def test_three_crashes_start_with_defaults(tmp_path, qapp):
    from genstudio.core.paths import Home

    studio = FakeStudio(Home(tmp_path))
    studio.kept = {"generation": {"ask": {"model": "redoer"}}}
    studio.crashes = 3
    state = StudioState(studio, FakeBridge())
    assert state.generation.ask.model_id == "shapes"
    state.close()
