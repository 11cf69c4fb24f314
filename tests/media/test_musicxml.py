"""MusicXML: what sounds is read, what is damaged or hostile is refused."""

from __future__ import annotations

import io
import zipfile

import pytest

from genstudio.core.errors import BadInput
from genstudio.media import musicxml, xml_nodes
from genstudio.media.notes import Piece, Track

DOCTYPE = """<!DOCTYPE score-partwise PUBLIC "-//Recordare//DTD MusicXML 4.0 Partwise//EN"
  "http://www.musicxml.org/dtds/partwise.dtd">"""
TIME = "<time><beats>4</beats><beat-type>4</beat-type></time>"
START = f"<attributes><divisions>2</divisions>{TIME}</attributes>"


def note(step: str, length: int, inside: str = "", octave: int = 4, alter: str = "") -> str:
    pitch = f"<pitch><step>{step}</step>{alter}<octave>{octave}</octave></pitch>"
    return f"<note>{pitch}<duration>{length}</duration>{inside}</note>"


def rest(length: int) -> str:
    return f"<note><rest/><duration>{length}</duration></note>"


def score(*measures: str, parts: str = "", title: str = "") -> bytes:
    """A score of one part."""
    inside = "".join(f'<measure number="{n}">{one}</measure>' for n, one in enumerate(measures, 1))
    declared = f"<part-list>{parts}</part-list>" if parts else ""
    return (
        f'<?xml version="1.0"?>{DOCTYPE}<score-partwise version="4.0">{title}{declared}'
        f'<part id="P1">{inside}</part></score-partwise>'
    ).encode()


def rows(data: bytes) -> list[tuple]:
    """(start in quarters, length in quarters, pitch) of each note."""
    notes = musicxml.read(data).notes
    return [(int(n["start"]) / 480, int(n["duration"]) / 480, int(n["pitch"])) for n in notes]


def test_pitches_lengths_chords_and_rests() -> None:
    sharp = "<alter>1</alter>"
    chord = note("E", 2, "").replace("<note>", "<note><chord/>")
    found = rows(score(START + note("C", 2) + chord + rest(1) + note("F", 3, alter=sharp)))
    assert found == [(0, 1, 60), (0, 1, 64), (1.5, 1.5, 66)]


def test_voices_go_back_and_forth() -> None:
    back = "<backup><duration>8</duration></backup>"
    ahead = "<forward><duration>4</duration></forward>"
    found = rows(score(START + note("C", 8) + back + ahead + note("G", 4), note("D", 2)))
    assert found == [(0, 4, 60), (2, 2, 67), (4, 1, 62)]


def test_ties_make_one_note() -> None:
    begin, go_on, end = (
        "".join(f'<tie type="{kind}"/>' for kind in kinds) + "<voice>1</voice>"
        for kinds in (("start",), ("stop", "start"), ("stop",))
    )
    measures = (START + note("C", 8, begin), note("C", 8, go_on), note("C", 2, end) + note("C", 2))
    assert rows(score(*measures)) == [(0, 9, 60), (9, 1, 60)]


def test_a_tie_that_ends_nowhere_is_a_note() -> None:
    assert rows(score(START + note("C", 2, '<tie type="stop"/>'))) == [(0, 1, 60)]


def test_grace_notes_have_no_length() -> None:
    grace = note("D", 1).replace("<note>", "<note><grace/>")
    assert rows(score(START + grace + note("C", 2))) == [(0, 1, 60)]


def test_upbeat_and_metre_that_changes() -> None:
    three = "<attributes><time><beats>3</beats><beat-type>8</beat-type></time></attributes>"
    piece = musicxml.read(score(START + note("G", 2), note("C", 8), three + note("D", 3)))
    assert piece.metres == ((0, 1, 4), (480, 4, 4), (2400, 3, 8))
    assert (piece.bars() / 480).tolist() == [0, 1, 5, 6.5]


def test_empty_measures_are_as_long_as_their_metre() -> None:
    assert rows(score(START, "", note("C", 2)))[0][0] == 8


