"""What every model of music can be asked, over the Stepper that its family brings.

`TASKS = tasks(make_stepper)` is all of a family's `sample.py` besides the Stepper itself (see
`engine.performing` for families that also write text).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from genstudio.core.composing import BARS, BY_LENGTH, ENDED, NOTES, REGION, SECONDS, TRACKS
from genstudio.core.errors import BadInput
from genstudio.core.events import Progress
from genstudio.core.stored import Json
from genstudio.engine import composing_asks, composing_loop, composing_score
from genstudio.engine.ask import Ask
from genstudio.engine.composing_drafts import Draft
from genstudio.engine.decoding import Stepper
from genstudio.engine.loaded_model import LoadedModel
from genstudio.engine.logits import Settings
from genstudio.engine.outputs import Music, Output, Report
from genstudio.media.note_tokens import NoteTokens
from genstudio.media.notes import Piece

MakeStepper = Callable[[LoadedModel], Stepper]
Run = Callable[[LoadedModel, Ask], Iterator[Progress | Output]]


def tasks(make: MakeStepper) -> dict[str, Run]:
    """The tasks of `core.composing` by name."""

    def run(drafts: composing_asks.MakeDrafts) -> Run:
        def task(model: LoadedModel, ask: Ask) -> Iterator[Progress | Output]:
            yield from perform(model, make(model), ask, drafts(tokens_of(model), ask))

        return task

    def score(model: LoadedModel, ask: Ask) -> Iterator[Progress | Output]:
        piece = composing_asks.piece_of(ask, "piece")
        found = yield from composing_score.score(make(model), tokens_of(model), piece)
        yield Report(ask.first, ask.seed, found)

    return {**{name: run(drafts) for name, drafts in composing_asks.DRAFTS.items()}, "score": score}


def tokens_of(model: LoadedModel) -> NoteTokens:
    """The tokenizer of a model of music; raises BadInput for any other."""
    found = model.tokenizer
    if not isinstance(found, NoteTokens):
        raise BadInput(f"{model.manifest.title} is no model of music", file=model.folder)
    return found


def perform(
    model: LoadedModel, stepper: Stepper, ask: Ask, drafts: Sequence[Draft]
) -> Iterator[Progress | Output]:
    """Bring all drafts to their end; notes are told as they come, each piece when it is whole."""
    total, done = sum(draft.total for draft in drafts), 0
    tellers = [_Teller(draft, ask, model.manifest.title) for draft in drafts]
    settings = Settings(
        temperature=ask.number("temperature", 1.0),
        top_k=ask.whole("top_k", 0),
        top_p=ask.number("top_p", 1.0),
    )
    yield Progress(done=0, total=total)
    for _ in composing_loop.run(stepper, drafts, settings, ask.seed, model.manifest.title):
        for teller in tellers:
            yield from teller.news()
        now = sum(draft.done for draft in drafts)
        if done < now < total:
            done = now
            yield Progress(done=done, total=total)
    for teller in tellers:
        yield from teller.news()
    yield Progress(done=total, total=total)


class _Teller:
    """What is said of one draft: its frame, its notes as they come, and the whole piece."""

    def __init__(self, draft: Draft, ask: Ask, title: str) -> None:
        self._draft, self._ask, self._title = draft, ask, title
        self._told = -1
        self._ended = False

    def news(self) -> Iterator[Music]:
        """What there is to say since the last time."""
        draft = self._draft
        if self._ended or draft.frame is None:
            return
        if self._told < 0:
            self._told = 0
            yield self._output(draft.frame, draft.told(), passing=True)
        if self._told < len(draft.rows):
            rows: list[Json] = [*draft.rows[self._told :]]
            self._told = len(draft.rows)
            yield self._output(draft.frame, {NOTES: rows}, passing=True)
        if draft.finished:
            self._ended = True
            piece = draft.piece
            piece = piece if piece.title else piece.replaced(title=self._title)
            yield self._output(piece, _facts(draft, piece))

    def _output(self, piece: Piece, data: dict[str, Json], passing: bool = False) -> Music:
        return Music(self._draft.index, self._ask.seed, piece, data, passing)


def _facts(draft: Draft, piece: Piece) -> dict[str, Json]:
    return {
        NOTES: len(draft.rows),
        BARS: len(piece.bars(draft.region[1])) - 1,
        SECONDS: round(piece.seconds(max(piece.length, draft.region[1])), 3),
        REGION: [*draft.region],
        TRACKS: [*draft.tracks],
        ENDED: BY_LENGTH,
    }
