"""How likely each note of a piece is."""

import numpy as np
import pytest

from genstudio.core.composing import NOTES
from genstudio.core.errors import UsageError
from genstudio.core.events import Progress
from genstudio.engine import composing_score
from genstudio.engine.outputs import Report
from genstudio.media.notes import Piece, Track, notes_of
from tests.engine.composed import Asked, rows
from tests.helpers import players

TOKENS = players.tokens()


def score(piece, context: int = 4096, stepper=None):
    stepper = stepper or players.ChanceStepper(TOKENS.size, 5, context)
    working = composing_score.score(stepper, TOKENS, piece)
    events = []
    while True:
        try:
            events.append(next(working))
        except StopIteration as ended:
            return ended.value, events, stepper


def test_every_note_is_told_once_as_it_stands():
    given = players.quartet(3)
    found, events, _ = score(given)
    assert {tuple(row[:5]) for row in found[NOTES]} == rows(given)
    assert len(found[NOTES]) == len(given.notes) == found["seen"]
    assert found["unseen"] == 0
    assert [event.done for event in events] == [0, 3]
    assert all(isinstance(event, Progress) for event in events)


def test_chances_are_those_of_the_model():
    given = Piece(notes_of([(0, 480, 60, 80, 0), (480, 480, 64, 80, 0)]), (Track(),))
    found, _, stepper = score(given)
    ids = [0, *TOKENS.window(TOKENS.cells(given), end=False)]
    first = TOKENS.table.first["Pitch"]
    place = ids.index(first + 64)
    logits = stepper.one[ids[place - 1]] + stepper.two[ids[place - 2]]
    weights = np.exp(logits[first : first + 128].astype(np.float64))
    _, _, pitch, _, _, p, top = found[NOTES][1]
    assert pitch == 64
    assert p == pytest.approx(weights[64] / weights.sum(), abs=1e-4)
    assert top[0][0] == int(weights.argmax())
    chances = [row[5] for row in found[NOTES]]
    assert found["loss"] == pytest.approx(-np.log(np.maximum(chances, 1e-9)).mean())


def test_a_long_piece_is_read_in_windows_that_overlap():
    given = players.quartet(12)
    found, _, stepper = score(given, context=256)
    assert stepper.calls["begin"] > 3
    assert {tuple(row[:5]) for row in found[NOTES]} == rows(given)
    assert len(found[NOTES]) == len(given.notes)
    for read in stepper.read[1:]:
        kinds = [TOKENS.table.kind_of(token) for token in read[0].tolist()]
        assert kinds.count("Bar") > 1


def test_voices_that_the_model_cannot_see_are_counted():
    given = players.quartet(1)
    drums = given.replaced(
        notes=notes_of([*given.notes.tolist(), (0, 10, 36, 80, 4)]),
        tracks=(*given.tracks, Track("Kit", 0, True)),
    )
    found, _, _ = score(drums)
    assert (found["seen"], found["unseen"]) == (16, 1)


def test_notes_off_the_grid_keep_their_own_ticks():
    given = Piece(notes_of([(13, 333, 60, 81, 0), (777, 401, 67, 3, 0)]), (Track(),))
    found, _, _ = score(given)
    assert {tuple(row[:5]) for row in found[NOTES]} == rows(given)


def test_the_task_reports(tmp_path):
    outputs = Asked(tmp_path)("score", piece=players.quartet(1))
    (report,) = [output for output in outputs if isinstance(output, Report)]
    assert len(report.data[NOTES]) == 16


def test_of_very_many_notes_only_the_chances_are_told(monkeypatch):
    monkeypatch.setattr(composing_score, "MOST_TOLD", 15)
    found, _, _ = score(players.quartet(1))
    assert {len(row[6]) for row in found[NOTES]} == {0}
    assert all(0 <= row[5] <= 1 for row in found[NOTES])


def test_far_too_many_notes_are_refused(monkeypatch):
    monkeypatch.setattr(composing_score, "MOST_NOTES", 15)
    with pytest.raises(UsageError, match="At most 15 notes"):
        score(players.quartet(1))


def test_nothing_to_see_is_said():
    drums = Piece(notes_of([(0, 10, 36, 80, 0)]), (Track("Kit", 0, True),))
    with pytest.raises(UsageError, match="nothing in the piece"):
        score(drums)
