"""The prompt in the Image panel: from typing to the request and back."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from genstudio.core.controls import Int, Text
from genstudio.core.family import Task
from genstudio.ui.panels.image import ImagePanel
from genstudio.ui.state.studio_state import StudioState
from tests.helpers import a11y
from tests.helpers.fake_studio import FakeBridge, FakeModel

PROMPT = Text(name="prompt", label="Prompt", role="prompt")
QUICK = PROMPT.model_copy(update={"live": True})
TO = Text(name="prompt_to", label="Into", role="prompt")
AVOID = Text(name="negative", label="Negative prompt", role="negative", more=True)
COUNT = Int(name="count", label="Pictures", default=2, low=1, high=64)
STEPS = Int(name="steps", label="Steps", default=20, low=1, high=100)
DRAW = Task(name="draw", title="Draw", verb="Draw", controls=(PROMPT, COUNT, STEPS, AVOID))
MORPH = Task(name="morph", title="Morph", verb="Morph", controls=(PROMPT, TO, STEPS))
FAST = Task(name="fast", title="Fast", verb="Draw", live=True, controls=(QUICK, COUNT))
CONFIG = {"size": 16, "words": ["cat", "dog", "bird"], "length": 9, "examples": ["a cat"]}
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def panel(everything, studio) -> ImagePanel:
    model = FakeModel("words", "Words", (DRAW, MORPH, FAST), config=CONFIG)
    studio.library.models.insert(0, model)
    everything.state.generation.ask.reload_models()
    everything.state.generation.ask.set_model("words")
    return everything.shown(ImagePanel(everything.state))


@pytest.fixture
def box(panel):
    return panel.asking.prompt.box


def test_what_is_typed_is_asked_and_remembered(panel, box, studio):
    panel.activateWindow()
    box.edit.setFocus()
    QTest.keyClicks(box.edit, "a cat")
    QTest.keyClick(box.edit, Qt.Key.Key_Return, CTRL)
    assert studio.queue.last.request.values["prompt"] == "a cat"
    QTest.keyClicks(box.edit, " and dog")
    QTest.keyClick(box.edit, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert box.edit.text() == "a cat"
    QTest.keyClick(box.edit, Qt.Key.Key_Return, CTRL | Qt.KeyboardModifier.ShiftModifier)
    assert studio.queue.last.request.values["prompt"] == "a cat"
    assert len(studio.queue.submitted) == 2


def test_the_form_holds_all_but_the_prompts_of_the_box(panel, box, state):
    assert [c.name for c in panel.asking.form.controls()] == ["count", "steps", "seed"]
    state.generation.ask.set_task("morph")
    assert [c.name for c in panel.asking.form.controls()] == ["prompt_to", "steps", "seed"]
    assert box.isVisible()
    assert not box.fold.isVisible()
    state.generation.ask.set_model("shapes")
    assert not box.isVisible()


def test_a_second_prompt_reads_and_is_asked_like_the_first(panel, box, state, studio):
    state.generation.ask.set_task("morph")
    second = panel.asking.form.field("prompt_to")
    QTest.keyClicks(second, "xyz dog")
    assert second.unknown_at(1) == "xyz"
    state.generation.submit()
    assert studio.queue.last.request.values["prompt_to"] == "xyz dog"


def test_the_model_says_which_words_it_knows(panel, box, state):
    assert box.examples.isVisible()
    box.edit.take("a cat, xyz")
    assert box.numbers.text() == "3 words · not known: xyz"
    state.generation.ask.set_values({"prompt": "{cat|dog} {bird|cat}", "negative": "dog"})
    assert box.edit.text() == "{cat|dog} {bird|cat}"
    assert box.numbers.text() == "2 words · 2 × 2 = 4 combinations"
    assert box.negative.text() == "dog"
    assert box.negative.isVisible()


def test_a_quick_model_draws_while_one_types(panel, box, state, studio):
    state.generation.ask.set_task("fast")
    QTest.keyClicks(box.edit, "c")
    assert studio.queue.last.request.live
    assert studio.queue.last.request.values["prompt"] == "c"


def test_styles_from_keeping_to_taking_off(panel, box, state, studio):
    box.edit.take("{prompt}, soft")
    box.styles.kept.emit("Soft", False)
    box.edit.take("a cat")
    box.styles.used.emit("Soft", True)
    (chip,) = box.styles.row.chips
    assert "…, soft" in chip.toolTip()
    state.generation.submit()
    assert studio.queue.last.request.values["prompt"] == "a cat, soft"
    box.styles.renamed.emit("Soft", "Softer")
    assert box.styles.row.chips[0].text() == "Softer"
    box.styles.deleted.emit("Softer")
    assert box.styles.row.chips == []
    box.history_cleared.emit()
    assert not box.past.isEnabled()


def test_how_often_is_shown_asked_and_named_on_the_button(panel, state, studio):
    panel.asking.times.changed.emit(3)
    assert panel.asking.generate.text() == "Draw 6"
    assert panel.asking.generate.sizeHint().width() <= panel.asking.generate.width()
    state.generation.submit()
    assert len(studio.queue.submitted) == 3
    assert panel.results.grid.count() == 6
    assert panel.asking.stop.isVisible()
    state.generation.ask.set_values({"count": 64})
    panel.grab()
    assert panel.asking.generate.text() == "Draw 192"
    assert panel.asking.generate.minimumSizeHint().width() <= panel.asking.generate.width()


def test_all_of_it_is_there_after_a_restart(panel, box, state, studio, shown):
    ask = state.generation.ask
    ask.set_values({"prompt": "{prompt} x", "negative": "dog"})
    state.generation.prompts.keep("Soft")
    state.generation.prompts.use("Soft")
    ask.set_values({"prompt": "a cat"})
    ask.set_times(4)
    state.generation.submit()
    state.session.touch()
    state.session.save()
    again = StudioState(studio, FakeBridge())
    other = shown(ImagePanel(again))
    found = other.asking.prompt.box
    assert (found.edit.text(), found.negative.text()) == ("a cat", "dog")
    assert [chip.text() for chip in found.styles.row.chips] == ["Soft"]
    assert other.asking.times.value() == 4
    found.edit.step_history(1)
    assert found.edit.text() == "a cat"
    assert again.generation.prompts.history("negative") == ["dog"]
    again.close()


def test_everything_has_a_name_and_is_reached_by_tab(panel, box, state):
    ask = state.generation.ask
    ask.set_values({"prompt": "{prompt}", "negative": "dog"})
    state.generation.prompts.keep("Soft")
    state.generation.prompts.use("Soft")
    box.styles.line.ask("Keep", "", True)
    controls = [w for w in a11y.shown_controls(panel) if box.isAncestorOf(w)]
    assert len(controls) >= 9
    assert [w for w in controls if not w.accessibleName()] == []
