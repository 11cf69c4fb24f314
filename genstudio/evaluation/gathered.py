"""What the materials of all kinds of models have in common: their scores, and what is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, ClassVar, TypeVar

from genstudio.core import subjects
from genstudio.core.events import Event, Progress
from genstudio.core.manifest import Score
from genstudio.core.stored import Json
from genstudio.engine.loaded_model import LoadedModel
from genstudio.evaluation.scoring import score_of

T = TypeVar("T")


@dataclass(kw_only=True)
class Gathered:
    """A model, data it learnt from and data it never saw, and what was made of them so far.

    `count` things are made by `seed`; `data` goes into every score; `held_out` is False where
    what should be unseen was trained on as well. `facts` are what the evaluation learned for the
    model's config. `KIND` is that of `core.subjects`.
    """

    KIND: ClassVar[str] = subjects.PICTURES.kind

    model: LoadedModel
    count: int
    seed: int
    data: dict[str, Json] = field(default_factory=dict)
    held_out: bool = True
    facts: dict[str, Json] = field(default_factory=dict)
    _cache: dict[str, Any] = field(default_factory=dict)

    def has(self, need: str) -> bool:
        """Whether something can be had; False for what this kind of material does not know."""
        return False

    def remarks(self, asked: int) -> Iterator[Event]:
        """What a reader of the scores should know beforehand; `asked` things were asked for."""
        yield from ()

    def prepare(self) -> Iterator[Progress]:
        """Make what the metrics look at."""
        yield from ()

    def made(self) -> int:
        """How many things the model made for the metrics so far."""
        return 0

    def chances(self) -> dict[str, Json]:
        """What shaped chance while they were made, by name."""
        return {}

    def cached(self, key: str, make: Callable[[], T]) -> T:
        """What `make` gives, made once for all metrics that need it."""
        if key not in self._cache:
            self._cache[key] = make()
        return self._cache[key]

    def score(self, metric: str, value: float, count: int, **more: object) -> Score:
        """A Score with all that is needed to compare it: data, seed, how chance was shaped.

        `count` things were looked at, called `counted` (else those of the subject); `wrote` is
        False where it does not speak of what the model made.
        """
        about = subjects.of(self.KIND)
        settings: dict[str, Json] = {**self.data, "seed": self.seed, "kind": about.kind}
        settings["counted"] = str(more.pop("counted", about.things))
        if more.pop("wrote", True) and self.made():
            settings["values"] = self.chances()
        if self.made() and more.get("floor") is not None:
            settings["real"] = self.made()
        return score_of(metric, value, count, settings, more)
