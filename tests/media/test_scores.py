"""Any file of music by its first bytes; pieces as plain values there and back; seeded damage."""

from __future__ import annotations

import json

import numpy as np
import pytest

from genstudio.core.errors import BadInput
from genstudio.media import midi, scores
from genstudio.media.notes import Piece, Track, notes_of
from tests.helpers.pieces import chorale, groove, same
from tests.media.test_fuzz import damaged
from tests.media.test_musicxml import START, note, packed, score

XML = score(START + note("C", 2), START + note("E", 4))
FILES = {
    "midi": midi.write(chorale(), {"seed": 1}, "trained"),
    "drums": midi.write(groove()),
    "xml": XML,
    "mxl": packed(("META-INF/container.xml", b"<container/>"), ("score.xml", XML)),
}


@pytest.mark.parametrize(
    "data",
    [
        FILES["midi"],
        b"RIFF\x00\x00\x00\x00RMIDdata"
        + len(FILES["drums"]).to_bytes(4, "little")
        + FILES["drums"],
        FILES["xml"],
        b"\xef\xbb\xbf\n" + XML[len(b'<?xml version="1.0"?>') :],
        XML.decode().encode("utf-16"),
        FILES["mxl"],
    ],
)
def test_files_are_told_apart_by_what_is_in_them(data: bytes) -> None:
    assert len(scores.read_any(data).notes) > 1


@pytest.mark.parametrize("data", [b"", b"RIFF\x00\x00\x00\x00WAVE", b"hello", b"\x89PNG"])
def test_other_files_are_named(data: bytes) -> None:
    with pytest.raises(BadInput, match=r"song\.bin is neither a MIDI nor a MusicXML file"):
        scores.read_any(data, "song.bin")


@pytest.mark.parametrize("kind", FILES)
def test_damage_is_refused_or_read_but_never_anything_else(kind: str) -> None:
    random = np.random.default_rng(7)
    read = 0
    for _ in range(150):
        try:
            piece = scores.read_any(damaged(FILES[kind], random), "a")
        except BadInput:
            continue
        assert len(piece.bars()) >= 2
        assert piece.seconds(piece.length) <= midi.MAX_SECONDS
        midi.read(midi.write(piece))
        read += 1
    assert read < 150, "some of the damage must be seen"


@pytest.mark.parametrize(
    "piece",
    [
        chorale(),
        groove(),
        Piece(notes_of([])),
        Piece(
            notes_of([(0, 1, 0, 1, 1), (2**20, 1, 127, 127, 0)]), (Track("é", 3), Track()), 96,
            ((0, 61.5), (7, 90.0)), ((0, 3, 8), (5, 4, 4)), ((0, -7, True),), "Étude",
        ),
    ],
)  # fmt: skip
def test_plain_values_there_and_back(piece: Piece) -> None:
    told = json.loads(json.dumps(scores.to_values(piece)))
    assert same(scores.from_values(told), piece)


VALUES = json.loads(json.dumps(scores.to_values(chorale(1, 1))))


@pytest.mark.parametrize(
    "told",
    [
        None,
        [],
        "piece",
        {},
        {**VALUES, "format": 2},
        {**VALUES, "notes": [[0, 1, 60, 80]]},
        {**VALUES, "notes": [[0, 1, 60, 80, 0, 5]]},
        {**VALUES, "notes": [[0, 1, 300, 80, 0]]},
        {**VALUES, "notes": [[2**40, 1, 60, 80, 0]]},
        {**VALUES, "notes": [[-1, 1, 60, 80, 0]]},
        {**VALUES, "notes": [["x", 1, 60, 80, 0]]},
        {**VALUES, "notes": 3},
        {**VALUES, "ppq": 1, "notes": [[2**29, 1, 60, 80, 0]]},
        {**VALUES, "tracks": [{}]},
        {**VALUES, "tracks": []},
        {**VALUES, "ppq": None},
        {**VALUES, "ppq": float("inf")},
        {**VALUES, "tempos": [[0]]},
        {**VALUES, "metres": [[0, 4, 5]]},
        {key: value for key, value in VALUES.items() if key != "keys"},
    ],
)
def test_values_that_are_no_piece(told: object) -> None:
    with pytest.raises(BadInput, match=r"piece\.json cannot be read"):
        scores.from_values(told, "piece.json")