def test_metres_that_are_sums() -> None:
    time = "<time><beats>3+2</beats><beat-type>8</beat-type></time>"
    piece = musicxml.read(score(f"<attributes>{time}</attributes>" + note("C", 1)))
    assert piece.metre_at(0)[0] in (5, 1)


@pytest.mark.parametrize(
    ("direction", "tempo"),
    [
        ('<sound tempo="90"/>', 90.0),
        ('<direction><sound tempo="72.5"/></direction>', 72.5),
        ("<direction><direction-type><metronome><beat-unit>half</beat-unit><per-minute>50"
         "</per-minute></metronome></direction-type></direction>", 100.0),
        ("<direction><direction-type><metronome><beat-unit>eighth</beat-unit><beat-unit-dot/>"
         "<per-minute>80</per-minute></metronome></direction-type></direction>", 60.0),
        ("<direction><direction-type><metronome><beat-unit>quarter</beat-unit><per-minute>"
         "ca. 80</per-minute></metronome></direction-type></direction>", 120.0),
        ("<direction><direction-type><words>Allegro</words></direction-type></direction>", 120.0),
    ],
)  # fmt: skip
def test_tempo(direction: str, tempo: float) -> None:
    assert musicxml.read(score(START + direction + note("C", 2))).tempos == ((0, tempo),)


def test_tempo_inside_a_measure() -> None:
    piece = musicxml.read(score(START + note("C", 4) + '<sound tempo="60"/>' + note("D", 4)))
    assert piece.tempos == ((0, 120.0), (960, 60.0))


def test_dynamics_are_velocities() -> None:
    loud = '<direction><sound dynamics="120"/></direction>'
    piece = musicxml.read(score(START + note("C", 2) + loud + note("D", 2)))
    assert piece.notes["velocity"].tolist() == [80, 108]


def test_key_and_transposing_instrument() -> None:
    key = "<key><fifths>2</fifths><mode>minor</mode></key>"
    horn = "<transpose><chromatic>-7</chromatic></transpose>"
    attributes = f"<attributes><divisions>1</divisions>{key}{horn}</attributes>"
    piece = musicxml.read(score(attributes + note("G", 4)))
    assert piece.keys == ((0, 1, True),)
    assert piece.notes["pitch"].tolist() == [60]
    plain = f"<attributes><divisions>1</divisions>{key}</attributes>"
    assert musicxml.read(score(plain + note("G", 4))).keys == ((0, 2, True),)


PARTS = """<score-part id="P1"><part-name>Piano</part-name>
<midi-instrument id="I1"><midi-channel>1</midi-channel><midi-program>5</midi-program>
</midi-instrument></score-part>"""


def test_names_instruments_and_title() -> None:
    title = "<work><work-title>An  die\nMusik</work-title></work>"
    piece = musicxml.read(score(START + note("C", 2), parts=PARTS, title=title))
    assert piece.tracks == (Track("Piano", 4),)
    assert piece.title == "An die Musik"
    title = "<movement-title>Adagio</movement-title>"
    assert musicxml.read(score(START, title=title)).title == "Adagio"


def test_staves_are_tracks() -> None:
    back = "<backup><duration>8</duration></backup>"
    low = note("C", 8, "<staff>2</staff>", octave=3)
    piece = musicxml.read(score(START + note("C", 8, "<staff>1</staff>") + back + low, parts=PARTS))
    assert [track.name for track in piece.tracks] == ["Piano 1", "Piano 2"]
    assert [(n["pitch"], n["track"]) for n in piece.notes] == [(60, 0), (48, 1)]


def test_drums_sound_as_their_instruments() -> None:
    parts = """<score-part id="P1"><part-name>Drums</part-name><midi-instrument id="kick">
    <midi-channel>10</midi-channel><midi-unpitched>37</midi-unpitched></midi-instrument>
    </score-part>"""
    drawn = (
        "<unpitched><display-step>F</display-step><display-octave>4</display-octave></unpitched>"
    )
    hit = f'<note>{drawn}<duration>2</duration><instrument id="kick"/></note>'
    other = f"<note>{drawn}<duration>2</duration></note>"
    nowhere = "<note><unpitched/><duration>2</duration></note>"
    piece = musicxml.read(score(START + hit + other + nowhere, parts=parts))
    assert piece.tracks == (Track("Drums", 0, True),)
    assert piece.notes["pitch"].tolist() == [36, 65]


