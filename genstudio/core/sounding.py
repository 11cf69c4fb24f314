"""Words that all models of sound share: what can be asked of them, and how answers are told.

`values` of a saved request use these names, so they must not change.
"""

from __future__ import annotations

from collections.abc import Mapping

from genstudio.core import asking
from genstudio.core.controls import Control, FileInput, Float, Int
from genstudio.core.family import Task
from genstudio.core.stored import Json

SOUND, KEEP = "sound", "keep"
"""Names of the given sound and of the share of it that stays."""
SECONDS, RATE, PEAK, CLASS, KEPT, ENDED = "seconds", "rate", "peak", "class", "kept", "ended"
"""Keys in the facts of a finished sound: how long it is, its samples a second, its loudest sample
(1 is the most there is), its class, how many seconds of it were given, and why it ended."""
BY_LENGTH, BY_ITSELF = "length", "itself"
"""So long was asked; it died away."""
PEAKS = "peaks"
"""Key in the data of a sound on its way: [[lowest, highest], …] of its stretches so far, from
-1 to 1; as many a second as `PEAKS_A_SECOND`."""
PEAKS_A_SECOND = 50
SUFFIXES = (".wav", ".flac", ".ogg", ".mp3", ".aif", ".aiff")
MOST = 64
"""Sounds of one request."""
LONGEST = 30.0
"""Seconds that may be asked for."""


def tasks(config: Mapping[str, Json]) -> tuple[Task, ...]:
    """The tasks of a model of sound with this config."""
    return _sample(config), _continue(config)


def usual_seconds(config: Mapping[str, Json]) -> float:
    """How long the sounds are that it learned from, nearly all of them."""
    value = config.get(SECONDS)
    return float(value) if isinstance(value, (int, float)) and value > 0 else 1.0


def _sample(config: Mapping[str, Json]) -> Task:
    names = asking.class_names(config)
    return Task(
        name="sample",
        title="New sounds",
        verb="Make sounds",
        output="sound",
        help="Sounds that the model makes up, sample by sample.",
        controls=(
            *asking.drawn_class(names, "What it should be. “Any” draws a class for each sound."),
            *_how(config, "How long a sound may become; most end by themselves before."),
            _count("How many to make. Each can be made again alone from its seed and number."),
            asking.seed(),
        ),
    )


def _continue(config: Mapping[str, Json]) -> Task:
    names = asking.class_names(config)
    return Task(
        name="continue",
        title="Continue a sound",
        verb="Continue",
        output="sound",
        help="Keeps the beginning of a sound and makes up how it goes on: the whole of it to "
        "continue, a part of it for variations.",
        controls=(
            FileInput(
                name=SOUND,
                label="Sound",
                suffixes=SUFFIXES,
                help="A WAV, FLAC, Ogg or MP3 file; several channels become one.",
            ),
            Float(
                name=KEEP,
                label="Keep",
                default=1.0,
                low=0.0,
                high=1.0,
                step=0.05,
                help="Share of the sound that stays as it is, from its beginning; the rest is made "
                "anew.",
            ),
            *asking.drawn_class(names, "What it should go on as."),
            *_how(config, "How long the new part may become."),
            _count("How many ways to go on. Each has its own chance."),
            asking.seed(),
        ),
    )


def _how(config: Mapping[str, Json], length: str) -> tuple[Float, Float]:
    usual = round(min(LONGEST, max(0.1, usual_seconds(config))), 1)
    return (
        Float(
            name="seconds",
            label="Length",
            default=usual,
            low=0.05,
            high=LONGEST,
            step=0.05,
            unit="s",
            help=length,
        ),
        Float(
            name="temperature",
            label="Surprise",
            default=0.95,
            low=0.1,
            high=1.5,
            step=0.05,
            help="Below 1 sounds become cleaner and more alike, above it wilder and noisier.",
        ),
    )


def _count(help_text: str) -> Control:
    return Int(name="count", label="Sounds", default=4, low=1, high=MOST, help=help_text)
