"""What the gallery shows and searches of music and sound: a picture, and the words that name it."""

from __future__ import annotations

from pathlib import Path

from genstudio.core import composing, instruments
from genstudio.media import image, midi, roll_picture, sound_picture, sound_reading
from genstudio.media.notes import Piece


def of_music(path: Path, side: int) -> bytes:
    """A PNG of the notes of a MIDI file, `side` pixels wide; raises BadInput."""
    piece = midi.read(path.read_bytes(), path.name)
    return roll_picture.png(piece, side, side * 3 // 4)


def of_sound(path: Path, side: int) -> bytes:
    """A PNG of the outline of a sound file, `side` pixels wide; raises BadInput."""
    found = sound_reading.read(path.read_bytes(), path.name)
    return image.png(sound_picture.waveform(found.samples, side, side * 3 // 4))


def words_of_music(path: Path) -> str:
    """Title, voices, instruments and key of a MIDI file in words; raises BadInput."""
    piece = midi.read(path.read_bytes(), path.name)
    keys = [composing.key_word(fifths, minor) for _, fifths, minor in piece.keys[:1]]
    metres = [f"{upper}/{lower}" for _, upper, lower in piece.metres[:1]]
    return "\n".join([piece.title, *_voices(piece), *keys, *metres]).strip()


def _voices(piece: Piece) -> list[str]:
    named = []
    for track in piece.tracks:
        played = instruments.name_of(instruments.DRUMS if track.drums else track.program)
        named.append(played if track.name == played else f"{track.name} {played}".strip())
    return named
