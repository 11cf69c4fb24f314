"""Series on the shelf, and the results that belong to them."""

from __future__ import annotations

import pytest

from genstudio.core.errors import BadInput, NotFound
from genstudio.core.paths import Home
from genstudio.core.request import Request
from genstudio.core.series import Item, Series
from genstudio.studio import series as shelf
from genstudio.studio.gallery import Gallery
from tests.helpers.fake_studio import FakeQueue
from tests.helpers.results import provenance, result


def made_of(count: int = 2) -> Series:
    base = Request(model="toy-gan", task="sample", seed=7, first=5, values={"count": count})
    items = tuple(Item(name=name, first=5 + i * count) for i, name in enumerate(("ä b", "c/d")))
    return Series(id=shelf.new_id("list"), title="Toys: two", base=base, items=items)


@pytest.fixture
def home(tmp_path) -> Home:
    return Home(tmp_path / "home")


@pytest.fixture
def gallery(home):
    gallery = Gallery(home)
    yield gallery
    gallery.close()


def add(gallery: Gallery, home: Home, series: Series, number: int, within: int):
    """One result of item `number`, as a worker hands it over."""
    request = series.request(number)
    made = result(home, seed=request.seed, index=request.first + within)
    data = provenance(seed=request.seed, index=request.first + within).model_dump(mode="json")
    data["group"] = series.group(number).model_dump(mode="json")
    return gallery.add(made.model_copy(update={"data": {**made.data, "provenance": data}}))


def test_starting_keeps_it_and_queues_its_name(home):
    asked, queue = made_of(), FakeQueue()
    job = shelf.start(home, queue, asked)
    assert queue.last.job == job
    assert (queue.last.work, queue.last.body) == ("series", {"series": asked.id})
    assert queue.last.title == "Toys: two"
    assert shelf.read(home, asked.id) == asked


def test_a_series_that_is_gone_is_a_sentence(home):
    with pytest.raises(NotFound, match="not here any more"):
        shelf.read(home, "sweep-20261121-aaaaaa")
    with pytest.raises(BadInput):
        shelf.read(home, "../queue")


def test_names_are_never_the_same():
    assert len({shelf.new_id("Sweep") for _ in range(20)}) == 20
    assert shelf.new_id("Sweep").startswith("sweep-")


def test_results_stand_at_their_places(home, gallery):
    asked, other = made_of(), made_of()
    last = add(gallery, home, asked, 1, 1)
    first = add(gallery, home, asked, 0, 0)
    add(gallery, home, other, 0, 1)
    found = shelf.results(gallery, asked)
    assert [a and a.id for a in found] == [first.id, None, None, last.id]
    gallery.trash([first.id])
    assert shelf.results(gallery, asked)[0] is None


def test_the_newest_of_two_is_taken(home, gallery):
    asked = made_of()
    add(gallery, home, asked, 0, 0)
    newest = add(gallery, home, asked, 0, 0)
    assert shelf.results(gallery, asked)[0].id == newest.id


def test_a_result_of_another_place_has_none_here(home, gallery):
    asked = made_of()
    found = add(gallery, home, asked, 1, 0)
    assert shelf.place_of(asked, found) == 2
    assert shelf.place_of(made_of(), found) is None
    shorter = asked.model_copy(update={"items": asked.items[:1]})
    assert shelf.place_of(shorter, found) is None
    moved = asked.base.model_copy(update={"first": 0})
    items = tuple(item.model_copy(update={"first": None}) for item in asked.items)
    assert shelf.place_of(asked.model_copy(update={"base": moved, "items": items}), found) is None


def test_files_and_searches_go_by_the_name_in_the_group(home, gallery):
    asked = made_of()
    found = add(gallery, home, asked, 1, 0)
    assert found.file.rpartition("/")[2].startswith("c-d-7-7-")
    assert [a.id for a in gallery.list("c/d")] == [found.id]
    assert gallery.count(f"group:{asked.id}") == 1
    assert gallery.count("group:nothing") == 0
    # The index is made anew from the files and still knows it.
    gallery.rebuild()
    assert gallery.count(f"group:{asked.id}") == 1
