"""A piece as MusicXML (W3C Community Group, MusicXML 4.0), for programs that print scores.

What MIDI knows is written: a part for each track, on the grid of a 24th of a quarter, notes that
overlap in voices of their own, ties over bars. Stems, beams and slurs are left to the program
that reads it.
"""

from __future__ import annotations

import json
from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import numpy as np

from genstudio.media import xmp
from genstudio.media.midi import DRUMS
from genstudio.media.note_spelling import PARTS, Length, spelled, split
from genstudio.media.notes import Piece, Track

_PLAIN_VELOCITY = 80  # what a note has that tells nothing (media.musicxml)
_DOCTYPE = (
    '<!DOCTYPE score-partwise PUBLIC "-//Recordare//DTD MusicXML 4.0 Partwise//EN" '
    '"http://www.musicxml.org/dtds/partwise.dtd">'
)
_LOW = 57  # tracks that lie below on average have a bass clef


@dataclass(frozen=True)
class _Chord:
    """Notes that begin and end together: parts of a quarter from the beginning; (pitch,
    velocity) from below."""

    start: int
    end: int
    notes: tuple[tuple[int, int], ...]


def write(
    piece: Piece, provenance: Mapping[str, Any] | None = None, source_type: str = ""
) -> bytes:
    """A MusicXML file in UTF-8; label and provenance are miscellaneous fields."""
    parts = [_Part(piece, number) for number in range(len(piece.tracks))]
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', _DOCTYPE, '<score-partwise version="4.0">']
    if piece.title:
        lines.append(f"<work><work-title>{_text(piece.title)}</work-title></work>")
    lines += _identification(provenance, source_type)
    lines += ["<part-list>", *(line for part in parts for line in part.declared()), "</part-list>"]
    for part in parts:
        lines += part.lines()
    return "\n".join([*lines, "</score-partwise>", ""]).encode()


def _identification(provenance: Mapping[str, Any] | None, source_type: str) -> list[str]:
    made_by = source_type or str((provenance or {}).get("source_type", ""))
    fields = {}
    if made_by in xmp.SOURCE_URIS:
        fields["DigitalSourceType"] = xmp.SOURCE_URIS[made_by]
    if provenance is not None:
        fields["GenStudio"] = json.dumps(dict(provenance), separators=(",", ":"))
    told = [
        f'<miscellaneous-field name="{name}">{_text(value)}</miscellaneous-field>'
        for name, value in fields.items()
    ]
    encoding = "<encoding><software>GenStudio</software></encoding>"
    inside = ["<miscellaneous>", *told, "</miscellaneous>"] if told else []
    return ["<identification>", encoding, *inside, "</identification>"]


