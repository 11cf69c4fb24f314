"""From form, piece and chosen place to a request."""

from __future__ import annotations

import json

import pytest

from genstudio.core.errors import UsageError
from genstudio.media import midi
from genstudio.media.notes import Piece, notes_of
from genstudio.ui.state.music_asking import (
    Question,
    bars_of,
    fills,
    region_of,
    request_of,
    takes_piece,
    verb,
)
from tests.helpers.composers import add_composers
from tests.helpers.pieces import chorale, same


@pytest.fixture
def model(studio):
    add_composers(studio)
    return next(one for one in studio.library.models if one.id == "voices")


@pytest.fixture
def asked(model, studio):
    """`asked(task, question, **values)`: the request."""

    def make(name: str, question: Question, **values):
        task = model.task(name)
        return request_of(model, task, values, question, 5, {}, studio.keep_input)

    return make


def question(piece: Piece, first: int = 0, end: int = 0, locked=(), **more) -> Question:
    return Question(piece, region_of(piece, first, end, range(len(piece.tracks)), locked), **more)


@pytest.mark.parametrize(
    ("first", "end", "bars"),
    [
        (0, 0, (0, 3)),
        (0, 1920, (0, 0)),
        (100, 1921, (0, 1)),
        (1920, 3840, (1, 1)),
        (5760, 99_999, (3, 52)),
    ],
)
def test_a_region_is_whole_bars(first, end, bars):
    region = region_of(chorale(bars=4).within(0, 4 * 1920), first, end, (0, 1))
    assert (region.first, region.last) == bars
    assert region.start == bars[0] * 1920
    assert region.end == (bars[1] + 1) * 1920


def test_bars_of_a_place_are_counted_from_one():
    piece = chorale(bars=4).within(0, 4 * 1920)
    assert bars_of(piece, None) == (1, 4)
    assert bars_of(piece, region_of(piece, 1920, 5760, (0,))) == (2, 3)


def test_locked_tracks_and_tracks_that_are_not_there_are_left_out():
    assert region_of(chorale(), 0, 0, (0, 1, 2, 9), (1,)).tracks == (0, 2)


def test_filling_names_bars_tracks_and_locked_notes(asked):
    piece = chorale(bars=4)
    locks = frozenset({(1920, 60, 2), (0, 60, 2), (1920, 60, 0)})
    request = asked("fill", question(piece, 1920, 3840, (0, 3), locks=locks), count=2)
    values = request.values
    assert (values["from_bar"], values["to_bar"], values["tracks"]) == (2, 2, "2,3")
    assert json.loads(values["locked"]) == [[1920, 60, 2]], "only those in the place"
    assert values["count"] == 2
    assert request.seed == 5


def test_the_piece_becomes_a_file_with_all_its_tracks(asked):
    notes = chorale().notes
    piece = chorale().replaced(notes=notes[notes["track"] != 2])  # a silent voice is to be filled
    request = asked("fill", question(piece))
    with open(request.inputs["piece"], "rb") as file:
        assert same(midi.read(file.read()), piece)


def test_all_tracks_need_no_numbers_and_the_melody_counts_from_one(asked):
    assert asked("fill", question(chorale())).values["tracks"] == ""
    assert asked("harmonise", question(chorale(), melody=2)).values["melody"] == 3


@pytest.mark.parametrize("task", ["vary", "harmonise"])
def test_what_is_locked_stays_in_tasks_that_take_the_whole_piece(asked, task):
    locks = frozenset({(0, 60, 2), (1920, 60, 2)})
    shown = question(chorale(), 1920, 3840, locks=locks, kept=frozenset({3, 0}))
    values = asked(task, shown).values
    assert values["kept"] == "1,4"
    assert json.loads(values["locked"]) == [[0, 60, 2], [1920, 60, 2]], "marks do not count here"
    assert asked(task, question(chorale())).values["kept"] == ""


def test_settings_of_another_task_are_left_out(asked):
    assert "distance" not in asked("fill", question(chorale()), distance=0.5).values


def test_composing_needs_no_piece_and_others_do(asked, model):
    empty = Piece(notes_of(()))
    assert asked("sample", question(empty), bars=4).inputs == {}
    with pytest.raises(UsageError, match="needs a piece"):
        asked("continue", question(empty))
    with pytest.raises(UsageError, match="All tracks are locked"):
        asked("fill", question(chorale(), 0, 1920, range(4)))
    assert not takes_piece(model.task("sample"))
    assert fills(model.task("fill"))
    assert not fills(model.task("vary"))


@pytest.mark.parametrize(
    ("task", "values", "words"),
    [
        ("sample", {"bars": 8, "count": 1}, "Compose 8 bars"),
        ("sample", {"bars": 1}, "Compose a bar"),
        ("continue", {"bars": 4, "count": 3}, "Continue 4 bars · 3 drafts"),
        ("fill", {"count": 4}, "Fill bars 2–3 · 4 drafts"),
        ("harmonise", {}, "Harmonise Soprano"),
        ("vary", {"count": 1}, "Vary"),
    ],
)
def test_the_button_says_what_it_will_do(model, task, values, words):
    region = region_of(chorale(), 1920, 5760, (0, 1))
    assert verb(model.task(task), values, region, "Soprano") == words
