"""Words of the measures of models of music."""

from __future__ import annotations

from genstudio.core.measure import Measure


def _music(name: str, title: str, meaning: str, group: str, top: float | None = None) -> Measure:
    return Measure(name, title, meaning, group, top, kinds=("music",))


MEASURES = (
    _music(
        "bits_per_note",
        "Bits per note",
        "What a note of unseen pieces costs it on average: when, which, how long, in which voice.",
        "foretelling",
    ),
    _music(
        "bits_per_quarter",
        "Bits per quarter",
        "What a quarter of unseen pieces costs it, all voices together.",
        "foretelling",
    ),
    _music(
        "scale_steps",
        "Steps of the scale",
        "How far composed pieces lie from real ones in how long each step of the scale sounds.",
        "likeness",
    ),
    _music(
        "leaps",
        "Steps and leaps",
        "The same for how far the voices move from note to note.",
        "likeness",
    ),
    _music(
        "note_lengths",
        "Note lengths",
        "The same for how long notes last.",
        "likeness",
    ),
    _music(
        "note_places",
        "Places in the bar",
        "The same for where in a bar notes begin.",
        "likeness",
    ),
    _music(
        "drum_hits",
        "What is struck",
        "The same for how often each drum is struck.",
        "likeness",
    ),
    _music(
        "in_scale",
        "Notes in one scale",
        "Largest share of the notes of a piece that lie in one scale; real music leaves it too.",
        "likeness",
        1.0,
    ),
    _music(
        "parallels",
        "Parallel fifths and octaves",
        "How many of a hundred moves of two voices are parallel fifths, octaves or unisons.",
        "likeness",
    ),
    _music(
        "sounds_right",
        "Sounds as it should",
        "Share of the pieces that are as loud, as full and as high and low as real ones.",
        "likeness",
        1.0,
    ),
    _music(
        "key_asked",
        "Keeps the key asked for",
        "Share of the notes that lie in the scale of the key that was asked for; 0.58 is chance.",
        "following",
        1.0,
    ),
    _music(
        "form",
        "What comes again",
        "How far it lies from real pieces in how much a bar is like those before it.",
        "variety",
    ),
    _music(
        "note_for_note",
        "Note for note",
        "Share of the steps that stand in ten or more in a row as in a training piece, in any key.",
        "copying",
        1.0,
    ),
    _music(
        "composing_speed",
        "Faster than it plays",
        "Seconds of music in a second of composing, on the machine of the measurement.",
        "speed",
    ),
)
