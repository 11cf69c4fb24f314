"""Writing with really trained small models: real window, real worker, by key."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from genstudio.ui.app import Application
from genstudio.ui.panels.text_side import DRAFTS

CONTROL = Qt.KeyboardModifier.ControlModifier
KEY = Qt.Key
LONG = 60_000


def start(qtbot, home) -> Application:
    application = Application(home)
    qtbot.addWidget(application.window)
    application.show()
    qtbot.waitUntil(lambda: application.state is not None)
    application.window.activateWindow()
    qtbot.waitUntil(application.window.isActiveWindow)
    application.window.show_area("text")
    return application


def end(application) -> None:
    application.window.close()
    application.stop()


@pytest.fixture
def running(qtbot, tiny_copy):
    made = start(qtbot, tiny_copy)
    yield made
    end(made)


def ask(application, model: str, text: str, **values) -> None:
    """Write `text` and press Ctrl+Enter."""
    panel = application.window.panels["text"]
    panel._state.ask.set_model(model)
    panel._state.ask.set_values(values)
    panel.page.edit.setFocus()
    QTest.keyClicks(panel.page.edit, text)
    QTest.keyClick(panel.page.edit, KEY.Key_Return, CONTROL)


def test_writing_stopping_keeping_and_finding_it_again(running, qtbot, tiny_copy):
    panel, state = running.window.panels["text"], running.state.writing
    edit = panel.page.edit
    ask(running, "tiny-transformer", "The ", length=4000)
    qtbot.waitUntil(lambda: edit.draft() is not None and edit.length() > 12, timeout=LONG)
    QTest.keyClick(edit, KEY.Key_Escape)
    assert not state.running
    stopped = edit.text()
    qtbot.waitUntil(lambda: not running.state.queue.open_jobs, timeout=LONG)
    assert edit.text() == stopped, "nothing is written after Esc"
    qtbot.waitUntil(lambda: state.drafts[0].artifact != "", timeout=LONG)
    QTest.keyClick(edit, KEY.Key_Tab)
    (span,) = edit.content()[1]
    passage = state.documents.passages[span[2]]
    assert stopped == "The " + passage.text
    kept = running.studio.gallery.get(passage.artifact)
    assert kept.provenance.request.values["prompt"] == "The "
    edit.undo()
    assert edit.text() == "The "
    edit.redo()
    name = state.documents.current.id
    end(running)
    again = start(qtbot, tiny_copy)
    document = again.state.writing.documents.current
    assert (document.id, document.text) == (name, stopped)
    assert document.passages[0].text == passage.text
    end(again)


def test_drafts_repeat_alone_and_a_gap_is_filled(running, qtbot):
    panel, state = running.window.panels["text"], running.state.writing
    edit = panel.page.edit
    state.ask.set_seed(11, locked=True)
    ask(running, "tiny-transformer", "The ", count=3, length=20)
    qtbot.waitUntil(lambda: not state.running and bool(state.drafts), timeout=LONG)
    texts = [draft.text for draft in state.drafts]
    assert all(texts)
    assert len(set(texts)) > 1
    assert panel.side.page() == DRAFTS
    QTest.keyClick(edit, KEY.Key_Down)
    assert edit.text() == "The " + texts[1]
    assert state.drafts[1].rate > 0
    edit.drop_draft()
    state.ask.set_values({"count": 1})
    panel.write()
    qtbot.waitUntil(lambda: not state.running and bool(state.drafts), timeout=LONG)
    assert state.drafts[0].text == texts[0]
    edit.drop_draft()
    edit.set_content("The old house. It was cold.")
    edit.select(4, 8)
    panel.page.selection.wanted.emit("fill")
    qtbot.waitUntil(lambda: not state.running, timeout=LONG)
    assert edit.text().startswith("The ")
    assert edit.text().endswith("house. It was cold.")
