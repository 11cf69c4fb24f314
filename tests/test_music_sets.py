"""setup/music_sets.py and music_bars.py: bars found again, upbeats, keys, names, classes."""

from __future__ import annotations

import json
import lzma
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from genstudio.media import midi
from genstudio.media.notes import Piece, Track, notes_of
from tests.helpers.scripts import script


@pytest.fixture(scope="module")
def sets():
    with script("music_sets") as module:
        yield module


@pytest.fixture(scope="module")
def bars(sets):
    return sets.music_bars


def march(count: int, period: int, upbeat: int = 0, first: int = 0) -> list[list[int]]:
    """Notes [start, duration, pitch, staff]: a long one on each bar of `period` eighths, short
    ones between, `upbeat` eighths before the first bar."""
    found = [[(first + n) * 240, 240, 67, 1] for n in range(upbeat)]
    for bar in range(count):
        start = first + upbeat + bar * period
        found.append([start * 240, 240 * min(period, 3), 48 + bar % 5, 1])
        found += [[(start + n) * 240, 240, 60 + 2 * (n % 4), 1] for n in range(1, period)]
    return found


def table(notes: list[list[int]]) -> np.ndarray:
    return np.array([note[:2] for note in notes], np.int64)


# ---- bars ------------------------------------------------------------------------------------


@pytest.mark.parametrize("period", [8, 6, 4])
@pytest.mark.parametrize("upbeat", [0, 1, 2])
def test_upbeats_are_found(bars, period: int, upbeat: int) -> None:
    weights = bars.weight(table(march(40, period, upbeat)))
    assert bars.upbeat(weights, period) == upbeat


def test_without_bars_there_is_no_upbeat(bars) -> None:
    even = [[n * 240, 240, 60, 1] for n in range(200)]
    assert bars.upbeat(bars.weight(table(even)), 8) == 0


def test_a_change_of_metre_is_found(bars) -> None:
    first = march(60, 8, 2)
    behind = 2 + 60 * 8
    notes = first + march(60, 6, 0, first=behind)
    parts = bars.parts(bars.weight(table(notes)), 8)
    assert [(part.period, part.phase) for part in parts] == [(8, 2), (6, behind % 6)]
    assert parts[0].start == 0
    assert abs(parts[0].stop - behind) <= bars.BLOCK
    assert parts[1].start == parts[0].stop


def test_short_music_is_one_part(bars) -> None:
    (part,) = bars.parts(bars.weight(table(march(2, 4))), 4)
    assert (part.start, part.period, part.phase) == (0, 4, 0)


def test_two_beats_of_three_are_told_from_three_of_two(bars) -> None:
    def dance(long: tuple[int, ...]) -> np.ndarray:
        notes = []
        for bar in range(30):
            for eighth in range(6):
                length = 2 if eighth in long else 1
                notes.append([(bar * 6 + eighth) * 240, 240 * length, 60, 1])
        return bars.weight(table(notes))

    part = bars.Part(0, 180, 6, 0)
    assert bars.is_compound(dance((0, 3)), part)
    assert not bars.is_compound(dance((0, 2, 4)), part)


@pytest.mark.parametrize(
    ("fifths", "minor", "scale"),
    [(0, False, (0, 4, 7, 0, 5, 9, 2, 7)), (0, True, (9, 0, 4, 9, 2, 5, 8, 9)),
     (2, False, (2, 6, 9, 2, 7, 11, 4, 9)), (-3, True, (0, 3, 7, 0, 5, 8, 11, 0))],
)  # fmt: skip
def test_keys_are_heard(bars, fifths: int, minor: bool, scale: tuple[int, ...]) -> None:
    pitches = np.array(scale) + 60
    lengths = np.array([4, 2, 3, 4, 1, 1, 1, 2])
    assert bars.key(pitches, lengths) == (fifths, minor)
    assert bars.key(pitches, lengths, fifths) == (fifths, minor)


