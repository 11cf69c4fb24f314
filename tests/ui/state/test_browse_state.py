"""Pages, filters, edits with undo and redo of one dataset, over an answering machine."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from genstudio.core.errors import BadInput
from genstudio.core.paths import Home
from genstudio.ui.state import browse_state
from genstudio.ui.state.browse_state import BrowseState, Filter, Row
from genstudio.ui.state.looks import Looks
from tests.helpers.fake_data import FakeAsker, keep, row


@pytest.fixture
def data(tmp_path, qtbot, monkeypatch, qapp):
    """A dataset of 25 rows in pages of 10, looked at."""
    monkeypatch.setattr(browse_state, "PAGE", 10)
    asker = FakeAsker()
    asker.rows["fruits"] = [
        row(n, caption=f"fruit {n}", **{"class": "apple" if n % 2 else "pear"}) for n in range(25)
    ]
    looks = Looks(asker)
    state = BrowseState(looks)
    state.watch(True)
    dataset = keep(Home(tmp_path), "fruits", 25)

    def idle() -> None:
        qtbot.waitUntil(lambda: not looks.busy and not state._timer.isActive(), timeout=10_000)

    state.open(dataset)
    idle()
    yield SimpleNamespace(state=state, asker=asker, looks=looks, dataset=dataset, idle=idle)
    asker.gate.set()
    state.close()
    looks.close()


def numbers(state):
    return [found.row for found in state.rows]


# ---- pages


def test_the_first_page_is_typed(data):
    assert numbers(data.state) == list(range(10))
    assert (data.state.total, data.state.complete) == (25, False)
    assert data.state.rows[0] == Row(0, "000.png", "fruit 0", "pear", "valid", False, 16, 16)


def test_further_pages_come_until_all_is_there(data, heard):
    asked, ready = heard(data.state.page_asked), heard(data.state.page_ready)
    for _ in range(4):
        data.state.more()
        data.idle()
    assert numbers(data.state) == list(range(25))
    assert asked == [(10, 10), (20, 5)], "the last page is as short as it will be"
    assert ready == [10, 20]
    assert data.state.complete


def test_one_page_at_a_time(data):
    data.asker.gate.clear()
    data.state.more()
    data.state.more()
    assert data.state.loading
    data.asker.gate.set()
    data.idle()
    assert len(data.asker.works("browse")) == 2


def test_pictures_arrive_at_their_places(data, heard):
    pictures = heard(data.state.preview_ready)
    data.state.more()
    data.idle()
    assert [place for place, _png in pictures] == list(range(10, 20))
    assert pictures[0][1].startswith(b"\x89PNG")


def test_a_page_that_is_shorter_than_promised_ends_the_list(data):
    del data.asker.rows["fruits"][12:]
    data.state.more()
    data.idle()
    assert len(data.state.rows) == 12
    data.asker.rows["fruits"] = data.asker.rows["fruits"][:10]
    data.state.total = 99
    data.state.more()
    data.idle()
    assert (data.state.total, data.state.complete) == (12, True), "it does not ask for ever"


def test_a_page_that_cannot_be_read_is_a_problem_and_no_loop(data, heard):
    problems = heard(data.state.problem)
    data.asker.refuse = BadInput("The folder is gone")
    data.state.more()
    data.idle()
    assert [p.what for p in problems] == ["The folder is gone"]
    assert (len(data.state.rows), data.state.complete) == (10, True)


def test_nobody_looks_and_nothing_is_read(data):
    data.state.watch(False)
    data.state.open(data.dataset)
    data.idle()
    assert len(data.asker.works("browse")) == 1
    assert data.state.rows == []
    data.state.watch(True)
    data.idle()
    assert len(data.state.rows) == 10
    data.state.watch(True)
    data.idle()
    assert len(data.asker.works("browse")) == 2, "what is there is not read again"


def test_no_dataset_is_an_empty_list(data, heard):
    asked = heard(data.state.page_asked)
    data.state.open(None)
    assert (data.state.rows, data.state.total, asked) == ([], 0, [(0, 0)])
    data.state.more()
    assert not data.looks.busy


def test_texts_come_in_smaller_pages(data, tmp_path):
    data.asker.rows["tales"] = [row(n, excerpt="Once") for n in range(100)]
    data.state.open(keep(Home(tmp_path), "tales", 100, kind="text"))
    data.idle()
    assert len(data.state.rows) == browse_state.LINES_PAGE
    assert data.state.kind == "text"


def test_one_picture_comes_large(data, heard):
    large = []
    data.state.large(7, 512, large.append)
    data.idle()
    assert len(large) == 1
    body = data.asker.works("browse")[-1]
    assert (body["first"], body["count"], body["side"]) == (7, 1, 512)


def test_all_classes_are_known_also_those_that_few_have(data, heard):
    changed = heard(data.state.classes_changed)
    assert data.state.classes == ("apple", "pear")
    data.state.set_label([0], "quince")
    data.idle()
    assert data.state.classes == ("apple", "pear", "quince")
    assert len(changed) == 1
    data.state.undo()
    data.idle()
    assert data.state.classes == ("apple", "pear")


# ---- filters


@pytest.mark.parametrize(
    ("wanted", "count"),
    [
        ({"label": "apple"}, 12),
        ({"which": "valid"}, 2),
        ({"which": "excluded"}, 0),
        ({"text": "fruit 1"}, 11),
        ({"text": "fruit 1", "label": "apple"}, 6),
    ],
)
def test_filters_are_asked_of_the_worker(data, wanted, count):
    data.state.set_filter(**wanted)
    data.idle()
    assert data.state.total == count
    assert data.state.filtered


def test_the_same_filter_is_not_asked_twice(data):
    data.state.set_filter(which="all")
    data.idle()
    assert len(data.asker.works("browse")) == 1


def test_typing_is_searched_once_it_rests(data):
    for text in ("f", "fr", "fruit 2"):
        data.state.set_filter(text=text)
    assert data.state._timer.isActive()
    data.idle()
    assert [b["text"] for b in data.asker.works("browse")] == ["", "fruit 2"]


def test_another_dataset_has_no_filter_and_no_history(data):
    data.state.set_excluded([0], True)
    data.idle()
    data.state.set_filter(label="apple")
    data.idle()
    data.state.open(data.dataset)
    data.idle()
    assert data.state.filter == Filter()
    assert not data.state.can_undo
    assert data.state.undo() is False


# ---- edits


def test_an_edit_is_seen_at_once_and_written_behind_it(data, heard):
    changed, edited, said = (
        heard(data.state.rows_changed),
        heard(data.state.edited),
        heard(data.state.said),
    )
    data.asker.gate.clear()
    data.state.set_excluded([1, 2], True)
    assert [r.excluded for r in data.state.rows[:4]] == [False, True, True, False]
    assert (changed, edited) == ([[1, 2]], [])
    data.asker.gate.set()
    data.idle()
    assert [r["excluded"] for r in data.asker.rows["fruits"][:4]] == [False, True, True, False]
    assert edited == ["fruits"]
    assert said[0][:2] == ("2 pictures excluded from training", "Undo")


def test_rows_are_told_by_their_number_not_by_their_place(data):
    data.state.set_filter(label="apple")
    data.idle()
    data.state.set_label([0, 1], "quince")
    data.idle()
    assert data.asker.works("edit_dataset")[-1]["edits"] == [
        {"row": 1, "class": "quince"},
        {"row": 3, "class": "quince"},
    ]
    assert [r.label for r in data.state.rows[:3]] == ["quince", "quince", "apple"], (
        "they stay in sight until the list is read again"
    )
    assert data.state.place_of(3) == 1
    assert data.state.place_of(2) == -1


def test_what_is_so_already_is_not_written(data):
    data.state.set_label([0], "pear")
    data.state.set_caption([3], "fruit 3")
    data.state.set_excluded([4], False)
    data.state.set_excluded([99], True)
    assert not data.looks.busy
    data.state.set_label([0, 1], "pear")
    data.idle()
    assert [e["row"] for e in data.asker.works("edit_dataset")[-1]["edits"]] == [1]


def test_undo_and_redo(data):
    data.state.set_caption([0], "a green pear")
    data.idle()
    data.state.set_label([0], "fruit")
    data.idle()
    assert data.state.can_undo
    assert data.state.undo()
    assert data.state.rows[0].label == "pear", "seen at once"
    data.idle()
    assert data.state.undo()
    data.idle()
    assert data.state.rows[0].caption == data.asker.rows["fruits"][0]["caption"] == "fruit 0"
    assert not data.state.can_undo
    assert data.state.can_redo
    assert data.state.redo()
    data.idle()
    assert data.asker.rows["fruits"][0]["caption"] == "a green pear"
    assert data.state.redo()
    data.idle()
    assert data.asker.rows["fruits"][0]["class"] == "fruit"
    assert data.state.redo() is False
    assert data.state.undo()
    data.idle()
    assert data.state.rows[0].label == "pear"


def test_a_new_edit_forgets_what_could_be_done_again(data):
    data.state.set_excluded([0], True)
    data.idle()
    data.state.undo()
    data.idle()
    data.state.set_excluded([1], True)
    data.idle()
    assert not data.state.can_redo


def test_undo_pressed_while_an_edit_is_being_written_waits_for_it(data):
    data.asker.gate.clear()
    data.state.set_excluded([0], True)
    assert data.state.undo()
    assert data.state.rows[0].excluded
    data.asker.gate.set()
    data.idle()
    assert not data.state.rows[0].excluded
    assert not data.asker.rows["fruits"][0]["excluded"]


def test_the_undo_of_a_toast_takes_back_its_own_edit_once(data, heard):
    said = heard(data.state.said)
    data.state.set_excluded([0], True)
    data.idle()
    data.state.set_caption([1], "other")
    data.idle()
    said[0][2]()
    data.idle()
    assert not data.asker.rows["fruits"][0]["excluded"]
    assert data.asker.rows["fruits"][1]["caption"] == "other"
    said[0][2]()
    assert not data.looks.busy
    assert len(said) == 2, "an undo is not announced with another undo"


def test_the_undo_of_a_toast_works_after_another_dataset_was_opened(data, heard):
    said = heard(data.state.said)
    data.state.set_excluded([0], True)
    data.idle()
    data.asker.rows["other"] = [row(0, excluded=True)]
    data.state.open(data.dataset.model_copy(update={"name": "other"}))
    data.idle()
    for _ in range(2):
        said[0][2]()
        data.idle()
    assert not data.asker.rows["fruits"][0]["excluded"]
    assert len(data.asker.works("edit_dataset")) == 2
    assert data.state.rows[0].excluded, "rows of the dataset that is shown are others"
    assert not data.state.can_undo
    assert not data.state.can_redo


def test_a_refused_edit_is_told_and_the_truth_shown_again(data, heard):
    problems = heard(data.state.problem)
    data.asker.refuse = BadInput("The disk is full")
    data.state.set_excluded([0], True)
    data.idle()
    assert [p.what for p in problems] == ["The disk is full"]
    assert not data.state.rows[0].excluded
    assert not data.state.can_undo


def test_an_undo_that_was_refused_can_be_tried_again(data):
    for place in (0, 1):
        data.state.set_excluded([place], True)
        data.idle()
    data.asker.refuse = BadInput("The disk is full")
    data.state.undo()
    data.idle()
    assert data.state.can_undo
    assert not data.state.can_redo
    data.state.undo()
    data.idle()
    assert [r["excluded"] for r in data.asker.rows["fruits"][:2]] == [True, False]
    data.asker.refuse = BadInput("The disk is full")
    data.state.redo()
    data.idle()
    assert data.state.can_redo
    data.state.redo()
    data.idle()
    assert data.asker.rows["fruits"][1]["excluded"]


def test_words_of_the_dataset_are_edited_and_undone_too(data):
    data.state.change("Crop changed", fit="contain")
    data.idle()
    body = data.asker.works("edit_dataset")[-1]
    assert (body["fit"], body["edits"]) == ("contain", [])
    data.state.undo()
    data.idle()
    assert data.asker.works("edit_dataset")[-1]["fit"] == ""


@pytest.mark.parametrize(
    ("act", "words"),
    [
        (lambda s: s.set_label([1], "kiwi"), "1 picture now kiwi"),
        (lambda s: s.set_label([1, 2], ""), "2 pictures without a class now"),
        (lambda s: s.set_caption([1], "x"), "Caption of 1 picture changed"),
        (lambda s: s.set_excluded([1], True), "1 picture excluded from training"),
    ],
)
def test_edits_are_said_in_words(data, heard, act, words):
    said = heard(data.state.said)
    act(data.state)
    data.idle()
    assert said[0][0] == words
