"""The sheet of titles: asks, shows three cards, takes the one that is pressed, keeps words."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from genstudio.ui.panels.music import MusicPanel
from genstudio.ui.state.naming_state import NO_MODEL
from genstudio.ui.state.studio_state import StudioState
from tests.helpers import a11y
from tests.helpers.composers import add_composers
from tests.helpers.fake_studio import FakeBridge
from tests.helpers.pieces import chorale
from tests.helpers.writing import add_writers, done, words

PIECE = chorale(bars=2, voices=2)


@pytest.fixture
def state(studio):
    add_composers(studio)
    add_writers(studio)
    made = StudioState(studio, FakeBridge())
    yield made
    made.close()


@pytest.fixture
def panel(state, shown) -> MusicPanel:
    state.music.ask.set_model("voices")
    state.music.pieces.new(PIECE, "Song")
    made = shown(MusicPanel(state))
    made.activated()
    return made


@pytest.fixture
def sheet(panel):
    panel.suggest.click()
    return panel.naming


def answer(sheet, *texts: str) -> None:
    """Press the button; the model's whole answer."""
    sheet.go.click()
    state = sheet._state
    job = state.job
    for index, text in enumerate(texts):
        state.on_event(words(job, text, index))
    state.on_event(done(job))


def titles(sheet) -> list[str]:
    return [card.title.text() for card in sheet.cards if card.isVisible()]


def test_it_opens_by_its_button_and_leaves_with_escape(panel, sheet):
    assert sheet.isVisible()
    assert sheet.now.text() == "Now: Song"
    assert "There was once" in sheet.told.text()
    assert sheet.model.currentText() == "Stories"
    assert titles(sheet) == []
    assert panel.cancel()
    assert not sheet.isVisible()
    panel.suggest.click()
    panel.suggest.click()
    assert not sheet.isVisible(), "a second press closes it"


def test_the_card_that_is_pressed_is_taken(panel, sheet, state):
    answer(sheet, " old king", " sea and the wind", " little house")
    assert titles(sheet) == ["The old king", "The sea and the wind", "The little house"]
    assert state.music.pieces.current.title == "Song", "nothing is overwritten without a click"
    QTest.mouseClick(sheet.cards[1].take, Qt.MouseButton.LeftButton)
    assert state.music.pieces.current.title == "The sea and the wind"
    assert panel.answer.title.toolTip() == "The sea and the wind"
    assert sheet.now.text() == "Now: The sea and the wind"
    assert sheet.description.toPlainText().endswith("It tells of the sea and the wind.")
    QTest.keyClick(sheet.cards[2].take, Qt.Key.Key_Space)
    assert state.music.pieces.current.title == "The little house"


def test_the_focus_stays_in_the_sheet(sheet):
    sheet.go.setFocus()
    sheet.go.click()
    assert QApplication.focusWidget() is sheet.stop
    assert not sheet.go.isEnabled()
    sheet._state.on_event(words(sheet._state.job, " sea"))
    sheet._state.on_event(done(sheet._state.job))
    assert QApplication.focusWidget() is sheet.cards[0].take
    sheet.go.setFocus()
    sheet.go.click()
    sheet.stop.click()
    assert QApplication.focusWidget() is sheet.go
    assert titles(sheet) == []


def test_another_model_can_be_asked(sheet, studio):
    sheet.model.set_value("letters")
    sheet.model.chosen.emit("letters")
    sheet.go.click()
    assert studio.queue.last.request.model == "letters"


def test_a_description_that_was_typed_is_kept(sheet, state, studio):
    sheet.description.setFocus()
    QTest.keyClicks(sheet.description, "For my mother")
    sheet.close_sheet()
    assert studio.pieces.get(state.music.pieces.current.id).description == "For my mother"


def test_a_description_in_hand_is_kept_when_the_window_closes(panel, sheet, state, studio):
    sheet.description.setPlainText("For my father")
    panel.save_session()
    name = state.music.pieces.current.id
    assert studio.pieces.get(name).description == "For my father"
    sheet.hide()
    sheet.description.setPlainText("not to be seen, not to be kept")
    panel.save_session()
    assert studio.pieces.get(name).description == "For my father"


def test_a_description_in_hand_stays_with_its_piece_when_another_opens(sheet, state, studio):
    pieces = state.music.pieces
    before = pieces.current.id
    sheet.description.setFocus()
    QTest.keyClicks(sheet.description, "For my sister")
    pieces.new(PIECE, "Dropped meanwhile")  # a file that was dropped takes no focus
    assert studio.pieces.get(before).description == "For my sister"
    assert pieces.current.description == ""
    assert sheet.description.toPlainText() == ""
    assert sheet.now.text() == "Now: Dropped meanwhile"


def test_another_piece_is_told_of_once_it_stands_in_the_roll(sheet, state):
    before = sheet.told.text()
    state.music.pieces.new(chorale(bars=2, voices=4), "Larger")
    assert sheet.told.text() != before
    state.music.pieces.new(None, "Nothing")
    assert sheet.told.text() == "There are no notes to be named yet."
    assert not sheet.go.isEnabled()


def test_without_a_text_model_it_says_so(panel, studio):
    studio.library.models = [m for m in studio.library.models if m.manifest.modality == "music"]
    panel.suggest.click()
    assert panel.naming.told.text() == NO_MODEL
    assert not panel.naming.go.isEnabled()
    assert not panel.naming.model.isEnabled()


def test_while_a_draft_stands_there_the_piece_waits(panel, state):
    state.music.ask.set_task("sample")
    assert panel.write()
    panel.suggest.click()
    assert "draft" in panel.naming.told.text()
    assert not panel.naming.go.isEnabled()


def test_everything_has_a_name(sheet):
    answer(sheet, " old king", " sea", " house")
    assert a11y.nameless(sheet) == []
