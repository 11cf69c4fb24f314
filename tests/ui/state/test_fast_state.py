"""Fast copies in the window's state: what is known of them, making, letting go."""

from __future__ import annotations

from dataclasses import replace

import pytest

from genstudio.core import fast
from genstudio.core.errors import GenStudioError, Problem
from genstudio.core.events import Cancelled, Done, Failed, Progress
from genstudio.ui.state.fast_state import FastState
from genstudio.ui.state.models_state import ModelsState


@pytest.fixture
def models(studio) -> ModelsState:
    studio.library.models = [
        replace(model, repeated=("unet",)) if model.id == "shapes" else model
        for model in studio.library.models
    ]
    state = ModelsState(studio)
    state.refresh()
    return state


@pytest.fixture
def quick(studio, models) -> FastState:
    return FastState(studio, models)


def keep(studio, model, **more) -> fast.FastCopy:
    facts = {"times": 1.8, "psnr": 31.0, "samples": 48, **more}
    made = fast.FastCopy(model=model.id, key=fast.key(model.manifest), **facts)
    fast.keep(studio.home, model.manifest, made, {})
    return made


def test_only_models_that_repeat_a_network_may_have_one(quick, models):
    assert quick.able(models.find("shapes"))
    assert not quick.able(models.find("redoer"))


def test_a_copy_is_read_from_the_data_folder(quick, models, studio):
    model = models.find("shapes")
    assert quick.copy(model) is None
    made = keep(studio, model)
    assert quick.copy(model) == made


def test_making_one_goes_through_the_queue(quick, studio, heard):
    changed, progressed, said = heard(quick.changed), heard(quick.progressed), heard(quick.said)
    job = quick.make("shapes")
    assert studio.queue.last.work == "make_fast"
    assert studio.queue.last.body == {"model": "shapes"}
    assert quick.making("shapes").job == job
    quick.on_event(Progress(job=job, done=3, total=10, text="Fast copy: picture 3 of 8"))
    assert quick.making("shapes").text == "Fast copy: picture 3 of 8"
    quick.on_event(Done(job=job, data={"fast": {"refused": ""}}))
    assert quick.making("shapes") is None
    assert changed == ["shapes", "shapes"]
    assert progressed == ["shapes"]
    assert said[0][0] == "Shapes: the fast copy is ready"


def test_a_refused_copy_says_why(quick, heard):
    said = heard(quick.said)
    job = quick.make("shapes", samples=16)
    quick.on_event(Done(job=job, data={"fast": {"refused": "its pictures are worse"}}))
    assert said[0][0] == "Shapes: no fast copy, its pictures are worse"


@pytest.mark.parametrize("event", [Cancelled(), Failed(problem=Problem(what="no room"))])
def test_it_may_end_otherwise(quick, heard, event):
    problems = heard(quick.problem)
    job = quick.make("shapes")
    quick.on_event(event.model_copy(update={"job": job}))
    assert quick.making("shapes") is None
    assert [problem.what for problem in problems] == (
        ["no room"] if isinstance(event, Failed) else []
    )


def test_a_full_queue_is_told(quick, studio, heard):
    problems = heard(quick.problem)
    studio.queue.refuse = GenStudioError("The queue is full")
    assert quick.make("shapes") == ""
    assert problems[0].what == "The queue is full"
    assert quick.making("shapes") is None


def test_cancel_and_what_the_queue_lost(quick, studio):
    job = quick.make("shapes")
    quick.cancel("shapes")
    quick.cancel("redoer")
    assert studio.queue.cancelled == [job]
    studio.queue.remove(job)
    quick.refresh()
    assert quick.making("shapes") is None


def test_a_copy_that_waits_from_last_time_is_taken_up(studio, models):
    studio.queue.submit_work("generate", "make_fast", {"model": "shapes"}, "Fast copy of Shapes")
    assert FastState(studio, models).making("shapes") is not None


def test_removing(quick, studio, models, heard):
    changed, said = heard(quick.changed), heard(quick.said)
    quick.remove("shapes")
    assert changed == []
    keep(studio, models.find("shapes"))
    quick.remove("shapes")
    assert quick.copy(models.find("shapes")) is None
    assert changed == ["shapes"]
    assert "is gone" in said[0][0]


def test_the_switch_stands_only_where_a_copy_is_offered(quick, studio, models):
    model = models.find("shapes")
    controls = (*model.tasks[0].controls, fast.SWITCH)
    assert quick.dressed(None, controls) == controls
    assert quick.dressed(model, controls) == controls[:-1]
    keep(studio, model, refused="it is worse")
    assert quick.dressed(model, controls) == controls[:-1]
    keep(studio, model)
    shown = quick.dressed(model, controls)
    assert shown[:-1] == controls[:-1]
    assert "1.8 times as fast a step" in shown[-1].help
    assert quick.dressed(model, controls[:-1]) == controls[:-1]
