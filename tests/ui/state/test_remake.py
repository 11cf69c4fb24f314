"""Variations of results, and rounds brought back from a session."""

from __future__ import annotations

import json

import pytest

from genstudio.core.controls import MAX_SEED
from genstudio.core.request import Request
from genstudio.ui.state import remake
from genstudio.ui.state.remake import restored_round, round_snapshot, variation_values
from genstudio.ui.state.results import Place, Round


@pytest.fixture
def ask(state):
    return state.state.generation.ask


def request(task: str = "make", model: str = "shapes", **values) -> Request:
    return Request(model=model, task=task, values=values, seed=11, first=4)


# ---- variations


def test_a_variation_goes_out_from_the_picture(ask):
    values = variation_values(ask, request(kind="boot", count=2), 6)
    assert (values["variation_of"], values["kind"]) == (6, "boot")
    assert values["variation"] == remake.DEFAULT_VARIATION
    assert values["count"] == remake.VARIATIONS
    assert 0 <= values["variation_seed"] <= MAX_SEED


def test_the_form_says_how_far(ask):
    ask.set_value("variation", 0.7)
    assert variation_values(ask, request(variation=0.1), 0)["variation"] == 0.7
    ask.set_value("variation", 0.0)
    assert variation_values(ask, request(variation=0.1), 0)["variation"] == 0.1


@pytest.mark.parametrize(
    ("old", "parent"),
    [
        ({"variation": 0.4, "variation_of": 2}, 2),
        ({"variation": 0.4, "variation_of": 0}, 0),
        ({"variation": 0.0, "variation_of": 2}, 9),
        ({"variation": 0.4, "variation_of": -1}, 9),
        ({"variation": 0.4, "variation_of": "two"}, 9),
        ({"variation_of": 2}, 9),
    ],
)
def test_a_variation_of_a_variation_has_the_same_parent(ask, old, parent):
    assert variation_values(ask, request(**old), 9)["variation_of"] == parent


def test_each_press_varies_differently(ask, monkeypatch):
    drawn = iter((3, 8))
    monkeypatch.setattr(remake.secrets, "randbelow", lambda _most: next(drawn))
    seeds = [variation_values(ask, request(), 0)["variation_seed"] for _ in range(2)]
    assert seeds == [3, 8]


def test_the_old_request_is_left_alone(ask):
    old = request(count=2)
    variation_values(ask, old, 0)
    assert old.values == {"count": 2}


@pytest.mark.parametrize(
    "old",
    [request("walk"), request("gone"), request(model="gone"), request("judge", model="critic")],
    ids=["no such controls", "no such task", "no such model", "a judge"],
)
def test_where_nothing_can_vary_there_are_no_values(ask, old):
    assert variation_values(ask, old, 0) is None


# ---- rounds of the last session


@pytest.fixture
def kept(studio) -> dict:
    """A snapshot of a round: a starred file, one in the trash, one that never came."""
    made = request(count=3)
    star = studio.gallery.make(made, 4, kind="boot")
    gone = studio.gallery.make(made, 5)
    studio.gallery.star(star.id, True)
    studio.gallery.trash([gone.id])
    places = [Place(0, artifact=star.id), Place(1, artifact=gone.id), Place(2)]
    return round_snapshot(Round(made, "Shapes · New pictures", "image", places))


def test_a_snapshot_is_plain_json(kept):
    assert json.loads(json.dumps(kept)) == kept
    assert kept["artifacts"] == ["a0", "a1", ""]
    assert kept["request"]["seed"] == 11


def test_a_round_comes_back_with_its_files(studio, kept):
    back = restored_round(studio, kept)
    assert (back.title, back.output, back.running) == ("Shapes · New pictures", "image", False)
    assert back.request == request(count=3)
    assert [p.state for p in back.places] == ["done", "trashed", "lost"]
    assert [p.index for p in back.places] == [0, 1, 2]
    first = back.places[0]
    assert (first.seed, first.starred, first.data) == (11, True, {"kind": "boot"})
    assert first.path.is_file()


def test_undoing_the_trash_has_its_file_at_hand(studio, kept):
    trashed = restored_round(studio, kept).places[1]
    assert (trashed.artifact, trashed.path) == ("a1", studio.gallery.root / "a1.png")


def test_files_emptied_from_the_gallery_leave_a_gap(studio, kept):
    del studio.gallery.items["a1"]
    back = restored_round(studio, kept)
    assert (back.places[1].state, back.places[1].path) == ("trashed", None)


def test_a_round_without_any_file_does_not_come_back(studio, kept):
    studio.gallery.trash(["a0"])
    assert restored_round(studio, kept) is None
    studio.gallery.items.clear()
    assert restored_round(studio, kept) is None


@pytest.mark.parametrize(
    "change",
    [
        {"artifacts": "a0"},
        {"artifacts": None},
        {"artifacts": []},
        {"request": None},
        {"request": {"model": "shapes"}},
        {"request": {"model": "shapes", "task": "make", "seed": -1}},
    ],
)
def test_a_damaged_snapshot_is_left_out(studio, kept, change):
    assert restored_round(studio, {**kept, **change}) is None


@pytest.mark.parametrize("saved", [None, [], "round", 5])
def test_what_is_no_snapshot_is_left_out(studio, saved):
    assert restored_round(studio, saved) is None


def test_strange_names_of_files_are_only_lost(studio, kept):
    back = restored_round(studio, {**kept, "artifacts": ["a0", 7, {"a": 1}]})
    assert [p.state for p in back.places] == ["done", "trashed", "trashed"]
