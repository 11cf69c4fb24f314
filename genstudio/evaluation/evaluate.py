"""Evaluate a model: sample, look at everything through the judge, score, report."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from genstudio.core.errors import BadInput, GenStudioError, UsageError
from genstudio.core.events import Done, Event, Log, Metric, Progress, Started
from genstudio.core.manifest import RECIPE, Score
from genstudio.core.recipe import Recipe
from genstudio.core.stored import Json
from genstudio.datasets import store
from genstudio.engine import device as devices
from genstudio.engine.device import Device
from genstudio.engine.loaded_model import LoadedModel
from genstudio.evaluation import pairs, registry
from genstudio.evaluation.material import Material, Sampler

SAMPLES = 10_000
FEWEST = 16
"""Samples that are drawn at least, however small the dataset is."""
LEAST = 4
"""Real pictures without which no interval can be computed."""
FEW = 100
"""With fewer real pictures the intervals deserve a word."""
Tasks = Callable[[str], Mapping[str, Sampler]]
"""From a family's name to its samplers: evaluation knows no family itself."""
Open = Callable[[Path], LoadedModel]
Show = Callable[[np.ndarray], None]
"""Gets the sheet of nearest pictures, uint8 (h, w, 3)."""


def evaluate(
    folder: Path,
    judge_folder: Path | None,
    data: Path,
    metrics: Sequence[str] = (),
    samples: int = SAMPLES,
    seed: int = 0,
    *,
    tasks: Tasks,
    values: Mapping[str, Json] | None = None,
    device: Device | None = None,
    opening: Open | None = None,
    show: Show | None = None,
) -> Iterator[Event]:
    """Score the package in `folder` on the dataset in `data`, by all metrics that suit it.

    Yields Started, Progress and one Metric per score; Done.data holds "scores" (a list of Score),
    "config" (what the evaluation learned for the model's config, may be empty) and "pairs" (the
    samples nearest to a training picture; `show` gets them as one picture). No more samples are
    drawn than there are real pictures to compare the floor with.
    Raises UsageError for unknown metrics or ones that cannot be computed.
    """
    begun = time.monotonic()
    opening = opening or _opener(device)
    model = opening(folder)
    # Nobody judges a judge: its own answers are compared with the labels.
    is_judge = model.manifest.modality == "judge"
    judge = opening(judge_folder) if judge_folder is not None and not is_judge else None
    _check_judge(judge)
    yield Started(
        device=model.device.name,
        reason=model.device.reason,
        threads=model.device.threads,
        text=f"Evaluating {model.manifest.title}",
    )
    material = _material(model, judge, tasks(model.manifest.family), data, samples, seed)
    material.values = dict(values or {})
    wanted = _wanted(metrics, material, data)
    if material.has("samples"):
        yield from _remarks(material, samples)
    steps = len(wanted)
    if any("samples" in metric.needs for metric in wanted):
        yield from material.prepare()
    scores: list[Score] = []
    for number, metric in enumerate(wanted):
        yield Progress(done=number, total=steps, text=metric.title)
        for score in metric.measure(material):
            scores.append(score)
            yield Metric(values={score.metric: score.value})
    found = _pairs(material, scores, show)
    yield Progress(done=steps, total=steps, text="done")
    yield Done(
        seconds=time.monotonic() - begun,
        data={
            "scores": [s.model_dump(mode="json") for s in scores],
            "config": material.facts,
            "pairs": found,
        },
    )


def _wanted(metrics: Sequence[str], material: Material, data: Path) -> list[registry.Metric]:
    """The metrics asked for, or all that suit; raises UsageError where there is none."""
    wanted = registry.chosen(metrics, material)
    if not wanted:
        raise UsageError(
            f"nothing of {material.model.manifest.title} can be measured on {data.name}",
            next_step="A judge needs data with classes that it knows.",
        )
    return wanted