# ---- sets ------------------------------------------------------------------------------------


def pack(path: Path, *rows: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with lzma.open(path, "wt", encoding="utf-8") as file:
        file.write("".join(json.dumps(row) + "\n" for row in rows))


def row(tracks: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    return {
        "id": "x1", "composer": "Haydn, Joseph", "set": "Quartet in C", "title": "q.mxl",
        "tempo": 90.0, "time_signature": "4/4", "key_fifths": 0, "tpq": 480, "tracks": tracks,
        **more,
    }  # fmt: skip


def made(sets, name: str, data: Path, out: Path) -> dict[str, Piece]:
    sets.main([name, str(data), str(out)])
    return {
        str(path.relative_to(out)): midi.read(path.read_bytes(), path.name)
        for path in sorted(out.rglob("*.mid"))
    }


def test_quartets_are_cut_into_movements(sets, tmp_path: Path) -> None:
    first = march(60, 8, 2)
    notes = first + march(60, 6, 0, first=2 + 60 * 8)
    names = (("Violin 1", 40), ("Violin 2", 40), ("Viola", 41), ("Violoncello", 42))
    tracks = [{"name": n, "program": p, "notes": notes} for n, p in names]
    pack(tmp_path / "music-openscore-quartets" / "quartets.jsonl.xz", row(tracks))
    found = made(sets, "quartets", tmp_path, tmp_path / "out")
    one, two = found.values()
    assert sorted(found) == [
        f"Other composers/Haydn, Joseph - Quartet in C (x1) {n}.mid" for n in (1, 2)
    ]
    assert one.metres == ((0, 4, 4),)
    assert two.metre_at(0) in ((3, 4), (6, 8))
    assert one.tempos == ((0, 90.0),)
    assert two.tempos[0][1] == pytest.approx(sets.USUAL, abs=0.01)
    assert [track.program for track in one.tracks] == [40, 40, 41, 42]
    # The upbeat of two eighths fills the end of a bar, long notes begin bars.
    assert one.notes["start"][0] == 6 * 240
    long = one.notes[one.notes["duration"] == 720]["start"]
    assert np.all(long % 1920 == 0)
    begins = two.notes[two.notes["duration"] == 720]["start"]
    assert np.all(begins % 1440 == 0)


def test_songs_have_a_voice_and_two_hands(sets, tmp_path: Path) -> None:
    sung = {"name": "Voice", "program": 68, "notes": march(12, 8)}
    staves = march(12, 8) + [[n[0], n[1], n[2] - 24, 2] for n in march(12, 8)]
    piano = {"name": "Piano", "program": 0, "notes": staves}
    good = row([sung, piano], composer="Lang, Josephine", title="Lied: one?")
    others = [
        row([sung], id="alone"), row([sung, piano, sung], id="three"),
        row([sung, piano], id="free", time_signature=None),
        row([sung, piano], id="slow", tempo=None, composer="Lang, Josephine"),
    ]  # fmt: skip
    pack(tmp_path / "music-openscore-lieder" / "lieder.jsonl.xz", good, *others)
    found = made(sets, "songs", tmp_path, tmp_path / "out")
    assert sorted(found) == [
        "Other composers/Lang, Josephine - Lied one (x1).mid",
        "Other composers/Lang, Josephine - q.mxl (slow).mid",
    ]
    piece = found["Other composers/Lang, Josephine - Lied one (x1).mid"]
    assert piece.title == "Lied: one?"
    assert [track.name for track in piece.tracks] == [
        "Voice", "Piano, right hand", "Piano, left hand",
    ]  # fmt: skip
    assert [track.program for track in piece.tracks] == [52, 0, 0]
    counts = np.bincount(piece.notes["track"])
    assert counts.tolist() == [96, 96, 96]


def test_composers_of_much_are_classes(sets) -> None:
    rows = [row([], composer=name) for name in ["Schubert, Franz"] * 3 + ["Lang, Josephine"]]
    rows += [row([], composer=name) for name in ["Schumann, Robert", "Schumann, Clara"] * 3]
    found = sets._classes(rows, 3)
    assert found["Schubert, Franz"] == "Schubert"
    assert found["Lang, Josephine"] == sets.OTHERS
    assert found["Schumann, Clara"] == "Schumann, Clara"
    assert found["Schumann, Robert"] == "Schumann, Robert"


def piece_of(notes: list[list[int]], *tracks: Track) -> bytes:
    rows = [(n[0], n[1], n[2], 80, 0) for n in notes]
    return midi.write(Piece(notes_of(rows), tracks or (Track("up:"), Track("down:"))))


def test_bach_alone_and_without_silent_tracks(sets, tmp_path: Path) -> None:
    folder = tmp_path / "music-mutopia"
    folder.mkdir()
    with zipfile.ZipFile(folder / "midi.zip", "w") as archive:
        archive.writestr("BachJS__BWV1__a_b__a_b.mid", piece_of(march(30, 8, 2)))
        archive.writestr("CzernyC__op1__x__x.mid", piece_of(march(30, 8)))
    found = made(sets, "bach", tmp_path, tmp_path / "out")
    assert list(found) == ["BWV1 a b.mid"]
    piece = found["BWV1 a b.mid"]
    assert len(piece.tracks) == 1
    assert piece.title == "BWV1 a b"
    assert piece.notes["start"][0] == 6 * 240


def test_drums_by_style_with_their_test_set(sets, tmp_path: Path) -> None:
    folder = tmp_path / "music-groove-drums"
    folder.mkdir()
    hits = [[n * 120 + n % 3, 60, (36, 22, 40, 58)[n % 4], 1] for n in range(64)]
    lines = [
        "drummer,style,bpm,midi_filename,split",
        "d1,funk/groove1,100,d1/a.mid,train",
        "d1,rock,100,d1/b.mid,test",
        "d1,rock,100,d1/short.mid,train",
    ]
    with zipfile.ZipFile(folder / "groove_midi.zip", "w") as archive:
        archive.writestr("groove/info.csv", "\n".join(lines) + "\n")
        archive.writestr("groove/d1/a.mid", piece_of(hits, Track("", 0, True)))
        archive.writestr("groove/d1/b.mid", piece_of(hits, Track("", 0, True)))
        archive.writestr("groove/d1/short.mid", piece_of(hits[:5], Track("", 0, True)))
    found = made(sets, "drums", tmp_path, tmp_path / "out")
    assert sorted(found) == ["test/rock/d1 b.mid", "train/funk/d1 a.mid"]
    piece = found["train/funk/d1 a.mid"]
    assert piece.tracks[0].drums
    assert set(piece.notes["pitch"].tolist()) == {36, 42, 38, 43}
    assert np.any(piece.notes["start"] % 120)


# ---- odd scores and names --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("BWV 1: a/b?", "BWV 1 ab.mid"),
        ("..\\..\\etc/passwd", "etcpasswd.mid"),
        ('a\x00\x1fb*|<>"', "ab.mid"),
        ("é" * 300, "é" * 120 + ".mid"),
        (" . x . ", "x.mid"),
    ],
)
def test_names_of_pieces_are_names_of_files(sets, name: str, file: str) -> None:
    piece = Piece(notes_of([(0, 480, 60, 80, 0)]))
    assert sets._file("", name, piece)[0] == file
    path, data = sets._file("funk", name, piece)
    assert path == f"funk/{file}"
    assert len(midi.read(data).notes) == 1


