"""A trained (or half-trained) run becomes a model package: best weights, last touches, manifest."""

from __future__ import annotations

import copy
import platform
from datetime import UTC, datetime
from pathlib import Path

import torch

import genstudio
from genstudio.core.errors import GenStudioError
from genstudio.core.manifest import Manifest, TrainedOn, Training
from genstudio.core.recipe import Recipe
from genstudio.training import checkpoint, feeding, laying, package, watching
from genstudio.training.device import machine
from genstudio.training.objective import Networks
from genstudio.training.setup import Part, Ready
from genstudio.training.trainer import Trainer

LOOKS = 4
"""Times through the data for the last touches: more would only see the same pictures again."""


def finished(out: Path, ready: Ready, recipe: Recipe, trainer: Trainer, part: Part) -> Manifest:
    """Package the state that validation chose, else the last one, as `out`.

    `recipe` is the one that was trained with in the end. The trainer's networks are used up.
    """
    step = take_best(trainer)
    with watching.quiet(ready.objective, trainer.ema) as networks:
        return _build(out, networks, ready, recipe, trainer, part, step, "")


def so_far(out: Path, ready: Ready, recipe: Recipe, trainer: Trainer, part: Part) -> Manifest:
    """Package the state of now as `out`; copies are packed, so that training can go on."""
    with watching.quiet(ready.objective, trainer.ema) as networks:
        # One deepcopy of all: what networks share stays shared.
        copies = copy.deepcopy(dict(networks))
        words = f" (step {trainer.step})"
        return _build(out, copies, ready, recipe, trainer, part, trainer.step, words)


def take_best(trainer: Trainer) -> int:
    """Load the checkpoint that validation chose, where there is one; returns its step."""
    if trainer.best is None or trainer.best[1] == trainer.step:
        return trainer.step
    path = trainer.checkpoints / f"step-{trainer.best[1]:06d}"
    try:
        found = checkpoint.load(path, trainer.device.name)
    except GenStudioError:
        return trainer.step  # damaged since: the last one is whole
    trainer.take_weights(found)
    return found.manifest.step


def _build(
    out: Path, networks: Networks, ready: Ready, recipe: Recipe, trainer: Trainer, part: Part,
    step: int, words: str,
) -> Manifest:  # fmt: skip
    with torch.no_grad():
        count = -(-LOOKS * trainer.batches.count // trainer.batches.batch)
        draws = (trainer.batches.draw(number) for number in range(count))
        ready.objective.finish(networks, draws, trainer.seed)
        preview = watching.cover(ready.objective, networks, trainer.batches, trainer.seed)
    seconds = trainer.seconds
    base = laying.base_of(ready.objective, ready.parent.manifest if ready.parent else None)

    def describe(**found: object) -> Manifest:
        return _manifest(ready, recipe, step, seconds, words, base=base, **found)

    under = laying.places(out, base, recipe.model, ready.objective) if base is not None else {}
    return package.build(
        out,
        networks,
        lambda nets: part(recipe.family, "to_onnx").graphs(nets, ready.config),
        describe,
        recipe,
        preview,
        ready.extra(),
        under,
    )


def _manifest(
    ready: Ready, recipe: Recipe, step: int, seconds: float, words: str, **found: object
) -> Manifest:
    dataset, much = ready.source.dataset, feeding.amount(ready.data)
    software = f"GenStudio {genstudio.__version__}, PyTorch {torch.__version__}"
    return Manifest.model_validate(
        {
            "id": recipe.model,
            "title": (recipe.title or recipe.model) + words,
            "family": recipe.family,
            "modality": ready.family.modality_for(dataset.kind),
            "description": recipe.description,
            "config": ready.config,
            "licence": recipe.licence,
            "trained_on": [
                TrainedOn(
                    name=dataset.title,
                    count=much.pictures or much.texts or much.pieces or much.sounds,
                    tokens=much.tokens,
                    licence=dataset.licence,
                    attribution=dataset.attribution,
                    source=dataset.origin,
                    sha256=dataset.sha256,
                )
            ],
            "training": Training(
                steps=step,
                batch=recipe.settings.batch,
                seconds=round(seconds, 1),
                device=_device(ready),
                machine=machine(),
                software=f"{software}, Python {platform.python_version()}",
                parent=recipe.start_from,
            ),
            "limits": recipe.limits,
            "created": now(),
            "created_by": f"GenStudio {genstudio.__version__}",
            "trainable": not laying.under(ready.objective),
            **found,
        }
    )


def _device(ready: Ready) -> str:
    count = ready.device.threads
    return f"{ready.device.label}, {count} thread{'s' if count > 1 else ''}"


def now() -> str:
    """The moment in UTC, as it is written into files."""
    return datetime.now(UTC).isoformat(timespec="seconds")