class _Part:
    """One track as a part."""

    def __init__(self, piece: Piece, number: int) -> None:
        self._piece, self._number = piece, number
        self._track: Track = piece.tracks[number]
        self._id = f"P{number + 1}"
        self._ticks = piece.bars().tolist()
        self._edges = [_parts(tick, piece.ppq) for tick in self._ticks]
        chords = _chords(piece, number)
        self._voices = [self._by_measure(voice) for voice in _voices(chords)] or [{}]
        self._pitches = sorted({pitch for chord in chords for pitch, _ in chord.notes})

    def _by_measure(self, voice: list[_Chord]) -> dict[int, list[_Chord]]:
        """The chords that sound in each measure."""
        found: dict[int, list[_Chord]] = {}
        for chord in voice:
            first = bisect_right(self._edges, chord.start) - 1
            last = bisect_left(self._edges, chord.end)
            for measure in range(max(first, 0), last):
                found.setdefault(measure, []).append(chord)
        return found

    def declared(self) -> list[str]:
        """Its entry in the list of parts; each sound of drums is an instrument."""
        name = _text(self._track.name or f"Track {self._number + 1}")
        channel = DRUMS + 1 if self._track.drums else 1 + self._number % 8
        sounds = self._pitches if self._track.drums else [-1]
        lines = [f'<score-part id="{self._id}"><part-name>{name}</part-name>']
        for pitch in sounds:
            label = f"{name} {pitch}" if pitch >= 0 else name
            lines.append(
                f'<score-instrument id="{self._sound(pitch)}"><instrument-name>{label}'
                "</instrument-name></score-instrument>"
            )
        for pitch in sounds:
            key = f"<midi-unpitched>{pitch + 1}</midi-unpitched>" if pitch >= 0 else ""
            lines.append(
                f'<midi-instrument id="{self._sound(pitch)}"><midi-channel>{channel}'
                f"</midi-channel><midi-program>{self._track.program + 1}</midi-program>{key}"
                "</midi-instrument>"
            )
        return [*lines, "</score-part>"]

    def lines(self) -> list[str]:
        """The part, measure by measure."""
        found = [f'<part id="{self._id}">']
        for number in range(len(self._edges) - 1):
            found += self._measure(number)
        return [*found, "</part>"]

    def _measure(self, number: int) -> list[str]:
        start, end = self._edges[number], self._edges[number + 1]
        tick = self._ticks[number]
        upper, lower = self._piece.metre_at(tick)
        whole = end - start == round(PARTS * 4 * upper / lower)
        lines = [f'<measure number="{number + 1}"' + ("" if whole else ' implicit="yes"') + ">"]
        lines += self._attributes(number, tick)
        lines += self._tempos(start, end) if self._number == 0 else []
        for voice, chords in enumerate(self._voices):
            written = self._voice(voice, chords.get(number, []), start, end, tick)
            if voice and written:
                lines.append(f"<backup><duration>{end - start}</duration></backup>")
            lines += written
        return [*lines, "</measure>"]

    def _attributes(self, number: int, tick: int) -> list[str]:
        """What is new in a measure; all of it in the first."""
        piece = self._piece
        before = self._ticks[number - 1] if number else None
        inside = [f"<divisions>{PARTS}</divisions>"] if not number else []
        key = piece.key_at(tick)
        if key and (before is None or piece.key_at(before) != key):
            mode = "minor" if key[1] else "major"
            inside.append(f"<key><fifths>{key[0]}</fifths><mode>{mode}</mode></key>")
        metre = piece.metre_at(tick)
        if before is None or piece.metre_at(before) != metre:
            beats = f"<beats>{metre[0]}</beats><beat-type>{metre[1]}</beat-type>"
            inside.append(f"<time>{beats}</time>")
        if not number:
            inside.append(f"<clef>{self._clef()}</clef>")
        return [f"<attributes>{''.join(inside)}</attributes>"] if inside else []

    def _clef(self) -> str:
        if self._track.drums:
            return "<sign>percussion</sign>"
        low = bool(self._pitches) and float(np.mean(self._pitches)) < _LOW
        return "<sign>F</sign><line>4</line>" if low else "<sign>G</sign><line>2</line>"

    def _tempos(self, start: int, end: int) -> list[str]:
        """Tempos that begin in a measure, each where it begins."""
        lines: list[str] = []
        now = start
        for tick, tempo in self._piece.tempos:
            at = _parts(tick, self._piece.ppq)
            if start <= at < end:
                lines += [f"<forward><duration>{at - now}</duration></forward>"] if at > now else []
                now = at
                mark = (
                    "<metronome><beat-unit>quarter</beat-unit>"
                    f"<per-minute>{tempo:g}</per-minute></metronome>"
                )
                lines.append(
                    f'<direction placement="above"><direction-type>{mark}</direction-type>'
                    f'<sound tempo="{tempo:g}"/></direction>'
                )
        back = f"<backup><duration>{now - start}</duration></backup>"
        return [*lines, back] if now > start else lines

    def _voice(
        self, voice: int, chords: list[_Chord], start: int, end: int, tick: int
    ) -> list[str]:
        """A voice in a measure; rests in the first one, gaps in others. [] for a silent other."""
        lines: list[str] = []
        now = start
        for chord in chords:
            first, last = max(chord.start, start), min(chord.end, end)
            lines += self._silence(voice, first - now, start, end)
            lines += self._sounding(voice, chord, first, last, tick)
            now = last
        if lines or not voice:
            lines += self._silence(voice, end - now, start, end)
        return lines

    def _silence(self, voice: int, length: int, start: int, end: int) -> list[str]:
        if length <= 0:
            return []
        if voice:
            return [f"<forward><duration>{length}</duration></forward>"]
        if length == end - start:
            rest = '<rest measure="yes"/>'
            return [f"<note>{rest}<duration>{length}</duration><voice>1</voice></note>"]
        return [
            f"<note><rest/><duration>{sign.parts}</duration><voice>1</voice>{_sign(sign)}</note>"
            for sign in split(length)
        ]

    def _sounding(self, voice: int, chord: _Chord, first: int, last: int, tick: int) -> list[str]:
        """A chord or the part of it that lies in a measure, in as many signs as it needs."""
        lines: list[str] = []
        now = first
        for sign in split(last - first):
            ties = []
            if now > chord.start:
                ties.append("stop")
            if now + sign.parts < chord.end:
                ties.append("start")
            for number, (pitch, velocity) in enumerate(chord.notes):
                lines.append(self._note(voice, pitch, velocity, sign, ties, number > 0, tick))
            now += sign.parts
        return lines

    def _note(
        self,
        voice: int,
        pitch: int,
        velocity: int,
        sign: Length,
        ties: list[str],
        chord: bool,
        tick: int,
    ) -> str:
        loud = f' dynamics="{velocity / 0.9:.2f}"' if velocity != _PLAIN_VELOCITY else ""
        head = f"<note{loud}>" + ("<chord/>" if chord else "") + self._pitch(pitch, tick)
        tied = "".join(f'<tie type="{kind}"/>' for kind in ties)
        sound = f"<instrument id={quoteattr(self._sound(pitch))}/>" if self._track.drums else ""
        drawn = "".join(f'<tied type="{kind}"/>' for kind in ties)
        notations = f"<notations>{drawn}</notations>" if drawn else ""
        return (
            f"{head}<duration>{sign.parts}</duration>{tied}{sound}<voice>{voice + 1}</voice>"
            f"{_sign(sign)}{notations}</note>"
        )

    def _pitch(self, pitch: int, tick: int) -> str:
        fifths = (self._piece.key_at(tick) or (0, False))[0]
        step, alter, octave = spelled(pitch, fifths)
        if self._track.drums:
            return (
                f"<unpitched><display-step>{step}</display-step>"
                f"<display-octave>{max(octave, 0)}</display-octave></unpitched>"
            )
        signs = f"<alter>{alter}</alter>" if alter else ""
        return f"<pitch><step>{step}</step>{signs}<octave>{octave}</octave></pitch>"

    def _sound(self, pitch: int) -> str:
        return f"{self._id}-I{pitch + 1}" if self._track.drums else f"{self._id}-I1"


