"""What metrics work on: samples of the model, real pictures, and what a judge sees in them.

Everything is made once, when the first metric asks for it, and kept as features (n, f); pictures
themselves are kept only as small vectors, so that ten thousand large ones fit into memory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from genstudio.core.errors import GenStudioError
from genstudio.core.events import Event, Log, Progress
from genstudio.core.manifest import Score
from genstudio.core.stored import Json
from genstudio.engine import batches
from genstudio.engine.ask import Ask
from genstudio.engine.loaded_model import LoadedModel
from genstudio.engine.outputs import Output, Picture
from genstudio.evaluation import judges
from genstudio.evaluation.captioned import Captioned
from genstudio.evaluation.gathered import Gathered
from genstudio.evaluation.scoring import score_of

Sampler = Callable[[LoadedModel, Ask], Iterator[Progress | Output]]
FEW = 100
"""With fewer real pictures the intervals deserve a word."""
SMALL = 28
"""Side in pixels to which pictures are shrunk for comparison pixel by pixel."""
_CHUNK = 32


class Images(Protocol):
    """One split of a dataset, as `datasets.store.Pixels`."""

    @property
    def images(self) -> np.ndarray:
        """uint8 (n, h, w, c)."""

    @property
    def labels(self) -> np.ndarray | None:
        """int64 (n,)."""

    @property
    def class_names(self) -> tuple[str, ...]:
        """Name of each label."""


@dataclass
class Seen:
    """Pictures as the metrics see them. Classes index `Material.names`, -1 = unknown."""

    features: np.ndarray  # float32 (n, f); (n, 0) without a judge
    guesses: np.ndarray  # int64 (n,) what the judge takes them for; -1 where it does not know
    classes: np.ndarray  # int64 (n,) what they are meant to show
    small: np.ndarray  # uint8 (n, d) shrunk pixels

    def __len__(self) -> int:
        return len(self.small)


@dataclass(kw_only=True)
class Material(Gathered):
    """A model of pictures, a judge, data, and what was made of them so far.

    `more` are further pictures that the model may have been trained on. `prompt` is the text in
    `values` that a model of words is asked with, `prompts` what samples are asked for where
    `values` leave it open. `reader` and `pairer` judge whether words are followed (`judges`).
    """

    judge: LoadedModel | None
    tasks: Mapping[str, Sampler]
    train: Images
    test: Images
    more: tuple[Images, ...] = ()
    values: Mapping[str, Json] = field(default_factory=dict)
    prompt: str = ""
    prompts: tuple[str, ...] = ()
    captioned: Captioned | None = None
    reader: LoadedModel | None = None
    pairer: LoadedModel | None = None
    fake: Seen | None = None
    real: Seen | None = None
    other: Seen | None = None

    @property
    def knows(self) -> bool:
        """Whether the judge knows classes of these pictures, or only measures likeness."""
        own = set(self.model.class_names or self.test.class_names)
        return self.judge is not None and bool(own & set(self.judge.class_names))

    @property
    def names(self) -> tuple[str, ...]:
        """Class names that `Seen` counts in: the judge's if it knows these classes."""
        if self.knows and self.judge is not None:
            return self.judge.class_names
        return self.model.class_names or self.test.class_names

    def meant(self, seen: Seen) -> np.ndarray:
        """The class each picture belongs to, (n,): as asked, else as guessed; one for all where
        neither is known."""
        if self.knows:
            return np.where(seen.classes >= 0, seen.classes, seen.guesses)
        return seen.classes if self.has_classes else np.zeros(len(seen), np.int64)

    @property
    def has_classes(self) -> bool:
        """Whether samples and real pictures can be parted into the same classes."""
        both = bool(self.model.class_names) and self.test.labels is not None
        return self.knows or both

    def has(self, need: str) -> bool:
        """Whether something can be had: samples, judge, classes, reconstructions …"""
        is_judge = self.model.manifest.modality == "judge"
        names = {graph.name for graph in self.model.manifest.graphs}
        return {
            "samples": "sample" in self.tasks,
            "judge": self.judge is not None and not is_judge,
            "classes": bool(self.model.class_names) and self.knows,
            "labels": bool(self.model.class_names) and self.test.labels is not None,
            "held_out": self.held_out,
            "reconstructions": "reconstruct" in self.tasks,
            "judgement": is_judge and bool(self.model.class_names) and self.test.labels is not None,
            "prompts": bool(self.prompt) and "sample" in self.tasks and self.captioned is not None,
            "judge of attributes": self.reader is not None,
            "judge of captions": self.pairer is not None,
            "slots": bool(self.model.config.get("slots")) and self.captioned is not None,
            "texts": is_judge and "text" in names and self.captioned is not None,
        }.get(need, False)

    def ask(self, first: int, count: int) -> Ask:
        """The request for the samples `first` … `first` + `count` - 1."""
        values = dict(self.values)
        if self.prompts and self.prompt not in values:
            total = len(self.prompts)
            values[self.prompt] = [self.prompts[i % total] for i in range(first, first + count)]
        return Ask(values, self.seed, first, count)

    def sets(self) -> tuple[Seen, Seen, Seen]:
        """Samples, test pictures, and as many training pictures."""
        if self.fake is None or self.real is None or self.other is None:
            raise GenStudioError("The samples are not made yet")
        return self.fake, self.real, self.other

    def score(self, metric: str, value: float, count: int, **more: object) -> Score:
        """A Score with all that is needed to compare it: data, seed, the judge if it `judged`."""
        settings: dict[str, Json] = {**self.data, "seed": self.seed}
        judged = bool(more.pop("judged", True))
        if self.real is not None and (judged or "floor" in more):
            settings["real"] = len(self.real)
        if self.values:
            settings["values"] = dict(self.values)
        if judged and self.judge is not None:
            settings["extractor"] = self.judge.manifest.id
            settings["extractor_sha256"] = self.judge.manifest.sha256
        return score_of(metric, value, count, settings, more)

    def remarks(self, asked: int) -> Iterator[Event]:
        """No judge that fits, fewer pictures than were asked for, too few that are unseen."""
        if not self.has("samples"):
            return
        judge, count = self.judge, len(self.test.images)
        if judge is None:
            yield Log(level="warning", text="No judge fits this model: only scores without one")
        elif not self.knows and not judges.reads(judge.manifest):
            title = judge.manifest.title
            yield Log(text=f"{title} measures likeness; it does not know what these pictures show")
        if self.count < asked:
            yield Log(text=f"{self.count:,} samples, as many as there are training pictures")
        if not self.held_out:
            text = "Too few pictures were kept from training: nothing can be said about copies"
            yield Log(level="warning", text=text)
        elif count < FEW:
            text = f"Only {count} pictures were kept from training: the intervals are wide"
            yield Log(level="warning", text=text)

    def prepare(self) -> Iterator[Progress]:
        """Make samples and features; progress counts pictures."""
        if "sample" not in self.tasks:
            return
        reals = min(self.count, len(self.test.images))
        others = min(self.count, len(self.train.images))
        total = self.count + reals + others
        done = 0
        for maker, words in ((self._make_fake, "sampling"), (self._see_real, "real pictures")):
            for step in maker():
                done += step
                yield Progress(done=done, total=total, text=f"{words}: {done} of {total}")

    def _make_fake(self) -> Iterator[int]:
        ask = self.ask(0, self.count)
        parts: list[Seen] = []
        waiting: list[Picture] = []
        for item in self.tasks["sample"](self.model, ask):
            if isinstance(item, Picture) and not item.passing:
                waiting.append(item)
            if len(waiting) >= _CHUNK:
                parts.append(self._see(waiting))
                yield len(waiting)
                waiting = []
        if waiting:
            parts.append(self._see(waiting))
            yield len(waiting)
        self.fake = joined(parts)

    def _see_real(self) -> Iterator[int]:
        for name, split in (("real", self.test), ("other", self.train)):
            rows = picked(len(split.images), self.count, self.seed)
            parts: list[Seen] = []
            for first in range(0, len(rows), _CHUNK):
                some = rows[first : first + _CHUNK]
                parts.append(self._see_pixels(split.images[some], self._classes(split, some)))
                yield len(some)
            setattr(self, name, joined(parts))

    def _see(self, pictures: list[Picture]) -> Seen:
        names = self.names
        words = [str(p.data.get("class", "")) for p in pictures]
        classes = np.array([names.index(w) if w in names else -1 for w in words])
        return self._see_pixels(np.stack([p.pixels for p in pictures]), classes)

    def _classes(self, split: Images, rows: np.ndarray) -> np.ndarray:
        """Labels of a split as places among the judge's names."""
        names = self.names
        if split.labels is None:
            return np.full(len(rows), -1)
        places = [names.index(n) if n in names else -1 for n in split.class_names]
        return np.array(places)[np.asarray(split.labels)[rows]]

    def _see_pixels(self, pixels: np.ndarray, classes: np.ndarray) -> Seen:
        small = shrunk(pixels)
        if self.judge is None:
            nothing = np.zeros((len(pixels), 0), np.float32)
            return Seen(nothing, np.full(len(pixels), -1), classes, small)
        features, logits = judged(self.judge, pixels)
        guesses = logits.argmax(axis=1) if self.knows else np.full(len(pixels), -1)
        return Seen(features, guesses, classes, small)


