"""From a text of the user to the tokens that a model goes on from."""

from __future__ import annotations

from dataclasses import dataclass

from genstudio.core.errors import UsageError
from genstudio.core.writing import AFTER, ANY, BEFORE
from genstudio.engine import vocabulary
from genstudio.engine.ask import Ask
from genstudio.engine.loaded_model import LoadedModel
from genstudio.media import tokens

END = 0
"""The token between documents: all tokenizers count it first."""
READ = 2048
"""Tokens of a prompt that are read at most by a model that could hold more (an LSTM)."""
_TAIL = 256
_TOLD = 20


@dataclass(frozen=True)
class Start:
    """`head` stays in front of `tokens` when the context slides; `before` and `after` are the
    texts around what is written.

    The first token has to begin with the bytes `forced`, and the first `skip` characters of
    what follows are theirs: they stand in `before` already. `tail` are the last bytes before it.
    `room` is how many tokens fit (0: as many as are wanted). `unknown` are characters that the
    model has no token for.
    """

    tokens: list[int]
    head: tuple[int, ...] = ()
    before: str = ""
    after: str = ""
    forced: bytes = b""
    skip: int = 0
    tail: bytes = b""
    room: int = 0
    unknown: tuple[str, ...] = ()


def to_continue(model: LoadedModel, ask: Ask, context: int) -> Start:
    """Go on where the control "prompt" ends; room for half a context is left free at least."""
    text = ask.word("prompt")
    ids = model.tokenizer.encode(text[-8 * READ :])
    head = _head(model, ask)
    room = _reach(model, context) - min(ask.whole("length", 100), context // 2) - len(head)
    ids, forced = _healed(model, ids)
    whole = len(ids) < room and len(text) <= 8 * READ
    start = [] if head or not whole else [END]
    return Start(
        tokens=[*start, *ids[-max(1, room) :]],
        head=head,
        before=text,
        forced=forced,
        skip=len(forced.decode("utf-8", "replace")),
        tail=text.encode("utf-8", "replace").removesuffix(forced)[-_TAIL:],
        unknown=_unknown(model, text),
    )


def to_fill(model: LoadedModel, ask: Ask, context: int) -> Start:
    """Write what stands between the controls "before" and "after" (Bavarian et al. 2022, PSM)."""
    tokenizer = model.tokenizer
    marks = [tokenizer.special(name) for name in (tokens.PREFIX, tokens.SUFFIX, tokens.MIDDLE)]
    prefix, suffix, middle = (mark for mark in marks if mark is not None)
    before, after = ask.word(BEFORE), ask.word(AFTER)
    head, reach = _head(model, ask) or (END,), _reach(model, context)
    length = min(ask.whole("length", 100), reach // 2)
    room = reach - length - len(head) - len(marks)
    if room < 2:
        raise UsageError(f"{model.manifest.title} can hold too little text for filling a gap")
    forced = _blank(model, before)
    first = tokenizer.encode(before.removesuffix(forced.decode())[-8 * READ :])
    second = tokenizer.encode(after[: 8 * READ])
    # What stands before says more about a gap; the other gets what it leaves, a third at least.
    second = second[: max(room - len(first), room // 3)]
    first = first[max(0, len(first) + len(second) - room) :]
    return Start(
        tokens=[prefix, *first, suffix, *second, middle],
        head=head,
        before=before,
        after=after,
        forced=forced,
        skip=len(forced),
        tail=before.encode("utf-8", "replace").removesuffix(forced)[-_TAIL:],
        room=length,
        unknown=_unknown(model, before + after),
    )


def _head(model: LoadedModel, ask: Ask) -> tuple[int, ...]:
    """What everything begins with, as in training (training/token_batches.py).

    A model that knows classes has always seen one there, or END where it was hidden; others begin
    with END where a document begins.
    """
    name = ask.word("class", ANY)
    token = None if name == ANY else model.tokenizer.special(tokens.class_token(name))
    if token is not None:
        return (token,)
    return (END,) if model.class_names else ()


def _reach(model: LoadedModel, context: int) -> int:
    """Tokens that are worth reading: what fits, or `READ`, or what it was trained to see."""
    trained = model.config.get("context")
    return min(context, max(READ, trained if isinstance(trained, int) else 0))


def _healed(model: LoadedModel, ids: list[int]) -> tuple[list[int], bytes]:
    """The tokens without the last one, and its bytes, with which the next one has to begin.

    A text that breaks off inside a word, or behind a space, ends with a token that seldom stood
    there in training ("token healing", Lundberg 2023); so the model may choose it anew.
    """
    if model.tokenizer.kind != "bpe" or not ids:
        return ids, b""
    last = model.tokenizer.piece(ids[-1])
    try:
        last.decode()
    except UnicodeDecodeError:
        return ids, b""
    if vocabulary.of(model).starting(last).sum() < 2:
        return ids, b""  # only itself begins like that
    return ids[:-1], last


def _blank(model: LoadedModel, before: str) -> bytes:
    """The space at the end of what stands before a gap: pieces of words begin with theirs, so
    the first piece of the gap has to bring it."""
    spaced = model.tokenizer.kind == "bpe" and before[-1:] == " "
    return b" " if spaced and vocabulary.of(model).starting(b" ").sum() > 1 else b""


def _unknown(model: LoadedModel, text: str) -> tuple[str, ...]:
    return tuple(model.tokenizer.unknown(text[-8 * READ :])[:_TOLD])
