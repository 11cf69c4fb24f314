"""The choices of an export, and the jobs that it follows."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from genstudio.core.errors import Problem
from genstudio.core.events import Cancelled, Done, Failed, Progress
from genstudio.core.request import Request
from genstudio.core.settings import Settings
from genstudio.ui.state.export_state import FORMATS, LEVELS, SCALES, ExportState


@pytest.fixture
def exports(studio, tmp_path):
    made = ExportState(studio)
    made.set_folder(tmp_path / "first")
    return made


def item(studio, output: str = "image"):
    return studio.gallery.make(Request(model="shapes", task="make"), output=output)


# ---- choices


@pytest.mark.parametrize("output", [*FORMATS, "something new"])
def test_every_kind_has_a_format_and_the_first_is_the_default(exports, output):
    assert exports.ext(output) == exports.formats(output)[0]


def test_each_kind_keeps_its_own_format(exports, heard):
    edits = heard(exports.edited)
    exports.set_ext("image", ".webp")
    exports.set_ext("animation", ".gif")
    assert (exports.ext("image"), exports.ext("animation")) == (".webp", ".gif")
    exports.set_ext("image", ".gif")
    assert exports.ext("image") == ".webp"
    assert len(edits) == 2, "what was refused is no edit"


@pytest.mark.parametrize("scale", SCALES)
def test_scales_offered_are_taken(exports, scale):
    exports.set_scale(scale)
    assert exports.scale == scale


@pytest.mark.parametrize("level", [name for name, _title, _help in LEVELS])
def test_levels_offered_are_taken(exports, level):
    exports.set_level(level)
    assert exports.level == level


def test_the_level_starts_as_set(studio):
    studio.settings = Settings(metadata="bare")
    assert ExportState(studio).level == "bare"


def test_choices_come_back_after_a_restart(exports, studio, tmp_path):
    exports.set_ext("image", ".jpg")
    exports.set_scale(8)
    exports.set_level("label")
    exports.set_background("soft")
    exports.set_tolerance(31)
    again = ExportState(studio)
    again.take(json.loads(json.dumps(exports.snapshot())))
    assert again.snapshot() == exports.snapshot()
    assert again.folder == tmp_path / "first"


@pytest.mark.parametrize(
    "saved",
    [
        {},
        {"ext": [".jpg"], "scale": "4", "level": None, "folder": ""},
        {"ext": {"image": ".exe"}, "scale": 3, "level": "all"},
        {"background": "gone", "tolerance": 101},
        {"background": None, "tolerance": True},
    ],
)
def test_nonsense_in_a_session_leaves_the_defaults(exports, saved):
    before = exports.snapshot()
    exports.take(saved)
    assert exports.snapshot() == before


# ---- jobs


@pytest.mark.parametrize(
    ("output", "scale", "ext"),
    [
        ("image", 4, ".png"),
        ("animation", 4, ".mp4"),
        ("report", 1, ".json"),
        ("file", 1, ".latent"),
    ],
)
def test_only_pictures_are_enlarged(exports, studio, output, scale, ext):
    exports.set_scale(4)
    exports.run([item(studio, output)])
    body = studio.queue.last.body
    assert (body["scale"], body["ext"]) == (scale, ext)


@pytest.mark.parametrize(
    ("output", "ext", "written"),
    [
        ("image", ".png", "hard"),
        ("image", ".webp", "hard"),
        ("image", ".jpg", None),
        ("animation", ".webp", None),
    ],
)
def test_only_pictures_in_some_formats_lose_their_background(exports, studio, output, ext, written):
    exports.set_background("hard")
    exports.set_ext(output, ext)
    exports.run([item(studio, output)])
    assert studio.queue.last.body.get("background") == written


def test_several_files_are_one_job(exports, studio):
    exports.run([item(studio) for _ in range(3)])
    assert len(studio.queue.submitted) == 1
    assert studio.queue.last.title == "Export 3 files"
    assert studio.queue.last.body["ids"] == ["a0", "a1", "a2"]


def test_nothing_selected_asks_for_nothing(exports, studio):
    assert exports.run([]) == ""
    assert studio.queue.submitted == []


def test_words_name_the_folder_that_was_written_to(exports, studio, heard, tmp_path):
    said = heard(exports.said)
    job = exports.run([item(studio), item(studio)])
    exports.set_folder(tmp_path / "second")
    exports.on_event(Done(job=job))
    assert said[0][0] == f"2 files written to {tmp_path / 'first'}"


def test_the_job_of_another_is_not_followed(exports, studio, heard):
    said, ends, problems = heard(exports.said), heard(exports.finished), heard(exports.problem)
    exports.run([item(studio)])
    exports.on_event(Done(job="other", data={"paths": ["/x/a.png"]}))
    exports.on_event(Failed(job="other", problem=Problem(what="No")))
    assert (said, ends, problems) == ([], [], [])


def test_an_end_is_told_once(exports, studio, heard):
    ends = heard(exports.finished)
    job = exports.run([item(studio)])
    exports.on_event(Progress(job=job, done=1, total=2))
    assert ends == []
    for _ in range(2):
        exports.on_event(Done(job=job, data={"paths": ["/x/a.png"]}))
    assert ends == [[Path("/x/a.png")]]


@pytest.mark.parametrize("end", [Failed(problem=Problem(what="No")), Cancelled()])
def test_after_a_bad_end_nothing_is_said_to_be_written(exports, studio, heard, end):
    said = heard(exports.said)
    job = exports.run([item(studio)])
    exports.on_event(end.model_copy(update={"job": job}))
    exports.on_event(Done(job=job))
    assert said == []


def test_an_answer_without_paths_is_still_an_end(exports, studio, heard):
    ends = heard(exports.finished)
    exports.on_event(Done(job=exports.run([item(studio)]), data={"paths": "a.png"}))
    assert ends == [[]]
