"""Which texts a model is measured with, and all that its metrics work on."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np

from genstudio.core.errors import BadInput
from genstudio.core.stored import Json
from genstudio.datasets import texts
from genstudio.datasets.texts import Texts
from genstudio.engine.decoding import Stepper
from genstudio.engine.loaded_model import LoadedModel
from genstudio.evaluation import word_lists
from genstudio.evaluation.splits import kept_back
from genstudio.evaluation.text_material import TextMaterial, settings_of
from genstudio.evaluation.text_pieces import ANSWER, Passage

LEAST = 40
"""Characters without which nothing can be measured."""
ROOM = 1.25
"""Tokens that may be written for each token that real text takes: some words are longer."""


def material_of(
    model: LoadedModel,
    data: Path,
    samples: int,
    seed: int,
    steppers: Callable[[LoadedModel], Stepper] | None,
    values: Mapping[str, Json],
    home: Path | None = None,
) -> TextMaterial:
    """The texts in the folder `data` as the metrics want them.

    `steppers` asks the model for tokens, None where it cannot be asked; `values` shape chance
    (temperature …); `home` may hold word lists of the user's own. Raises BadInput where there is
    too little text or a word list is broken.
    """
    train, test, held_out, facts = _splits(model, data)
    material = TextMaterial(
        model=model,
        stepper=steppers(model) if steppers is not None else None,
        tokenizer=model.tokenizer,
        train=train,
        test=test,
        count=samples,
        seed=seed,
        length=1,
        settings=settings_of(values),
        lists=word_lists.read(home),
        data=facts,
        held_out=held_out,
    )
    material.length = _length(material)
    return material


def _splits(
    model: LoadedModel, data: Path
) -> tuple[list[Passage], list[Passage], bool, dict[str, Json]]:
    """(texts learnt from, unseen texts, whether they are unseen, facts for every score)."""
    share = kept_back(model, data)
    train = texts.open_texts(data, "train", share)
    test = texts.open_texts(data, "test", share)
    facts: dict[str, Json] = {"data": data.name, "split": "test", "data_sha256": train.sha256}
    if not len(test):
        test, facts["split"] = texts.open_texts(data, "valid", share), "valid"
    if test.characters >= LEAST:
        return _passages(train), _passages(test), True, facts
    # Nothing was kept apart: the end of each text stands in for what was not seen.
    tails = texts.open_texts(data, "valid", None)
    found = tails if tails.characters >= LEAST else train
    if found.characters < LEAST:
        raise BadInput(
            f"{data.name} holds {found.characters} characters: too few to measure anything",
            next_step="Add more text to the dataset, or evaluate on another one.",
        )
    return _passages(train), _passages(found), False, {**facts, "split": "train"}


def _passages(found: Texts) -> list[Passage]:
    names = found.class_names
    return [
        Passage(doc.text, names[doc.label] if 0 <= doc.label < len(names) else "", doc.name)
        for doc in found.docs
    ]


def _length(material: TextMaterial) -> int:
    """Tokens that real text needs for what is compared, and some more."""
    some = material.openings[:: max(1, len(material.openings) // 32)]
    sizes = [len(material.tokenizer.encode(one.real)) for one in some]
    return math.ceil(ROOM * float(np.mean(sizes))) if sizes else ANSWER
