"""What is asked of a model of music, as drafts that are ready to be written."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from genstudio.core import composing, instruments
from genstudio.core.errors import BadInput, UsageError
from genstudio.engine import composing_scene as scene
from genstudio.engine.ask import Ask
from genstudio.engine.composing_drafts import Draft
from genstudio.engine.composing_holes import Holes
from genstudio.engine.composing_open import Groove, Open, Wish
from genstudio.media import scores
from genstudio.media.note_cells import Cells
from genstudio.media.note_tokens import NoteTokens
from genstudio.media.notes import MAX_TRACKS, Piece, Track, notes_of
from genstudio.numerics import noise

MakeDrafts = Callable[[NoteTokens, Ask], Sequence[Draft]]
_CHOICE = 1
"""Stream of the numbers that choose what is varied; notes are drawn from stream 0."""
_SLOWEST = 20.0
_MOST_BYTES = 64 * 1024 * 1024


def _new(tokens: NoteTokens, ask: Ask) -> list[Draft]:
    voices = instruments.parse(ask.word("instruments"))
    if len(voices) > tokens.options.voices:
        raise UsageError(
            f"This model writes {tokens.options.voices} voices at most, not {len(voices)}",
            next_step="Name fewer instruments.",
        )
    for number in voices:
        if not tokens.table.has("Drums" if number == instruments.DRUMS else "Program"):
            raise UsageError(f"This model does not write for {instruments.name_of(number)}")
    tempo = ask.number("tempo", 0)
    wish = Wish(
        tempo=max(tempo, _SLOWEST) if tempo else None,
        key=composing.key_of(ask.word("key", composing.ANY)),
        metre=composing.metre_of(ask.word("metre", composing.ANY)),
        voices=voices or None,
    )
    bars = ask.whole("bars", 8)
    return [Open(tokens, n, _label(ask), bars, wish=wish) for n in _numbers(ask)]


def _longer(tokens: NoteTokens, ask: Ask) -> list[Draft]:
    piece = piece_of(ask, "piece")
    voices, bars = scene.visible(tokens, piece), ask.whole("bars", 8)
    return [Open(tokens, n, _label(ask), bars, piece=piece, voices=voices) for n in _numbers(ask)]


def _played(tokens: NoteTokens, ask: Ask) -> list[Draft]:
    piece = piece_of(ask, "piece")
    voices = scene.visible(tokens, piece, kept=_kept(piece, ask))
    locked = composing.locked_of(ask.word("locked"))
    return [Groove(tokens, n, _label(ask), piece, voices, locked) for n in _numbers(ask)]


def _filled(tokens: NoteTokens, ask: Ask) -> list[Draft]:
    piece = piece_of(ask, "piece")
    first, last = ask.whole("from_bar", 1), ask.whole("to_bar", 0) or len(piece.bars()) - 1
    if not first <= last <= len(piece.bars()) - 1 + composing.MOST_BARS:
        raise UsageError(
            f"There are no bars {first} to {last} in a piece of {len(piece.bars()) - 1}"
        )
    named = ask.word("tracks").strip()
    names = [track.name for track in piece.tracks]
    wanted = composing.tracks_of(named, names) if named else scene.writable(tokens, piece)
    ticks = _bars(piece, last)
    cells = tokens.cells(piece, scene.visible(tokens, piece, wanted), until=ticks[-1])
    bars = [n for n in range(cells.bars) if ticks[first - 1] <= cells.starts[n] < ticks[last]]
    voices = [cells.tracks.index(track) for track in wanted]
    locked = composing.locked_of(ask.word("locked"))
    return _holes(tokens, ask, cells, [(bar, voice) for bar in bars for voice in voices], locked)


def _varied(tokens: NoteTokens, ask: Ask) -> list[Draft]:
    piece = piece_of(ask, "piece")
    kept, locked = _kept(piece, ask), composing.locked_of(ask.word("locked"))
    mine = scene.visible(tokens, piece, kept=kept)
    cells = tokens.cells(piece, scene.visible(tokens, piece, mine))
    count = len(cells.tracks)
    sounding = [divmod(int(n), count) for n in np.flatnonzero(np.diff(cells.edges))]
    sounding = [cell for cell in sounding if cells.tracks[cell[1]] not in kept]
    share = max(1, round(ask.number("distance", 0.25) * len(sounding)))
    found: list[Draft] = []
    for number in _numbers(ask):
        order = np.argsort(noise.uniform(ask.seed, number, (len(sounding),), _CHOICE))
        chosen = [sounding[n] for n in order[:share]]
        found.append(Holes(tokens, number, _label(ask), cells, chosen, locked))
    return found


def _kept(piece: Piece, ask: Ask) -> frozenset[int]:
    """The tracks that are to stay as they are."""
    said, names = ask.word("kept").strip(), [track.name for track in piece.tracks]
    return frozenset(composing.tracks_of(said, names) if said else ())


def _bridged(tokens: NoteTokens, ask: Ask) -> list[Draft]:
    first, count = piece_of(ask, "piece"), ask.whole("bars", 2)
    second = piece_of(ask, "to").at_ppq(first.ppq)
    ticks = _bars(first, len(first.bars()) - 1 + count)
    start, end = int(first.bars()[-1]), ticks[len(first.bars()) - 1 + count]
    piece = joined(first, second, end)
    cells = tokens.cells(piece, scene.visible(tokens, piece))
    bars = [n for n in range(cells.bars) if start <= cells.starts[n] < end]
    holes = [(bar, voice) for bar in bars for voice in range(len(cells.tracks))]
    return _holes(tokens, ask, cells, holes)


def _harmonised(tokens: NoteTokens, ask: Ask) -> list[Draft]:
    piece, melody = piece_of(ask, "piece"), ask.whole("melody", 1) - 1
    if melody >= len(piece.tracks) or not (piece.notes["track"] == melody).any():
        raise UsageError(
            f"There is no melody in track {melody + 1}", next_step="Name the track that has notes."
        )
    kept, most = _kept(piece, ask), tokens.options.voices
    others = [n for n, one in enumerate(piece.tracks) if n != melody and not one.drums]
    sounding = [n for n in others if n not in kept][: most - 1]
    if not sounding:
        piece, sounding = _with_voices(piece, melody, tokens, ask)
    beside = [n for n in others if n in kept][: most - 1 - len(sounding)]
    cells = tokens.cells(piece, sorted([melody, *beside, *sounding]))
    voices = [cells.tracks.index(track) for track in sounding]
    holes = [(bar, voice) for bar in range(cells.bars) for voice in voices]
    return _holes(tokens, ask, cells, holes, composing.locked_of(ask.word("locked")))


def _with_voices(
    piece: Piece, melody: int, tokens: NoteTokens, ask: Ask
) -> tuple[Piece, list[int]]:
    """The piece with empty tracks for the voices that are to be written, and their numbers."""
    played = instruments.parse(ask.word("instruments"))
    named = played[1:] or (piece.tracks[melody].program,) * (tokens.options.voices - 1)
    programs = [n for n in named if n != instruments.DRUMS][: tokens.options.voices - 1]
    new = [Track(instruments.name_of(program), program) for program in programs]
    if not new or len(piece.tracks) + len(new) > MAX_TRACKS:
        raise UsageError("There is no room for further voices in the piece")
    count = len(piece.tracks)
    return piece.replaced(tracks=(*piece.tracks, *new)), [*range(count, count + len(new))]


def joined(first: Piece, second: Piece, at: int) -> Piece:
    """`first`, and from tick `at` on `second` with its tempo, metre and key; tracks of the same
    place are one voice. Both have the same ticks a quarter."""
    tracks = (*first.tracks, *second.tracks[len(first.tracks) :])
    later = second.notes.copy()
    later["start"] += at

    def changes(name: str) -> tuple[tuple[int, ...], ...]:
        before = tuple(one for one in getattr(first, name) if one[0] < at)
        behind = tuple((one[0] + at, *one[1:]) for one in getattr(second, name))
        return before + behind if before or not behind else ((0, *behind[0][1:]), *behind)

    return first.replaced(
        notes=notes_of([*first.notes.tolist(), *later.tolist()]),
        tracks=tracks,
        tempos=changes("tempos"),
        metres=changes("metres"),
        keys=changes("keys"),
    )


def _holes(
    tokens: NoteTokens,
    ask: Ask,
    cells: Cells,
    holes: Sequence[tuple[int, int]],
    locked: frozenset[tuple[int, int, int]] = frozenset(),
) -> list[Draft]:
    if not holes:
        raise UsageError("There is nothing to make anew in what was chosen")
    return [Holes(tokens, n, _label(ask), cells, holes, locked) for n in _numbers(ask)]


def _bars(piece: Piece, count: int) -> list[int]:
    """Ticks at which bars begin, the end of bar `count` (from 1) among them."""
    ticks = piece.bars()
    if len(ticks) <= count:
        size = int(ticks[-1] - ticks[-2])
        ticks = piece.bars(int(ticks[-1]) + size * (count - len(ticks) + 1))
    return [int(tick) for tick in ticks]


def piece_of(ask: Ask, name: str) -> Piece:
    """The piece in the file of an input; raises BadInput, UsageError."""
    path = ask.path(name)
    if path.stat().st_size > _MOST_BYTES:
        raise BadInput(f"{path.name} is larger than {_MOST_BYTES // 1024**2} MB", file=path)
    piece = scores.read_any(path.read_bytes(), path.name)
    if not len(piece.notes):
        raise UsageError(
            f"There are no notes in {path.name}",
            next_step="Choose another piece, or compose a new one.",
        )
    return piece


def _label(ask: Ask) -> str:
    word = ask.word("class", composing.ANY)
    return "" if word == composing.ANY else word


def _numbers(ask: Ask) -> range:
    return range(ask.first, ask.first + ask.count)


DRAFTS: dict[str, MakeDrafts] = {
    "sample": _new,
    "continue": _longer,
    "fill": _filled,
    "vary": _varied,
    "bridge": _bridged,
    "harmonise": _harmonised,
    "groove": _played,
}
"""The tasks of `core.composing` that make pieces, by name."""
