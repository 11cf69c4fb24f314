"""The shelf of documents: kept in a thread, listed without reading all, trash and back."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

import pytest

from genstudio.core import files
from genstudio.core.document import Document
from genstudio.core.errors import DiskFull, NotFound
from genstudio.core.paths import Home
from genstudio.studio.documents import TRASH, Documents, retitled


@pytest.fixture
def home(tmp_path) -> Home:
    return Home(tmp_path)


@pytest.fixture
def told() -> list:
    return []


@pytest.fixture
def shelf(home, told):
    made = Documents(home, told.append)
    yield made
    made.close()


def kept(shelf: Documents, text: str = "A fox\nran", **changes) -> Document:
    """A document that lies on the disk."""
    made = retitled(shelf.new(text)).model_copy(update=changes)
    written = threading.Event()
    end = shelf.on_change(lambda name: written.set() if name == made.id else None)
    shelf.put(made)
    assert written.wait(20)
    end()
    return made


def test_a_new_document_is_nowhere_until_it_is_put(shelf, home):
    made = shelf.new()
    assert (made.title, made.named, made.text) == ("Untitled", False, "")
    assert shelf.list() == []
    with pytest.raises(NotFound, match="no document"):
        shelf.get(made.id)
    assert shelf.new("Words", title="Mine").named
    assert not home.documents.exists()


def test_what_was_put_is_there_at_once_and_after_a_restart(shelf, home):
    made = retitled(shelf.new("A fox\nran"))
    shelf.put(made)
    assert shelf.get(made.id) == made
    assert [head.title for head in shelf.list()] == ["A fox"]
    shelf.close()
    again = Documents(home)
    assert again.get(made.id) == made
    assert again.list()[0].words == 3
    again.close()


def test_the_last_changed_comes_first(shelf):
    old = kept(shelf, "Old", changed="2026-01-01T00:00:00+00:00")
    new = kept(shelf, "New", changed="2026-02-01T00:00:00+00:00")
    assert [head.id for head in shelf.list()] == [new.id, old.id]


def test_only_changed_files_are_read_for_the_list(shelf, home, monkeypatch):
    made = kept(shelf)
    shelf.list()
    read = []
    original = Document.read.__func__
    monkeypatch.setattr(
        Document, "read", classmethod(lambda cls, path: read.append(path) or original(cls, path))
    )
    other = Documents(home)
    assert [head.id for head in other.list()] == [made.id]
    assert read == []
    shelf.path(made.id).write_bytes(made.model_copy(update={"title": "Changed"}).to_bytes())
    assert [head.title for head in other.list()] == ["Changed"]
    assert len(read) == 1
    other.close()


def test_a_damaged_document_is_told_once_and_the_version_before_is_used(shelf, told):
    made = kept(shelf)
    newer = kept(shelf, id=made.id, text="A fox\nran away")
    shelf.path(made.id).write_bytes(newer.to_bytes()[:-9])
    assert shelf.list() == [] == shelf.list()
    assert len(told) == 1
    assert shelf.get(made.id).text == "A fox\nran"
    assert "version before" in told[-1].next_step


def test_a_title_is_given_and_taken_back(shelf):
    made = kept(shelf)
    assert shelf.rename(made.id, "  My   fox ").title == "My fox"
    assert shelf.get(made.id).named
    again = shelf.rename(made.id, " ")
    assert (again.title, again.named) == ("A fox", False)


def test_a_title_that_nobody_gave_follows_the_first_line(shelf):
    made = kept(shelf)
    assert retitled(made.model_copy(update={"text": "An owl"})).title == "An owl"
    named = made.model_copy(update={"text": "An owl", "title": "Mine", "named": True})
    assert retitled(named).title == "Mine"
    assert retitled(made.model_copy(update={"text": ""})).title == "Untitled"


def test_to_the_trash_and_back_with_all_that_belongs_to_it(shelf):
    made = kept(shelf)
    versions = shelf.beside(made.id, "versions")
    files.write_text(versions, "{}")
    heard: list[str] = []
    shelf.on_change(heard.append)
    shelf.remove(made.id)
    assert shelf.list() == []
    assert not versions.exists()
    shelf.restore(made.id)
    assert [head.id for head in shelf.list()] == [made.id]
    assert versions.read_text() == "{}"
    assert heard == [made.id, made.id]
    with pytest.raises(NotFound, match="trash"):
        shelf.restore(made.id)


def test_removing_what_still_waits_to_be_written(shelf):
    made = retitled(shelf.new("Quick"))
    shelf.put(made)
    shelf.remove(made.id)
    assert shelf.list() == []
    shelf.restore(made.id)
    assert shelf.get(made.id).text == "Quick"


def test_old_trash_goes_for_good(shelf, home):
    made = kept(shelf)
    shelf.remove(made.id)
    assert shelf.purge(7) == 0
    today = next((home.documents / TRASH).iterdir())
    old = (datetime.now().astimezone() - timedelta(days=9)).isoformat()[:10]
    today.rename(today.with_name(old))
    assert shelf.purge(7) == 1
    with pytest.raises(NotFound):
        shelf.restore(made.id)


def test_a_full_disk_is_told_and_the_text_is_not_lost(shelf, told, monkeypatch):
    full = threading.Event()

    def refuse(*_args):
        full.set()
        raise DiskFull("The disk is full")

    made = retitled(shelf.new("Precious"))
    with monkeypatch.context() as patch:
        patch.setattr(files, "commit", refuse)
        shelf.put(made)
        assert full.wait(20)
        assert shelf.get(made.id).text == "Precious"
        shelf.close()
    assert told[0].kind == "disk-full"
    again = Documents(Home(shelf.path("x").parent.parent))
    again.put(shelf.get(made.id))
    again.close()
    assert Document.read(shelf.path(made.id)).text == "Precious"


def test_nothing_is_written_where_nothing_may_be_written(home):
    shelf = Documents(home, read_only=True)
    shelf.put(shelf.new("Words"))
    shelf.close()
    assert not home.documents.exists()
