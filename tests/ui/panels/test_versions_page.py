"""The page of versions tells whether the text is one of them, and how it differs."""

from __future__ import annotations

import pytest
from PySide6.QtTest import QTest

from genstudio.core.paths import Home
from genstudio.ui.panels.text_inside import VERSIONS
from genstudio.ui.panels.versions_page import AROUND, _shortened
from tests.helpers.text_desk import TextDesk

STANDS, LEFT = "This version stands in the text.", "The text was changed since this version."


@pytest.fixture
def desk(qtbot, tmp_path):
    made = TextDesk(qtbot, Home(tmp_path / "home"))
    made.type("Once")
    made.write()
    made.panel.side.show_page(VERSIONS)
    yield made
    made.window.close()
    made.close()


def test_a_text_that_was_changed_is_no_version(desk, qtbot):
    page = desk.inside.versions
    assert (page.words.text(), page.use.isEnabled()) == (STANDS, False)
    desk.edit.undo()
    qtbot.waitUntil(lambda: page.words.text() == LEFT)
    assert page.use.isEnabled()
    page.use.click()
    assert desk.edit.text() == "Once upon a time"
    assert page.words.text() == STANDS


def test_an_empty_page_says_at_its_top_what_it_is_for(desk):
    page = desk.inside.versions
    assert page.tree.isVisible()
    desk.state.writing.documents.new()
    assert page.words.text().startswith("Every text that a model writes")
    assert not page.tree.isVisible()
    assert not page.use.isVisible()
    QTest.qWait(1)
    assert page.words.y() == 0
    desk.type("Once")
    desk.write()
    assert page.tree.isVisible()
    assert page.use.isVisible()


def test_a_change_that_was_taken_back_is_none(desk, qtbot):
    page = desk.inside.versions
    desk.type("!")
    qtbot.waitUntil(lambda: page.words.text() == LEFT)
    desk.edit.undo()
    qtbot.waitUntil(lambda: page.words.text() == STANDS)
    assert not page.use.isEnabled()


def test_out_of_sight_nothing_is_compared(desk):
    page = desk.inside.versions
    desk.type("!")
    desk.panel.side.close_page()
    assert not page._rest.isActive()
    desk.type("!")
    assert not page._rest.isActive()


def test_a_version_is_compared_with_what_stands_there(desk):
    page = desk.inside.versions
    desk.type(" Brand new")
    page.tree.setCurrentIndex(page.tree.model().index(0, 0))
    assert "Brand new" in page.compare.toPlainText()


def test_the_focus_stays_with_the_versions(desk):
    page = desk.inside.versions
    page.tree.setCurrentIndex(page.tree.model().index(0, 0))
    page.use.setFocus()
    page.use.click()
    assert page.tree.hasFocus()


def test_what_stays_the_same_is_shortened_at_a_word():
    text = " ".join(f"word{number}" for number in range(80))
    end, begin = _shortened(text, True, False), _shortened(text, False, True)
    middle = _shortened(text, False, False)
    for part in (*end.split(), *begin.split(), *middle.split()):
        assert part in (*text.split(), "…")
    assert len(end) <= AROUND + 2
    assert _shortened("x" * 1000, True, False) == "… " + "x" * AROUND  # no blank in it
    assert _shortened("short", False, False) == "short"
