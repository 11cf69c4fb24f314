"""The box about a fast copy in the Models panel, and its switch in the Image panel."""

from __future__ import annotations

from dataclasses import replace

import pytest

from genstudio.core import fast
from genstudio.core.events import Done, Log, Progress
from genstudio.ui.panels.image import ImagePanel
from genstudio.ui.panels.models import ModelsPanel


@pytest.fixture
def studio(studio):
    first = studio.library.models[0]
    make, *others = first.tasks
    dressed = make.model_copy(update={"controls": (*make.controls, fast.SWITCH)})
    studio.library.models[0] = replace(first, tasks=(dressed, *others), repeated=("unet",))
    return studio


def keep(studio, **more) -> None:
    model = studio.library.models[0]
    facts = {"times": 1.8, "psnr": 31.0, "samples": 48, **more}
    made = fast.FastCopy(model=model.id, key=fast.key(model.manifest), **facts)
    fast.keep(studio.home, model.manifest, made, {})


@pytest.fixture
def box(everything):
    panel = everything.shown(ModelsPanel(everything.state))
    panel.cards.chosen.emit("shapes")
    return panel.page.fast


def buttons(box) -> list[str]:
    return [b.text() for b in (box.make, box.cancel, box.remove) if b.isVisible()]


def test_only_models_that_gain_have_a_box(everything):
    panel = everything.shown(ModelsPanel(everything.state))
    panel.cards.chosen.emit("redoer")
    assert not panel.page.fast.isVisible()
    panel.cards.chosen.emit("shapes")
    assert panel.page.fast.isVisible()
    assert "20 dB PSNR" in panel.page.fast.text.text()
    assert buttons(panel.page.fast) == ["Make a fast copy"]


def test_making_one_from_the_box(box, studio, state):
    box.make.click()
    job = studio.queue.last.job
    assert studio.queue.last.work == "make_fast"
    assert buttons(box) == ["Cancel"]
    assert "queue" in box.text.text()
    state.fast.on_event(Progress(job=job, done=5, total=10, text="Full precision: picture 5"))
    assert box.bar.value() == 500
    assert box.text.text() == "Full precision: picture 5"
    box.cancel.click()
    assert studio.queue.cancelled == [job]
    keep(studio)
    state.fast.on_event(Done(job=job, data={"fast": {"refused": ""}}))
    assert buttons(box) == ["Make it again", "Delete the copy"]
    assert "1.8 times as fast a step" in box.text.text()
    box.remove.click()
    assert buttons(box) == ["Make a fast copy"]


def test_a_refused_copy_says_why_and_what_was_measured(everything, studio):
    keep(studio, refused="its pictures are worse")
    panel = everything.shown(ModelsPanel(everything.state))
    panel.cards.chosen.emit("shapes")
    text = panel.page.fast.text.text()
    assert text.startswith("Not offered: its pictures are worse. Measured: 1.8 times")
    assert buttons(panel.page.fast) == ["Make it again"]


def test_the_switch_comes_and_goes_with_the_copy(everything, studio, state):
    panel = everything.shown(ImagePanel(state))
    state.generation.ask.set_model("shapes")

    def names() -> list[str]:
        return [control.name for control in panel.asking.form.controls()]

    assert "fast" not in names()
    keep(studio)
    state.fast.changed.emit("shapes")
    assert names()[-1] == "fast"
    state.fast.remove("shapes")
    assert "fast" not in names()


def test_what_was_made_again_is_told(everything, state, heard):
    everything.shown(ImagePanel(state))
    state.generation.ask.set_model("shapes")
    asked = state.generation.submit()
    said = heard(state.generation.said)
    state.generation.on_event(Log(job=asked.job, level="warning", text="made again"))
    state.generation.on_event(Log(job=asked.job, text="only information"))
    assert said == [("made again", "", None)]
