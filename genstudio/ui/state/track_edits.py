"""Another set of tracks for a piece: pure functions over `media.notes.Piece`."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from genstudio.core import instruments
from genstudio.media.notes import MAX_TRACKS, Piece, RowSound, Track


def track_name(piece: Piece, number: int) -> str:
    """What a track is called: its name, else its instrument."""
    track = piece.tracks[number]
    return track.name or instrument_of(track)


def instrument_of(track: Track) -> str:
    """What plays a track."""
    return instruments.DRUM_WORD if track.drums else instruments.name_of(track.program)


def can_add(piece: Piece) -> bool:
    """Whether there is room for one more."""
    return len(piece.tracks) < MAX_TRACKS


def added(piece: Piece) -> Piece:
    """One more track, with the instrument of the last one."""
    last = piece.tracks[-1]
    fresh = Track("", 0 if last.drums else last.program)
    return piece.replaced(tracks=(*piece.tracks, fresh))


def removed(piece: Piece, number: int) -> Piece:
    """Without a track and its notes; those behind it move up."""
    tracks = (*piece.tracks[:number], *piece.tracks[number + 1 :])
    notes = piece.notes[piece.notes["track"] != number].copy()
    notes["track"] -= (notes["track"] > number).astype(notes["track"].dtype)
    return piece.replaced(notes=notes, tracks=tracks)


def renamed(piece: Piece, number: int, name: str) -> Piece:
    """A track with another name."""
    return _changed(piece, number, replace(piece.tracks[number], name=name))


def played_by(piece: Piece, number: int, program: int) -> Piece:
    """A track with another instrument, `instruments.DRUMS` for a kit."""
    drums = program == instruments.DRUMS
    before = piece.tracks[number]
    return _changed(piece, number, replace(before, program=0 if drums else program, drums=drums))


def sounding(piece: Piece) -> Piece:
    """Only the tracks that have notes, and the first where none has."""
    kept = sorted(set(piece.notes["track"].tolist())) or [0]
    notes = piece.notes.copy()
    notes["track"] = np.searchsorted(kept, notes["track"])
    return piece.replaced(notes=notes, tracks=tuple(piece.tracks[number] for number in kept))


def with_sound(piece: Piece, number: int, sound: RowSound) -> Piece:
    """A drum track with a recording for one row, in place of the one before."""
    return _sounding(piece, number, sound.pitch, (sound,))


def without_sound(piece: Piece, number: int, pitch: int) -> Piece:
    """A drum track whose row is played by the kit again."""
    return _sounding(piece, number, pitch, ())


def drums_of(piece: Piece, first: int = 0) -> int | None:
    """The track `first` if it is drums, else the first one that is; None where there is none."""
    numbers = [first, *range(len(piece.tracks))]
    return next((n for n in numbers if n < len(piece.tracks) and piece.tracks[n].drums), None)


def _sounding(piece: Piece, number: int, pitch: int, instead: tuple[RowSound, ...]) -> Piece:
    track = piece.tracks[number]
    others = tuple(one for one in track.sounds if one.pitch != pitch)
    sounds = tuple(sorted((*others, *instead), key=lambda one: one.pitch))
    return _changed(piece, number, replace(track, sounds=sounds))


def _changed(piece: Piece, number: int, track: Track) -> Piece:
    tracks = list(piece.tracks)
    tracks[number] = track
    return piece.replaced(tracks=tuple(tracks))
