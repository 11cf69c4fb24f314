"""Tokens and copies in a text that is changed, taken back, and opened again."""

from __future__ import annotations

import pytest

from genstudio.core.events import Done, Words
from genstudio.core.paths import Home
from genstudio.ui.panels.text import TextPanel
from tests.helpers.text_desk import TOKENS, TextDesk


@pytest.fixture
def desk(qtbot, tmp_path):
    made = TextDesk(qtbot, Home(tmp_path / "home"))
    yield made
    made.window.close()
    made.close()


def copies(desk, qtbot, *found) -> None:
    """The answer to the question about copies that nobody asked for."""
    qtbot.waitUntil(lambda: desk.state.inside.busy == "copies")
    passages = [{"start": a, "end": b, "words": 4, "source": "tales/A Work.txt"} for a, b in found]
    desk.answer(passages=passages, surely=8, known=True)


def test_undo_brings_the_colours_back_with_the_words(desk):
    desk.type("Once")
    desk.write()
    whole = desk.tokens()
    desk.inside.layer.branch_wanted.emit(9, 11, " the")
    desk.state.writing.stop()
    desk.edit.drop_draft()
    assert len(desk.tokens()) == 2
    desk.edit.undo()
    assert desk.edit.text() == "Once upon a time"
    desk.inside.colours.fill()
    assert desk.tokens() == whole


def test_a_hole_in_the_middle_is_filled_again(desk):
    desk.type("😀 Once")
    desk.write()
    whole = desk.tokens()
    desk.edit.insert_passage(12, 14, "", 0)
    assert len(desk.tokens()) == 2
    desk.edit.undo()
    desk.inside.colours.fill()
    assert desk.tokens() == whole


def test_pieces_of_a_passage_get_the_tokens_of_their_own_place(desk):
    desk.type("Once")
    desk.write([{"t": " la", "p": p, "top": [[" la", p]]} for p in (0.1, 0.2, 0.3)])
    desk.edit.insert_passage(7, 7, " di", 0)
    desk.inside.layer.set_tokens([])
    desk.inside.colours.fill()
    assert desk.tokens() == [(4, 7, 0.1), (10, 13, 0.2), (13, 16, 0.3)]


def test_pieces_in_another_order_are_found_all_the_same(desk):
    desk.type("Once")
    desk.write()
    desk.edit.set_content("Once time, upon", [(4, 9, 1), (10, 15, 1)])
    desk.inside.layer.set_tokens([])
    desk.inside.colours.fill()
    assert desk.tokens() == [(4, 9, 0.004), (10, 15, 0.9)]


def test_what_the_user_scored_is_not_overwritten(desk):
    desk.type("Once")
    desk.write()
    desk.inside.layer.add_tokens(9, [desk.inside.layer.tokens()[2][2]])
    before = desk.tokens()
    desk.inside.colours._touch(0, 16, 16)
    desk.inside.colours.fill()
    assert desk.tokens() == before


def test_a_draft_that_came_back_is_coloured(desk):
    desk.type("Once")
    desk.state.writing.ask.set_values({"count": 2})
    assert desk.panel.write()
    job = desk.state.writing.job
    for index in range(2):
        data = {"tokens": TOKENS}
        desk.emit(Words(job=job, index=index, text=" upon a time", data=data))
    desk.emit(Done(job=job))
    again = TextPanel(desk.state)
    assert again.page.edit.draft() == (4, 16)
    assert len(again.inside.layer.tokens()) == 3
    again.page.counter.stop()


def test_what_was_noticed_once_is_not_told_again(desk, heard, qtbot):
    said = heard(desk.state.said)
    desk.type("Once")
    desk.write()
    copies(desk, qtbot, (0, 16))
    assert [words for words, *_rest in said] == ["4 words stand word for word in “A Work”"]
    desk.write()
    copies(desk, qtbot, (0, 16))
    assert len(said) == 1
    assert len(desk.edit.marks.of("copied")) == 1  # marked it is, all the same
    desk.write()
    copies(desk, qtbot, (0, 16), (17, 28))
    assert len(said) == 2
    desk.state.writing.documents.new()
    desk.type("Once")
    desk.write()
    copies(desk, qtbot, (0, 16))
    assert len(said) == 3  # another text


def test_a_version_that_comes_back_is_looked_through_again(desk, qtbot):
    desk.type("Once")
    desk.write()
    copies(desk, qtbot, (0, 16))
    desk.state.versions.restore(0)
    assert desk.edit.marks.of("copied") == []
    copies(desk, qtbot)
    desk.state.versions.restore(1)
    copies(desk, qtbot, (0, 16))
    assert [(m.start, m.end) for m in desk.edit.marks.of("copied")] == [(0, 16)]


def test_a_copy_is_listed_with_the_whole_name_of_its_work(desk, qtbot):
    desk.type("Once")
    desk.write()
    copies(desk, qtbot, (0, 16))
    page = desk.inside.inside
    desk.panel.side.show_page("inside")
    line = page.copies.line(0)
    assert (line.name, line.text) == ("Once upon a time", "A Work")
    assert line.tip.startswith("tales/A Work.txt")
    index = page.copies.model().index(0, 0)
    left = page.copies.viewport().mapTo(page, page.copies.visualRect(index).topLeft()).x()
    assert left == page.find_copies.x()


@pytest.mark.parametrize("name", ["look", "weigh", "find_copies"])
def test_the_button_keeps_the_focus_while_it_looks(desk, name):
    desk.type("Once upon")
    desk.panel.side.show_page("inside")
    button = getattr(desk.inside.inside, name)
    button.setFocus()
    button.click()
    job = desk.studio.queue.last
    assert button.text() == "Looking…"
    assert button.hasFocus()
    button.click()
    assert desk.studio.queue.last is job  # asked once


def test_without_a_word_nothing_is_asked_and_that_is_said(desk, heard):
    problems = heard(desk.state.problem)
    desk.inside.inside.weigh.click()
    assert problems[-1].what == "There is no word to ask about"
    assert desk.state.inside.busy == ""
