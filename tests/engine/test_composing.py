"""What a model of music is asked: pieces, drafts, streams, facts."""

import json

import numpy as np
import pytest

from genstudio.core.composing import BARS, ENDED, FRAME, NOTES, REGION, SECONDS, TRACKS
from genstudio.core.errors import BadInput, GenStudioError, UsageError
from genstudio.engine import composing
from genstudio.engine.ask import Ask
from genstudio.engine.batches import UNDEFINED
from genstudio.engine.outputs import Music
from tests.engine.composed import Asked, finished, progress, rows, starts, told
from tests.helpers import players


@pytest.fixture
def asked(tmp_path) -> Asked:
    return Asked(tmp_path)


SAID = {"key": "D major", "tempo": 96, "metre": "3/4", "instruments": "violin, cello"}


def test_a_new_piece_has_what_was_asked_for(asked):
    (made,) = finished(asked("sample", bars=5, **SAID))
    piece = made.piece
    assert piece.keys == ((0, 2, False),)
    assert piece.tempos == ((0, 96.0),)
    assert piece.metres == ((0, 3, 4),)
    assert [(t.name, t.program, t.drums) for t in piece.tracks] == [
        ("Violin", 40, False), ("Cello", 42, False),
    ]  # fmt: skip
    assert piece.title == "Chance"
    assert made.data[BARS] == 5
    assert made.data[REGION] == [0, 5 * 3 * 480]
    assert made.data[TRACKS] == [0, 1]
    assert made.data[ENDED] == "length"
    assert made.data[NOTES] == len(piece.notes) > 5
    assert made.data[SECONDS] == pytest.approx(5 * 3 * 60 / 96)
    assert piece.length <= 5 * 3 * 480


def test_what_is_not_said_the_model_chooses(asked):
    made = finished(asked("sample", bars=2, count=6, temperature=2.0))
    for name in ("tempos", "metres", "tracks"):
        assert len({getattr(one.piece, name) for one in made}) > 1, name


def test_the_head_is_told_before_the_notes(asked):
    outputs = asked("sample", bars=2, **SAID)
    first = next(output for output in outputs if isinstance(output, Music))
    assert first.passing
    frame = first.data[FRAME]
    assert frame["tracks"] == [["Violin", 40, False], ["Cello", 42, False]]
    assert (frame["ppq"], frame["length"]) == (480, 2 * 3 * 480)
    assert len(first.piece.notes) == 0
    assert NOTES not in first.data


def test_notes_are_told_as_they_come_with_their_chances(asked):
    outputs = asked("sample", bars=4, **SAID)
    (made,) = finished(outputs)
    entries = told(outputs, 0)
    assert {(row[0], row[2], row[4]) for row in entries} == starts(made.piece)
    assert len(entries) == made.data[NOTES]
    for _, _, pitch, _, _, p, top in entries:
        best = [chance for _, chance in top]
        assert best == sorted(best, reverse=True)
        assert 0 <= p <= best[0] + 1e-4
        assert dict(map(tuple, top)).get(pitch, p) == p
    json.dumps(entries)


def test_progress_rises_to_its_total(asked):
    done = progress(asked("sample", bars=6, count=2))
    assert done == sorted(done)
    assert (done[0], done[-1]) == (0, 12)


def test_a_draft_alone_is_that_of_a_batch(asked):
    batch = finished(asked("sample", bars=4, count=4, temperature=1.2))
    assert len({tuple(sorted(rows(draft.piece))) for draft in batch}) == 4
    for place in (0, 3):
        (alone,) = finished(asked("sample", bars=4, first=place, temperature=1.2))
        assert (alone.index, rows(alone.piece)) == (place, rows(batch[place].piece))
        assert alone.data == batch[place].data


def test_temperature_zero_leaves_no_chance(asked):
    one, two = finished(asked("sample", bars=3, count=2, temperature=0, **SAID))
    assert rows(one.piece) == rows(two.piece)


def test_drafts_end_where_they_want_and_are_handed_over_at_once(asked):
    outputs = asked("sample", bars=3, count=3)
    last = max(
        i for i, output in enumerate(outputs) if isinstance(output, Music) and output.passing
    )
    ends = [i for i, o in enumerate(outputs) if isinstance(o, Music) and not o.passing]
    assert len(ends) == 3
    assert ends[0] < last


def test_a_piece_goes_on_in_its_own_bars_and_voices(asked):
    given = players.quartet(3)
    (made,) = finished(asked("continue", piece=given, bars=2))
    assert rows(given) <= rows(made.piece)
    new = rows(made.piece) - rows(given)
    assert len(new) == made.data[NOTES] > 0
    assert min(note[0] for note in new) >= given.length
    assert made.data[REGION][0] == given.length
    assert made.piece.tracks == given.tracks
    assert made.piece.ppq == given.ppq


