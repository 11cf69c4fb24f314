"""The sheet of a picture made elsewhere."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from genstudio.ui.panels.foreign_sheet import NOTHING_TAKES_IT, ForeignSheet
from tests.helpers import a11y
from tests.helpers import foreign as made
from tests.studio.test_fitting import AVATARS, SAID


@pytest.fixture
def path(tmp_path):
    place = tmp_path / "castle.png"
    place.write_bytes(made.png(made.TEXTS["comfy"]))
    return place


@pytest.fixture
def sheet(everything, studio, state):
    studio.library.models.append(AVATARS)
    state.generation.ask.reload_models()
    state.generation.ask.set_model("avatars")
    parent = everything.shown(QWidget(), 900, 700)
    sheet = ForeignSheet(state.drop.foreign, studio.looker, parent)
    state.drop.foreign.shown.connect(sheet.show_file)
    sheet.keeps = parent
    yield sheet
    sheet.close_loader()


def test_it_says_what_the_file_says(sheet, state, path, qtbot):
    state.drop.foreign.open(path, SAID)
    assert sheet.isVisible()
    assert sheet.name.text() == "castle.png"
    assert "Made with x" in sheet.origin.text()
    assert dict(sheet.facts.facts())["Prompt"] == "a (red:1.2) cat", "as it is written"
    assert sheet.where.text() == "Fits Avatars · New pictures."
    assert not sheet.left_out.isVisible()
    qtbot.waitUntil(lambda: not sheet.picture.pixmap().isNull())
    assert a11y.nameless(sheet) == []


def test_buttons_do_what_they_say(sheet, state, path):
    ask = state.generation.ask
    ask.set_value("prompt", "mine")
    state.drop.foreign.open(path, SAID)
    sheet.prompt.click()
    assert ask.values["prompt"] == "a red cat"
    assert sheet.isVisible(), "more may be wanted of it"
    sheet.input.click()
    assert ask.inputs["image"] == path
    sheet.copy.click()
    assert "Steps: 30" in QGuiApplication.clipboard().text()
    ask.set_task("sample")
    sheet.everything.click()
    assert ask.values["steps"] == 30
    assert not sheet.isVisible()


def test_what_does_not_fit_is_told(sheet, state, path):
    state.drop.foreign.open(path, SAID.model_copy(update={"sampler": "UniPC"}))
    assert "Sampler UniPC is not known here." in sheet.left_out.text()
    assert sheet.left_out.isVisible()


def test_without_a_model_for_words_it_can_be_read(sheet, state, studio, path):
    studio.library.models = [m for m in studio.library.models if m.id == "shapes"]
    state.generation.ask.reload_models()
    state.drop.foreign.open(path, SAID)
    assert sheet.where.text() == NOTHING_TAKES_IT
    buttons = (sheet.prompt, sheet.everything, sheet.input)
    assert not any(button.isEnabled() for button in buttons)


def test_long_prompts_scroll_and_a_second_file_has_its_own_height(sheet, state, path):
    state.drop.foreign.open(path, SAID)
    low = sheet.height()
    state.drop.foreign.open(path, SAID.model_copy(update={"prompt": "many words " * 400}))
    high = sheet.height()
    assert low < high <= sheet.parentWidget().height() - 60
    state.drop.foreign.open(path, SAID)
    assert sheet.height() == low


def test_escape_leaves(sheet, state, path):
    state.drop.foreign.open(path, SAID)
    QTest.keyClick(sheet, Qt.Key.Key_Escape)
    assert not sheet.isVisible()
