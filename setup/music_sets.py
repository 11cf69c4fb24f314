"""Music for the bundled music models: `python setup/music_sets.py SET DATA OUT`.

SET is bach, quartets, songs or drums; DATA the folder with the prepared sets (music-mutopia, …).
OUT gets what `genstudio data add OUT --name SET` reads: a MIDI file a piece, in a folder for each
class where there are classes (composers of whom there is much, styles of drumming).

Scores without bar lines are cut into parts of one metre, and what follows an upbeat is moved to
where a bar begins (`music_bars`); modes are heard out of the notes. Tempi of later movements are
not told: they get USUAL.
"""

from __future__ import annotations

import json
import lzma
import re
import sys
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "setup")]

import music_bars  # noqa: E402
from music_bars import EIGHTH, Part  # noqa: E402

from genstudio.core import files  # noqa: E402
from genstudio.media import midi  # noqa: E402
from genstudio.media.notes import Piece, Track, notes_of  # noqa: E402

USUAL = 110.0
"""Quarters a minute where nothing is told."""
LEAST_BARS, LEAST_NOTES = 8, 24
"""Shorter parts are left out."""
MUCH = {"quartets": 10, "songs": 25}
"""Works of a composer from which on there is a class of his or her name."""
OTHERS = "Other composers"
VELOCITY = 80
METRES = {8: (4, 4), 6: (3, 4), 4: (2, 4), 3: (3, 8)}
# Roland TD-11 to General MIDI: edges and rims are the same drum (Gillick et al. 2019, appendix B,
# maps further, to nine drums; here toms and cymbals stay apart).
PADS = {22: 42, 26: 46, 40: 38, 47: 45, 48: 50, 52: 49, 55: 49, 57: 49, 58: 43, 59: 51}
File = tuple[str, bytes]
"""A file to write: its path below OUT and its bytes."""


def bach(data: Path) -> Iterator[File]:
    """The pieces by Bach of Mutopia; their MIDI files know their metres, but not their upbeats."""
    with zipfile.ZipFile(data / "music-mutopia" / "midi.zip") as archive:
        for name in sorted(archive.namelist()):
            if name.startswith("BachJS"):
                piece = _joined(midi.read(archive.read(name), name))
                found = _with_upbeat(piece) if len(piece.metres) == 1 else piece
                yield _file("", _plain(name), found.replaced(title=_plain(name)))


def quartets(data: Path) -> Iterator[File]:
    """Parts of string quartets: about one a movement."""
    rows = _rows(data / "music-openscore-quartets" / "quartets.jsonl.xz")
    classes = _classes(rows, MUCH["quartets"])
    for row in rows:
        work = f"{row['composer']} - {row['set'] or row['title']} ({row['id']})"
        notes = _notes(row["tracks"][:4])
        if len(notes) < LEAST_NOTES:
            continue
        weights = music_bars.weight(notes_table(notes))
        told = _period(row)
        for number, part in enumerate(music_bars.parts(weights, told), 1):
            piece = _part(row, notes, part, weights, number == 1)
            if piece is not None:
                yield _file(classes[row["composer"]], f"{work} {number}", piece)


def songs(data: Path) -> Iterator[File]:
    """Songs for one voice with piano, the hands of which are voices of their own."""
    rows = _rows(data / "music-openscore-lieder" / "lieder.jsonl.xz")
    classes = _classes(rows, MUCH["songs"])
    for row in rows:
        if len(row["tracks"]) != 2 or row["tracks"][1]["program"] != 0 or not row["time_signature"]:
            continue
        tracks = [_sung(row["tracks"][0]), *_hands(row["tracks"][1])]
        notes = _notes(tracks)
        if len(notes) < LEAST_NOTES:
            continue
        upper, lower = _metre(row)
        piece = Piece(
            notes_of(notes), tuple(Track(t["name"], t["program"]) for t in tracks), 480,
            ((0, _tempo(row)),), ((0, upper, lower),), _keys(notes, row["key_fifths"]),
            row["title"],
        )  # fmt: skip
        work = f"{row['composer']} - {row['title']} ({row['id']})"
        yield _file(classes[row["composer"]], work, _with_upbeat(piece))


