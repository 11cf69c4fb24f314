"""The user's styles on disk."""

from __future__ import annotations

import pytest

from genstudio.core.errors import NotFound, UsageError
from genstudio.core.paths import Home
from genstudio.core.style import MOST_STYLES, Style, Styles
from genstudio.studio import kept
from genstudio.studio.styles import StyleShelf


@pytest.fixture
def home(tmp_path) -> Home:
    return Home(tmp_path / "home")


@pytest.fixture
def shelf(home) -> StyleShelf:
    return StyleShelf(home)


def test_styles_are_kept_sorted_and_read_again(shelf, home):
    soft = Style(name="soft", prompt="{prompt}, soft", negative="noise", values={"steps": 8})
    assert shelf.keep(soft) is None
    shelf.keep(Style(name="Neon", prompt="neon"))
    assert [style.name for style in StyleShelf(home).list()] == ["Neon", "soft"]
    assert StyleShelf(home).get(" SOFT ") == soft


def test_nothing_is_written_before_something_is_kept(shelf, home):
    assert shelf.list() == []
    assert not home.root.exists()


def test_the_same_name_replaces_and_tells_what_it_replaced(shelf):
    first, second = Style(name="Soft", prompt="a"), Style(name="soft", prompt="b")
    shelf.keep(first)
    assert shelf.keep(second) == first
    assert shelf.list() == [second]


def test_rename_and_remove_and_their_refusals(shelf):
    shelf.keep(Style(name="a", prompt="x"))
    shelf.keep(Style(name="b"))
    assert shelf.rename("a", " New  name ").name == "New name"
    assert shelf.get("new name").prompt == "x"
    assert shelf.rename("New name", "NEW name").name == "NEW name"
    with pytest.raises(UsageError, match="'b' already"):
        shelf.rename("NEW name", "B")
    with pytest.raises(UsageError, match="no name for a style"):
        shelf.rename("b", "  ")
    gone = shelf.remove("b")
    assert [style.name for style in shelf.list()] == ["NEW name"]
    shelf.keep(gone)
    assert shelf.find("b") == gone
    for work in (shelf.get, shelf.remove):
        with pytest.raises(NotFound, match="Known are: b, NEW name"):
            work("c")


def test_listeners_hear_every_change(shelf):
    heard = []
    end = shelf.on_change(lambda: heard.append(len(shelf.list())))
    shelf.keep(Style(name="a"))
    shelf.rename("a", "b")
    shelf.remove("b")
    end()
    shelf.keep(Style(name="c"))
    assert heard == [1, 1, 0]


def test_a_damaged_file_is_told_and_the_version_before_is_used(shelf, home):
    shelf.keep(Style(name="a"))
    shelf.keep(Style(name="b"))
    home.styles_file.write_bytes(home.styles_file.read_bytes().replace(b'"b"', b'"x"'))
    told = []
    assert [style.name for style in StyleShelf(home, told.append).list()] == ["a"]
    assert "damaged" in told[0].sentence


def test_there_is_an_end_to_styles(shelf, home):
    many = Styles(styles=tuple(Style(name=f"s{i}") for i in range(MOST_STYLES)))
    kept.write(home.styles_file, many)
    shelf.keep(Style(name="s3", prompt="new"))
    with pytest.raises(UsageError, match="delete one first"):
        shelf.keep(Style(name="one more"))
