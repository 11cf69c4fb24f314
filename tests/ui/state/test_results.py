"""Rounds and their places: what previews, results and the end make of them."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from genstudio.core.artifact import UNFINISHED
from genstudio.core.errors import Problem
from genstudio.core.events import Preview, Result
from genstudio.core.request import Request
from genstudio.ui.state.results import Place, Round, decoded, places_for
from tests.helpers.fake_studio import MAKE, REDO, WALK


def asked(count: int = 3, **more) -> Round:
    request = Request(model="shapes", task="make", values={"count": count})
    return Round(request, "Shapes", "image", places_for(MAKE, request), job="j0", **more)


def passing(index: int, data: bytes = b"picture") -> Preview:
    return Preview(job="j0", index=index, data=base64.b64encode(data).decode())


def finished(index: int, **more) -> Result:
    return Result(job="j0", index=index, path=f"/x/{index}.png", **more)


# ---- places


@pytest.mark.parametrize(
    ("task", "values", "number"),
    [
        (MAKE, {"count": 7}, 7),
        (MAKE, {}, 1),
        (MAKE, {"count": 0}, 1),
        (MAKE, {"count": "many"}, 1),
        (WALK, {"count": 7, "frames": 30}, 1),
        (REDO, {}, 1),
    ],
)
def test_as_many_places_as_the_task_counts(task, values, number):
    places = places_for(task, Request(model="shapes", task=task.name, values=values))
    assert [place.index for place in places] == list(range(number))
    assert {place.output for place in places} == {task.output}
    assert {place.state for place in places} == {"waiting"}


def test_places_share_nothing():
    one, two = asked(2).places
    one.data["score"] = 0.5
    assert two.data == {}


@pytest.mark.parametrize(("index", "found"), [(0, True), (2, True), (3, False), (-1, False)])
def test_an_index_outside_has_no_place(index, found):
    assert (asked(3).place_of(index) is not None) is found


# ---- previews


@pytest.mark.parametrize("data", ["", "not base64!", "abc", "é"])
def test_what_cannot_be_decoded_is_empty(data):
    assert decoded(Preview(job="j0", data=data)) == b""


def test_previews_replace_each_other():
    shown = asked()
    assert shown.take_preview(passing(1, b"first")) is shown.places[1]
    shown.take_preview(passing(1, b"second"))
    assert (shown.places[1].state, shown.places[1].picture) == ("preview", b"second")
    assert [p.state for p in shown.places] == ["waiting", "preview", "waiting"]


@pytest.mark.parametrize("event", [passing(3), passing(-1), Preview(job="j0", index=0)])
def test_a_preview_without_place_or_picture_changes_nothing(event):
    shown = asked()
    assert shown.take_preview(event) is None
    assert [p.state for p in shown.places] == ["waiting"] * 3


def test_a_late_preview_does_not_hide_a_finished_picture():
    shown = asked()
    shown.take_result(finished(0))
    assert shown.take_preview(passing(0)) is None
    assert (shown.places[0].state, shown.places[0].picture) == ("done", b"")


def test_a_sketch_is_drawn_over_and_over():
    shown = asked(1, sketch=True)
    shown.take_result(finished(0))
    assert shown.take_preview(passing(0, b"newer")) is shown.places[0]
    assert shown.places[0].picture == b"newer"


# ---- results and the end


def test_a_result_fills_its_place():
    shown = asked()
    shown.take_preview(passing(2))
    place = shown.take_result(
        finished(2, seed=42, output="report", data={"artifact": "a7", "class": "boot"})
    )
    assert place is shown.places[2]
    assert (place.state, place.path, place.seed) == ("done", Path("/x/2.png"), 42)
    assert (place.artifact, place.output, place.data["class"]) == ("a7", "report", "boot")
    assert shown.done == 1
    assert place.picture == b"", "the file is shown, not the last preview"


def test_pictures_stopped_on_their_way_are_marked():
    shown = asked(2)
    shown.take_result(finished(0, data={UNFINISHED: "stopped at step 9 of 20"}))
    shown.take_result(finished(1, data={"class": "boot"}))
    assert shown.unfinished == [shown.places[0]]
    shown.places[0].state = "trashed"
    assert shown.unfinished == []


def test_the_result_of_another_round_is_not_taken():
    shown = asked(2)
    assert shown.take_result(finished(2)) is None
    assert shown.done == 0


@pytest.mark.parametrize("artifact", [5, None, ["a1"]])
def test_a_record_that_is_no_name_is_left_out(artifact):
    place = asked().take_result(finished(0, data={"artifact": artifact}))
    assert place.artifact == ""


def test_a_places_data_is_its_own_copy():
    event = finished(0, data={"class": "boot"})
    place = asked().take_result(event)
    place.data["class"] = "bag"
    assert event.data == {"class": "boot"}


def test_at_the_end_the_unfinished_are_lost():
    shown, problem = asked(4), Problem(what="Out of memory")
    shown.take_result(finished(0))
    shown.take_preview(passing(1))
    shown.places[2].state = "trashed"
    lost = shown.end(problem)
    assert [place.index for place in lost] == [1, 3]
    assert [p.state for p in shown.places] == ["done", "lost", "trashed", "lost"]
    assert shown.places[1].picture == b"", "no preview stands for a result that is not there"
    assert (shown.running, shown.problem) == (False, problem)
    assert shown.end() == [], "nothing is lost twice"


def test_a_sketch_keeps_its_picture_at_the_end():
    shown = asked(1, sketch=True)
    shown.take_preview(passing(0))
    assert shown.end() == []
    assert (shown.places[0].state, shown.running) == ("preview", False)


def test_only_files_count_as_done():
    states = ("done", "trashed", "preview", "done", "lost", "waiting")
    places = [Place(index, state) for index, state in enumerate(states)]
    assert Round(asked().request, "", "image", places).done == 2
