"""What is asked of each picture: its prompt or class, as the tokens that the network reads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from genstudio.core import asking, prompts
from genstudio.core.stored import Json
from genstudio.core.words import Words
from genstudio.engine import drawing
from genstudio.engine.ask import Ask
from genstudio.engine.loaded_model import LoadedModel
from genstudio.engine.outputs import IGNORED

NO_CLASS = 0
"""The token of "any class"; class k has the token k + 1."""


@dataclass(frozen=True)
class Wish:
    """One picture's tokens (length) for what to show and for what to stay away from.

    `facts` says it in words: prompt, negative and the words that were ignored, or the class.
    """

    tokens: tuple[int, ...]
    away: tuple[int, ...]
    facts: dict[str, Json] = field(default_factory=dict)


def wishes(model: LoadedModel, ask: Ask, places: Sequence[int]) -> list[Wish]:
    """What is asked of the results at `places` (0 … count − 1).

    Without a choice of class a given picture speaks for itself; new ones draw theirs by seed.
    """
    condition = model.config.get("condition")
    if condition == "text":
        words, length = _words(model), model.size("length")
        said, avoided = ask.texts("prompt"), ask.texts("negative")
        return [_text(ask, words, length, said[i], avoided[i], i) for i in places]
    if condition == "classes":
        if ask.word("class", asking.ANY) == asking.ANY and ask.pictures("image") is not None:
            return [Wish((NO_CLASS,), (NO_CLASS,)) for _ in places]
        return [_class(model, drawing.drawn_class(model, ask, ask.first + i)) for i in places]
    return [Wish((), ()) for _ in places]


def stop_wishes(model: LoadedModel, ask: Ask, stops: int) -> tuple[list[Wish], list[Wish]]:
    """What a walk past `stops` pictures shows at each of them, and what it turns into there."""
    condition = model.config.get("condition")
    if condition == "text":
        words, length = _words(model), model.size("length")
        said, negative = ask.word("prompt"), ask.word("negative")
        goal = ask.word("prompt_to").strip() or said
        return (
            [_text(ask, words, length, said, negative, i) for i in range(stops)],
            [_text(ask, words, length, goal, negative, i) for i in range(stops)],
        )
    if condition == "classes":
        numbers = [drawing.drawn_class(model, ask, ask.first + i) for i in range(stops)]
        start = [_class(model, number) for number in numbers]
        goal = ask.word("class_to", asking.SAME)
        if goal == asking.SAME:
            return start, start
        return start, [_class(model, asking.class_number(model.class_names, goal))] * stops
    return [Wish((), ())] * stops, [Wish((), ())] * stops


def _words(model: LoadedModel) -> Words:
    known = model.config.get("words")
    return Words([str(word) for word in known] if isinstance(known, list) else [])


def _text(ask: Ask, words: Words, length: int, said: str, avoided: str, place: int) -> Wish:
    index = drawing.base_of(ask, ask.first + place)
    prompt = prompts.expand(said, ask.seed, index)
    negative = prompts.expand(avoided, ask.seed, index)
    tokens, ignored = words.tokens(prompt, length)
    away, also = words.tokens(negative, length)
    facts: dict[str, Json] = {"prompt": prompt, "negative": negative}
    facts[IGNORED] = ", ".join(dict.fromkeys([*ignored, *also]))
    return Wish(tuple(tokens), tuple(away), {name: text for name, text in facts.items() if text})


def _class(model: LoadedModel, number: int) -> Wish:
    return Wish((number + 1,), (NO_CLASS,), {"class": model.class_names[number]})


@dataclass(frozen=True)
class Meaning:
    """What the text graph makes of tokens: inputs of the U-Net by name, each (b, …)."""

    parts: dict[str, np.ndarray]

    def __getitem__(self, rows: slice | np.ndarray) -> Meaning:
        """Some of the rows."""
        return Meaning({name: part[rows] for name, part in self.parts.items()})

    def repeated(self, times: int) -> Meaning:
        """All rows, `times` times over."""
        return Meaning(
            {
                name: np.tile(part, (times, *[1] * (part.ndim - 1)))
                for name, part in self.parts.items()
            }
        )


def meaning(model: LoadedModel, tokens: Sequence[tuple[int, ...]]) -> Meaning:
    """The meaning of tokens, row by row; the text graph runs once for each different row."""
    if model.config.get("condition") not in ("text", "classes"):
        return Meaning({})
    different = list(dict.fromkeys(tokens))
    found = model.run("text", {"tokens": np.array(different, np.int64)})
    rows = np.array([different.index(each) for each in tokens])
    return Meaning({name: part[rows] for name, part in found.items()})