def _sign(sign: Length) -> str:
    triplet = "<actual-notes>3</actual-notes><normal-notes>2</normal-notes>"
    modification = f"<time-modification>{triplet}</time-modification>" if sign.triplet else ""
    return f"<type>{sign.name}</type>" + ("<dot/>" if sign.dotted else "") + modification


def _chords(piece: Piece, track: int) -> list[_Chord]:
    rows: dict[tuple[int, int, int], int] = {}
    for start, duration, pitch, velocity, _ in piece.notes[piece.notes["track"] == track].tolist():
        first, last = _parts(start, piece.ppq), _parts(start + duration, piece.ppq)
        rows[first, max(last, first + 1), pitch] = velocity
    grouped = groupby(sorted(rows), key=lambda row: (row[0], row[1]))
    return [
        _Chord(first, last, tuple((row[2], rows[row]) for row in group))
        for (first, last), group in grouped
    ]


def _voices(chords: list[_Chord]) -> list[list[_Chord]]:
    """Each chord in the first voice that is free: none of them overlaps in its voice."""
    found: list[list[_Chord]] = []
    for chord in chords:
        free = next((voice for voice in found if voice[-1].end <= chord.start), None)
        if free is None:
            found.append([chord])
        else:
            free.append(chord)
    return found


def _parts(tick: int, ppq: int) -> int:
    return (2 * tick * PARTS + ppq) // (2 * ppq)


def _text(words: str) -> str:
    """Words as XML, without characters that XML does not have."""
    known = words.encode("utf-8", "ignore").decode()  # without halves of a surrogate pair
    return escape("".join(char for char in known if char >= " " and char not in "\ufffe\uffff"))