def test_parts_sound_together() -> None:
    parts = "".join(
        f'<part id="P{n}"><measure>{START}{note("CEG"[n], 8)}</measure></part>' for n in range(3)
    )
    data = f"<score-partwise>{parts}</score-partwise>".encode()
    assert rows(data) == [(0, 4, 60), (0, 4, 64), (0, 4, 67)]


def test_timewise_scores() -> None:
    def measure(first: str, second: str) -> str:
        return f'<measure><part id="A">{first}</part><part id="B">{second}</part></measure>'

    inside = measure(START + note("C", 8), START + note("G", 8)) + measure("", note("A", 8))
    data = f"<score-timewise>{inside}</score-timewise>".encode()
    assert rows(data) == [(0, 4, 60), (0, 4, 67), (4, 4, 69)]
    assert len(musicxml.read(data).tracks) == 2


def test_more_parts_than_tracks_share_the_last() -> None:
    parts = "".join(
        f'<part id="P{n}"><measure>{START}{note("C", 8)}</measure></part>' for n in range(20)
    )
    piece = musicxml.read(f"<score-partwise>{parts}</score-partwise>".encode())
    assert len(piece.tracks) == 16
    assert (piece.notes["track"] == 15).sum() == 5


def packed(*entries: tuple[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries:
            archive.writestr(name, data)
    return buffer.getvalue()


def test_packed_and_in_utf_16() -> None:
    data = score(START + note("C", 2))
    assert rows(packed(("META-INF/container.xml", b"<x/>"), ("s.xml", data))) == [(0, 1, 60)]
    assert rows(data.decode().encode("utf-16")) == [(0, 1, 60)]


def test_empty_score() -> None:
    piece: Piece = musicxml.read(score())
    assert piece.length == 0
    assert len(piece.bars()) == 2


LAUGHS = (
    b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><score-partwise>&b;</score-partwise>'
)
SPY = b'<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><score-partwise>&f;</score-partwise>'


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "no element"),
        (b"<html/>", "no MusicXML"),
        (b"<score-partwise>", "no element"),
        (LAUGHS, "entities"),
        (SPY, "entities"),
        (packed(("s.xml", LAUGHS)), "entities"),
        (packed(("s.txt", b"")), "no score"),
        (b"PK\x03\x04rubbish", "zip"),
        (b"<a>" * 200 + b"</a>" * 200, "nested too deeply"),
        (score(START + note("C", 2).replace("<octave>4", "<octave>x")), "could not convert"),
        (score("<attributes><divisions>0</divisions></attributes>"), "divisions"),
        (score("<attributes><divisions>nan</divisions></attributes>"), "no number"),
        (score(START + '<sound dynamics="inf"/>'), "infinity"),
        (score(START + note("C", 10**8), note("C", 10**8)), "longer than 6 hours|too long"),
        (score(START + note("C", 2).replace("<duration>2", "<duration>1e400")), "no number"),
    ],
)
def test_damage_is_told(data: bytes, reason: str) -> None:
    with pytest.raises(BadInput, match=reason) as caught:
        musicxml.read(data, "a.musicxml")
    assert "a.musicxml" in str(caught.value)


def test_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    data = score(START + note("C", 2) * 8)
    monkeypatch.setattr(musicxml, "MAX_NOTES", 7)
    with pytest.raises(BadInput, match="more than 7 notes"):
        musicxml.read(data)
    monkeypatch.setattr(xml_nodes, "MAX_NODES", 20)
    with pytest.raises(BadInput, match="too many"):
        musicxml.read(data)


def test_nodes_that_were_taken_no_longer_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xml_nodes, "MAX_NODES", 30)
    assert len(rows(score(START + note("C", 2), *[note("D", 2)] * 100))) == 101


def test_more_parts_than_any_score_has() -> None:
    parts = "".join(f'<score-part id="P{n}"/>' for n in range(1001))
    with pytest.raises(BadInput, match="1,000 parts"):
        musicxml.read(score(parts=parts))
