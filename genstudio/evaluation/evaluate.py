"""Evaluate a model: sample, look at everything through the judge, score, report."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

from genstudio.core.errors import BadInput, UsageError
from genstudio.core.events import Done, Event, Metric, Progress, Started
from genstudio.core.manifest import Score
from genstudio.core.stored import Json
from genstudio.engine import device as devices
from genstudio.engine.decoding import Stepper
from genstudio.engine.device import Device
from genstudio.engine.loaded_model import LoadedModel
from genstudio.evaluation import (
    asking,
    captioned,
    judges,
    music_splits,
    pairs,
    registry,
    sound_material,
    splits,
    text_splits,
)
from genstudio.evaluation.gathered import Gathered
from genstudio.evaluation.material import Material, Sampler

SAMPLES = 10_000
FEWEST = 16
"""Samples that are drawn at least, however small the dataset is."""
Tasks = Callable[[str], Mapping[str, Sampler]]
"""From a family's name to its samplers: evaluation knows no family itself."""
Steppers = Callable[[str], Callable[[LoadedModel], Stepper] | None]
"""From a family's name to how its models are asked for tokens; None for models of pictures."""
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
    steppers: Steppers = lambda family: None,
    home: Path | None = None,
    values: Mapping[str, Json] | None = None,
    prompt: str = "",
    reader: Path | None = None,
    pairer: Path | None = None,
    device: Device | None = None,
    opening: Open | None = None,
    show: Show | None = None,
) -> Iterator[Event]:
    """Score the package in `folder` on the dataset in `data`, by all metrics that suit it.

    Yields Started, Progress and one Metric per score; Done.data holds "scores" (a list of Score),
    "config" (what the evaluation learned for the model's config, may be empty) and "pairs" (the
    samples nearest to a training picture; `show` gets them as one picture). No more samples are
    drawn than there are real pictures to compare the floor with. `prompt` names the text by which
    the model is asked; `reader` and `pairer` judge whether it is followed (`judges.appoint`).
    Models of text are measured by what they foretell and write: `steppers` ask them for tokens,
    `home` may hold word lists of the user's own (`word_lists`). Raises UsageError for unknown
    metrics or ones that cannot be computed.
    """
    begun = time.monotonic()
    opening = opening or _opener(device)
    model = opening(folder)
    yield _started(model)
    family, chances = model.manifest.family, dict(values or {})
    asked = (steppers(family), tasks(family))
    material = _of_tokens(model, data, (samples, seed), asked, chances, home)
    if material is None:
        judged = _judges(model, opening, (judge_folder, reader, pairer))
        pictures = _material(model, judged, tasks(family), data, samples, seed)
        pictures.values, pictures.prompt = chances, prompt
        _ask_by_captions(pictures, data)
        material = pictures
    wanted = _wanted(metrics, material, data)
    yield from material.remarks(samples)
    yield from _prepared(material, wanted)
    scores = yield from _scores(material, wanted)
    found = _pairs(material, scores, show)
    yield Progress(done=len(wanted), total=len(wanted), text="done")
    yield Done(
        seconds=time.monotonic() - begun,
        data={
            "scores": [s.model_dump(mode="json") for s in scores],
            "config": material.facts,
            "pairs": found,
        },
    )


Asked = tuple[Callable[[LoadedModel], Stepper] | None, Mapping[str, Sampler]]
"""How a model is asked for tokens, and its samplers."""


def _of_tokens(
    model: LoadedModel,
    data: Path,
    drawn: tuple[int, int],
    asked: Asked,
    chances: Mapping[str, Json],
    home: Path | None,
) -> Gathered | None:
    """The material of a model of text, music or sound; None for one of pictures.

    `drawn`: how many samples, and their seed.
    """
    kind = model.manifest.modality
    if kind == "text":
        return text_splits.material_of(model, data, *drawn, asked[0], chances, home)
    if kind == "music":
        return music_splits.material_of(model, data, *drawn, asked, chances)
    if kind == "sound":
        return sound_material.material_of(model, data, *drawn, asked, chances)
    return None