def test_a_context_that_is_full_slides_by_whole_bars(asked):
    given = players.quartet(4)
    (made,) = finished(asked("continue", context=160, piece=given, bars=12))
    assert asked.stepper.calls["begin"] > 1
    table = players.tokens().table
    for read in asked.stepper.read:
        kinds = [table.kind_of(token) for token in read[0].tolist()]
        assert kinds[:2] == ["", "Tempo"]
        assert kinds.index("Bar") == kinds.index("Metre") + 9  # behind four voices
    assert made.data[ENDED] == "length"
    assert rows(given) <= rows(made.piece)


def test_what_is_filled_is_new_and_the_rest_stays(asked):
    given = players.quartet(4)
    outputs = asked("fill", piece=given, from_bar=2, to_bar=3, tracks="Violin 2, 4", count=2)
    for made in finished(outputs):
        assert made.data[REGION] == [1920, 3 * 1920]
        assert made.data[TRACKS] == [1, 3]
        inside = {n for n in rows(made.piece) if 1920 <= n[0] < 3 * 1920 and n[4] in (1, 3)}
        assert rows(made.piece) - inside == {
            n for n in rows(given) if not (1920 <= n[0] < 3 * 1920 and n[4] in (1, 3))
        }
        new = {(row[0], row[2], row[4]) for row in told(outputs, made.index)}
        assert {(note[0], note[2], note[4]) for note in inside} == new


def test_both_sides_of_a_hole_are_read(asked):
    asked("fill", piece=players.quartet(4), from_bar=2, to_bar=2, tracks="1")
    (read,) = asked.stepper.read
    kinds = [players.tokens().table.kind_of(token) for token in read[0].tolist()]
    assert kinds.count("Bar") == 4
    assert kinds.count("Hole") == 2  # in its place, and where it is answered


def test_locked_notes_stay_and_are_not_told_again(asked):
    given = players.quartet(4)
    locked = [(1920, 72 + 1, 0), (1920 + 960, 60 + 1, 2)]
    outputs = asked(
        "fill", piece=given, from_bar=2, to_bar=2, locked=json.dumps([list(one) for one in locked])
    )
    (made,) = finished(outputs)
    assert set(locked) <= starts(made.piece)
    assert not set(locked) & {(row[0], row[2], row[4]) for row in told(outputs, 0)}


def test_a_long_region_is_filled_in_several_reads(asked):
    given = players.quartet(12)
    (made,) = finished(asked("fill", piece=given, context=256, from_bar=2, to_bar=11, tracks="2,3"))
    assert asked.stepper.calls["begin"] > 2
    assert made.data[REGION] == [1920, 11 * 1920]
    assert made.data[NOTES] > 0
    kept = {n for n in rows(given) if n[4] in (0, 3)}
    assert kept <= rows(made.piece)


def test_bars_behind_the_end_can_be_filled(asked):
    given = players.quartet(2)
    (made,) = finished(asked("fill", piece=given, from_bar=3, to_bar=4))
    assert rows(given) <= rows(made.piece)
    assert made.data[BARS] == 4
    assert made.data[REGION] == [2 * 1920, 4 * 1920]


@pytest.mark.parametrize("bars", [(3, 2), (5, 0), (1, 1000)])
def test_bars_that_are_not_there_are_refused(asked, bars):
    with pytest.raises(UsageError, match="no bars"):
        asked("fill", piece=players.quartet(4), from_bar=bars[0], to_bar=bars[1])


