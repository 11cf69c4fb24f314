"""Words for a piece: what its notes say of themselves, and a text model's title and description.

A text model goes on where a text ends. So the facts of the piece become the beginning of a tale
("There was once a slow, sad song in G minor for two violins. It told of the"), the model goes on
with what it told of, and both the title and the description are cut from that one sentence: they
belong together, and every word that is no fact is the model's.

The words for facts are fixed: pace by quarters a minute, mood by mode (major merry, minor sad),
kind by metre (three beats: a dance; two: a march; else a song).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from genstudio.core.composing import key_word
from genstudio.core.controls import Control, Text
from genstudio.core.errors import UsageError
from genstudio.core.family import Task
from genstudio.core.instruments import name_of
from genstudio.core.request import Request
from genstudio.core.stored import Json
from genstudio.studio.requests import make_request

if TYPE_CHECKING:
    from genstudio.media.notes import Piece
    from genstudio.studio.library import Model

COUNT = 3
"""Suggestions at once."""
_OPENING, _TOLD = "There was once ", "It told of the"
_PACES = ((66, "very slow"), (96, "slow"), (126, "gentle"), (156, "lively"))
_FASTEST = "quick"
_NUMBERS = ("no", "a", "two", "three", "four", "five", "six", "seven", "eight")
_MOST_GROUPS = 4
_MOST_WORDS = 6
_MOST_LETTERS = 300
_ENDS = re.compile(r"[.!?;:\n\"“”()]")
_BREAKS = re.compile(
    r"[,—–]|--|\b(?:that|who|whom|which|whose|where|when|while|as|but|for|to|with|so|if|because|had"
    r"|has|have|was|were|is|are|did|would|could|should|made|came|went|said)\b",
    re.IGNORECASE,
)
_WISHES: dict[str, Json] = {"length": 40, "temperature": 0.8, "count": COUNT}
_STOPS = ".\n!\n?\n;\n\\n"


@dataclass(frozen=True)
class Suggestion:
    """A title, a sentence of `facts`, and the `tale` that the model made of them."""

    title: str
    facts: str
    tale: str

    @property
    def description(self) -> str:
        """Both sentences."""
        return f"{self.facts} {self.tale}"


def facts(piece: Piece) -> str:
    """The piece in words: "slow, sad song in G minor for two violins, a viola and a cello"."""
    pace = next((word for most, word in _PACES if piece.tempo_at(0) < most), _FASTEST)
    key = piece.key_at(0)
    mood, where = "", ""
    if key is not None:
        fifths, minor = key
        mood = ", sad" if minor else ", merry"
        spoken = key_word(fifths, minor).replace("♯", " sharp").replace("♭", " flat")
        where = f" in {spoken}"
    players = _players(piece)
    return f"{pace}{mood} {_kind(piece)}{where}{f' for {players}' if players else ''}"


def beginning(piece: Piece) -> str:
    """The text that a model is to go on with."""
    words = facts(piece)
    return f"{_OPENING}{_article(words)} {words}. {_TOLD}"


def suggestion(piece: Piece, written: str) -> Suggestion | None:
    """Title and description of what a model wrote behind `beginning`; None where it wrote
    nothing that could be a title."""
    sentence = " ".join(_ENDS.split(written.strip(), maxsplit=1)[0].split())[:_MOST_LETTERS]
    words = _BREAKS.split(sentence, maxsplit=1)[0].split()
    if len(words) > _MOST_WORDS:
        words = words[: words.index("and")] if "and" in words[1:] else words
        words = words[:_MOST_WORDS]
    while words and words[-1].lower() in ("and", "of", "the", "a", "an", "in", "on", "at", "or"):
        words.pop()
    if not any(letter.isalpha() for word in words for letter in word):
        return None
    fact = facts(piece)
    article = _article(fact).capitalize()
    return Suggestion(
        title=f"The {' '.join(words)}",
        facts=f"{article} {fact}.",
        tale=f"It tells of the {sentence.rstrip(' ,-')}.",
    )


def writing_task(model: Model) -> Task | None:
    """The task in which a model goes on with a text, None where it has none."""
    return next((task for task in model.tasks if task.output == "text" and _prompt(task)), None)


def request(model: Model, piece: Piece, seed: int | None = None, count: int = COUNT) -> Request:
    """Ask `model` for `count` sentences about the piece; raises UsageError where it does not
    write."""
    task = writing_task(model)
    if task is None:
        raise UsageError(f"{model.title} does not write texts", next_step="Choose another model.")
    known = {control.name: control for control in task.controls}
    values = {n: v for n, v in {**_WISHES, "count": count}.items() if n in known}
    if "stop" in known:
        values["stop"] = _STOPS
    control = _prompt(task)
    assert control is not None
    return make_request(model, task.name, {**values, control.name: beginning(piece)}, seed)


def distinct(found: Mapping[int, Suggestion | None]) -> list[tuple[int, Suggestion]]:
    """Those that are there with their numbers, each title once: where it came first."""
    kept: dict[str, tuple[int, Suggestion]] = {}
    for number, one in found.items():
        if one is not None:
            kept.setdefault(one.title.lower(), (number, one))
    return list(kept.values())


def _prompt(task: Task) -> Control | None:
    return next((c for c in task.controls if isinstance(c, Text) and c.role == "prompt"), None)


def _kind(piece: Piece) -> str:
    upper, lower = piece.metre_at(0)
    if upper == 3 or (lower >= 8 and upper % 3 == 0):
        return "dance"
    return "march" if upper == 2 else "song"


def _players(piece: Piece) -> str:
    """Who plays: tracks with notes, the same instruments counted together."""
    heard = sorted(set(piece.notes["track"].tolist()))
    names = [
        "drums" if piece.tracks[n].drums else _plain(name_of(piece.tracks[n].program))
        for n in heard
    ]
    groups = [_group(name, many) for name, many in Counter(names).items()]
    if len(groups) > _MOST_GROUPS:
        groups = [*groups[:_MOST_GROUPS], "others"]
    return " and ".join(filter(None, (", ".join(groups[:-1]), groups[-1]))) if groups else ""


def _group(name: str, many: int) -> str:
    if name.endswith("s"):
        return name
    return f"{_article(name)} {name}" if many == 1 else f"{_number(many)} {name}s"


def _plain(name: str) -> str:
    """A name of General MIDI as one says it: "String ensemble 1" is a string ensemble."""
    short = re.sub(r"\s*\(.*?\)|\s+\d+$", "", name).lower()
    return "piano" if "piano" in short else short


def _number(many: int) -> str:
    return _NUMBERS[many] if many < len(_NUMBERS) else "many"


def _article(words: str) -> str:
    return "an" if words[:1].lower() in "aeiou" else "a"
