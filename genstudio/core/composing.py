"""Words that all models of music share: what can be asked of them, and how answers are told.

The tasks are declared here once; a family offers those that its model can do. `values` of a saved
request use these names, so they must not change. Bars and tracks of values are counted from 1, as
people do; notes in data are counted from 0.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence

from genstudio.core import asking, fast, instruments, note_options
from genstudio.core.controls import Choice, Control, FileInput, Float, Int, Option, Text
from genstudio.core.errors import UsageError
from genstudio.core.family import Task
from genstudio.core.stored import Json

KIND = "notes"
"""The value of "tokenizer" in the config of a model of music."""
NOTES = "notes"
"""Key in the data of music on its way: a list with one entry for each new note, [start, duration,
pitch, velocity, track, p, [[pitch, p], …]] in ticks of the finished piece; p is the chance that
the model gave this pitch where a note was to come (before any setting of the sampling), followed
by the likeliest pitches, best first. In the facts of a finished piece: how many notes are new."""
BARS, SECONDS, ENDED = "bars", "seconds", "ended"
"""Keys in the facts of a finished piece: its bars, how long it plays, why the model stopped."""
REGION = "region"
"""Key in the facts, and in the data of the first Words of a place: [first tick, end tick] of what
is made anew."""
TRACKS = "tracks"
"""Beside it: the numbers (from 0) of the tracks that are made anew."""
FRAME = "frame"
"""Key in the data of the first Words of a place: {"ppq", "length" (ticks), "tracks": [[name,
programme, drums], …]} of the piece that grows."""
AGAIN = "again"
"""True in the data of Words: what this place has said so far is void, it begins anew."""
RATE = "times_faster"
"""Key in the data of a Result of music, not in its facts: seconds of music a second of work."""
BY_LENGTH = "length"
"""The piece has what was asked for."""
SUFFIXES = (".mid", ".midi", ".musicxml", ".mxl", ".xml")
"""Files that a piece can be given as."""
ANY = asking.ANY
MOST_DRAFTS, MOST_VARIATIONS = 8, 16
MOST_BARS = 64
_USUAL_BARS = 8
TOP = 6
"""How many of the likeliest pitches are told."""
MAJORS = ("C♭", "G♭", "D♭", "A♭", "E♭", "B♭", "F", "C", "G", "D", "A", "E", "B", "F♯", "C♯")
MINORS = ("A♭", "E♭", "B♭", "F", "C", "G", "D", "A", "E", "B", "F♯", "C♯", "G♯", "D♯", "A♯")
"""Keys with 7 flats to 7 sharps."""
_ASKED = range(-5, 7)
COLOURED = ("key", "tempo")
"""Names of the controls that a picture's colours can fill in."""
METRES = ("4/4", "3/4", "2/4", "2/2", "3/8", "6/8", "9/8", "12/8")


def tasks(config: Mapping[str, Json]) -> tuple[Task, ...]:
    """The tasks of a model of music with this config.

    Filling, harmonising, varying and bridging need a model that learnt to fill gaps ("fim");
    groove one that knows how loud and how exactly in time notes are played.
    """
    fills = config.get("fim") is True
    many = _whole(config, "voices", 4) > 1
    played = _whole(config, "velocities", 1) > 1 or _whole(config, "timing", 0) > 0
    return (
        _sample(config),
        _continue(config),
        *((_fill(config), _vary(config), _bridge(config)) if fills else ()),
        *((_harmonise(config),) if fills and many else ()),
        *((_groove(config),) if played else ()),
        _score(),
    )


def key_word(fifths: int, minor: bool) -> str:
    """What a key is called: "E♭ major"."""
    return f"{(MINORS if minor else MAJORS)[fifths + 7]} {'minor' if minor else 'major'}"


def key_of(word: str) -> tuple[int, bool] | None:
    """(fifths, minor) of what `key_word` says; None for ANY. Raises UsageError."""
    if word == ANY:
        return None
    found = {key_word(f, minor): (f, minor) for minor in (False, True) for f in range(-7, 8)}
    if word not in found:
        raise UsageError(f"There is no key {word!r}")
    return found[word]


def metre_of(word: str) -> tuple[int, int] | None:
    """(numerator, denominator) of "6/8"; None for ANY."""
    if word == ANY:
        return None
    upper, _, lower = word.partition("/")
    return int(upper), int(lower)


def tracks_of(text: str, names: Sequence[str]) -> tuple[int, ...]:
    """Numbers from 0 of the tracks in "1, 3" or "Viola, Cello"; all where nothing is said.

    `names` are those of the piece. Raises UsageError for a track that is not there.
    """
    words = [" ".join(word.split()) for word in text.split(",") if word.strip()]
    if not words:
        return tuple(range(len(names)))
    return tuple(sorted({_track(word, names) for word in words}))


