"""The 128 instruments of General MIDI by number, as people and files name them.

Source: MIDI Manufacturers Association, "General MIDI System Level 1" (RP-003), table 2.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence

from genstudio.core.errors import UsageError

DRUMS = -1
"""Stands for a voice of drums, which have no number of their own (channel 10 in a file)."""
DRUM_WORD = "Drums"
FAMILIES = (
    "Piano", "Chromatic percussion", "Organ", "Guitar", "Bass", "Strings", "Ensemble", "Brass",
    "Reed", "Pipe", "Synth lead", "Synth pad", "Synth effects", "Ethnic", "Percussive",
    "Sound effects",
)  # fmt: skip
"""Names of the sixteen groups of eight."""
NAMES = (
    "Grand piano", "Bright piano", "Electric grand piano", "Honky-tonk piano",
    "Electric piano 1", "Electric piano 2", "Harpsichord", "Clavinet",
    "Celesta", "Glockenspiel", "Music box", "Vibraphone",
    "Marimba", "Xylophone", "Tubular bells", "Dulcimer",
    "Drawbar organ", "Percussive organ", "Rock organ", "Church organ",
    "Reed organ", "Accordion", "Harmonica", "Bandoneon",
    "Nylon guitar", "Steel guitar", "Jazz guitar", "Clean guitar",
    "Muted guitar", "Overdriven guitar", "Distorted guitar", "Guitar harmonics",
    "Acoustic bass", "Fingered bass", "Picked bass", "Fretless bass",
    "Slap bass 1", "Slap bass 2", "Synth bass 1", "Synth bass 2",
    "Violin", "Viola", "Cello", "Contrabass",
    "Tremolo strings", "Pizzicato strings", "Harp", "Timpani",
    "String ensemble 1", "String ensemble 2", "Synth strings 1", "Synth strings 2",
    "Choir aahs", "Voice oohs", "Synth voice", "Orchestra hit",
    "Trumpet", "Trombone", "Tuba", "Muted trumpet",
    "French horn", "Brass section", "Synth brass 1", "Synth brass 2",
    "Soprano saxophone", "Alto saxophone", "Tenor saxophone", "Baritone saxophone",
    "Oboe", "English horn", "Bassoon", "Clarinet",
    "Piccolo", "Flute", "Recorder", "Pan flute",
    "Blown bottle", "Shakuhachi", "Whistle", "Ocarina",
    "Square lead", "Sawtooth lead", "Calliope lead", "Chiff lead",
    "Charang lead", "Voice lead", "Fifths lead", "Bass and lead",
    "New age pad", "Warm pad", "Polysynth pad", "Choir pad",
    "Bowed pad", "Metallic pad", "Halo pad", "Sweep pad",
    "Rain", "Soundtrack", "Crystal", "Atmosphere",
    "Brightness", "Goblins", "Echoes", "Science fiction",
    "Sitar", "Banjo", "Shamisen", "Koto",
    "Kalimba", "Bagpipe", "Fiddle", "Shanai",
    "Tinkle bell", "Agogo", "Steel drums", "Woodblock",
    "Taiko drum", "Melodic tom", "Synth drum", "Reverse cymbal",
    "Guitar fret noise", "Breath noise", "Seashore", "Bird tweet",
    "Telephone ring", "Helicopter", "Applause", "Gunshot",
)  # fmt: skip
_OTHERS = {
    "piano": 0, "organ": 19, "guitar": 24, "bass": 32, "strings": 48, "choir": 52, "voice": 52,
    "soprano": 52, "alto": 52, "tenor": 52, "horn": 60, "saxophone": 65, "sax": 65,
    "double bass": 43, "drums": DRUMS, "percussion": DRUMS,
}  # fmt: skip
"""Words that are no names of the table but mean one of it."""


def name_of(program: int) -> str:
    """What a number is called; `DRUM_WORD` for `DRUMS`. Raises UsageError outside 0 to 127."""
    if program == DRUMS:
        return DRUM_WORD
    if not 0 <= program < len(NAMES):
        raise UsageError(f"There is no instrument {program}; they go from 0 to {len(NAMES) - 1}")
    return NAMES[program]


def family_of(program: int) -> str:
    """The group of eight that a number belongs to."""
    return DRUM_WORD if program == DRUMS else FAMILIES[NAMES.index(name_of(program)) // 8]


def program_of(word: str) -> int:
    """The number that a name or a number in digits stands for; raises UsageError.

    Whatever the case; a part of a name counts where it means one instrument only.
    """
    wanted = " ".join(word.lower().split())
    if re.fullmatch("-?[0-9]{1,9}", wanted):
        number = int(wanted)
        name_of(number)
        return number
    names = [name.lower() for name in NAMES]
    if wanted in names:
        return names.index(wanted)
    if wanted in _OTHERS:
        return _OTHERS[wanted]
    holding = [number for number, name in enumerate(names) if wanted and wanted in name]
    if len(holding) == 1:
        return holding[0]
    near = difflib.get_close_matches(wanted, names, 3, 0.5) or names[:3]
    meant = ", ".join(NAMES[names.index(name)] for name in near)
    raise UsageError(f"There is no instrument {word!r}", next_step=f"Perhaps: {meant}.")


def parse(text: str) -> tuple[int, ...]:
    """Numbers of a list such as "violin, viola, 42, drums"; raises UsageError."""
    return tuple(program_of(word) for word in text.replace(";", ",").split(",") if word.strip())


def listed(programs: Sequence[int]) -> str:
    """What `parse` reads, in names."""
    return ", ".join(map(name_of, programs))