def test_names_of_mutopia_say_each_part_once(sets) -> None:
    assert sets._plain("BachJS__BWV515__anna-20a__anna-20a.mid") == "BWV515 anna-20a"
    assert sets._plain("BachJS__BWV1_2__a_b.mid") == "BWV1 2 a b"


def test_silent_tracks_go_and_notes_keep_theirs(sets) -> None:
    notes = notes_of([(0, 480, 60, 80, 1), (0, 480, 48, 80, 3), (480, 480, 62, 80, 1)])
    piece = Piece(notes, tuple(Track(name) for name in "abcd"))
    found = sets._joined(piece)
    assert [track.name for track in found.tracks] == ["b", "d"]
    named = {(note["pitch"], found.tracks[note["track"]].name) for note in found.notes}
    assert named == {(60, "b"), (48, "d"), (62, "b")}


@pytest.mark.parametrize("ppq", [96, 480, 960])
def test_an_upbeat_is_moved_to_the_end_of_a_bar(sets, ppq: int) -> None:
    rows = [(s * ppq // 480, n * ppq // 480, p, 80, 0) for s, n, p, _ in march(40, 6, 2)]
    piece = Piece(notes_of(rows), ppq=ppq, metres=((0, 3, 4),))
    found = sets._with_upbeat(piece)
    moved = found.notes["start"] - piece.notes["start"]
    assert set(moved.tolist()) == {4 * ppq // 2}  # four eighths of rest before the two
    assert sets._with_upbeat(found).notes["start"][0] == found.notes["start"][0]


@pytest.mark.parametrize("metre", [(3, 16), (1, 8), (5, 16)])
def test_bars_that_are_no_whole_eighths_are_left_alone(sets, metre) -> None:
    rows = [(s, n, p, 80, 0) for s, n, p, _ in march(20, 8, 2)]
    piece = Piece(notes_of(rows), metres=((0, *metre),))
    assert sets._with_upbeat(piece) is piece
    assert sets._with_upbeat(Piece(notes_of([]))).notes.size == 0


@pytest.mark.parametrize(("told", "found"), [(None, 110.0), (0, 110.0), (5, 30.0), ("999", 240.0)])
def test_tempos_are_those_of_music(sets, told, found: float) -> None:
    assert sets._tempo(row([], tempo=told)) == found


@pytest.mark.parametrize(
    ("told", "period"),
    [("4/4", 8), ("2/2", 8), ("3/4", 6), ("6/8", 6), ("12/8", 6), ("2/4", 4), ("3/8", 3),
     ("9/8", 3), ("5/8", 5)],
)  # fmt: skip
def test_bars_are_looked_for_in_the_widest_known_part(sets, told: str, period: int) -> None:
    assert sets._period(row([], time_signature=told)) == period


def test_a_song_without_notes_is_passed_over(sets, tmp_path: Path) -> None:
    silent = [{"name": "Voice", "program": 68, "notes": []},
              {"name": "Piano", "program": 0, "notes": []}]  # fmt: skip
    pack(tmp_path / "music-openscore-lieder" / "lieder.jsonl.xz", row(silent))
    assert made(sets, "songs", tmp_path, tmp_path / "out") == {}


def test_a_quartet_without_notes_is_passed_over(sets, tmp_path: Path) -> None:
    silent = [{"name": "Violin", "program": 40, "notes": []}] * 4
    pack(tmp_path / "music-openscore-quartets" / "quartets.jsonl.xz", row(silent))
    assert made(sets, "quartets", tmp_path, tmp_path / "out") == {}


def test_pads_are_drums_of_general_midi(sets) -> None:
    rows = [(n * 10, 5, pitch, 80, n % 2) for n, pitch in enumerate(sets.PADS)]
    piece = Piece(notes_of([*rows, (0, 5, 36, 80, 0)]), (Track(), Track()))
    found = sets._drummed(piece)
    assert [track.drums for track in found.tracks] == [True]
    assert set(found.notes["track"].tolist()) == {0}
    assert set(found.notes["pitch"].tolist()) == {36, *sets.PADS.values()}
    assert not set(sets.PADS.values()) & set(sets.PADS)
