"""MIDI and MusicXML: notes are counted, hostile files refused."""

from __future__ import annotations

import io
import zipfile

import numpy as np
import pytest

from genstudio.core.errors import BadInput
from genstudio.media import music

SCORE = b"""<?xml version="1.0"?>
<!DOCTYPE score-partwise PUBLIC "-//Recordare//DTD MusicXML 4.0 Partwise//EN"
  "http://www.musicxml.org/dtds/partwise.dtd">
<score-partwise version="4.0"><work><work-title>Little Song</work-title></work>
<part id="P1"><measure number="1">
<note><pitch><step>C</step><octave>4</octave></pitch></note><note><rest/></note>
<note><pitch><step>E</step><octave>4</octave></pitch></note></measure></part></score-partwise>"""
LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>
<score-partwise><part><note>&b;</note></part></score-partwise>"""
SPY = b"""<?xml version="1.0"?><!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>
<score-partwise><work><work-title>&f;</work-title></work></score-partwise>"""


def track(*events: bytes) -> bytes:
    body = b"".join(b"\x00" + event for event in events) + b"\x00\xff\x2f\x00"
    return b"MTrk" + len(body).to_bytes(4, "big") + body


def midi(*tracks: bytes, form: int = 1) -> bytes:
    head = form.to_bytes(2, "big") + len(tracks).to_bytes(2, "big") + b"\x01\xe0"
    return b"MThd\x00\x00\x00\x06" + head + b"".join(tracks)


def zipped(**entries: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), data)
    return buffer.getvalue()


NOTES = (b"\x90\x3c\x40", b"\x80\x3c\x00", b"\x90\x40\x40", b"\x40\x00")


def test_midi_counts_notes_that_begin() -> None:
    # The last event goes on in running status: note 0x40 with no force, which ends it.
    named = track(b"\xff\x03\x05Piano", b"\xff\x51\x03\x07\xa1\x20", *NOTES)
    drums = track(b"\xf0\x03\x01\x02\xf7", b"\xc9\x05", b"\x99\x24\x70", b"\xe9\x00\x40")
    found = music.facts(midi(named, drums))
    assert found == music.MusicFacts(3, 2, "Piano", "MIDI")


def test_midi_with_unknown_chunks() -> None:
    data = midi(track(*NOTES))
    strange = data[:14] + b"XFIH\x00\x00\x00\x02ab" + data[14:]
    assert music.facts(strange).notes == 2


def test_musicxml_counts_what_sounds() -> None:
    assert music.facts(SCORE) == music.MusicFacts(2, 1, "Little Song", "MusicXML")


def test_compressed_musicxml() -> None:
    data = zipped(**{"META-INF__container_xml": b"<container/>", "score_xml": SCORE})
    assert music.facts(data).notes == 2


@pytest.mark.parametrize("data", [LAUGHS, SPY, zipped(score_xml=LAUGHS)])
def test_entities_are_refused_before_they_are_expanded(data: bytes) -> None:
    with pytest.raises(BadInput, match="declares entities"):
        music.facts(data)


def test_large_files_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(music, "MAX_BYTES", 1000)
    with pytest.raises(BadInput, match="is larger than"):
        music.facts(bytes(2000), "a.mid")
    bomb = zipped(score_xml=b"<score-partwise>" + b" " * 90_000 + b"</score-partwise>")
    assert len(bomb) < 1000
    with pytest.raises(BadInput, match="its score is too large"):
        music.facts(bomb, "a.mxl")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "no element found"),
        (b"MThd", "header is not"),
        (b"MThd\x00\x00\x00\x06\x00\x09\x00\x01\x00\x60", "header is not"),
        (midi(), "no tracks"),
        (midi(track(*NOTES))[:-4], "ends too early"),
        (midi(track(b"\xf4\x00")), "unknown event"),
        (midi(b"MTrk\x00\x00\x00\x06" + b"\xff\xff\xff\xff\xff\x00"), "no end"),
        (b"<html><body/></html>", "no MusicXML"),
        (SCORE[:200], ""),
        (b"PK\x03\x04 nothing", ""),
        (zipped(words=b"x"), "no score"),
    ],
)
def test_damage_is_a_sentence(data: bytes, reason: str) -> None:
    with pytest.raises(BadInput, match=rf"song is damaged and cannot be read.*{reason}"):
        music.facts(data, "song")


def test_noise_never_hurts() -> None:
    generator = np.random.Generator(np.random.Philox(5))
    whole = midi(track(b"\xff\x03\x05Piano", *NOTES), track(*NOTES))
    for _ in range(400):
        data = bytearray(whole)
        for place in generator.integers(0, len(data), 4):
            data[place] = generator.integers(0, 256)
        try:
            found = music.facts(bytes(data))
        except BadInput:
            continue
        assert 0 <= found.notes < 100
