"""The open document: saved by itself, one leaves it safely, the list of all."""

from __future__ import annotations

import pytest

from genstudio.core.document import Passage, Token
from genstudio.core.errors import NotFound
from genstudio.ui.state import open_state
from genstudio.ui.state.document_state import DocumentState


class Editor:
    """Stands in for the editor: what it holds, and what it was told to show."""

    def __init__(self, state: DocumentState) -> None:
        self.text, self.spans, self.ready, self.shown = "", [], True, []
        state.opened.connect(self.show)
        state.bind(lambda: (self.text, self.spans) if self.ready else None)

    def show(self, document) -> None:
        self.shown.append(document.id)
        self.text = document.text
        self.spans = [(p.start, p.end, p.passage) for p in document.pieces]


@pytest.fixture
def documents(studio):
    made = DocumentState(studio)
    yield made
    made.close()


@pytest.fixture
def editor(documents) -> Editor:
    return Editor(documents)


def write(documents, editor, text: str, spans=()) -> str:
    editor.text, editor.spans = text, list(spans)
    documents.touch()
    documents.save()
    return documents.current.id


def passage(number: int, *texts: str) -> Passage:
    return Passage(number=number, model="stories", tokens=tuple(Token(t=t) for t in texts))


def test_a_change_is_saved_after_a_second_of_quiet(documents, editor, studio, qtbot, monkeypatch):
    assert (open_state.QUIET_MS, open_state.LATEST_MS) == (1000, 5000)
    documents._quiet.setInterval(10)
    editor.text = "A fox\nran"
    with qtbot.waitSignal(documents.saved):
        documents.touch()
    kept = studio.documents.get(documents.current.id)
    assert (kept.text, kept.title) == ("A fox\nran", "A fox")
    assert not documents._latest.isActive()


def test_nothing_is_saved_while_nothing_changed_or_a_draft_stands(documents, editor, studio):
    documents.save()
    assert studio.documents.list() == []
    editor.ready = False
    documents.touch()
    documents.save()
    assert studio.documents.list() == []
    editor.ready, editor.text = True, "Now"
    documents.save()
    assert studio.documents.list()[0].title == "Now"


def test_only_passages_that_stand_in_the_text_are_saved(documents, editor, studio):
    documents.keep_passage(passage(1, "One"))
    documents.keep_passage(passage(2, "two"))
    assert documents.next_number() == 3
    write(documents, editor, "One and two", [(0, 3, 1), (8, 9, 9)])
    kept = studio.documents.get(documents.current.id)
    assert [p.number for p in kept.passages] == [1]
    assert [(p.start, p.end, p.passage) for p in kept.pieces] == [(0, 3, 1)]
    write(documents, editor, "One and two", [(0, 3, 1), (8, 11, 2)])  # undone: it is there again
    assert [p.number for p in documents.current.passages] == [1, 2]


def test_opening_another_saves_the_one_before(documents, editor, studio, heard):
    leaving, renamed = heard(documents.leaving), heard(documents.renamed)
    first = write(documents, editor, "First")
    documents.new()
    second = write(documents, editor, "Second")
    editor.text = "Second, longer"
    documents.touch()
    assert documents.open(first)
    assert editor.text == "First"
    assert documents.current.id == first
    assert studio.documents.get(second).text == "Second, longer"
    assert len(leaving) == 2
    assert renamed
    assert documents.open(first), "it is open already"
    assert editor.shown.count(first) == 1


def test_an_empty_document_is_used_again(documents, editor):
    first = documents.current.id
    documents.new()
    assert documents.current.id == first
    documents.new("With words")
    assert documents.current.id != first
    assert editor.text == "With words"


def test_a_document_that_is_gone_is_told(documents, editor, heard):
    problems = heard(documents.problem)
    assert not documents.open("2026-01-01-gone")
    assert "no document" in problems[0].what


def test_the_last_session_comes_back_else_the_newest(documents, editor, studio):
    first = write(documents, editor, "First")
    documents.look(3, 7)
    documents.new()
    second = write(documents, editor, "Second")
    again = DocumentState(studio)
    again.restore({"id": first, "views": {first: [3, 7], "odd": "x", "odder": [1, "2"]}})
    assert again.current.id == first
    assert again.view == (3, 7)
    again.open_last("gone")
    assert again.current.id in (first, second)
    snapshot = documents.snapshot()
    assert snapshot["id"] == second
    assert snapshot["views"][first] == [3, 7]


def test_without_any_document_an_empty_one_is_shown(documents, editor):
    documents.restore({})
    assert documents.current.text == ""
    assert editor.shown == [documents.current.id]


def test_titles_are_given_and_taken_back(documents, editor, heard):
    renamed = heard(documents.renamed)
    write(documents, editor, "A fox")
    documents.rename("Mine")
    assert documents.current.title == "Mine"
    assert documents.heads[0].title == "Mine"
    write(documents, editor, "An owl")
    assert documents.current.title == "Mine"
    documents.rename("")
    assert documents.current.title == "An owl"
    assert len(renamed) >= 3


def test_a_title_can_be_given_before_the_first_word(documents, editor, studio):
    documents.rename("Plans")
    assert studio.documents.list()[0].title == "Plans"


def test_to_the_trash_and_back(documents, editor, studio, heard):
    said = heard(documents.said)
    name = write(documents, editor, "Precious")
    documents.remove(name)
    assert documents.current.text == ""
    assert documents.current.id != name
    words, action, bring_back = said[0]
    assert (words, action) == ("“Precious” is in the trash", "Undo")
    bring_back()
    assert documents.current.id == name
    assert editor.text == "Precious"


def test_removing_what_was_never_saved(documents, editor, monkeypatch, heard):
    problems = heard(documents.problem)
    documents.remove("2026-01-01-none")
    assert problems == []

    def refuse(_name):
        raise NotFound("gone")

    monkeypatch.setattr(documents._shelf, "remove", refuse)
    documents.remove("x")
    assert problems[0].what == "gone"


def test_the_list_follows_the_shelf(documents, editor, studio, heard):
    listed = heard(documents.listed)
    assert documents.heads == []
    other = studio.documents.new("From elsewhere")
    studio.documents.put(other)
    documents.refresh()
    assert [head.id for head in documents.heads] == [other.id]
    assert listed


def test_only_the_last_views_are_kept(documents, editor):
    for number in range(60):
        documents.views[f"d{number}"] = (number, 0)
    assert len(documents.snapshot()["views"]) == open_state.MOST_VIEWS