@pytest.mark.parametrize(("distance", "cells"), [(0.0, 1), (0.25, 4), (1.0, 16)])
def test_variations_make_a_share_of_the_cells_anew(asked, distance, cells):
    given = players.quartet(4)
    outputs = asked("vary", piece=given, distance=distance, count=2)
    for made in finished(outputs):
        gone = rows(given) - rows(made.piece)
        changed = {(note[0] // 1920, note[4]) for note in gone}
        assert len(changed) <= cells
        assert cells == 16 or len(rows(given) & rows(made.piece)) >= 4 * (16 - cells)
    assert progress(outputs)[-1] == 2 * cells


def test_variations_differ_and_repeat_by_seed(asked):
    given = players.quartet(4)
    first, second = finished(asked("vary", piece=given, count=2))
    assert rows(first.piece) != rows(second.piece)
    (again,) = finished(asked("vary", piece=given, first=1))
    assert rows(again.piece) == rows(second.piece)


def test_a_melody_keeps_its_notes_and_gets_new_voices(asked):
    given = players.quartet(3)
    (made,) = finished(asked("harmonise", piece=given, melody=2))
    melody = {note for note in rows(given) if note[4] == 1}
    assert {note for note in rows(made.piece) if note[4] == 1} == melody
    assert made.data[TRACKS] == [0, 2, 3]


def test_a_melody_alone_gets_the_voices_that_are_named(asked):
    given = players.quartet(2)
    alone = given.replaced(notes=given.notes[given.notes["track"] == 0], tracks=given.tracks[:1])
    (made,) = finished(
        asked("harmonise", piece=alone, melody=1, instruments="violin, viola, cello")
    )
    assert [track.name for track in made.piece.tracks] == ["Violin 1", "Viola", "Cello"]
    assert rows(alone) <= rows(made.piece)


@pytest.mark.parametrize("melody", [5, 16])
def test_a_melody_that_is_not_there_is_refused(asked, melody):
    with pytest.raises(UsageError, match="no melody"):
        asked("harmonise", piece=players.quartet(2), melody=melody)


def test_a_bridge_leads_from_one_phrase_to_the_other(asked):
    given = players.quartet(2)
    other = players.quartet(1).replaced(tempos=((0, 60.0),))
    (made,) = finished(asked("bridge", piece=given, to=other, bars=2))
    assert rows(given) <= rows(made.piece)
    moved = {(note[0] + 4 * 1920, *note[1:]) for note in rows(other)}
    assert moved <= rows(made.piece)
    assert made.data[REGION] == [2 * 1920, 4 * 1920]
    assert made.piece.tempos == ((0, 120.0), (4 * 1920, 60.0))
    assert made.data[BARS] >= 5


def test_a_groove_keeps_the_hits_and_plays_them_anew(asked):
    tokens = players.tokens(1, drums="only", velocities=8, timing=3)
    given = players.beat(3)
    first, second = finished(asked("groove", tokens=tokens, piece=given, count=2))
    for made in (first, second):
        assert len(made.piece.notes) == len(given.notes) == made.data[NOTES]
        assert sorted(made.piece.notes["pitch"]) == sorted(given.notes["pitch"])
        gone = np.abs(np.sort(made.piece.notes["start"]) - np.sort(given.notes["start"]))
        assert gone.max() <= 480 / 4  # a part of the grid
    assert rows(first.piece) != rows(second.piece)
    assert set(first.piece.notes["velocity"]) != set(given.notes["velocity"])


def test_a_groove_leaves_tracks_and_notes_that_stay(asked):
    tokens = players.tokens(1, drums="only", velocities=8, timing=3)
    beat = players.beat(2)
    twice = np.concatenate([beat.notes, beat.notes])
    twice["track"][len(beat.notes) :] = 1
    given = beat.replaced(notes=twice, tracks=beat.tracks * 2)
    mine = given.notes[given.notes["track"] == 1]
    locked = [[row[0], row[2], row[4]] for row in mine.tolist()[:3]]
    values = {"kept": "1", "locked": json.dumps(locked)}
    (made,) = finished(asked("groove", tokens=tokens, piece=given, **values))
    played = made.piece.notes
    first = given.notes["track"] == 0
    assert rows(made.piece.replaced(notes=played[played["track"] == 0])) == rows(
        given.replaced(notes=given.notes[first])
    )
    after = {tuple(row) for row in played[played["track"] == 1].tolist()}
    assert {tuple(row) for row in mine.tolist()[:3]} <= after, "locked notes are played as before"
    assert not {tuple(row) for row in mine.tolist()[3:]} <= after
    with pytest.raises(UsageError, match="are to stay"):
        finished(asked("groove", tokens=tokens, piece=given, kept="1,2"))


def test_a_groove_longer_than_the_context_is_played_whole(asked):
    tokens = players.tokens(1, drums="only", velocities=8, timing=3)
    given = players.beat(8)
    (made,) = finished(asked("groove", tokens=tokens, context=128, piece=given))
    assert asked.stepper.calls["begin"] > 2
    assert len(made.piece.notes) == len(given.notes)


def test_classes_stand_first(asked):
    tokens = players.tokens(2, ("minuet", "fugue"))
    asked("sample", tokens=tokens, bars=1, **{"class": "fugue"})
    assert asked.stepper.read[0][0, 0] == tokens.special("<|class:fugue|>")
    asked("sample", tokens=tokens, bars=1)
    assert asked.stepper.read[0][0, 0] == 0


@pytest.mark.parametrize("text", ["violin, " * 5, "drums"])
def test_instruments_that_the_model_cannot_write_are_refused(asked, text):
    with pytest.raises(UsageError, match="model"):
        asked("sample", instruments=text)


def test_a_model_of_drums_reads_no_strings(asked):
    with pytest.raises(UsageError, match="nothing in the piece"):
        asked("continue", tokens=players.tokens(1, drums="only"), piece=players.quartet(2))


def test_a_piece_without_notes_is_refused(asked):
    empty = players.quartet(1)
    with pytest.raises(UsageError, match="no notes"):
        asked("continue", piece=empty.replaced(notes=empty.notes[:0]))


def test_what_is_no_music_is_refused(asked, tmp_path):
    path = tmp_path / "words.mid"
    path.write_bytes(b"no music")
    run = composing.tasks(lambda model: asked.stepper)["continue"]
    with pytest.raises(BadInput, match=r"words\.mid"):
        list(run(players.model(players.tokens()), Ask({"bars": 1}, inputs={"piece": path})))


def test_undefined_numbers_are_said(asked):
    stepper = players.ChanceStepper(players.tokens().size)
    stepper.one[:] = np.nan
    with pytest.raises(GenStudioError) as caught:
        asked("sample", stepper=stepper, bars=1)
    assert caught.value.problem.kind == UNDEFINED


def test_a_model_of_text_composes_nothing(asked):
    model = players.model(players.tokens())
    model.tokenizer = object()
    with pytest.raises(BadInput, match="no model of music"):
        composing.tokens_of(model)