def locked_of(text: str) -> frozenset[tuple[int, int, int]]:
    """(start, pitch, track) of the notes that must stay; raises UsageError for other JSON."""
    try:
        rows = json.loads(text) if text.strip() else []
        found = frozenset((row[0], row[1], row[2]) for row in rows)
    except (ValueError, TypeError, LookupError, RecursionError) as error:
        raise UsageError(f"Locked notes are a list of [start, pitch, track]: {error}") from error
    if any(type(number) is not int for row in found for number in row):
        raise UsageError("Locked notes are whole numbers: [start, pitch, track]")
    return found


def _track(word: str, names: Sequence[str]) -> int:
    if re.fullmatch("[0-9]{1,9}", word) and 1 <= int(word) <= len(names):
        return int(word) - 1
    named = [number for number, name in enumerate(names) if name.lower() == word.lower()]
    if len(named) == 1:
        return named[0]
    known = ", ".join(f"{number} {name}".strip() for number, name in enumerate(names, 1))
    raise UsageError(f"There is no one track {word!r} in the piece", next_step=f"It has: {known}.")


def _sample(config: Mapping[str, Json]) -> Task:
    return Task(
        name="sample",
        title="Compose",
        verb="Compose",
        output="music",
        help="A new piece from nothing but what you ask for.",
        controls=(
            *_class(config),
            _bars(config, "How many bars to write."),
            *(() if _only_drums(config) else (_key(),)),
            _metre(config),
            _tempo(config),
            _instruments(config, "Which instruments play, one voice each."),
            *_how(config),
            *_amount(MOST_DRAFTS),
        ),
    )


def _continue(config: Mapping[str, Json]) -> Task:
    return Task(
        name="continue",
        title="Continue",
        verb="Continue",
        output="music",
        help="Goes on where the piece ends.",
        controls=(
            _piece("The piece that is gone on with."),
            *_class(config),
            _bars(config, "How many bars to add."),
            *_how(config),
            *_amount(MOST_DRAFTS),
        ),
    )


def _fill(config: Mapping[str, Json]) -> Task:
    return Task(
        name="fill",
        title="Fill the selection",
        verb="Fill",
        output="music",
        help="Makes the chosen bars of the chosen tracks anew, to fit what stands around them.",
        controls=(
            _piece("The piece with the place to fill."),
            Int(name="from_bar", label="From bar", default=1, low=1, high=100_000,
                help="The first bar to make anew."),
            Int(name="to_bar", label="To bar", default=0, low=0, high=100_000,
                help="The last bar to make anew; 0 is the last of the piece."),
            Text(name="tracks", label="Tracks", placeholder="All",
                 help="Which tracks to make anew, by number from 1 or by name, with commas; "
                 "empty for all."),
            _locked(),
            *_class(config), *_how(config), *_amount(MOST_DRAFTS),
        ),
    )  # fmt: skip


def _vary(config: Mapping[str, Json]) -> Task:
    return Task(
        name="vary",
        title="Vary",
        verb="Vary",
        output="music",
        help="Keeps most of the piece and lets the model make the rest anew.",
        controls=(
            _piece("The piece to vary."),
            _number("distance", "Distance", 0.25, 0.0, 1.0, False,
                    "Share of the places (a bar of a track each) that are made anew."),
            *_stays(),
            *_class(config), *_how(config), *_amount(MOST_VARIATIONS, "Variations", 4),
        ),
    )  # fmt: skip


def _bridge(config: Mapping[str, Json]) -> Task:
    return Task(
        name="bridge",
        title="Bridge",
        verb="Bridge",
        output="music",
        help="Leads from one phrase to another.",
        controls=(
            _piece("The phrase that comes first."),
            FileInput(name="to", label="Second phrase", suffixes=SUFFIXES,
                      help="The phrase that it leads to."),
            Int(name="bars", label="Bars between", default=2, low=1, high=16, unit="bars",
                help="How many bars to write between the two."),
            *_class(config), *_how(config), *_amount(MOST_DRAFTS),
        ),
    )  # fmt: skip


def _harmonise(config: Mapping[str, Json]) -> Task:
    return Task(
        name="harmonise",
        title="Harmonise",
        verb="Harmonise",
        output="music",
        help="Keeps one track, the melody, and writes the others anew.",
        controls=(
            _piece("The piece with the melody."),
            Int(name="melody", label="Melody", default=1, low=1, high=16,
                help="The number of the track that stays."),
            _instruments(config, "Which instruments play where the piece has only the melody."),
            *_stays(),
            *_class(config), *_how(config), *_amount(MOST_DRAFTS),
        ),
    )  # fmt: skip


def _groove(config: Mapping[str, Json]) -> Task:
    return Task(
        name="groove",
        title="Groove",
        verb="Groove",
        output="music",
        help="Keeps every note and lets the model play them: how loud, and how exactly in time.",
        controls=(
            _piece("The piece to play."),
            *_stays(),
            *_class(config),
            *_how(config),
            *_amount(MOST_DRAFTS),
        ),
    )


def _score() -> Task:
    return Task(
        name="score",
        title="How likely",
        verb="Look",
        output="report",
        live=True,
        help="How likely the model finds each note, and what it would rather expect.",
        controls=(_piece("The piece to look at."),),
    )