def drums(data: Path) -> Iterator[File]:
    """Drumming by style, as it was played; the official test set stays one."""
    with zipfile.ZipFile(data / "music-groove-drums" / "groove_midi.zip") as archive:
        listed = next(name for name in archive.namelist() if name.endswith("info.csv"))
        lines = archive.read(listed).decode().splitlines()
        names = lines[0].split(",")
        for line in lines[1:]:
            row = dict(zip(names, line.split(","), strict=False))
            source = listed.removesuffix("info.csv") + row["midi_filename"]
            piece = _drummed(midi.read(archive.read(source), source))
            if len(piece.notes) < LEAST_NOTES:
                continue
            style = row["style"].split("/")[0]
            split = "test" if row["split"] == "test" else "train"
            name = row["midi_filename"].removesuffix(".mid").replace("/", " ")
            yield _file(f"{split}/{style}", name, piece.replaced(title=f"{style} ({name})"))


def notes_table(rows: list[tuple[int, ...]]) -> np.ndarray:
    """(start, duration) of each (n, 2)."""
    return np.array([row[:2] for row in rows], np.int64)


def _rows(path: Path) -> list[dict[str, Any]]:
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def _classes(rows: list[dict[str, Any]], much: int) -> dict[str, str]:
    """The class of each composer: the surname, or OTHERS."""
    counts = Counter(row["composer"] for row in rows)
    known = {name: name.split(",")[0] for name, count in counts.items() if count >= much}
    shared = {word for word, count in Counter(known.values()).items() if count > 1}
    full = {name: name if word in shared else word for name, word in known.items()}
    return {name: full.get(name, OTHERS) for name in counts}


def _notes(tracks: list[dict[str, Any]]) -> list[tuple[int, ...]]:
    """(start, duration, pitch, velocity, track) of all."""
    return [
        (start, duration, pitch, VELOCITY, number)
        for number, track in enumerate(tracks)
        for start, duration, pitch, _ in track["notes"]
    ]


def _metre(row: dict[str, Any]) -> tuple[int, int]:
    upper, _, lower = row["time_signature"].partition("/")
    return int(upper), int(lower)


def _period(row: dict[str, Any]) -> int:
    """Eighths of a bar, of those that are looked for."""
    upper, lower = _metre(row)
    eighths = upper * 8 // lower
    return next((p for p in music_bars.PERIODS if eighths % p == 0), eighths)


def _tempo(row: dict[str, Any]) -> float:
    return min(max(float(row["tempo"] or USUAL), 30.0), 240.0)


def _keys(notes: list[tuple[int, ...]], fifths: int | None) -> tuple[tuple[int, int, bool], ...]:
    pitches, lengths = np.array([(row[2], row[1]) for row in notes]).T
    return ((0, *music_bars.key(pitches, lengths, fifths)),)


def _part(
    row: dict[str, Any], notes: list[tuple[int, ...]], part: Part, weights: np.ndarray, first: bool
) -> Piece | None:
    """One part as a piece that begins with a bar; None where it is too short."""
    period = part.period
    start = part.start - (part.start - part.phase) % period  # a bar line at or before it
    if not first:
        start += period * (start < part.start)
    inside = [
        (n[0] - start * EIGHTH, *n[1:])
        for n in notes
        if part.start * EIGHTH <= n[0] < part.stop * EIGHTH and n[0] >= start * EIGHTH
    ]
    if len(inside) < LEAST_NOTES or part.stop - part.start < LEAST_BARS * period:
        return None
    metre = METRES[period]
    if period == 6 and music_bars.is_compound(weights, part):
        metre = (6, 8)
    if first and _period(row) == period:
        metre = _metre(row)
        wide = metre[0] * 8 // metre[1]
        missing = -part.phase % wide  # whole bars are wider than what was looked for
        shift = (missing - (part.start - start)) * EIGHTH if part.phase else 0
        inside = [(n[0] + shift, *n[1:]) for n in inside] if shift > 0 else inside
    fifths = row["key_fifths"] if first else None
    tracks = tuple(Track(t["name"], t["program"]) for t in row["tracks"][:4])
    return Piece(
        notes_of(inside), tracks, 480, ((0, _tempo(row) if first else USUAL),),
        ((0, *metre),), _keys(inside, fifths), f"{row['composer']}: {row['set']}"[:200],
    )  # fmt: skip


