"""The files role about music: foreign pieces come in, own ones go out."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from genstudio.core.artifact import Provenance
from genstudio.core.errors import BadInput, UsageError
from genstudio.core.events import Done
from genstudio.core.paths import Home
from genstudio.core.piece_file import PieceFile
from genstudio.core.request import Request
from genstudio.media import image, midi, music_made
from genstudio.studio import kept
from genstudio.studio.pieces import models_alone, of_piece, to_piece
from genstudio.workers import inline
from tests.helpers.pieces import chorale, same


@pytest.fixture
def home(tmp_path) -> Home:
    return Home(tmp_path / "home")


def work(home: Home, name: str, **body) -> dict:
    """Done.data of a work."""
    events = list(inline.run("files", name, body, home))
    assert isinstance(events[-1], Done)
    return dict(events[-1].data)


def test_a_foreign_piece_comes_as_a_piece_file(home, tmp_path):
    path = tmp_path / "song.mid"
    path.write_bytes(midi.write(chorale()))
    data = Path(str(work(home, "score", path=str(path))["path"])).read_bytes()
    found = PieceFile.from_bytes(data, "x")
    assert same(to_piece(found), chorale())
    assert (found.title, found.made) == ("Chorale", ())


def test_a_piece_that_was_made_here_tells_its_model(home, tmp_path):
    path = tmp_path / "made.mid"
    made = Provenance(request=Request(model="voices", task="fill", seed=7), title="Voices")
    path.write_bytes(music_made.encode(chorale(), made))
    data = Path(str(work(home, "score", path=str(path))["path"])).read_bytes()
    (told,) = PieceFile.from_bytes(data, "x").made
    assert (told.model, told.seed) == ("voices", 7)


@pytest.mark.parametrize(("source", "alone"), [("trained", True), ("composite", False)])
def test_what_a_file_says_of_its_notes_is_believed(home, tmp_path, source, alone):
    path = tmp_path / "made.mid"
    request = Request(model="voices", task="sample", seed=7)
    path.write_bytes(music_made.encode(chorale(), Provenance(request=request, source_type=source)))
    data = Path(str(work(home, "score", path=str(path))["path"])).read_bytes()
    assert models_alone(PieceFile.from_bytes(data, "x")) is alone


def test_damage_is_told_in_a_sentence(home, tmp_path):
    path = tmp_path / "bad.mid"
    path.write_bytes(b"MThd\x00")
    with pytest.raises(BadInput, match=r"bad\.mid is damaged"):
        work(home, "score", path=str(path))
    with pytest.raises(UsageError, match="needs a path"):
        work(home, "score")


def test_an_own_piece_is_written_as_it_was_saved(home, tmp_path):
    piece = of_piece(chorale(), PieceFile(id="p1", title="My song", named=True))
    kept.write(home.pieces / "p1.json", piece)
    told = work(home, "export_piece", piece="p1", target=str(tmp_path / "out"), ext=".mid")
    (path,) = told["paths"]
    assert len(midi.read(Path(str(path)).read_bytes()).notes) == len(piece.notes)
    part = work(
        home, "export_piece", piece="p1", target=str(tmp_path / "out"), ext=".mid", span=[0, 1920]
    )
    assert len(midi.read(Path(str(part["paths"][0])).read_bytes()).notes) < len(piece.notes)


def test_a_pictures_colours_come_as_settings_and_a_sentence(home, tmp_path):
    path = tmp_path / "red.png"
    path.write_bytes(image.png(np.full((300, 500, 3), (230, 20, 20), np.uint8)))
    told = work(home, "colours", path=str(path))
    assert told["key"] == "C major"
    assert 60 <= told["tempo"] <= 160
    assert told["sentence"].startswith("The picture is mostly red")
    with pytest.raises(UsageError, match="needs a path"):
        work(home, "colours")
    (tmp_path / "odd.png").write_bytes(b"no picture")
    with pytest.raises(BadInput, match="odd"):
        work(home, "colours", path=str(tmp_path / "odd.png"))
