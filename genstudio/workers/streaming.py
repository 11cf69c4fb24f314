"""Texts on their way: many small pieces become few `Words`, and a stop loses none of them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from genstudio.core.artifact import UNFINISHED
from genstudio.core.events import Progress, Words
from genstudio.core.stored import Json
from genstudio.core.writing import AFTER, AGAIN, BEFORE, ENDED, RATE, START, TOKENS, WRITTEN
from genstudio.engine.outputs import Writing

SECONDS = 0.05
"""Words of one text come at most so often; more could not be seen and would cost time."""
STOPPED = "stopped"
"""Value of `core.writing.ENDED` of a text that was stopped on its way."""


@dataclass
class _Text:
    """One text so far: what stands around it, and what was not told yet."""

    seed: int
    before: str
    after: str
    text: str = ""
    count: int = 0
    waiting: str = ""
    tokens: list[Json] = field(default_factory=list)
    told: float | None = None
    began: float | None = None


class Streams:
    """The texts of one request; places are counted from `first`. `clock` gives seconds."""

    def __init__(self, first: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._first = first
        self._clock = clock
        self._texts: dict[int, _Text] = {}
        self._moved: float | None = None

    def heard(self, output: Writing) -> Iterator[Words]:
        """The events that an output calls for; of a finished text, whatever was left to tell."""
        now = self._clock()
        if not output.passing:
            yield from self._tell(output.index, now, all_of_it=True)
            return
        text = self._texts.get(output.index)
        if text is None or BEFORE in output.data:
            if text is not None and text.count:
                yield Words(index=output.index - self._first, text="", data={AGAIN: True})
            before, after = (_word(output.data, name) for name in (BEFORE, AFTER))
            text = self._texts[output.index] = _Text(output.seed, before, after)
        entries = output.data.get(TOKENS)
        new = entries if isinstance(entries, list) else []
        if (new or output.text) and text.began is None:
            text.began = now
        text.text, text.waiting = text.text + output.text, text.waiting + output.text
        text.count += len(new)
        text.tokens += new
        yield from self._tell(output.index, now)

    def hurried(self, event: Progress) -> bool:
        """True for news of progress that came too soon after the last; a token is soon written."""
        now = self._clock()
        last = event.total > 0 and event.done >= event.total
        if self._texts and not last and self._moved is not None and now - self._moved < SECONDS:
            return True
        self._moved = now
        return False

    def rate(self, output: Writing) -> dict[str, Json]:
        """{RATE: tokens a second from the first one on} of a text that is finished now."""
        text = self._texts.get(output.index)
        gone = self._clock() - text.began if text and text.began is not None else 0.0
        if text is None or text.count < 2 or gone <= 0:
            return {}
        return {RATE: round((text.count - 1) / gone, 1)}

    def done(self, index: int) -> None:
        """This text is finished and kept; nothing more is known of it."""
        self._texts.pop(index, None)

    def unfinished(self) -> list[Writing]:
        """What was written of texts that did not come to their end, as results that say so."""
        found = []
        for index, text in sorted(self._texts.items()):
            facts: dict[str, Json] = {
                START: len(text.before),
                WRITTEN: len(text.text),
                TOKENS: text.count,
                ENDED: STOPPED,
                UNFINISHED: f"stopped after {text.count} tokens",
            }
            if text.text:
                whole = text.before + text.text + text.after
                found.append(Writing(index, text.seed, whole, facts))
        self._texts.clear()
        return found

    def _tell(self, index: int, now: float, all_of_it: bool = False) -> Iterator[Words]:
        text = self._texts.get(index)
        if text is None or not (text.waiting or text.tokens):
            return
        if text.told is not None and now - text.told < SECONDS and not all_of_it:
            return
        data: dict[str, Json] = {TOKENS: list(text.tokens)} if text.tokens else {}
        yield Words(index=index - self._first, text=text.waiting, data=data)
        text.waiting, text.tokens, text.told = "", [], now


def _word(data: Mapping[str, Json], name: str) -> str:
    value = data.get(name)
    return value if isinstance(value, str) else ""
