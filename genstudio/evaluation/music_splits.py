"""Which pieces a model is measured with, and all that its metrics work on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from genstudio.core.errors import BadInput
from genstudio.core.stored import Json
from genstudio.datasets import scores
from genstudio.datasets.scores import Scores
from genstudio.engine.decoding import Stepper
from genstudio.engine.loaded_model import LoadedModel
from genstudio.evaluation.material import Sampler
from genstudio.evaluation.music_material import MusicMaterial
from genstudio.evaluation.music_pieces import Work
from genstudio.evaluation.splits import kept_back
from genstudio.media.note_tokens import NoteTokens

LEAST = 16
"""Notes without which nothing can be measured."""
BARS = 8
Asked = tuple[Callable[[LoadedModel], Stepper] | None, Mapping[str, Sampler]]
"""How a model is asked for tokens (None where it cannot be), and its tasks."""


def material_of(
    model: LoadedModel,
    data: Path,
    samples: int,
    seed: int,
    asked: Asked,
    values: Mapping[str, Json],
) -> MusicMaterial:
    """The pieces in the folder `data` as the metrics want them.

    `values` of the task shape chance and say how many bars a piece has. Raises BadInput where
    there is too little music.
    """
    train, test, held_out, facts = _splits(model, data)
    stepper, tasks = asked
    bars, tokenizer = values.get("bars"), model.tokenizer
    if not isinstance(tokenizer, NoteTokens):
        raise BadInput(f"{model.manifest.title} has no tokens of music", file=model.folder)
    return MusicMaterial(
        model=model,
        stepper=stepper(model) if stepper is not None else None,
        compose=tasks.get("sample"),
        tokenizer=tokenizer,
        train=train,
        test=test,
        count=samples,
        seed=seed,
        bars=bars if isinstance(bars, int) else BARS,
        values=values,
        data=facts,
        held_out=held_out,
    )


def _splits(model: LoadedModel, data: Path) -> tuple[list[Work], list[Work], bool, dict[str, Json]]:
    """(pieces learnt from, unseen pieces, whether they are unseen, facts for every score)."""
    train, valid, test = scores.open_all(data, kept_back(model, data))
    facts: dict[str, Json] = {"data": data.name, "split": "test", "data_sha256": train.sha256}
    if not test.notes:
        test, facts["split"] = valid, "valid"
    if test.notes >= LEAST:
        return _works(train), _works(test), True, facts
    # Nothing was kept apart: the end of each piece stands in for what was not seen.
    tails = scores.open_all(data)[1]
    found = tails if tails.notes >= LEAST else train
    if found.notes < LEAST:
        raise BadInput(
            f"{data.name} holds {found.notes} notes: too few to measure anything",
            next_step="Add more music to the dataset, or evaluate on another one.",
        )
    return _works(train), _works(found), False, {**facts, "split": "train"}


def _works(found: Scores) -> list[Work]:
    names = found.class_names
    return [
        Work(one.piece, names[one.label] if 0 <= one.label < len(names) else "", one.name)
        for one in found.scores
    ]
