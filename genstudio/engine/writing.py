"""What every model of text can be asked, over the Stepper that its family brings.

`TASKS = tasks(make_stepper)` is all of a family's `sample.py` besides the Stepper itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from genstudio.core.errors import GenStudioError, UsageError
from genstudio.core.events import Progress
from genstudio.core.stored import Json
from genstudio.core.writing import (
    AFTER,
    BEFORE,
    BY_END,
    BY_LENGTH,
    ENDED,
    START,
    TOKENS,
    TOP,
    WRITTEN,
)
from genstudio.engine import beams, copies, inside, logits, starting, vocabulary
from genstudio.engine.ask import Ask
from genstudio.engine.banned import Banned
from genstudio.engine.batches import UNDEFINED
from genstudio.engine.decoding import Reader, Shaper, Stepper
from genstudio.engine.growing import Growing, Piece
from genstudio.engine.loaded_model import LoadedModel
from genstudio.engine.outputs import IGNORED, Output, Report, Writing
from genstudio.engine.starting import Start
from genstudio.engine.vocabulary import Vocabulary
from genstudio.numerics import noise

MakeStepper = Callable[[LoadedModel], Stepper]
Run = Callable[[LoadedModel, Ask], Iterator[Progress | Output]]
_ESCAPE = re.compile(r"\\[nt\\]")


def tasks(make: MakeStepper) -> dict[str, Run]:
    """The tasks of `core.writing` by name."""

    def sample(model: LoadedModel, ask: Ask) -> Iterator[Progress | Output]:
        stepper = make(model)
        yield from _write(model, stepper, ask, starting.to_continue(model, ask, stepper.context))

    def fill(model: LoadedModel, ask: Ask) -> Iterator[Progress | Output]:
        stepper = make(model)
        yield from _write(model, stepper, ask, starting.to_fill(model, ask, stepper.context))

    def score(model: LoadedModel, ask: Ask) -> Iterator[Progress | Output]:
        found = yield from inside.score(make(model), model.tokenizer, ask.word("text"))
        yield Report(ask.first, ask.seed, found)

    def saliency(model: LoadedModel, ask: Ask) -> Iterator[Progress | Output]:
        text, place = ask.word("text"), ask.whole("position", -1)
        found = yield from inside.saliency(make(model), model.tokenizer, text, place)
        yield Report(ask.first, ask.seed, found)

    return {
        "sample": sample,
        "fill": fill,
        "score": score,
        "saliency": saliency,
        "copies": copies.task,
    }


def _write(
    model: LoadedModel, stepper: Stepper, ask: Ask, start: Start
) -> Iterator[Progress | Output]:
    """`ask.count` drafts that go on from `start`."""
    words = vocabulary.of(model)
    drafts = [Growing(words, lines_of(ask.word("stop")), start.skip) for _ in range(ask.count)]
    writer = _Writer(ask, start, drafts)
    yield Progress(done=0, total=writer.length)
    for number in range(ask.count):
        around: dict[str, Json] = {BEFORE: start.before, AFTER: start.after}
        yield writer.passing(number, Piece(), around)
    reader = Reader(stepper, start.head)
    shaper = Shaper(_settings(ask), _never(words), _banned(words, ask))
    if ask.whole("beams", 1) > 1:
        yield from _search(model, writer, reader, shaper, words)
    else:
        yield from _sample(model, writer, reader, shaper, words)
    yield Progress(done=writer.length, total=writer.length)


@dataclass(frozen=True)
class _Writer:
    """Outputs of the drafts of one ask."""

    ask: Ask
    start: Start
    drafts: list[Growing]

    @property
    def length(self) -> int:
        """Tokens that a draft may have."""
        wanted = self.ask.whole("length", 100)
        return min(wanted, self.start.room) if self.start.room else wanted

    def passing(self, number: int, piece: Piece, data: dict[str, Json] | None = None) -> Writing:
        """What draft `number` has to say newly."""
        told = dict(data or {})
        if piece.tokens:
            told[TOKENS] = piece.tokens
        return self._output(number, piece.text, told, passing=True)

    def ended(self, number: int, piece: Piece) -> Iterator[Writing]:
        """The last of draft `number` and all of it."""
        if piece.text:
            yield self.passing(number, piece)
        draft, start = self.drafts[number], self.start
        facts: dict[str, Json] = {
            START: len(start.before),
            WRITTEN: len(draft.text),
            TOKENS: draft.count,
            ENDED: draft.ended,
        }
        if start.unknown:
            facts[IGNORED] = ", ".join(start.unknown)
        yield self._output(number, start.before + draft.text + start.after, facts)

    def _output(
        self, number: int, text: str, data: dict[str, Json], passing: bool = False
    ) -> Writing:
        return Writing(self.ask.first + number, self.ask.seed, text, data, passing)


def _sample(
    model: LoadedModel, writer: _Writer, reader: Reader, shaper: Shaper, words: Vocabulary
) -> Iterator[Progress | Output]:
    """All drafts side by side, a token each at a time; those that ended leave."""
    ask, start, length = writer.ask, writer.start, writer.length
    greedy = ask.number("temperature", 1.0) <= 0
    # The first numbers of an item are the same however many are drawn: a longer text begins alike.
    draws = np.stack([noise.uniform(ask.seed, ask.first + i, (length,)) for i in range(ask.count)])
    found = _defined(reader.begin(start.tokens, ask.count), model)
    shaper.begin([*start.head, *start.tokens], start.tail, ask.count)
    active = list(range(ask.count))
    for step in range(length):
        plain = _forced(found, start, words) if step == 0 else found
        chances = logits.softmax(plain)
        tokens = logits.chosen(shaper.scores(plain), draws[active, step], greedy)
        going = []
        for row, number in enumerate(active):
            token, draft = int(tokens[row]), writer.drafts[number]
            piece = _taken(draft, token, chances[row], words)
            if not draft.ended and step == length - 1:
                last = draft.end(BY_LENGTH)
                piece = Piece(piece.text + last.text, piece.tokens + last.tokens)
            if draft.ended:
                yield from writer.ended(number, piece)
            else:
                going.append(row)
                if piece.text:
                    yield writer.passing(number, piece)
        yield Progress(done=step + 1, total=length)
        if not going:
            return
        active = [active[row] for row in going]
        reader.pick(going)
        shaper.pick(going)
        chosen = tokens[going]
        shaper.wrote(chosen.tolist(), [words.pieces[token] for token in chosen])
        found = _defined(reader.step(chosen), model)


def _search(
    model: LoadedModel, writer: _Writer, reader: Reader, shaper: Shaper, words: Vocabulary
) -> Iterator[Progress | Output]:
    """The likeliest texts: draft i is the i-th best of them."""
    ask, start, stops = writer.ask, writer.start, lines_of(writer.ask.word("stop"))
    search = beams.Search(ask.whole("beams", 1), writer.length, ask.number("length_penalty", 1.0))
    if ask.first + ask.count > search.width:
        raise UsageError(
            f"A search with {search.width} beams finds {search.width} texts, no more",
            next_step="Ask for fewer drafts, or raise the number of beams.",
        )

    def ends(tokens: tuple[int, ...]) -> bool:
        if tokens[-1] == 0 or not stops:
            return tokens[-1] == 0
        tried = Growing(words, stops, start.skip)
        for token in tokens:
            tried.take(token)
        return bool(tried.ended)

    found = _forced(_defined(reader.begin(start.tokens, 1), model), start, words)
    shaper.begin([*start.head, *start.tokens], start.tail, 1)
    for done in search.run(reader, shaper, found, ends, words.pieces):
        yield Progress(done=done, total=writer.length)
    for number, draft in enumerate(writer.drafts):
        text = ""
        entries: list[Json] = []
        best = search.best[ask.first + number] if ask.first + number < len(search.best) else None
        for token, chance in zip(best.tokens, best.chances) if best else ():
            piece = draft.take(token, chance)
            text, entries = text + piece.text, entries + piece.tokens
        if not draft.ended:
            piece = draft.end(BY_LENGTH if best else BY_END)
            text, entries = text + piece.text, entries + piece.tokens
        yield from writer.ended(number, Piece(text, entries))


def _taken(draft: Growing, token: int, chances: np.ndarray, words: Vocabulary) -> Piece:
    """The draft takes a token that has been chosen."""
    if token == 0:
        return draft.end(BY_END)
    return draft.take(token, round(float(chances[token]), 6), _top(chances, words))


def _top(chances: np.ndarray, words: Vocabulary) -> list[Json]:
    """The likeliest tokens with their chances, best first; special ones are no text."""
    real = chances[words.special :]
    most = min(TOP, len(real))
    found = np.argpartition(real, len(real) - most)[len(real) - most :] + words.special
    found = found[np.argsort(-chances[found], kind="stable")]
    return [[words.texts[token], round(float(chances[token]), 6)] for token in found]


def _forced(found: np.ndarray, start: Start, words: Vocabulary) -> np.ndarray:
    """Logits of the first token, which has to begin with the bytes taken off the prompt."""
    if not start.forced:
        return found
    return np.where(words.starting(start.forced), found, logits.NEVER)


def _never(words: Vocabulary) -> np.ndarray:
    """Special tokens are no text; only the end may be chosen."""
    never = np.zeros(words.size, bool)
    never[1 : words.special] = True
    return never


def _banned(words: Vocabulary, ask: Ask) -> Banned | None:
    texts = lines_of(ask.word("banned"))
    return Banned(words, texts) if texts else None


def _settings(ask: Ask) -> logits.Settings:
    usual = logits.Settings()
    return logits.Settings(
        temperature=ask.number("temperature", usual.temperature),
        top_k=ask.whole("top_k", usual.top_k),
        top_p=ask.number("top_p", usual.top_p),
        min_p=ask.number("min_p", usual.min_p),
        typical=ask.number("typical", usual.typical),
        repetition=ask.number("repetition", usual.repetition),
        presence=ask.number("presence", usual.presence),
        frequency=ask.number("frequency", usual.frequency),
    )


def _defined(found: np.ndarray, model: LoadedModel) -> np.ndarray:
    """The logits; raises GenStudioError where they are no numbers."""
    if not np.isfinite(found).all():
        raise GenStudioError(
            f"{model.manifest.title} produced undefined numbers instead of words",
            next_step="Verify the model (genstudio models verify).",
            kind=UNDEFINED,
        )
    return found


def lines_of(text: str) -> list[str]:
    r"""The lines of a control that takes one text a line; `\n`, `\t` and `\\` are written out."""
    escapes = {"\\n": "\n", "\\t": "\t", "\\\\": "\\"}
    return [_ESCAPE.sub(lambda found: escapes[found[0]], line) for line in text.split("\n") if line]