def _sung(track: dict[str, Any]) -> dict[str, Any]:
    """A voice that sings: General MIDI has "Choir aahs" for it, and no oboe."""
    return {**track, "name": "Voice", "program": 52}


def _hands(piano: dict[str, Any]) -> list[dict[str, Any]]:
    """The two staves of a piano part; the fourth number of a note is its staff."""
    names = ((1, "Piano, right hand"), (2, "Piano, left hand"))
    return [
        {"name": name, "program": 0, "notes": [n for n in piano["notes"] if n[3] == staff]}
        for staff, name in names
    ]


def _with_upbeat(piece: Piece) -> Piece:
    """`piece` begun with a rest where it has an upbeat, so that its bars are bars."""
    _, upper, lower = piece.metres[0]
    notes = piece.notes
    period, rest = divmod(upper * 8, lower)
    scale = 480 / piece.ppq
    if rest or period < 2 or not len(notes):
        return piece
    table = np.stack([notes["start"], notes["duration"]], axis=1) * scale
    before = music_bars.upbeat(music_bars.weight(table.astype(np.int64)), period)
    if not before:
        return piece
    moved = notes.copy()
    moved["start"] += round((period - before) * EIGHTH / scale)
    return piece.replaced(notes=moved)


def _joined(piece: Piece) -> Piece:
    """Tracks without notes are left out."""
    counts = np.bincount(piece.notes["track"], minlength=len(piece.tracks))
    stay = np.flatnonzero(counts)
    places = np.zeros(len(piece.tracks), np.int64)
    places[stay] = np.arange(len(stay))
    notes = piece.notes.copy()
    notes["track"] = places[notes["track"]]
    return piece.replaced(notes=notes, tracks=tuple(piece.tracks[n] for n in stay.tolist()))


def _drummed(piece: Piece) -> Piece:
    """One track of drums, by their General MIDI pitches."""
    notes = piece.notes.copy()
    table = np.arange(128)
    table[list(PADS)] = list(PADS.values())
    notes["pitch"], notes["track"] = table[notes["pitch"]], 0
    return piece.replaced(notes=notes, tracks=(Track("Drums", 0, drums=True),))


def _plain(name: str) -> str:
    """ "BachJS__BWV515__anna-magdalena-20a__anna-magdalena-20a.mid" in words."""
    steps = list(dict.fromkeys(name.removesuffix(".mid").split("__")[1:]))
    return " ".join(steps).replace("_", " ")


def _file(folder: str, name: str, piece: Piece) -> File:
    safe = re.sub(r'[\\/:*?"<>|\x00-\x1f]', "", name).strip(" .")[:120]
    return (f"{folder}/" if folder else "") + f"{safe}.mid", midi.write(piece)


SETS: dict[str, Callable[[Path], Iterator[File]]] = {
    "bach": bach,
    "quartets": quartets,
    "songs": songs,
    "drums": drums,
}


def main(arguments: list[str]) -> None:
    """Write one of SETS into an empty or new folder."""
    name, data, out = arguments[0], Path(arguments[1]), Path(arguments[2])
    count = 0
    for path, music in SETS[name](data):
        files.write_bytes(files.make_folder((out / path).parent) / Path(path).name, music)
        count += 1
    print(f"{name}: {count} files in {out}")


if __name__ == "__main__":
    main(sys.argv[1:])