def _started(model: LoadedModel) -> Started:
    found, words = model.device, f"Evaluating {model.manifest.title}"
    return Started(device=found.name, reason=found.reason, threads=found.threads, text=words)


def _prepared(material: Gathered, wanted: Sequence[registry.Metric]) -> Iterator[Event]:
    """Make the pictures, texts or pieces that these metrics look at."""
    needs = {need for metric in wanted for need in metric.needs}
    if needs & {"samples", "beginnings", "new pieces", "new sounds"}:
        yield from material.prepare()
    if "prompts" in needs and isinstance(material, Material):
        kinds = (asking.SEEN, asking.NEW) if "judge of attributes" in needs else (asking.SEEN,)
        yield from asking.prepare(material, kinds)


def _scores(
    material: Gathered, wanted: Sequence[registry.Metric]
) -> Generator[Event, None, list[Score]]:
    """All scores, each told as it is found."""
    scores: list[Score] = []
    for number, metric in enumerate(wanted):
        yield Progress(done=number, total=len(wanted), text=metric.title)
        for score in metric.measure(material):
            scores.append(score)
            yield Metric(values={score.metric: score.value})
    return scores


def _wanted(metrics: Sequence[str], material: Gathered, data: Path) -> list[registry.Metric]:
    """The metrics asked for, or all that suit; raises UsageError where there is none."""
    wanted = registry.chosen(metrics, material)
    if not wanted:
        raise UsageError(
            f"nothing of {material.model.manifest.title} can be measured on {data.name}",
            next_step="A judge needs data with classes or captions that it knows.",
        )
    return wanted


def _pairs(material: Gathered, scores: Sequence[Score], show: Show | None) -> list[Json]:
    """Facts of the closest pairs, where copies of pictures were looked for."""
    looked = {"copies", "nearest"} & {score.metric for score in scores}
    if not looked or not isinstance(material, Material):
        return []
    found = pairs.closest(material)
    if show is not None:
        show(pairs.sheet(found))
    return [pair.facts() for pair in found]


def _opener(device: Device | None) -> Open:
    chosen = device or devices.choose()
    return lambda folder: LoadedModel.open(folder, chosen)


Judged = tuple[LoadedModel | None, LoadedModel | None, LoadedModel | None]
"""What looks at the samples; what reads attributes; what pairs captions and pictures."""


def _judges(model: LoadedModel, opening: Open, places: tuple[Path | None, ...]) -> Judged:
    """The judges of a model, opened; raises BadInput. Nobody judges a judge: its own answers are
    compared with the labels."""
    if model.manifest.modality == "judge":
        return None, None, None
    judge, reader, pairer = (opening(place) if place else None for place in places)
    if judge is not None and not judges.extracts(judge.manifest):
        raise BadInput(f"{judge.manifest.title} is no judge", next_step="Name a classifier.")
    return judge, reader, pairer


def _material(
    model: LoadedModel,
    judged: Judged,
    tasks: Mapping[str, Sampler],
    data: Path,
    samples: int,
    seed: int,
) -> Material:
    found = splits.open_splits(model, data)
    if "sample" in tasks:
        samples = min(samples, max(len(found.train.images), FEWEST))
    judge, reader, pairer = judged
    return Material(
        model=model,
        judge=judge,
        tasks=tasks,
        train=found.train,
        test=found.test,
        count=samples,
        seed=seed,
        more=found.more,
        data=found.facts,
        held_out=found.held_out,
        reader=reader,
        pairer=pairer,
    )


def _ask_by_captions(material: Material, data: Path) -> None:
    """Captions of training pictures are what samples are asked for, in an order of the seed.

    Judges of captions need them as well.
    """
    model = material.model
    if material.prompt or judges.reads(model.manifest) or judges.pairs(model.manifest):
        material.captioned = captioned.gather(data, model.size("size"), model.size("channels"))
    said = [one[0] for one in getattr(material.train, "captions", None) or () if one]
    if material.prompt and said:
        order = np.random.default_rng([material.seed, len(said)]).permutation(len(said))
        material.prompts = tuple(said[place] for place in order)
