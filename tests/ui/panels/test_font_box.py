"""The box that says which SoundFont plays music."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QFileDialog

from genstudio.ui.panels import font_box
from genstudio.ui.panels.font_box import FontBox
from genstudio.ui.state.font_state import BUNDLED
from tests.helpers import a11y, fonts


@pytest.fixture
def box(state, shown) -> FontBox:
    return shown(FontBox(state.fonts))


@pytest.fixture
def chosen(monkeypatch):
    """`chosen(path)` is what the dialog of files answers."""

    def answer(path) -> None:
        found = (str(path), "")
        monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_a: found)

    return answer


def test_another_font_is_chosen_and_given_back(box, state, chosen, tmp_path, qtbot):
    assert box.name.text() == BUNDLED
    assert box.reset.isHidden()
    (tmp_path / "own.sf2").write_bytes(fonts.font_bytes())
    chosen(tmp_path / "own.sf2")
    box.choose.click()
    assert box.name.text() == "Reading…"
    assert not box.choose.isEnabled()
    qtbot.waitUntil(lambda: not state.fonts.busy)
    assert box.name.text() == "own.sf2"
    assert box.name.toolTip() == str(tmp_path / "own.sf2")
    box.reset.click()
    assert (box.name.text(), box.reset.isHidden()) == (BUNDLED, True)


def test_a_dialog_that_was_left_changes_nothing(box, state, chosen):
    chosen("")
    box.choose.click()
    assert not state.fonts.busy


def test_a_broken_file_is_told_in_the_window(box, state, chosen, tmp_path, qtbot, heard):
    problems = heard(state.problem)
    (tmp_path / "bad.sf3").write_bytes(b"nothing")
    chosen(tmp_path / "bad.sf3")
    box.choose.click()
    qtbot.waitUntil(lambda: bool(problems))
    assert "bad.sf3 is no SoundFont" in problems[0].sentence
    assert box.name.text() == BUNDLED


def test_one_that_is_gone_can_be_given_up(studio, state, shown, tmp_path, qtbot):
    gone = tmp_path / "gone.sf2"
    studio.settings = studio.settings.model_copy(update={"soundfont": str(gone)})
    box = shown(FontBox(state.fonts))
    qtbot.waitUntil(lambda: not state.fonts.busy)
    assert box.name.text() == BUNDLED
    assert box.about.text().startswith(f"{gone} cannot be read now. The bundled one plays")
    assert state.fonts.lost == gone
    box.reset.click()
    assert studio.settings.soundfont == ""
    assert (state.fonts.lost, box.reset.isHidden()) == (None, True)


def test_the_licence_is_shown_when_it_is_asked_for(box, monkeypatch, tmp_path):
    assert box.words.toPlainText() == ""
    box.licence.set_open(True)
    assert "MIT" in box.words.toPlainText()
    box.words.clear()
    monkeypatch.setattr(font_box, "licence_path", lambda: tmp_path / "COPYRIGHT.txt")
    box.licence.set_open(False)
    box.licence.set_open(True)
    assert box.words.toPlainText().startswith("COPYRIGHT.txt cannot be read")


def test_everything_has_a_name(box):
    box.licence.set_open(True)
    assert a11y.nameless(box) == []
