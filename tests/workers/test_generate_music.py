"""The generate role on a package of music written by hand: notes, files, stops."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from genstudio.core.artifact import UNFINISHED, Provenance
from genstudio.core.composing import AGAIN, ENDED, FRAME, NOTES, RATE, REGION
from genstudio.core.events import Done, Progress, Result, Words
from genstudio.core.job import Message
from genstudio.core.paths import Home
from genstudio.core.request import Request
from genstudio.media import midi, music_made
from genstudio.workers import generate, inline
from genstudio.workers.context import Context, Stopped
from tests.helpers import players

ASKED = {"bars": 3, "instruments": "violin, cello", "metre": "4/4", "tempo": 100}


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Home:
    """A data folder with one model, which plays by chance."""
    made = Home(tmp_path_factory.mktemp("music"))
    players.package(made.models / "player")
    return made


def body(task: str = "sample", inputs=None, first: int = 0, **values) -> dict:
    request = Request(
        model="player", task=task, values=values, seed=4, first=first, inputs=inputs or {}
    )
    return {"request": request.model_dump(mode="json")}


def do(home: Home, spool: Path, **more) -> list:
    return list(inline.run("generate", "generate", more, home, spool))


def only(events, kind) -> list:
    return [event for event in events if isinstance(event, kind)]


def test_notes_come_before_the_file_that_holds_them(home, tmp_path):
    events = do(home, tmp_path, **body(count=2, **ASKED))
    results = sorted(only(events, Result), key=lambda result: result.index)
    assert [result.index for result in results] == [0, 1]
    for result in results:
        words = [event for event in only(events, Words) if event.index == result.index]
        assert words[0].data[FRAME]["tracks"] == [["Violin", 40, False], ["Cello", 42, False]]
        assert [bool(event.data.get(FRAME)) for event in words[1:]] == [False] * (len(words) - 1)
        told = [row for event in words for row in event.data.get(NOTES, [])]
        piece = midi.read(Path(result.path).read_bytes())
        assert {(r[0], r[2], r[4]) for r in told} == {
            (note[0], note[2], note[4]) for note in piece.notes.tolist()
        }
        assert Path(result.path).suffix == ".mid"
        assert result.output == "music"
        assert result.data[NOTES] == len(told)
        assert result.data[RATE] > 0
    assert isinstance(events[-1], Done)
    assert only(events, Progress)[-1].done == 6


def test_the_file_says_how_it_was_made(home, tmp_path):
    (result,) = only(do(home, tmp_path, **body(**ASKED)), Result)
    found = music_made.read(Path(result.path))
    assert found.provenance is not None
    assert found.provenance.output == "music"
    assert found.provenance.request.values["instruments"] == "violin, cello"
    assert found.provenance.facts[ENDED] == "length"
    assert RATE not in found.provenance.facts  # never twice the same
    assert found.source_type == "trained"
    assert Provenance.model_validate(result.data["provenance"]) == found.provenance


@pytest.mark.parametrize(("level", "label"), [("label", "trained"), ("bare", "")])
def test_less_is_written_where_less_is_wanted(home, tmp_path, level, label):
    (result,) = only(do(home, tmp_path, **body(**ASKED), level=level), Result)
    found = music_made.read(Path(result.path))
    assert found.provenance is None
    assert found.source_type == label


def test_a_piece_that_was_given_makes_it_a_composite_and_hides_its_folder(home, tmp_path):
    given = players.file(tmp_path / "mine.mid", players.quartet(3))
    asked = body("fill", {"piece": str(given)}, from_bar=2, to_bar=2)
    (result,) = only(do(home, tmp_path / "spool", **asked), Result)
    found = music_made.read(Path(result.path)).provenance
    assert found is not None
    assert found.source_type == "composite"
    assert found.request.inputs == {"piece": "mine.mid"}
    assert result.data["provenance"]["request"]["inputs"] == {"piece": str(given)}
    assert result.data[REGION] == [1920, 3840]


def test_the_same_seed_gives_the_same_file(home, tmp_path):
    files = [
        Path(only(do(home, tmp_path / name, **body(**ASKED), created="now"), Result)[0].path)
        for name in ("a", "b")
    ]
    assert files[0].read_bytes() == files[1].read_bytes()


def test_a_stop_keeps_the_notes_that_are_there(home, tmp_path):
    asked = body(bars=12, instruments="violin", metre="4/4")
    message = Message(job="j", work="generate", body=asked)
    context = Context(home=home, spool=tmp_path)
    events: list = []

    def follow() -> None:
        for event in generate.generate(message, context):
            events.append(event)
            if isinstance(event, Words) and NOTES in event.data:
                context.cancel()

    with pytest.raises(Stopped):
        follow()
    (result,) = only(events, Result)
    assert str(result.data[UNFINISHED]).startswith("stopped after ")
    assert result.data[ENDED] == "stopped"
    piece = midi.read(Path(result.path).read_bytes())
    assert len(piece.notes) == result.data[NOTES] > 0
    assert result.data["provenance"]["facts"][UNFINISHED] == result.data[UNFINISHED]
    assert not any(AGAIN in event.data for event in only(events, Words))


def test_a_live_score_writes_nothing(home, tmp_path):
    given = players.file(tmp_path / "mine.mid", players.quartet(2))
    spool = tmp_path / "spool"
    request = Request(model="player", task="score", inputs={"piece": str(given)}, live=True)
    events = do(home, spool, request=request.model_dump(mode="json"))
    (result,) = only(events, Result)
    assert (result.path, result.output) == ("", "report")
    assert len(result.data[NOTES]) == 32
    json.dumps(result.data)
    assert not spool.exists()