def judged(judge: LoadedModel, pixels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Features (n, f) and logits (n, classes) of pictures uint8 (n, h, w, c)."""
    graph = judge.manifest.graphs[0].name
    parts = []
    for first in range(0, len(pixels), _CHUNK):
        fitted = batches.fitted(judge, pixels[first : first + _CHUNK])
        parts.append(judge.run(graph, {"image": batches.from_pixels(fitted)}))
    return tuple(np.concatenate([p[name] for p in parts]) for name in ("features", "logits"))  # type: ignore[return-value]


def shrunk(pixels: np.ndarray) -> np.ndarray:
    """Pictures uint8 (n, h, w, c) as rows uint8 (n, d) of at most about 28 x 28 pixels."""
    n, h, w, c = pixels.shape
    factor = max(1, min(h, w) // SMALL)
    if factor > 1:
        rows, columns = h // factor, w // factor
        cut = pixels[:, : rows * factor, : columns * factor]
        blocks = cut.reshape(n, rows, factor, columns, factor, c).astype(np.float32)
        pixels = np.rint(blocks.mean(axis=(2, 4))).astype(np.uint8)
    return pixels.reshape(n, -1)


def picked(total: int, count: int, seed: int) -> np.ndarray:
    """`count` different rows of `total` in rising order, drawn by the seed; or all."""
    if count >= total:
        return np.arange(total)
    return np.sort(np.random.default_rng([seed, total]).permutation(total)[:count])


def joined(parts: list[Seen]) -> Seen:
    """One Seen of several."""
    return Seen(
        np.concatenate([p.features for p in parts]),
        np.concatenate([p.guesses for p in parts]),
        np.concatenate([p.classes for p in parts]),
        np.concatenate([p.small for p in parts]),
    )
