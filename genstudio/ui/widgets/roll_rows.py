"""The notes under the editor's hand: a row a note, with what only the editor knows of it.

Every function takes rows and gives new ones; where nothing is selected, nothing changes.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

import numpy as np

from genstudio.media.notes import LATEST, NOTE

ROW = np.dtype([*NOTE.descr, ("selected", "?"), ("locked", "?"), ("p", "<f4")])
"""NOTE and: whether it is selected, whether a model must leave it, how likely a model found it
(0 to 1, NaN where nobody said)."""
MIME = "application/x-genstudio-notes"
LADDER = np.arange(128)
"""All pitches from low to high: what one step up or down means, unless a kit says otherwise."""
MOST_PASTED = 100_000


def rows_of(notes: np.ndarray) -> np.ndarray:
    """Rows of notes (n,) of NOTE: none selected or locked, probabilities unknown."""
    rows = np.zeros(len(notes), ROW)
    for name in NOTE.names or ():
        rows[name] = notes[name]
    rows["p"] = np.nan
    return rows


def notes_of(rows: np.ndarray) -> np.ndarray:
    """The notes (n,) of NOTE of rows, in their order."""
    notes = np.zeros(len(rows), NOTE)
    for name in NOTE.names or ():
        notes[name] = rows[name]
    return notes


def ordered(rows: np.ndarray) -> np.ndarray:
    """Rows in the order of a Piece: by start, track and pitch."""
    return rows[np.lexsort((rows["pitch"], rows["track"], rows["start"]))]


def tidy(rows: np.ndarray) -> np.ndarray:
    """Ordered rows in which no edited (selected) note overlaps one of its track and pitch.

    MIDI cannot say which of two equal notes ends: the earlier one is cut where the later one
    begins, and of two that begin together the selected one stays.
    """
    order = np.lexsort((~rows["selected"], rows["start"], rows["pitch"], rows["track"]))
    rows = rows[order].copy()
    same = (rows["track"][1:] == rows["track"][:-1]) & (rows["pitch"][1:] == rows["pitch"][:-1])
    same &= rows["selected"][1:] | rows["selected"][:-1]
    twice = np.zeros(len(rows), bool)
    twice[1:] = same & (rows["start"][1:] == rows["start"][:-1])
    gap = rows["start"][1:] - rows["start"][:-1]
    cut = same & (gap > 0)
    room = np.where(cut, gap, rows["duration"][:-1])
    rows["duration"][:-1] = np.minimum(rows["duration"][:-1], room)
    return ordered(rows[~twice])


def moved(rows: np.ndarray, ticks: int, steps: int, ladder: np.ndarray = LADDER) -> np.ndarray:
    """Selected rows later by `ticks` and higher by `steps` of `ladder` (pitches, rising).

    The whole selection stops where its first note reaches 0, or an outer one the ladder's end.
    """
    which = np.flatnonzero(rows["selected"])
    if not len(which):
        return rows
    rows = rows.copy()
    ticks = max(ticks, -int(rows["start"][which].min()))
    ticks = min(ticks, LATEST - int(rows["start"][which].max()))
    rows["start"][which] += ticks
    place = np.clip(np.searchsorted(ladder, rows["pitch"][which]), 0, len(ladder) - 1)
    steps = max(-int(place.min()), min(steps, len(ladder) - 1 - int(place.max())))
    if steps:
        rows["pitch"][which] = ladder[place + steps]
    if ticks or steps:
        rows["p"][which] = np.nan
    return rows


def resized(rows: np.ndarray, ticks: int, shortest: int) -> np.ndarray:
    """Selected rows end later by `ticks` (earlier where negative), none shorter than `shortest`
    unless it was."""
    rows = rows.copy()
    which = rows["selected"]
    before = rows["duration"][which]
    rows["duration"][which] = np.maximum(np.minimum(before, shortest), before + ticks)
    return rows


def begun(rows: np.ndarray, ticks: int, shortest: int) -> np.ndarray:
    """Selected rows begin later by `ticks` and end where they did."""
    rows = rows.copy()
    which = np.flatnonzero(rows["selected"])
    start, duration = rows["start"][which], rows["duration"][which]
    later = np.minimum(start + ticks, start + np.maximum(0, duration - shortest))
    later = np.maximum(0, later)
    rows["start"][which] = later
    rows["duration"][which] = duration - (later - start)
    return rows


def louder(rows: np.ndarray, by: int) -> np.ndarray:
    """Selected rows with velocities changed by `by`, kept within 1 to 127."""
    rows = rows.copy()
    which = rows["selected"]
    rows["velocity"][which] = np.clip(rows["velocity"][which].astype(int) + by, 1, 127)
    return rows


def without(rows: np.ndarray, gone: np.ndarray) -> np.ndarray:
    """Rows but those that `gone` (mask or indexes) names."""
    keep = np.ones(len(rows), bool)
    keep[gone] = False
    return rows[keep]


def alone(rows: np.ndarray, chosen: np.ndarray | Sequence[int] | int) -> np.ndarray:
    """Rows of which exactly `chosen` (mask, indexes or one index) are selected."""
    rows = rows.copy()
    rows["selected"] = False
    rows["selected"][chosen] = True
    return rows


def added(rows: np.ndarray, new: np.ndarray) -> np.ndarray:
    """Rows with the rows `new`, which alone are selected; ordered."""
    new = new.copy()
    new["selected"] = True
    rows = alone(rows, np.zeros(len(rows), bool))
    return ordered(np.concatenate([rows, new]))


def one(start: int, duration: int, pitch: int, velocity: int, track: int) -> np.ndarray:
    """One row, selected."""
    row = np.zeros(1, ROW)
    row[0] = (start, max(1, duration), pitch, velocity, track, True, False, np.nan)
    return row


def copied(rows: np.ndarray) -> bytes:
    """The selected rows for the clipboard, counted from the first one's start (JSON)."""
    chosen = ordered(rows[rows["selected"]])
    first = int(chosen["start"][0]) if len(chosen) else 0
    fields = ("duration", "pitch", "velocity", "track")
    found = [[int(row["start"]) - first, *(int(row[n]) for n in fields)] for row in chosen]
    return json.dumps(found).encode()


def pasted(data: bytes, at: int, tracks: int) -> np.ndarray:
    """Rows of what `copied` gave, from tick `at` on; [] for what it did not give.

    Notes of a track that is not there go to the last one.
    """
    try:
        found = json.loads(data)
        values = np.array([[int(value) for value in note] for note in found[:MOST_PASTED]], int)
    except (ValueError, TypeError, KeyError, OverflowError):
        return np.zeros(0, ROW)
    if values.ndim != 2 or values.shape[1] != 5:
        return np.zeros(0, ROW)
    start, duration, pitch, velocity, track = values.T
    good = (start >= 0) & (start + at <= LATEST) & (duration >= 1) & (duration <= LATEST)
    good &= (pitch >= 0) & (pitch <= 127) & (velocity >= 1) & (velocity <= 127) & (track >= 0)
    rows = np.zeros(int(good.sum()), ROW)
    rows["start"], rows["duration"] = start[good] + at, duration[good]
    rows["pitch"], rows["velocity"] = pitch[good], velocity[good]
    rows["track"] = np.minimum(track[good], tracks - 1)
    rows["selected"], rows["p"] = True, np.nan
    return rows
