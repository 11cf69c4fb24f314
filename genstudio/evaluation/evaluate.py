"""Evaluate a model: sample, look at everything through the judge, score, report."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from genstudio.core.errors import BadInput
from genstudio.core.events import Done, Event, Log, Metric, Progress, Started
from genstudio.core.manifest import Score
from genstudio.core.stored import Json
from genstudio.datasets import store
from genstudio.engine import device as devices
from genstudio.engine.device import Device
from genstudio.engine.loaded_model import LoadedModel
from genstudio.evaluation import registry
from genstudio.evaluation.material import Material, Sampler

SAMPLES = 10_000
Tasks = Callable[[str], Mapping[str, Sampler]]
"""From a family's name to its samplers: evaluation knows no family itself."""
Open = Callable[[Path], LoadedModel]


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
) -> Iterator[Event]:
    """Score the package in `folder` on the dataset in `data`, by all metrics that suit it.

    Yields Started, Progress and one Metric per score; Done.data holds "scores" (a list of Score)
    and "config" (what the evaluation learned for the model's config, may be empty).
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
    wanted = registry.chosen(metrics, material)
    if judge is None and material.has("samples"):
        yield Log(level="warning", text="No judge fits this model: only scores without one")
    steps = len(wanted)
    if any("samples" in metric.needs for metric in wanted):
        yield from material.prepare()
    scores: list[Score] = []
    for number, metric in enumerate(wanted):
        yield Progress(done=number, total=steps, text=metric.title)
        for score in metric.measure(material):
            scores.append(score)
            yield Metric(values={score.metric: score.value})
    yield Progress(done=steps, total=steps, text="done")
    yield Done(
        seconds=time.monotonic() - begun,
        data={"scores": [s.model_dump(mode="json") for s in scores], "config": material.facts},
    )


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
    train = store.open_pixels(data, size, channels, "train")
    test = store.open_pixels(data, size, channels, "test")
    valid = store.open_pixels(data, size, channels, "valid")
    facts: dict[str, Json] = {"data": data.name, "split": "test"}
    # A recipe may hold nothing out: then the validation pictures were trained on as well.
    more = (valid,) if len(test.images) else ()
    if not len(test.images):
        test, facts["split"] = valid, "valid"
    if not len(test.images) or not len(train.images):
        raise BadInput(
            f"{data.name} has no pictures kept apart for testing",
            next_step="Add a dataset with a test part, or one large enough to split.",
        )
    facts["data_sha256"] = test.sha256
    return Material(model, judge, tasks, train, test, samples, seed, more, data=facts)
