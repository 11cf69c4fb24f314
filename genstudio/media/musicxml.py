"""MusicXML, packed or not, as a Piece (W3C Community Group, MusicXML 4.0), read without trust.

What sounds is read: pitches as they sound, ties joined, tempo, metre, key, instruments, dynamics
that are told as numbers. Grace notes have no length and are left out; repeats are played once.
Staves of one part become tracks of their own, as notation programs write them to MIDI.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from xml.parsers import expat

import numpy as np

from genstudio.core.errors import BadInput
from genstudio.media import midi, music
from genstudio.media.notes import LATEST, MAX_TRACKS, NOTE, Piece, Track, moved_key
from genstudio.media.xml_nodes import Node, walk

PPQ = 480
MAX_NOTES = 1_000_000
_STEPS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
_UNITS = {"whole": 4.0, "half": 2.0, "quarter": 1.0, "eighth": 0.5, "16th": 0.25, "32nd": 0.125}
_VELOCITY = 80
_FULL = 90
"""The velocity that dynamics of 100 percent stand for (MusicXML 4.0, element sound)."""


@dataclass
class _Note:
    """`measure` from 0, `start` and `length` in quarters from its beginning."""

    measure: int
    start: float
    length: float
    pitch: int
    velocity: int
    staff: int


@dataclass
class _Part:
    """A part while it is read; `instruments` are MIDI keys of drum sounds by their id."""

    name: str = ""
    program: int = 0
    drums: bool = False
    instruments: dict[str, int] = field(default_factory=dict)
    notes: list[_Note] = field(default_factory=list)
    measures: int = 0
    divisions: float = 1.0
    transpose: int = 0
    velocity: int = _VELOCITY
    tied: dict[tuple[int, str], tuple[_Note, float]] = field(default_factory=dict)


def read(data: bytes, name: str = "the music") -> Piece:
    """The piece of a .musicxml or .mxl file; raises BadInput for damage or too much."""
    try:
        if len(data) > music.MAX_BYTES:
            raise ValueError(f"it is larger than {music.MAX_BYTES // 1024 // 1024} MB")
        score = _Score()
        packed = data[:2] == b"PK"
        root = walk(music.unzipped(data) if packed else data, _TAKEN, score.take)
        if root not in ("score-partwise", "score-timewise"):
            raise ValueError("it is XML, but no MusicXML")
        piece = score.piece()
        midi.check_length(piece, name)
        piece.bars()
    except (ValueError, LookupError, expat.ExpatError, OverflowError) as error:
        raise BadInput(
            f"{name} is damaged and cannot be read: {error}",
            next_step="Save it again as MusicXML in the program that made it.",
        ) from error
    return piece


_TAKEN = frozenset({"measure", "part", "score-part", "work", "movement-title"})


class _Score:
    """Takes elements as they end and puts the piece together."""

    def __init__(self) -> None:
        self._parts: dict[str, _Part] = {}
        self._lengths: list[float] = []
        self._nominal: dict[int, tuple[int, int]] = {}
        self._keys: dict[int, tuple[int, bool]] = {}
        self._tempos: dict[tuple[int, float], float] = {}
        self._title = ""
        self._left = MAX_NOTES

    def take(self, node: Node, inside: list[Node]) -> None:
        """One of _TAKEN: partwise scores hold measures in parts, timewise parts in measures."""
        outer = inside[-1].tag if inside else ""
        if node.tag == "work" or node.tag == "movement-title":
            told = node.words("work-title") if node.tag == "work" else node.words()
            self._title = self._title or told[:200]
        elif node.tag == "score-part":
            self._declare(node)
        elif (node.tag, outer) in (("measure", "part"), ("part", "measure")):
            part = inside[-1] if node.tag == "measure" else node
            self._measure(self._part(part.given.get("id", "")), node)

    def _part(self, name: str) -> _Part:
        if name not in self._parts and len(self._parts) >= 1000:
            raise ValueError("it has more than 1,000 parts")
        return self._parts.setdefault(name, _Part())

    def _declare(self, node: Node) -> None:
        part = self._part(node.given.get("id", ""))
        part.name = node.words("part-name")[:200]
        for told in node.all("midi-instrument"):
            part.drums = part.drums or told.number("midi-channel") == 10
            program, key = told.number("midi-program"), told.number("midi-unpitched")
            part.program = int(program) - 1 if program and 1 <= program <= 128 else part.program
            if key and 1 <= key <= 128:
                part.instruments[told.given.get("id", "")] = int(key) - 1

    def _measure(self, part: _Part, measure: Node) -> None:
        number, part.measures = part.measures, part.measures + 1
        now = furthest = begun = 0.0
        for node in measure.children:
            if node.tag.startswith("attribute"):
                self._attributes(part, number, node)
            elif node.tag in ("direction", "sound"):
                self._direction(part, number, now, node)
            elif node.tag in ("backup", "forward"):
                length = (node.number("duration") or 0) / part.divisions
                now = max(0.0, now + (length if node.tag == "forward" else -length))
            elif node.tag == "note" and node.find("grace") is None:
                length = max(0.0, (node.number("duration") or 0) / part.divisions)
                if node.find("chord") is None:
                    begun, now = now, now + length
                told = node.given.get("dynamics")
                velocity = _velocity(told) if told else part.velocity
                self._note(part, _Note(number, begun, length, 0, velocity, 1), node)
            furthest = max(furthest, now)
        self._lengths += [0.0] * (number + 1 - len(self._lengths))
        self._lengths[number] = max(self._lengths[number], furthest)

    def _attributes(self, part: _Part, number: int, node: Node) -> None:
        divisions = node.number("divisions")
        if divisions is not None:
            if divisions <= 0:
                raise ValueError("its divisions of a quarter are none")
            part.divisions = divisions
        upper, lower = node.words("time", "beats"), node.number("time", "beat-type")
        beats = sum(int(one) for one in upper.split("+") if one.strip().isdecimal())
        if lower in (1, 2, 4, 8, 16, 32, 64) and 1 <= beats <= 255:
            self._nominal[number] = (beats, int(lower))
        if node.find("transpose") is not None:
            chromatic, octaves = (
                node.number("transpose", "chromatic"),
                node.number("transpose", "octave-change"),
            )
            part.transpose = int((chromatic or 0) + 12 * (octaves or 0))
        fifths = node.number("key", "fifths")
        if fifths is not None and -7 <= fifths <= 7 and not part.drums:
            minor = node.words("key", "mode") == "minor"
            sounding = moved_key(int(fifths), part.transpose % 12)
            self._keys.setdefault(number, (sounding, minor))

    def _direction(self, part: _Part, number: int, now: float, node: Node) -> None:
        """Tempo and dynamics: of a sound element, else of a metronome mark."""
        sound = node if node.tag == "sound" else node.find("sound")
        told = dict(sound.given) if sound is not None else {}
        if "dynamics" in told:
            part.velocity = _velocity(told["dynamics"])
        tempo = float(told["tempo"]) if "tempo" in told else _metronome(node)
        if tempo and 0 < tempo < 1e6:
            self._tempos.setdefault((number, now), min(max(tempo, 1.0), 1000.0))

    def _note(self, part: _Part, note: _Note, node: Node) -> None:
        if node.find("rest") is not None or note.length <= 0:
            return
        pitch = _pitch(part, node)
        if pitch is None or not 0 <= pitch <= 127:
            return
        note.pitch, note.staff = pitch, int(node.number("staff") or 1)
        ties = {tie.given.get("type", "") for tie in node.all("tie")}
        key = (pitch, node.words("voice"))
        if "stop" in ties and key in part.tied:
            first, length = part.tied.pop(key)
            first.length = length + note.length
            note = first
        else:
            self._left -= 1
            if self._left < 0:
                raise ValueError(f"it holds more than {MAX_NOTES:,} notes")
            part.notes.append(note)
        if "start" in ties:
            part.tied[key] = (note, note.length)

    def piece(self) -> Piece:
        """All that was taken."""
        starts, metres = self._bars()
        tracks: list[Track] = []
        rows: list[tuple[int, ...]] = []
        for part in self._parts.values():
            staves = sorted({note.staff for note in part.notes}) or [1]
            for staff in staves:
                number = min(len(tracks), MAX_TRACKS - 1)
                if len(tracks) < MAX_TRACKS:
                    label = part.name if len(staves) == 1 else f"{part.name} {staff}".strip()
                    tracks.append(Track(label, part.program, part.drums))
                rows += [_row(note, starts, number) for note in part.notes if note.staff == staff]
        if any(row[0] + row[1] > LATEST for row in rows):
            raise ValueError("it is too long")
        tempos = {0: 120.0} | {
            round((starts[number] + at) * PPQ): tempo
            for (number, at), tempo in sorted(self._tempos.items())
        }
        keys = {round(starts[number] * PPQ): key for number, key in sorted(self._keys.items())}
        first = next(iter(keys), 0)
        return Piece(
            notes=np.array(rows, NOTE),
            tracks=tuple(tracks) or (Track(),),
            ppq=PPQ,
            tempos=tuple(sorted(tempos.items())),
            metres=metres,
            keys=tuple((0 if tick == first else tick, *key) for tick, key in keys.items()),
            title=self._title,
        )

    def _bars(self) -> tuple[list[float], tuple[tuple[int, int, int], ...]]:
        """(quarters at which measures begin, metres): one that is short has a metre of its own."""
        starts, metres, now = [0.0], {0: (4, 4)}, 0.0
        nominal = held = (4, 4)
        for number, length in enumerate(self._lengths):
            nominal = self._nominal.get(number, nominal)
            whole = 4 * nominal[0] / nominal[1]
            length = length or whole
            shown = nominal if abs(length - whole) < 1e-3 else _metre(length) or nominal
            if shown != held or number == 0:
                metres[round(now * PPQ)] = held = shown
            now += length
            starts.append(now)
            if now * PPQ > LATEST:
                raise ValueError("it is too long")
        return starts, tuple((tick, *metre) for tick, metre in sorted(metres.items()))


def _velocity(percent: str) -> int:
    """The velocity of dynamics told in percent of _FULL."""
    return min(max(round(float(percent) * _FULL / 100), 1), 127)


def _metre(quarters: float) -> tuple[int, int] | None:
    """The metre of a bar of so many quarters with the fewest parts; None where it has none."""
    for lower in (4, 8, 16, 32, 64):
        upper = quarters * lower / 4
        if abs(upper - round(upper)) < 1e-3 and 1 <= round(upper) <= 255:
            return round(upper), lower
    return None


def _metronome(node: Node) -> float:
    """Quarters a minute of a metronome mark, 0 where there is none that can be read."""
    for kind in node.all("direction-type"):
        mark = kind.find("metronome")
        unit = _UNITS.get(mark.words("beat-unit"), 0.0) if mark is not None else 0.0
        told = mark.words("per-minute") if mark is not None else ""
        if unit and told.replace(".", "", 1).isdecimal():
            return float(told) * unit * (1.5 if mark and mark.find("beat-unit-dot") else 1.0)
    return 0.0


def _pitch(part: _Part, node: Node) -> int | None:
    """The key that sounds; of a drum that of its instrument, else where it is drawn."""
    told, drawn = node.find("pitch"), node.find("unpitched")
    if told is not None:
        step = _STEPS.get(told.words("step"))
        octave = told.number("octave")
        if step is None or octave is None:
            return None
        alter = round(told.number("alter") or 0)
        return int(octave + 1) * 12 + step + alter + part.transpose
    instrument = node.find("instrument")
    if instrument is not None and instrument.given.get("id", "") in part.instruments:
        return part.instruments[instrument.given["id"]]
    if drawn is None:
        return None
    octave = drawn.number("display-octave")
    step = _STEPS.get(drawn.words("display-step"))
    return None if step is None or octave is None else int(octave + 1) * 12 + step


def _row(note: _Note, starts: list[float], track: int) -> tuple[int, ...]:
    start = round((starts[note.measure] + note.start) * PPQ)
    end = round((starts[note.measure] + note.start + note.length) * PPQ)
    return start, max(1, end - start), note.pitch, note.velocity, track