def _remarks(material: Material, asked: int) -> Iterator[Event]:
    """What a reader of the scores should know beforehand."""
    judge, count = material.judge, len(material.test.images)
    if judge is None:
        yield Log(level="warning", text="No judge fits this model: only scores without one")
    elif not material.knows:
        title = judge.manifest.title
        yield Log(text=f"{title} measures likeness; it does not know what these pictures show")
    if material.count < asked:
        yield Log(text=f"{material.count:,} samples, as many as there are training pictures")
    if not material.held_out:
        text = "Too few pictures were kept from training: nothing can be said about copies"
        yield Log(level="warning", text=text)
    elif count < FEW:
        text = f"Only {count} pictures were kept from training: the intervals are wide"
        yield Log(level="warning", text=text)


def _pairs(material: Material, scores: Sequence[Score], show: Show | None) -> list[Json]:
    """Facts of the closest pairs, where copies were looked for."""
    if not {"copies", "nearest"} & {score.metric for score in scores}:
        return []
    found = pairs.closest(material)
    if show is not None:
        show(pairs.sheet(found))
    return [pair.facts() for pair in found]


def _opener(device: Device | None) -> Open:
    chosen = device or devices.choose()
    return lambda folder: LoadedModel.open(folder, chosen)


def _check_judge(judge: LoadedModel | None) -> None:
    if judge is None:
        return
    outputs = {port.name for graph in judge.manifest.graphs for port in graph.outputs}
    if judge.manifest.modality != "judge" or not {"features", "logits"} <= outputs:
        raise BadInput(f"{judge.manifest.title} is no judge", next_step="Name a classifier.")


def _material(
    model: LoadedModel,
    judge: LoadedModel | None,
    tasks: Mapping[str, Sampler],
    data: Path,
    samples: int,
    seed: int,
) -> Material:
    size, channels = model.size("size"), model.size("channels")
    holdout = _holdout(model, data)
    train = store.open_pixels(data, size, channels, "train", holdout)
    test = store.open_pixels(data, size, channels, "test", holdout)
    valid = store.open_pixels(data, size, channels, "valid", holdout)
    facts: dict[str, Json] = {"data": data.name, "split": "test", "data_sha256": train.sha256}
    # A recipe may hold nothing out: then the validation pictures were trained on as well.
    more = (valid,) if len(test.images) else ()
    held_out = True
    if not len(test.images):
        test, facts["split"] = valid, "valid"
    if len(test.images) < LEAST or len(train.images) < LEAST:
        train, test = _halves(store.open_pixels(data, size, channels, "train", 0.0), data)
        facts["split"], held_out, more = "train", False, ()
    if "sample" in tasks:
        samples = min(samples, max(len(train.images), FEWEST))
    return Material(
        model, judge, tasks, train, test, samples, seed, more, data=facts, held_out=held_out
    )


def _holdout(model: LoadedModel, data: Path) -> float | None:
    """The share that was really kept from the training of this model, if it is less than usual.

    None: the share that the dataset names. Pictures of a smaller share are among those of a larger
    one, so that a model is never measured on pictures it was trained on.
    """
    known = store.open_dataset(data)
    mine = {trained.sha256 for trained in model.manifest.trained_on} - {""}
    try:
        share = Recipe.read(model.folder / RECIPE).settings.holdout
    except GenStudioError:
        return None  # a package without a recipe does not say
    usual = known.valid_count / max(1, known.facts.count)
    return share if known.sha256 in mine and share < usual else None


def _halves(whole: store.Pixels, data: Path) -> tuple[store.Pixels, store.Pixels]:
    """(one half, the other): real pictures against real ones where nothing was kept apart."""
    middle = len(whole.images) // 2
    if middle < LEAST:
        raise BadInput(
            f"{data.name} holds {len(whole.images)} pictures: too few to measure anything",
            next_step="Add more pictures to the dataset, or evaluate on another one.",
        )
    cut = (slice(middle, None), slice(0, middle))
    first, second = (
        replace(
            whole,
            images=whole.images[part],
            labels=None if whole.labels is None else whole.labels[part],
            rows=None if whole.rows is None else whole.rows[part],
        )
        for part in cut
    )
    return first, second
