"""Music as tokens and back: bar by bar, in each bar voice by voice, every cell of its own.

    [class] Tempo [Key] Metre {Track Program|Drums}
    {Bar [Metre] {Track {Pos {Pitch Dur [Vel] [Shift]}}}}     a voice that is silent is left out
    [Middle {Hole Track … Next}] End                          what `Track Hole` left out, in order

The bars are those of REMI (Huang & Yang 2020, "Pop Music Transformer", section 3), the cells and
the holes in them those of MMM (Ens & Pasquier 2020, sections 3 and 4: bar-fill), so that a model
fills any choice of bars and voices knowing both sides. Holes carry a number, by which attention
finds the place that is to be filled. Drums have Hit in place of Pitch, and no Dur. A note that
lasts longer than its bar is one note. Own, because miditok imports torch, which nothing that
generates may, and cannot leave out cells.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any, Literal

import numpy as np

from genstudio.core.errors import UsageError
from genstudio.media.note_cells import Cells, cut
from genstudio.media.note_grammar import Event, Grammar
from genstudio.media.note_table import (
    HOLES,
    Drums,
    Options,
    Table,
    key_of,
    key_value,
    tempo_of,
    tempo_value,
)
from genstudio.media.notes import Piece, Track, notes_of
from genstudio.media.special_tokens import END, FORMAT, MIDDLE, class_token

PPQ = 480
Cell = tuple[int, int]


@dataclass(frozen=True)
class Head:
    """What a row begins with; `key` is (fifths, minor) or None, `label` a class or ""."""

    tracks: tuple[Track, ...]
    tempo: float = 120.0
    metre: tuple[int, int] = (4, 4)
    key: tuple[int, bool] | None = None
    label: str = ""


class NoteTokens:
    """The tokenizer of music. As text its tokens are their names with a space behind each."""

    kind: Literal["notes"] = "notes"

    def __init__(self, options: Options, classes: Sequence[str] = ()) -> None:
        self.options, self.classes = options, tuple(classes)
        self.table = Table(options, self.classes)
        self._names = [self.table.name(token) for token in range(self.table.size)]
        self._numbers = {name: token for token, name in enumerate(self._names)}

    # What every tokenizer has (media.tokens.Tokenizer).

    @property
    def size(self) -> int:
        """Number of tokens, special ones included."""
        return self.table.size

    @property
    def specials(self) -> tuple[str, ...]:
        """Names of the special tokens 0, 1, …; END is 0."""
        return self.table.specials

    def special(self, name: str) -> int | None:
        """The number of a special token, or None."""
        return self._numbers[name] if name in self.specials else None

    def encode(self, text: str) -> list[int]:
        """The tokens that a text names, never special ones; other words are left out."""
        numbers = (self._numbers.get(word, 0) for word in text.split())
        return [number for number in numbers if number >= len(self.specials)]

    def decode(self, ids: Iterable[int]) -> str:
        """The names of tokens; special ones give nothing."""
        return b"".join(map(self.piece, ids)).decode()

    def piece(self, token: int) -> bytes:
        """The name of one token and a space; b"" for special ones."""
        return f"{self._names[token]} ".encode() if token >= len(self.specials) else b""

    def unknown(self, text: str) -> list[str]:
        """Words of `text` that name no token, each once, in their order."""
        return list(dict.fromkeys(word for word in text.split() if word not in self._numbers))

    def to_bytes(self) -> bytes:
        """What `media.tokens.read` reads."""
        told = {"format": FORMAT, "kind": self.kind, "specials": list(self.specials)}
        return (
            json.dumps({**told, **asdict(self.options), "classes": list(self.classes)}) + "\n"
        ).encode()

    # Music.

    def cells(self, piece: Piece, tracks: Sequence[int] | None = None, until: int = 0) -> Cells:
        """A piece on the grid; `tracks` become voices (those that fit, without)."""
        return cut(piece, self.table, tracks, until)

    def grammar(self) -> Grammar:
        """What follows a row of tokens from its beginning."""
        return Grammar(self.table)

    def head(self, head: Head) -> list[int]:
        """The tokens before the first bar; raises UsageError for what has no token."""
        table, ids = self.table, []
        if head.label:
            label = self.special(class_token(head.label))
            if label is None:
                raise UsageError(f"The model knows no class {head.label!r}")
            ids.append(label)
        ids.append(table.token("Tempo", tempo_value(head.tempo)))
        if head.key is not None and table.has("Key"):
            ids.append(table.token("Key", key_value(*head.key)))
        upper, lower = head.metre
        parts = round(self.options.grid * 4 * upper / lower)
        ids.append(table.token("Metre", table.metre_value(upper, lower, parts)))
        if not 1 <= len(head.tracks) <= self.options.voices:
            raise UsageError(f"The model writes 1 to {self.options.voices} voices")
        for number, track in enumerate(head.tracks):
            kind = "Drums" if track.drums else "Program"
            if not table.has(kind):
                raise UsageError(
                    "The model writes no drums" if track.drums else "The model writes only drums"
                )
            ids += [
                table.token("Track", number),
                table.token(kind, 0 if track.drums else track.program),
            ]
        return ids

    def encode_piece(
        self, piece: Piece, label: str = "", tracks: Sequence[int] | None = None
    ) -> list[int]:
        """All bars of a piece, END behind them."""
        return self.window(self.cells(piece, tracks), label=label)

    def window(
        self,
        cells: Cells,
        first: int = 0,
        last: int | None = None,
        *,
        holes: Collection[Cell] = (),
        answers: bool = True,
        label: str = "",
        end: bool | None = None,
    ) -> list[int]:
        """Bars `first` to before `last` with the head repeated.

        `holes` are cells (bar, voice) of the piece that are left out and told behind MIDDLE, or
        not told (`answers` False: the row ends with MIDDLE). END comes behind answers, and else
        (None) behind the last bar of the piece.
        """
        last = cells.bars if last is None else last
        wanted = sorted(cell for cell in set(holes) if first <= cell[0] < last)
        ids = self.head(self.head_of(cells, first, label))
        ids += _bars(self.table, cells, first, last, wanted)
        if wanted:
            ids.append(self._special(MIDDLE))
            if answers:
                ids += _answers(self.table, cells, wanted)
        over = (answers if wanted else last >= cells.bars) if end is None else end
        return [*ids, self._special(END)] if over else ids

    def head_of(self, cells: Cells, bar: int = 0, label: str = "") -> Head:
        """What holds at a bar of a piece."""
        piece, tick = cells.piece, int(cells.starts[min(bar, cells.bars)])
        metre = self.table.metres[cells.metres[min(bar, cells.bars - 1)]]
        return Head(cells.voices, piece.tempo_at(tick), metre, piece.key_at(tick), label)

    def transposed(self, ids: np.ndarray, semitones: int) -> np.ndarray:
        """A row in another key: pitches and Key move; raises ValueError out of the range."""
        table, ids = self.table, np.asarray(ids)
        if not table.has("Pitch") or not semitones:
            return ids
        pitch, key = table.first["Pitch"], table.first["Key"]
        pitched = (ids >= pitch) & (ids < pitch + 128)
        moved = np.where(pitched, ids + semitones, ids)
        if (
            pitched.any()
            and not pitch <= moved[pitched].min() <= moved[pitched].max() < pitch + 128
        ):
            raise ValueError("the row would leave the range of pitches")
        keyed = (ids >= key) & (ids < key + 24)
        return np.where(keyed, key + (ids - key + 2 * semitones) % 24, moved)

    def note(self, event: Event, bar_start: float, ppq: int, track: int) -> tuple[int, ...]:
        """(start, duration, pitch, velocity, track) in ticks; `bar_start` is where its bar is.

        Drums, whose end nobody hears, last a part of the grid.
        """
        options, part = self.options, ppq / self.options.grid
        shift = (event.shift - options.timing) / (2 * options.timing + 1) if event.shift >= 0 else 0
        start = max(0, round(bar_start + (event.pos + shift) * part))
        parts = self.table.durations[event.duration] if event.duration >= 0 else 1
        velocity = self.table.velocity(event.velocity)
        return start, max(1, round(parts * part)), event.pitch, velocity, track

    def decode_piece(self, ids: Iterable[int], ppq: int = PPQ) -> Piece:
        """The piece a row of tokens stands for; what does not fit in the row is passed over."""
        grammar = self.grammar()
        events = [event for token in ids if (event := grammar.feed(int(token))) is not None]
        lengths = [self.table.bar_lengths[metre] for metre in grammar.metres]
        starts = np.concatenate([[0], np.cumsum(lengths)]) * ppq / self.options.grid
        rows = [self.note(event, starts[event.bar], ppq, event.voice) for event in events]
        key = key_of(grammar.key) if grammar.key >= 0 else None
        return Piece(
            notes=_shortened(rows),
            tracks=tuple(
                Track(program=max(program, 0), drums=program < 0) for program in grammar.programs
            )
            or (Track(),),
            ppq=ppq,
            tempos=((0, tempo_of(grammar.tempo) if grammar.tempo >= 0 else 120.0),),
            metres=_metres(self.table, grammar.metres, starts),
            keys=((0, *key),) if key else (),
        )

    def _special(self, name: str) -> int:
        return self._numbers[name]


def _bars(table: Table, cells: Cells, first: int, last: int, holes: list[Cell]) -> list[int]:
    """The tokens of bars, holes numbered in their order."""
    ids: list[int] = []
    number = {cell: place for place, cell in enumerate(holes)}
    for bar in range(first, last):
        ids.append(table.token("Bar"))
        if bar > first and cells.metres[bar] != cells.metres[bar - 1]:
            ids.append(table.token("Metre", int(cells.metres[bar])))
        for voice in range(len(cells.tracks)):
            if (bar, voice) in number:
                place = number[bar, voice] % HOLES
                ids += [table.token("Track", voice), table.token("Hole", place)]
            else:
                ids += cells.tokens(bar, voice)
    return ids


def _answers(table: Table, cells: Cells, holes: list[Cell]) -> list[int]:
    """What belongs into the holes, behind MIDDLE."""
    ids: list[int] = []
    for place, (bar, voice) in enumerate(holes):
        ids += [table.token("Hole", place % HOLES), table.token("Track", voice)]
        ids += [*cells.tokens(bar, voice)[1:], table.token("Next")]
    return ids


def _shortened(rows: list[tuple[int, ...]]) -> np.ndarray:
    """Notes that end where the next of the same voice and pitch begins, as MIDI needs it."""
    notes = notes_of(sorted(set(rows)))
    order = np.lexsort((notes["start"], notes["pitch"], notes["track"]))
    row = notes[order]
    same = (row["track"][1:] == row["track"][:-1]) & (row["pitch"][1:] == row["pitch"][:-1])
    gap = np.diff(row["start"].astype(np.int64))
    row["duration"][:-1] = np.where(
        same, np.minimum(row["duration"][:-1], np.maximum(gap, 1)), row["duration"][:-1]
    )
    return row


def _metres(
    table: Table, metres: list[int], starts: np.ndarray
) -> tuple[tuple[int, int, int], ...]:
    """Changes of metre, the first at 0; 4/4 where there is no bar."""
    changed = [n for n, metre in enumerate(metres) if not n or metre != metres[n - 1]]
    found = tuple((int(starts[n]), *table.metres[metres[n]]) for n in changed)
    return found or ((0, 4, 4),)


def make(
    classes: Sequence[str] = (),
    *,
    grid: int = 12,
    velocities: int = 1,
    timing: int = 0,
    voices: int = 4,
    drums: Drums = "none",
) -> NoteTokens:
    """A tokenizer of music; raises UsageError for options that do not fit."""
    return NoteTokens(Options(grid, velocities, timing, voices, drums), classes)


def build(told: dict[str, Any]) -> NoteTokens:
    """The tokenizer of a file that `to_bytes` wrote; raises ValueError for anything else."""
    options: dict[str, Any] = {field.name: told.get(field.name) for field in fields(Options)}
    numbers = [value for name, value in options.items() if name != "drums"]
    if any(type(number) is not int for number in numbers) or type(options["drums"]) is not str:
        raise ValueError("its options are not valid")
    classes = told.get("classes")
    if not isinstance(classes, list) or any(
        type(name) is not str or len(name) > 300 for name in classes
    ):
        raise ValueError("its classes are not valid")
    try:
        found = NoteTokens(Options(**options), classes)
    except UsageError as error:
        raise ValueError(error.problem.what) from error
    if list(found.specials) != told.get("specials"):
        raise ValueError("its special tokens are not valid")
    return found
