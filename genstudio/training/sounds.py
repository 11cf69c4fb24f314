"""Sounds of a dataset as a family of sound models learns from them: codes at one rate.

Of the recipe's options these are read here: `rate` ("auto": that of most files) and `drop`, which
hides the class of that share of the sounds. `window` of the config says how much is heard at once.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from pathlib import Path

import numpy as np

from genstudio.core.errors import UsageError
from genstudio.core.events import Event, Log
from genstudio.core.family import Family
from genstudio.core.recipe import Recipe
from genstudio.core.stored import Json
from genstudio.datasets.sounds import Sounds, open_all
from genstudio.media import companding
from genstudio.training.clip_batches import Clips
from genstudio.training.feeding import Material
from genstudio.training.sources import Parent, Source

USUAL = 95
"""Percentile of the lengths that counts as the usual length of a sound."""


def read(
    family: Family, recipe: Recipe, source: Source, parent: Parent | None, run: Path | None
) -> Generator[Event, None, Material]:
    """The config that the sounds make, those to learn from and those held out.

    A model that goes on from a parent keeps its rate; the parent's classes are matched by name
    (`training.classes`). Raises GenStudioError.
    """
    options = recipe.options
    known = dict(parent.manifest.config) if parent is not None else {}
    wanted = known.get("rate") or options.get("rate", "auto")
    rate = int(str(wanted)) if str(wanted).isdecimal() else 0
    train, held, _ = open_all(source.folder, recipe.settings.holdout, rate)
    if train.skipped:
        yield Log(level="warning", text=_left_out(train.skipped))
    if not len(train):
        raise UsageError(f"{source.dataset.name} has no sounds to learn from")
    facts: dict[str, Json] = {
        **source.dataset.facts.model_dump(),
        "classes": list(train.class_names),
        "rate": train.rate,
        "seconds": usual_seconds(train),
        **({"parent": known} if known else {}),
    }
    if known.get("class_names") and len(train.class_names) < 2:
        facts["classes"], facts["one_class"] = [source.dataset.title], True
    elif known and not known.get("class_names"):
        facts["classes"] = []
    config = family.config(options, facts)
    data = encode(train, config, options)
    words = f"{len(train):,} sounds, {train.samples / train.rate:,.0f} seconds at {train.rate:,} Hz"
    yield Log(text=f"{words} to learn from.")
    return Material(config, data, encode(held, config, options) if len(held) else None)


def usual_seconds(sounds: Sounds) -> float:
    """How long nearly all of them are at most."""
    lengths = [len(clip.samples) for clip in sounds.clips]
    return round(float(np.percentile(lengths, USUAL)) / sounds.rate, 3)


def encode(sounds: Sounds, config: Mapping[str, Json], options: Mapping[str, Json]) -> Clips:
    """The clips as codes; a class that the config does not name is none."""
    names = config.get("class_names")
    places = {str(name): i for i, name in enumerate(names)} if isinstance(names, list) else {}
    one = len(places) == 1  # data without classes, to a model that knows some
    labels = [
        0 if one else places.get(sounds.class_names[clip.label] if clip.label >= 0 else "", -1)
        for clip in sounds.clips
    ]
    drop, window, reach = options.get("drop", 0.0), config["window"], _reach(config)
    assert isinstance(window, int)
    return Clips(
        tuple(companding.encode(clip.samples) for clip in sounds.clips),
        sounds.rate,
        max(window, reach + 1),
        reach,
        tuple(labels) if places else (),
        float(drop) if isinstance(drop, (int, float)) else 0.0,
    )


def _reach(config: Mapping[str, Json]) -> int:
    """How many samples a network with this config remembers; 0 where it does not say."""
    reach = config.get("reach")
    return reach if isinstance(reach, int) else 0


def _left_out(names: tuple[str, ...]) -> str:
    shown = ", ".join(names[:3]) + (" …" if len(names) > 3 else "")
    count = f"{len(names)} sound{'s' if len(names) > 1 else ''}"
    return f"{count} gone, changed or unreadable since they were added: {shown}; skipped."
