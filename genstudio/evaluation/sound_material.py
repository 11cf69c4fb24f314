"""What metrics of sound work on: unseen sounds, and what the model makes.

The sound sibling of `Material`: same registry, same scores, same card. New sounds are asked for by
class in turn, as often as each class is among the unseen ones.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

import numpy as np

from genstudio.core import sounding, subjects
from genstudio.core.errors import BadInput, GenStudioError
from genstudio.core.events import Event, Log, Progress
from genstudio.core.stored import Json
from genstudio.datasets import sounds
from genstudio.datasets.sounds import Clip, Sounds
from genstudio.engine.ask import Ask
from genstudio.engine.loaded_model import LoadedModel
from genstudio.engine.outputs import Sound
from genstudio.engine.sounding import Stepper
from genstudio.evaluation.gathered import Gathered
from genstudio.evaluation.material import Sampler
from genstudio.evaluation.splits import kept_back

MOST = 64
"""Sounds that are made, at most."""
MOST_READ = 200
"""Unseen sounds that are foretold, at most."""
Asked = tuple[Callable[[LoadedModel], object] | None, Mapping[str, Sampler]]
"""How a model is asked for samples (None where it cannot be), and its tasks."""


@dataclass(frozen=True)
class Heard:
    """A sound that the model made, the class it was asked for, seconds of work."""

    samples: np.ndarray
    kind: str
    seconds: float


@dataclass(kw_only=True)
class SoundMaterial(Gathered):
    """A model of sound, sounds it learned from and sounds it never heard, and what it made."""

    KIND: ClassVar[str] = subjects.SOUNDS.kind

    stepper: Stepper | None
    sample: Sampler | None
    train: Sounds
    test: Sounds
    values: Mapping[str, Json] = field(default_factory=dict)
    heard: tuple[Heard, ...] = ()

    def has(self, need: str) -> bool:
        """Whether something can be had: unheard sounds, new sounds, classes …"""
        return {
            "unseen sounds": self.stepper is not None and len(self.test) > 0,
            "new sounds": self.sample is not None,
            "training sounds": len(self.train) > 1,
            "sound classes": len(set(self.kinds()) & set(self.model.class_names)) > 1,
        }.get(need, False)

    def kinds(self) -> list[str]:
        """Classes of the unseen sounds, in their order."""
        return [name_of(self.test, clip) for clip in self.test.clips]

    def some(self) -> Sequence[Clip]:
        """Unseen sounds that are foretold, evenly spread."""
        clips = self.test.clips
        chosen = np.unique(np.linspace(0, len(clips) - 1, min(MOST_READ, len(clips))).astype(int))
        return [clips[i] for i in chosen.tolist()]

    def made(self) -> int:
        """Sounds that were made."""
        return len(self.heard)

    def chances(self) -> dict[str, Json]:
        """What the panel calls surprise."""
        return {k: self.values[k] for k in ("temperature", "seconds") if k in self.values}

    def remarks(self, asked: int) -> Iterator[Event]:
        """Unseen sounds that are none."""
        if not self.held_out:
            text = "No sound was kept apart: the numbers tell how well it learnt, not what it can."
            yield Log(level="warning", text=text)

    def prepare(self) -> Iterator[Progress]:
        """Make the sounds, one after the other."""
        if self.sample is None or self.heard:
            return
        count, made = max(2, min(self.count, MOST)), []
        known = [kind for kind in self.kinds() if kind in self.model.class_names]
        for number in range(count):
            kind = known[number * len(known) // count] if known else ""
            values: dict[str, Json] = {**self.values, "count": 1}
            if kind:
                values[sounding.CLASS] = kind
            begun = time.monotonic()
            for output in self.sample(self.model, Ask(values, self.seed, number, 1)):
                if isinstance(output, Sound) and not output.passing:
                    made.append(Heard(output.samples, kind, time.monotonic() - begun))
            yield Progress(done=number + 1, total=count, text="Making sounds")
        self.heard = tuple(made)

    def needed_stepper(self) -> Stepper:
        """How the model is asked for samples; only where `has` said so."""
        if self.stepper is None:
            raise GenStudioError(f"{self.model.manifest.title} cannot be asked for samples")
        return self.stepper


def name_of(found: Sounds, clip: Clip) -> str:
    """The class of a clip, "" for none."""
    return found.class_names[clip.label] if 0 <= clip.label < len(found.class_names) else ""


def material_of(
    model: LoadedModel,
    data: Path,
    samples: int,
    seed: int,
    asked: Asked,
    values: Mapping[str, Json],
) -> SoundMaterial:
    """The sounds in the folder `data` at the rate of the model, as the metrics want them.

    Raises BadInput where there are none.
    """
    rate = model.size(sounding.RATE)
    train, valid, test = sounds.open_all(data, kept_back(model, data), rate)
    facts: dict[str, Json] = {"data": data.name, "split": "test", "data_sha256": train.sha256}
    if not len(test):
        test, facts["split"] = valid, "valid"
    held_out = len(test) > 0
    if not held_out:
        test, facts["split"] = train, "train"
    if not len(test):
        raise BadInput(
            f"{data.name} holds no sounds that can be read",
            next_step="Add sounds to the dataset, or evaluate on another one.",
        )
    stepper, tasks = asked
    return SoundMaterial(
        model=model,
        stepper=stepper(model) if stepper is not None else None,  # type: ignore[arg-type]
        sample=tasks.get("sample"),
        train=train,
        test=test,
        count=samples,
        seed=seed,
        values=values,
        data=facts,
        held_out=held_out,
    )
