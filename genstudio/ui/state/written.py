"""Drafts of text on their way: what a job has written so far, place by place."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from genstudio.core.document import Passage, Token
from genstudio.core.events import Result, Words
from genstudio.core.request import Request
from genstudio.core.stored import Json
from genstudio.core.writing import AGAIN, ENDED, RATE, TOKENS

DraftState = Literal["waiting", "writing", "done", "stopped", "failed"]
TOLD = 5
"""Others that are kept of each token."""


@dataclass
class Draft:
    """One of the texts that a job writes side by side. `rate`: tokens in a second, 0 = unknown."""

    index: int
    text: str = ""
    tokens: list[Token] = field(default_factory=list)
    state: DraftState = "waiting"
    ended: str = ""
    artifact: str = ""
    rate: float = 0.0
    facts: dict[str, Json] = field(default_factory=dict)
    _begun: float = 0.0
    _packed: list[Json] = field(default_factory=list)

    @property
    def open(self) -> bool:
        """True while more may come."""
        return self.state in ("waiting", "writing")

    def take_words(self, event: Words, now: float | None = None) -> bool:
        """Add what came; True when what was there before is void."""
        now = time.monotonic() if now is None else now
        again = event.data.get(AGAIN) is True
        if again:
            self.text, self.tokens, self._packed, self._begun = "", [], [], 0.0
        self.state = "writing"
        self.text += event.text
        told = event.data.get(TOKENS)
        self.tokens += [token_of(entry) for entry in told] if isinstance(told, list) else []
        if not self._begun and self.tokens:
            self._begun, self._first = now, len(self.tokens)
        elif now > self._begun and self.tokens:
            self.rate = (len(self.tokens) - self._first) / (now - self._begun)
        return again

    def take_result(self, event: Result) -> None:
        """It is finished, or was stopped and kept."""
        rate = event.data.get(RATE)
        self.rate = float(rate) if isinstance(rate, (int, float)) else self.rate
        self.ended = str(event.data.get(ENDED, ""))
        self.artifact = str(event.data.get("artifact", ""))
        self.facts = dict(event.data)
        if self.state != "stopped":
            self.state = "done"

    def passage(self, number: int, request: Request, title: str) -> Passage:
        """What is kept of it in a document."""
        texts = {name for name, value in request.values.items() if isinstance(value, str)}
        long = {name for name in texts if len(str(request.values[name])) > 200}
        shown = {n: v for n, v in request.values.items() if n not in long | _TEXTS}
        told = "".join(token.t for token in self.tokens) == self.text
        return Passage(
            number=number,
            model=request.model,
            title=title,
            task=request.task,
            values=shown,
            seed=request.seed,
            index=request.first + self.index,
            artifact=self.artifact,
            created=datetime.now().astimezone().isoformat(timespec="seconds"),
            tokens=tuple(self.tokens) if told else (Token(t=self.text),),
        )

    def packed(self) -> dict[str, Json]:
        """As JSON, for the session."""
        # Tokens are only ever added: each is turned into JSON once, however often it is saved.
        fresh = self.tokens[len(self._packed) :]
        self._packed += [token.model_dump(mode="json") for token in fresh]
        tokens: list[Json] = list(self._packed)
        kept: dict[str, Json] = {"index": self.index, "text": self.text, "tokens": tokens}
        return kept | {"state": self.state, "ended": self.ended, "artifact": self.artifact}


_TEXTS = {"prompt", "before", "after"}


def token_of(entry: object) -> Token:
    """A token as the worker tells it; nonsense becomes an empty one."""
    if not isinstance(entry, Mapping):
        return Token(t="")
    top = entry.get("top")
    pairs = top if isinstance(top, (list, tuple)) else ()
    others = [
        pair
        for pair in pairs
        if isinstance(pair, (list, tuple)) and len(pair) == 2 and isinstance(pair[1], (int, float))
    ]
    return Token(
        t=str(entry.get("t", "")),
        p=_chance(entry.get("p", 1.0)),
        top=tuple((str(text), _chance(p)) for text, p in others[:TOLD]),
    )


def _chance(told: object) -> float:
    """A probability from 0 to 1; what is no number counts as 0."""
    # `max` takes its first argument where the other is NaN.
    return round(min(1.0, max(0.0, told)), 4) if isinstance(told, (int, float)) else 0.0


def unpacked(saved: Mapping[str, Any]) -> Draft:
    """A draft of an earlier session: what was under way then has been stopped."""
    state = saved.get("state")
    return Draft(
        index=int(saved.get("index", 0)),
        text=str(saved.get("text", "")),
        tokens=[token_of(one) for one in saved.get("tokens", [])],
        state=state if state in ("done", "stopped", "failed") else "stopped",
        ended=str(saved.get("ended", "")),
        artifact=str(saved.get("artifact", "")),
    )
