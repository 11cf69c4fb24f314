"""One's own work that is open: saved by itself, left safely, found again – of whatever kind."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest

from genstudio.core.errors import NotFound
from genstudio.ui.state import open_state
from genstudio.ui.state.open_state import MOST_VIEWS, OpenState


@dataclass(frozen=True)
class Work:
    id: str
    title: str = "Untitled"
    named: bool = False
    content: str = ""

    @property
    def head(self) -> Work:
        return self


class Cupboard:
    """A shelf in memory; `broken` works cannot be read."""

    def __init__(self) -> None:
        self.works: dict[str, Work] = {}
        self.trash: dict[str, Work] = {}
        self.broken: set[str] = set()
        self.made = self.puts = 0

    def new(self) -> Work:
        self.made += 1
        return Work(f"w{self.made}")

    def list(self) -> list[Work]:
        return list(reversed(self.works.values()))

    def get(self, name: str) -> Work:
        if name in self.broken or name not in self.works:
            raise NotFound(f"There is no work {name}")
        return self.works[name]

    def put(self, work: Work) -> None:
        self.puts += 1
        self.works.pop(work.id, None)
        self.works[work.id] = work

    def rename(self, name: str, title: str) -> Work:
        self.works[name] = replace(self.get(name), title=title or "Untitled", named=bool(title))
        return self.works[name]

    def remove(self, name: str) -> None:
        if name in self.broken:
            raise NotFound(f"{name} cannot be moved")
        self.trash[name] = self.works.pop(name)

    def restore(self, name: str) -> None:
        if name not in self.trash:
            raise NotFound(f"{name} is not in the trash")
        self.works[name] = self.trash.pop(name)


class Sheets(OpenState):
    THING = "The sheet"

    def _updated(self, content: str) -> Work:
        return replace(self.current, content=content)


class Desk:
    """What stands in the panel; None while it may not be saved."""

    def __init__(self, state: OpenState) -> None:
        self.text: str | None = ""
        state.bind(lambda: self.text)
        state.opened.connect(lambda work: setattr(self, "text", work.content))


@pytest.fixture
def shelf() -> Cupboard:
    return Cupboard()


@pytest.fixture
def state(shelf, qapp):
    made = Sheets(shelf)
    yield made
    made._stop_timers()


@pytest.fixture
def desk(state) -> Desk:
    return Desk(state)


def write(state, desk, text: str) -> str:
    desk.text = text
    state.touch()
    state.save()
    return state.current.id


def two(state, desk, shelf) -> tuple[str, str]:
    """Two works on the shelf, the second one open."""
    first = write(state, desk, "one")
    shelf.put(Work("other", "Other", True, "two"))
    state.refresh()
    state.open("other")
    return first, "other"


# ---- saving


def test_a_change_waits_for_quiet_but_not_for_ever(state, desk):
    state.touch()
    assert state._quiet.isActive()
    assert state._latest.isActive()
    assert state._quiet.interval() == open_state.QUIET_MS < state._latest.interval()
    state.save()
    assert not state._quiet.isActive()
    assert not state._latest.isActive()


def test_what_did_not_change_is_not_written(state, desk, shelf, heard):
    saved = heard(state.saved)
    state.save()
    write(state, desk, "a")
    state.save()
    state.close()
    assert (shelf.puts, len(saved)) == (1, 1)


def test_what_may_not_be_saved_yet_is_saved_later(state, desk, shelf):
    desk.text = None
    state.touch()
    state.save()
    assert shelf.works == {}
    desk.text = "now"
    state.save()
    assert [work.content for work in shelf.works.values()] == ["now"]


def test_closing_saves(state, desk, shelf):
    desk.text = "last words"
    state.touch()
    state.close()
    assert shelf.works[state.current.id].content == "last words"


def test_a_saved_work_comes_to_the_top_of_the_list(state, desk, shelf, heard):
    first, other = two(state, desk, shelf)
    assert [head.id for head in state.heads] == [other, first]
    listed = heard(state.listed)
    state.open(first)
    write(state, desk, "more")
    assert [head.id for head in state.heads] == [first, other]
    assert listed


# ---- opening


def test_the_one_before_is_left_and_saved_before_the_next_is_shown(state, desk, shelf):
    first, _other = two(state, desk, shelf)
    order = []
    state.leaving.connect(lambda: order.append("leaving"))
    state.saved.connect(lambda: order.append("saved"))
    state.opened.connect(lambda work: order.append(work.id))
    desk.text = "changed"
    state.touch()
    assert state.open(first)
    assert order == ["leaving", "saved", first]
    assert shelf.works["other"].content == "changed"
    assert desk.text == "one"


def test_opening_what_is_open_does_nothing(state, desk, shelf, heard):
    two(state, desk, shelf)
    left, opened = heard(state.leaving), heard(state.opened)
    desk.text = "in the middle of a word"
    assert state.open("other")
    assert (left, opened, desk.text) == ([], [], "in the middle of a word")


def test_what_cannot_be_read_is_told_and_the_open_one_stays(state, desk, shelf, heard):
    first, other = two(state, desk, shelf)
    problems, opened = heard(state.problem), heard(state.opened)
    shelf.broken.add(first)
    assert not state.open(first)
    assert (state.current.id, opened) == (other, [])
    assert first in problems[0].sentence


# ---- titles


def test_a_title_saves_what_stands_there_first(state, desk, shelf, heard):
    renamed = heard(state.renamed)
    desk.text = "words"
    state.rename("Poem")
    kept = shelf.works[state.current.id]
    assert (kept.title, kept.content, kept.named) == ("Poem", "words", True)
    assert state.heads[0].title == "Poem"
    state.rename("")
    assert state.current.title == "Untitled"
    assert len(renamed) >= 2


def test_a_title_for_what_cannot_be_kept_yet_is_told_not_fatal(state, desk, heard):
    problems = heard(state.problem)
    desk.text = None
    before = state.current
    state.rename("Too early")
    assert len(problems) == 1
    assert state.current == before


# ---- the trash


def test_to_the_trash_and_back_with_one_press(state, desk, shelf, heard):
    first, other = two(state, desk, shelf)
    said = heard(state.said)
    state.remove(other)
    assert state.current.id == first, "the next one is shown"
    ((words, action, undo),) = said
    assert (words, action) == ("“Other” is in the trash", "Undo")
    undo()
    assert (state.current.id, desk.text) == (other, "two")
    assert shelf.trash == {}


def test_another_than_the_open_one_can_be_thrown_away(state, desk, shelf, heard):
    first, other = two(state, desk, shelf)
    opened = heard(state.opened)
    state.remove(first)
    assert (state.current.id, opened) == (other, [])
    assert [head.id for head in state.heads] == [other]


def test_the_last_one_leaves_an_empty_one_and_does_not_come_back_by_itself(state, desk, shelf):
    gone = write(state, desk, "one")
    state.remove(gone)
    assert state.current.id != gone
    assert desk.text == ""
    state.close()
    assert shelf.works == {}


def test_what_cannot_be_thrown_away_stays_open(state, desk, shelf, heard):
    _first, other = two(state, desk, shelf)
    problems, said = heard(state.problem), heard(state.said)
    shelf.broken.add(other)
    state.remove(other)
    assert (state.current.id, said, len(problems)) == (other, [], 1)


def test_an_undo_that_comes_too_late_is_told(state, desk, shelf, heard):
    _first, other = two(state, desk, shelf)
    said, problems = heard(state.said), heard(state.problem)
    state.remove(other)
    shelf.trash.clear()
    said[0][2]()
    assert len(problems) == 1
    assert state.current.id != other


# ---- the session


def test_the_open_one_and_the_places_in_all_come_back(state, desk, shelf, qapp):
    first, other = two(state, desk, shelf)
    state.look(7, 30)
    state.open(first)
    state.look(2, 0)
    again = Sheets(shelf)
    again.restore(state.snapshot())
    assert (again.current.id, again.view) == (first, (2, 0))
    again.open(other)
    assert again.view == (7, 30)


@pytest.mark.parametrize(
    "saved",
    [
        {},
        {"id": "never was", "views": []},
        {"id": 7, "views": {"other": [1], "x": "ab", "y": [True, 2], "z": [1.5, 2]}},
        {"id": None, "views": None},
    ],
)
def test_a_session_of_nonsense_opens_the_newest(state, desk, shelf, saved):
    shelf.put(Work("other", "Other", True, "two"))
    state.restore(saved)
    assert (state.current.id, desk.text) == ("other", "two")
    assert state.views == {}


def test_where_nothing_can_be_read_an_empty_one_is_open(state, desk, shelf, heard):
    problems = heard(state.problem)
    shelf.put(Work("other"))
    shelf.broken.add("other")
    state.open_last("other")
    assert state.current.id not in shelf.works
    assert len(problems) == 1


def test_only_the_last_places_are_kept(state, desk):
    for number in range(MOST_VIEWS + 5):
        state.current = Work(f"n{number}")
        state.look(number, 0)
    state.current = Work("n3")
    state.look(99, 0)
    views = state.snapshot()["views"]
    assert len(views) == MOST_VIEWS
    assert views["n3"] == [99, 0], "looked at again, it is not the oldest"
    assert "n4" not in views
