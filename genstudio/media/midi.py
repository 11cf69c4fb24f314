"""Standard MIDI files, types 0 to 2 and RMID, in and out (RP-001; USERS.md 4.5).

Own, because every library takes too much: mido reads 65,535 tracks as -1 and accepts pauses of
days, symusic drops notes that never end. What a Piece cannot hold is left out: pedals, bends and
other controllers, and all instruments of a voice but the one of its first note.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

import numpy as np

from genstudio.core.errors import BadInput
from genstudio.media import xmp
from genstudio.media.midi_chunks import END, KEY, METRE, NAME, TEMPO, TEXT, Chunk, Voice, parse
from genstudio.media.notes import MAX_TRACKS, NOTE, Piece, Track

MAX_SECONDS = 6 * 3600
DRUMS = 9
"""The channel of drums, counted from 0 (General MIDI level 1: channel 10)."""
_ENTRY, _LABEL = "GenStudio ", "DigitalSourceType: "
_MELODIC = [channel for channel in range(16) if channel != DRUMS]
_MOST_TEXT = 1024 * 1024
_Metas = list[tuple[int, int, bytes]]


def read(data: bytes, name: str = "the music") -> Piece:
    """The notes of a MIDI file; a note that never ends lasts to the end of its track.

    Channel and track together make a voice; more than 16 are joined by instrument. Raises
    BadInput for damage, for more than a million notes and for more than MAX_SECONDS of music.
    """
    try:
        piece = _piece(data)
        check_length(piece, name)
        piece.bars()
    except (ValueError, IndexError) as error:
        raise _damaged(name, error) from error
    return piece


def check_length(piece: Piece, name: str) -> None:
    """Raise BadInput for a piece that lasts longer than MAX_SECONDS."""
    if piece.seconds(piece.length) > MAX_SECONDS:
        hours = MAX_SECONDS // 3600
        raise BadInput(f"{name} lasts longer than {hours} hours", next_step="Use a shorter piece.")


def texts(data: bytes, name: str = "the music") -> list[str]:
    """The text events (FF 01) of a MIDI file in their order; raises BadInput."""
    try:
        chunks = parse(data).chunks
    except (ValueError, IndexError) as error:
        raise _damaged(name, error) from error
    return [_words(text) for chunk in chunks for _, kind, text in chunk.metas if kind == TEXT]


def read_provenance(data: bytes, name: str = "the music") -> dict[str, Any] | None:
    """What `write` was told about the making, or None; raises BadInput for no MIDI file."""
    for text in texts(data, name):
        if text.startswith(_ENTRY) and len(text) <= _MOST_TEXT:
            try:
                found = json.loads(text[len(_ENTRY) :])
            except (ValueError, RecursionError):
                continue
            if isinstance(found, dict):
                return found
    return None


def read_label(data: bytes, name: str = "the music") -> str:
    """The IPTC digital source type (a URI) the file carries, or ""; raises BadInput."""
    told = (text for text in texts(data, name) if text.startswith(_LABEL))
    return next(told, "")[len(_LABEL) :][:400]


def write(
    piece: Piece, provenance: Mapping[str, Any] | None = None, source_type: str = ""
) -> bytes:
    """A MIDI file of type 1: title, tempo, metre and key first, then a track a voice.

    `provenance` (plain values) and the AI label go into text events; the label is that of
    `source_type` (trained, composite, algorithmic), else of provenance["source_type"].
    """
    made_by = source_type or str((provenance or {}).get("source_type", ""))
    told = []
    if made_by in xmp.SOURCE_URIS:
        told.append(_LABEL + xmp.SOURCE_URIS[made_by])
    if provenance is not None:
        told.append(_ENTRY + json.dumps(dict(provenance), separators=(",", ":")))
    end = max(piece.length, 1)
    channels = _channels(piece.tracks)
    bodies = [_conductor(piece, told)]
    bodies += [_voice(piece, number, channel) for number, channel in enumerate(channels)]
    head = b"\x00\x01" + len(bodies).to_bytes(2, "big") + piece.ppq.to_bytes(2, "big")
    return b"MThd\x00\x00\x00\x06" + head + b"".join(_track(body, end) for body in bodies)


def _damaged(name: str, error: Exception) -> BadInput:
    reason = error if isinstance(error, ValueError) else "it ends too early"
    return BadInput(
        f"{name} is damaged and cannot be read: {reason}",
        next_step="Save it again as a MIDI file of type 1 in the program that made it.",
    )


def _piece(data: bytes) -> Piece:
    file = parse(data)
    if file.form == 2:
        _one_after_another(file.chunks)
    metas = sorted((m for chunk in file.chunks for m in chunk.metas), key=lambda meta: meta[0])
    tracks, notes = _voices(file.chunks)
    first = file.chunks[0]
    return Piece(
        notes=notes,
        tracks=tracks or (Track(),),
        ppq=file.ppq,
        tempos=((0, file.tempo),) if file.tempo else _tempos(metas),
        metres=_metres(metas),
        keys=_keys(metas),
        title=_name(first) if file.form == 0 or not first.voices else "",
    )


def _one_after_another(chunks: list[Chunk]) -> None:
    """Type 2 holds independent patterns: each begins where the one before it ends."""
    since = 0
    for chunk in chunks:
        for voice in chunk.voices.values():
            voice.notes = [(note[0] + since, *note[1:]) for note in voice.notes]
            voice.programs = [(tick + since, program) for tick, program in voice.programs]
        chunk.metas = [(tick + since, kind, data) for tick, kind, data in chunk.metas]
        since += chunk.end


def _voices(chunks: list[Chunk]) -> tuple[tuple[Track, ...], np.ndarray]:
    """Tracks and their notes; where they are too many, silent ones go and others are joined."""
    found: list[tuple[Track, list[tuple[int, int, int, int]]]] = []
    for chunk in chunks:
        # The name of a track of many channels, or of the only one, is that of the piece.
        name = _name(chunk) if len(chunk.voices) == 1 and len(chunks) > 1 else ""
        for channel, voice in sorted(chunk.voices.items()):
            found.append((Track(name, _program(voice), channel == DRUMS), voice.notes))
    if len(found) > MAX_TRACKS:
        found = _joined([one for one in found if one[1]])
    rows = [(*note, number) for number, (_, notes) in enumerate(found) for note in notes]
    return tuple(track for track, _ in found), np.array(rows, NOTE)


def _program(voice: Voice) -> int:
    """The instrument at the first note: the last one told till then, else the first one told."""
    if not voice.programs:
        return 0
    first = min((note[0] for note in voice.notes), default=0)
    before = [program for tick, program in voice.programs if tick <= first]
    return before[-1] if before else voice.programs[0][1]


def _joined(
    voices: list[tuple[Track, list[tuple[int, int, int, int]]]],
) -> list[tuple[Track, list[tuple[int, int, int, int]]]]:
    """At most MAX_TRACKS: one of each instrument; the last takes what is still too much."""
    together: dict[tuple[int, bool], tuple[Track, list[tuple[int, int, int, int]]]] = {}
    for track, notes in voices:
        kind = (0 if track.drums else track.program, track.drums)
        if kind not in together and len(together) >= MAX_TRACKS:
            alike = [kind for kind in together if kind[1] == track.drums]
            kind = (alike or list(together))[-1]
        together.setdefault(kind, (track, []))[1].extend(notes)
    return list(together.values())


def _name(chunk: Chunk) -> str:
    return next((_words(data) for _, kind, data in chunk.metas if kind == NAME), "")[:200]


def _words(data: bytes) -> str:
    """Text of a meta event on one line: UTF-8, else the Windows-1252 of old programs."""
    try:
        text = data.decode()
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")
    return re.sub(r"[\x00-\x1f\x7f]+", " ", text).strip()


def _tempos(metas: _Metas) -> tuple[tuple[int, float], ...]:
    """Quarters a minute, kept within what anybody plays; 120 where nothing is told."""
    found = {0: 120.0}
    for tick, kind, data in metas:
        if kind == TEMPO and len(data) >= 3 and any(data[:3]):
            tempo = 60_000_000 / int.from_bytes(data[:3], "big")
            found[tick] = round(min(max(tempo, 1.0), 1000.0), 4)
    return _changes(found)


def _metres(metas: _Metas) -> tuple[tuple[int, int, int], ...]:
    found = {0: (4, 4)}
    for tick, kind, data in metas:
        if kind == METRE and len(data) >= 2 and data[0] and data[1] <= 6:
            found[tick] = (data[0], 1 << data[1])
    return tuple((tick, upper, lower) for tick, (upper, lower) in _changes(found))


def _keys(metas: _Metas) -> tuple[tuple[int, int, bool], ...]:
    """Told keys; the first one holds from the beginning."""
    found: dict[int, tuple[int, bool]] = {}
    for tick, kind, data in metas:
        if kind == KEY and len(data) >= 2 and data[1] <= 1:
            fifths = data[0] - 256 if data[0] > 127 else data[0]
            if -7 <= fifths <= 7:
                found[tick if found else 0] = (fifths, bool(data[1]))
    return tuple((tick, fifths, minor) for tick, (fifths, minor) in _changes(found))


def _changes(found: dict[int, Any]) -> tuple[tuple[int, Any], ...]:
    """In order, without those that change nothing."""
    kept: list[tuple[int, Any]] = []
    for tick, value in sorted(found.items()):
        if not kept or kept[-1][1] != value:
            kept.append((tick, value))
    return tuple(kept)


def _channels(tracks: tuple[Track, ...]) -> list[int]:
    """A channel for each track; a sixteenth voice that is no drum shares the last one."""
    free = iter(_MELODIC)
    return [DRUMS if track.drums else next(free, _MELODIC[-1]) for track in tracks]


def _conductor(piece: Piece, told: list[str]) -> list[tuple[int, bytes]]:
    """(tick, event) of the track that holds for all."""
    events = [(0, _meta(NAME, piece.title.encode("utf-8", "replace")))] if piece.title else []
    events += [(0, _meta(TEXT, text.encode("utf-8", "replace"))) for text in told]
    for tick, tempo in piece.tempos:
        quarter = min(max(round(60_000_000 / tempo), 1), 0xFFFFFF)
        events.append((tick, _meta(TEMPO, quarter.to_bytes(3, "big"))))
    for tick, upper, lower in piece.metres:
        # A click each quarter, and eight 32nds to it: what every program writes and none reads.
        events.append((tick, _meta(METRE, bytes([upper, lower.bit_length() - 1, 24, 8]))))
    for tick, fifths, minor in piece.keys:
        events.append((tick, _meta(KEY, bytes([fifths % 256, minor]))))
    return events


def _voice(piece: Piece, number: int, channel: int) -> list[tuple[int, bytes]]:
    """(tick, event): name and instrument, then notes, at each tick those that end first."""
    track = piece.tracks[number]
    events = [(0, bytes([0xC0 | channel, track.program]))]
    if track.name:
        events.insert(0, (0, _meta(NAME, track.name.encode("utf-8", "replace"))))
    timed: list[tuple[int, int, bytes]] = []
    for start, duration, pitch, velocity, _ in piece.notes[piece.notes["track"] == number].tolist():
        timed.append((start, 1, bytes([0x90 | channel, pitch, velocity])))
        timed.append((start + duration, 0, bytes([0x80 | channel, pitch, 64])))
    timed.sort(key=lambda event: event[:2])
    return events + [(tick, data) for tick, _, data in timed]


def _meta(kind: int, data: bytes) -> bytes:
    return bytes([0xFF, kind]) + _variable(len(data)) + data


def _track(events: list[tuple[int, bytes]], end: int) -> bytes:
    """An MTrk chunk that ends at `end` ticks or behind its last event."""
    body, now = bytearray(), 0
    for tick, event in [*sorted(events, key=lambda one: one[0]), (end, _meta(END, b""))]:
        body += _variable(max(0, tick - now)) + event
        now = max(now, tick)
    return b"MTrk" + len(body).to_bytes(4, "big") + bytes(body)


def _variable(value: int) -> bytes:
    """A number of variable length: 7 bits a byte, the highest bit set on all but the last."""
    found = [value & 0x7F]
    while value := value >> 7:
        found.append(value & 0x7F | 0x80)
    return bytes(reversed(found))
