"""Pieces as they are kept: small files that say no to what is no music."""

from __future__ import annotations

import json

import pytest

from genstudio.core.errors import BadInput
from genstudio.core.piece_file import KeptSound, KeptTrack, Made, PieceFile


def kept(**changes) -> PieceFile:
    rows = ((0, 480, 60, 80, 0), (480, 240, 64, 90, 1))
    tracks = (KeptTrack(name="Soprano", locked=True), KeptTrack(program=42, muted=True))
    return PieceFile(id="p1", title="Song", notes=rows, tracks=tracks, **changes)


def test_a_piece_comes_back_whole():
    made = Made(model="voices", task="fill", values={"temperature": 0.9}, seed=3, bars=(4, 5))
    piece = kept(locks=((0, 60, 0),), made=(made,), tempos=((0, 96.0),), keys=((0, -3, True),))
    assert PieceFile.from_bytes(piece.to_bytes(), "x") == piece


def test_the_file_is_compact_and_leaves_defaults_out():
    data = kept().to_bytes()
    assert b"\n" not in data
    assert b"metres" not in data
    assert len(data) < 400


def test_the_head_says_what_a_list_shows():
    head = kept(changed="2026-11-21").head
    assert (head.title, head.notes, head.tracks, head.changed) == ("Song", 2, 2, "2026-11-21")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("notes", [[0, 480, 60, 80, 2]]),
        ("notes", [[0, 0, 60, 80, 0]]),
        ("notes", [[-1, 480, 60, 80, 0]]),
        ("notes", [[0, 480, 128, 80, 0]]),
        ("notes", [[0, 480, 60, 0, 0]]),
        ("tracks", [{}] * 17),
        ("ppq", 0),
        ("tempos", [[0, 0.0]]),
        ("keys", [[0, 8, False]]),
        ("surprise", 1),
    ],
)
def test_what_is_no_music_is_refused(field, value):
    plain = {"format": 1, "id": "p1", "tracks": [{}, {}], field: value}
    with pytest.raises(ValueError, match=rf"{field}|a note belongs"):
        PieceFile.model_validate(plain)


def test_a_flipped_bit_is_noticed(tmp_path):
    path = tmp_path / "p1.json"
    path.write_bytes(kept().to_bytes().replace(b"480,60", b"480,61"))
    with pytest.raises(BadInput, match="damaged"):
        PieceFile.read(path)


def test_a_file_of_a_later_format_is_not_read():
    value = json.loads(kept().to_bytes()) | {"format": 2}
    with pytest.raises(BadInput, match="format 2"):
        PieceFile.from_bytes(json.dumps(value).encode(), "x")


def test_recordings_of_a_drum_track_come_back():
    sound = KeptSound(pitch=36, file="0123456789abcdef", name="boom")
    piece = PieceFile(id="p1", tracks=(KeptTrack(drums=True, sounds=(sound,)),))
    assert PieceFile.from_bytes(piece.to_bytes(), "x") == piece
    assert b"sounds" not in kept().to_bytes(), "older files and newer ones without any are alike"


@pytest.mark.parametrize("file", ["", "../../etc/passwd", "0123456789ABCDEF", "0" * 17])
def test_a_recording_is_no_path(file):
    with pytest.raises(ValueError, match="file"):
        KeptSound(pitch=36, file=file)