def _piece(help_text: str) -> FileInput:
    return FileInput(name="piece", label="Piece", suffixes=SUFFIXES, help=help_text)


def _stays() -> tuple[Control, ...]:
    return (
        Text(name="kept", label="Tracks that stay", more=True,
             help="Which tracks to leave as they are, by number from 1 or by name, with commas."),
        _locked(),
    )  # fmt: skip


def _locked() -> Text:
    return Text(name="locked", label="Locked notes", more=True, max_length=1_000_000,
                help="Notes that must stay where others are made anew: a JSON list of [start in "
                "ticks, pitch, track from 0].")  # fmt: skip


def _class(config: Mapping[str, Json]) -> tuple[Control, ...]:
    names = asking.class_names(config)
    if not names:
        return ()
    nothing = Option(value=ANY, label="Any", help="Nothing is said; the model decides.")
    kinds = tuple(Option(value=name, label=name) for name in names)
    return (
        Choice(name="class", label="Style", default=ANY, options=(nothing, *kinds),
               help="What kind of music it is to be."),
    )  # fmt: skip


def _bars(config: Mapping[str, Json], help_text: str) -> Int:
    usual = min(max(_whole(config, "bars", _USUAL_BARS), 1), _USUAL_BARS)
    return Int(name="bars", label="Bars", default=usual, low=1, high=MOST_BARS, unit="bars",
               help=help_text)  # fmt: skip


def _key() -> Choice:
    pairs = [key_word(fifths, minor) for minor in (False, True) for fifths in _ASKED]
    options = (Option(value=ANY, label="Any"), *(Option(value=w, label=w) for w in pairs))
    return Choice(name="key", label="Key", default=ANY, options=options,
                  help="The key that is told to the model; Any lets it choose.")  # fmt: skip


def _metre(config: Mapping[str, Json]) -> Choice:
    known = config.get("metres")
    words = [str(word) for word in known] if isinstance(known, list) and known else [*METRES]
    options = (Option(value=ANY, label="Any"), *(Option(value=w, label=w) for w in words))
    return Choice(name="metre", label="Metre", default=ANY, options=options,
                  help="Beats of a bar; Any lets the model choose.")  # fmt: skip


def _tempo(config: Mapping[str, Json]) -> Int:
    usual = min(max(_whole(config, "tempo", 0), 0), 300)
    return Int(name="tempo", label="Tempo", default=usual, low=0, high=300, unit="bpm",
               help="Quarters a minute; 0 lets the model choose.")  # fmt: skip


def _instruments(config: Mapping[str, Json], help_text: str) -> Text:
    known = config.get("instruments")
    usual = (
        [number for number in known if isinstance(number, int)] if isinstance(known, list) else []
    )
    most = _whole(config, "voices", 4)
    return Text(name="instruments", label="Instruments", default=instruments.listed(usual[:most]),
                placeholder="The model chooses",
                help=f"{help_text} Names or General MIDI numbers with commas, at most {most}; "
                "empty lets the model choose.")  # fmt: skip


def _how(config: Mapping[str, Json]) -> tuple[Control, ...]:
    known = config.get("surprise")
    usual = float(known) if isinstance(known, int | float) else note_options.USUAL_SURPRISE
    return (
        _number("temperature", "Surprise", min(max(usual, 0.0), 2.0), 0.0, 2.0, False,
                "Low is careful, high is wild; 0 always takes the likeliest."),
        _number("top_p", "Top p", 0.97, 0.01, 1.0, True,
                "Only the likeliest that together have this share may come "
                "(Holtzman et al. 2020); 1 for all."),
        Int(name="top_k", label="Top k", default=0, low=0, high=1000, more=True,
            help="Only the k likeliest may come; 0 for all."),
    )  # fmt: skip


def _amount(most: int, label: str = "Drafts", usual: int = 1) -> tuple[Control, ...]:
    return (
        Int(name="count", label=label, default=usual, low=1, high=most,
            help="How many different ones to make."),
        asking.seed(),
        fast.SWITCH,
    )  # fmt: skip


def _number(
    name: str, label: str, default: float, low: float, high: float, more: bool, help_text: str
) -> Float:
    return Float(name=name, label=label, default=default, low=low, high=high, step=0.05, more=more,
                 help=help_text)  # fmt: skip


def _only_drums(config: Mapping[str, Json]) -> bool:
    """Whether the model knows no pitches: packages say so, older ones by what plays at most."""
    known = config.get("instruments")
    bands = isinstance(known, list) and known and set(map(str, known)) == {str(instruments.DRUMS)}
    return config.get("pitches", not bands) is False


def voices(config: Mapping[str, Json]) -> int:
    """How many voices a model of music writes at once; 0 for any other model."""
    return _whole(config, "voices", 0)


def _whole(config: Mapping[str, Json], key: str, default: int) -> int:
    value = config.get(key)
    return value if isinstance(value, int) and not isinstance(value, bool) else default
