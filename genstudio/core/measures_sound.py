"""Words of the measures of models of sound."""

from __future__ import annotations

from genstudio.core.measure import Measure


def _sound(name: str, title: str, meaning: str, group: str, top: float | None = None) -> Measure:
    return Measure(name, title, meaning, group, top, kinds=("sound",))


MEASURES = (
    _sound(
        "bits_per_sample",
        "Bits per sample",
        "What a sample of unseen sounds costs it on average; 8 is what guessing costs.",
        "foretelling",
    ),
    _sound(
        "sounds_usual",
        "Heard as real ones are",
        "Share of new sounds whose loudness, silence, length and brightness are those of real "
        "ones.",
        "likeness",
        1.0,
    ),
    _sound(
        "sounds_like_asked",
        "Sounds like what was asked",
        "Share of new sounds whose nearest real sounds are of the kind that was asked for.",
        "following",
        1.0,
    ),
    _sound(
        "sound_speed",
        "Made over played",
        "Seconds of sound in a second of work, one after the other.",
        "speed",
    ),
)
