"""Search, filters, pages, stars, trash with undo."""

from __future__ import annotations

import pytest

from genstudio.core.errors import GenStudioError
from genstudio.core.request import Request
from genstudio.ui.state import gallery_state
from genstudio.ui.state.gallery_state import GalleryState


@pytest.fixture
def gallery(studio):
    for model in ("boots", "bags", "boots"):
        studio.gallery.make(Request(model=model, task="make"))
    state = GalleryState(studio)
    state.reload()
    yield state
    state.close()


def _ids(gallery) -> list[str]:
    return [item.id for item in gallery.items]


def test_the_newest_stand_first(gallery):
    assert _ids(gallery) == ["a2", "a1", "a0"]
    assert gallery.complete
    assert gallery.index_of("a1") == 1
    assert gallery.index_of("zz") == -1


def test_typing_searches_once_when_it_rests(gallery, studio, qtbot):
    asked = len(studio.gallery.asked)
    for text in ("b", "ba", "bags"):
        gallery.search(text)
    with qtbot.waitSignal(gallery.changed, timeout=3000):
        pass
    assert _ids(gallery) == ["a1"]
    assert len(studio.gallery.asked) == asked + 1


def test_filters_show_stars_and_trash(gallery):
    gallery.star(["a0"])
    gallery.trash(["a2"])
    assert _ids(gallery) == ["a1", "a0"]
    gallery.set_filter("starred")
    assert _ids(gallery) == ["a0"]
    gallery.set_filter("trash")
    assert _ids(gallery) == ["a2"]
    gallery.set_filter("nonsense")
    assert gallery.filter == "trash"


def test_pages_follow_one_another(gallery, studio, monkeypatch, heard):
    monkeypatch.setattr(gallery_state, "PAGE", 2)
    gallery.items = []
    gallery.reload()
    assert _ids(gallery) == ["a2", "a1"]
    added = heard(gallery.appended)
    gallery.more()
    gallery.more()
    assert _ids(gallery) == ["a2", "a1", "a0"]
    assert added == [2]


def test_stars_are_set_together_and_taken_together(gallery, studio, heard):
    changed = heard(gallery.item_changed)
    gallery.star(["a0"])
    gallery.star(["a0", "a1"])
    assert all(studio.gallery.get(name).starred for name in ("a0", "a1"))
    gallery.star(["a0", "a1"])
    assert not any(item.starred for item in gallery.items)
    gallery.star(["a0"], on=True)
    assert gallery.items[2].starred
    assert changed == ["a0", "a0", "a1", "a0", "a1", "a0"]


def test_deleting_offers_the_undo_and_the_undo_works(gallery, heard):
    said, changed = heard(gallery.said), heard(gallery.item_changed)
    gallery.trash(["a0", "a1"])
    text, action, undo = said[0]
    assert (text, action) == ("2 results moved to the trash", "Undo")
    assert _ids(gallery) == ["a2"]
    undo()
    assert _ids(gallery) == ["a2", "a1", "a0"]
    assert len(said) == 1
    assert {"a0", "a1"} <= set(changed)


def test_restoring_can_be_undone_too(gallery, heard):
    gallery.trash(["a0"])
    said = heard(gallery.said)
    gallery.restore(["a0"])
    assert said[0][:2] == ("1 result restored", "Undo")
    said[0][2]()
    assert _ids(gallery) == ["a2", "a1"]


def test_nothing_chosen_does_nothing(gallery, heard):
    said = heard(gallery.said)
    gallery.trash([])
    gallery.restore([])
    gallery.star([])
    assert said == []


def test_a_refusal_is_a_sentence(gallery, studio, heard, monkeypatch):
    problems = heard(gallery.problem)

    def refuse(*_args, **_more):
        raise GenStudioError("This folder is read-only")

    for name in ("trash", "star", "list"):
        monkeypatch.setattr(studio.gallery, name, refuse)
    gallery.trash(["a0"])
    gallery.star(["a0"])
    gallery.reload()
    assert [p.what for p in problems] == ["This folder is read-only"] * 3
    assert gallery.items == []


def test_a_burst_of_results_reloads_once(gallery, studio, qtbot):
    gallery.watch(True)
    asked = len(studio.gallery.asked)
    for _ in range(20):
        gallery.refresh()
    with qtbot.waitSignal(gallery.changed, timeout=3000):
        pass
    assert len(studio.gallery.asked) == asked + 1


def test_a_gallery_nobody_has_opened_is_not_read(studio):
    state = GalleryState(studio)
    state.refresh()
    assert studio.gallery.asked == []


def test_a_gallery_nobody_looks_at_does_not_follow(gallery, studio, qtbot):
    gallery.watch(True)
    gallery.refresh()
    gallery.watch(False)
    asked = len(studio.gallery.asked)
    gallery.refresh()
    qtbot.wait(gallery_state.SETTLE_MS * 2)
    assert len(studio.gallery.asked) == asked


def test_search_and_filter_come_back(gallery, studio):
    gallery.search("bags")
    gallery.set_filter("starred")
    other = GalleryState(studio)
    other.take(gallery.snapshot())
    assert (other.text, other.filter) == ("bags", "starred")
    other.take({"filter": "nonsense"})
    assert (other.text, other.filter) == ("", "all")


def test_gone_results_are_none(gallery, studio):
    assert gallery.get("zz") is None
    item = gallery.get("a0")
    assert gallery.path(item).is_file()
    assert gallery.small_picture(item, 64).is_file()


def test_recent_pictures_leave_out_what_is_none(gallery, studio):
    studio.gallery.make(Request(model="boots", task="make"), output="report")
    assert [a.id for a in gallery.recent_pictures(2)] == ["a2", "a1"]
