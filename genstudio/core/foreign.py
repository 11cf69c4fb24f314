"""What other programs write into their pictures, brought to one form; and prompts made plain."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import Field

from genstudio.core.stored import Plain, Short

MAX_PROMPT = 20_000
MAX_MORE = 40
MAX_SEED = 2**64 - 1
_MARKUP = re.compile(r"<[a-z]{3,12}:[^<>]{0,200}>", re.IGNORECASE)
_WEIGHT = re.compile(r":[ \t]{0,4}-?\d{0,4}\.?\d{1,6}[ \t]{0,4}(?=[)\]])")
_STRESS = re.compile(r"\{([^{}|]*)\}")
_BREAK = re.compile(r"\b(?:BREAK|AND)\b")
_ESCAPED = re.compile(r"\\([()\[\]{}])")
_KEPT = {"(": "\ue000", ")": "\ue001", "[": "\ue002", "]": "\ue003", "{": "\ue004", "}": "\ue005"}


class Foreign(Plain):
    """Settings of a picture made elsewhere; "" and None mean that it does not say.

    `software` wrote them. `strength` is how much of an input picture was made anew, 0 to 1.
    `more` has all else worth reading as (label, words); `notes` what could not be read.
    """

    software: Short
    prompt: Annotated[str, Field(max_length=MAX_PROMPT)] = ""
    negative: Annotated[str, Field(max_length=MAX_PROMPT)] = ""
    seed: Annotated[int, Field(ge=0, le=MAX_SEED)] | None = None
    steps: Annotated[int, Field(ge=0, le=100_000)] | None = None
    guidance: float | None = None
    sampler: Short = ""
    scheduler: Short = ""
    strength: float | None = None
    model: Short = ""
    width: Annotated[int, Field(ge=1, le=1_000_000)] | None = None
    height: Annotated[int, Field(ge=1, le=1_000_000)] | None = None
    more: Annotated[tuple[tuple[Short, Short], ...], Field(max_length=MAX_MORE)] = ()
    notes: tuple[Short, ...] = ()

    def says_anything(self) -> bool:
        """True where there is more than the name of the program."""
        return bool(self.facts())

    def facts(self) -> list[tuple[str, str]]:
        """What it says as (label, words), in the order in which a person asks."""
        size = f"{self.width} × {self.height} px" if self.width and self.height else ""
        found = [
            ("Prompt", self.prompt),
            ("Negative prompt", self.negative),
            ("Seed", _number(self.seed)),
            ("Steps", _number(self.steps)),
            ("Guidance", _number(self.guidance)),
            ("Sampler", self.sampler),
            ("Schedule", self.scheduler),
            ("Strength", _number(self.strength)),
            ("Size", size),
            ("Model", self.model),
            *self.more,
        ]
        return [(label, words) for label, words in found if words]


def plain_prompt(text: str) -> str:
    """The words of a prompt without what only its own program understands.

    `(word:1.2)`, `[word]`, `{word}` and `\\(` lose their marks, `<lora:…>` and BREAK go; the
    alternatives `{a|b}` stay, because they mean the same here.
    """
    text = _MARKUP.sub(" ", text)
    text = _ESCAPED.sub(lambda found: _KEPT[found[1]], text)
    text = _BREAK.sub(" ", _WEIGHT.sub("", text))
    text = re.sub(r"[()\[\]]", "", text)
    for _ in range(4):
        text = _STRESS.sub(r"\1", text)
    for sign, place in _KEPT.items():
        text = text.replace(place, sign)
    lines = (" ".join(line.split()).strip(" ,") for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


def _number(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:g}" if isinstance(value, float) else str(value)
