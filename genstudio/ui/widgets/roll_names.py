"""What pitches and drum sounds are called, and how a note is said in words.

Drum sounds: General MIDI 1 Percussion Key Map (MIDI Association, RP-003), in plain words.
"""

from __future__ import annotations

NAMES = ("C", "C♯", "D", "E♭", "E", "F", "F♯", "G", "A♭", "A", "B♭", "B")
BLACK = frozenset({1, 3, 6, 8, 10})
"""Steps of the octave that are black keys."""
DRUMS = {
    35: "Low kick", 36: "Kick", 37: "Side stick", 38: "Snare", 39: "Clap", 40: "Hard snare",
    41: "Floor tom", 42: "Closed hat", 43: "High floor tom", 44: "Pedal hat", 45: "Low tom",
    46: "Open hat", 47: "Low mid tom", 48: "High mid tom", 49: "Crash", 50: "High tom",
    51: "Ride", 52: "China", 53: "Ride bell", 54: "Tambourine", 55: "Splash", 56: "Cowbell",
    57: "Crash 2", 58: "Vibraslap", 59: "Ride 2", 60: "High bongo", 61: "Low bongo",
    62: "Muted conga", 63: "High conga", 64: "Low conga", 65: "High timbale", 66: "Low timbale",
    67: "High agogo", 68: "Low agogo", 69: "Cabasa", 70: "Maracas", 71: "Short whistle",
    72: "Long whistle", 73: "Short guiro", 74: "Long guiro", 75: "Claves", 76: "High block",
    77: "Low block", 78: "Muted cuica", 79: "Open cuica", 80: "Muted triangle",
    81: "Open triangle",
}  # fmt: skip
KIT = (36, 37, 38, 39, 42, 44, 46, 41, 45, 48, 50, 49, 51, 53)
"""What a drum track shows before it has notes of its own."""
_LENGTHS = {
    4.0: "whole", 3.0: "dotted half", 2.0: "half", 1.5: "dotted quarter", 1.0: "quarter",
    0.75: "dotted eighth", 0.5: "eighth", 0.25: "sixteenth", 0.125: "thirty-second",
}  # fmt: skip


def pitch_name(pitch: int) -> str:
    """A pitch with its octave: 60 is C4 (USERS: as most programs count)."""
    return f"{NAMES[pitch % 12]}{pitch // 12 - 1}"


def pitch_of(text: str) -> int | None:
    """The pitch that a name ("A4", "bb3", "F#5") or a number means; None for no pitch."""
    text = text.strip().replace("♯", "#").replace("♭", "b")
    if text.isdigit():
        return int(text) if int(text) <= 127 else None
    steps = {"c": 0, "d": 2, "e": 4, "f": 5, "g": 7, "a": 9, "b": 11}
    if not text or text[0].lower() not in steps:
        return None
    rest = text[1:].lstrip("#b")
    bends = text[1 : len(text) - len(rest)]
    if not rest.lstrip("-").isdigit() or len(rest) > 2:
        return None
    pitch = steps[text[0].lower()] + bends.count("#") - bends.count("b") + 12 * (int(rest) + 1)
    return pitch if 0 <= pitch <= 127 else None


def drum_name(pitch: int) -> str:
    """A drum sound in words."""
    return DRUMS.get(pitch, f"Sound {pitch}")


def is_black(pitch: int) -> bool:
    """Whether it is a black key."""
    return pitch % 12 in BLACK


def length_name(quarters: float) -> str:
    """A length as musicians say it where it has a name: "dotted quarter", else "1.33 quarters"."""
    named = _LENGTHS.get(round(quarters, 3))
    if named:
        return named
    return f"{quarters:.2f}".rstrip("0").rstrip(".") + " quarters"
