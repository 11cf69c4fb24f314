"""Pictures asked for by captions of the dataset: what prompt scores are computed from.

Two sets: "seen" are captions whose words the model met together in training (of pictures that it
was not trained on, as far as there are any), "new" are those of held-out combinations.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from genstudio.core.events import Progress
from genstudio.core.stored import Json
from genstudio.engine.loaded_model import LoadedModel
from genstudio.engine.outputs import Picture
from genstudio.evaluation.captioned import Captioned
from genstudio.evaluation.material import Material
from genstudio.evaluation.splits import held_combinations

MOST = 500
"""Pictures of each set, at most."""
AGAIN = 10
"""So often a caption is asked for at most, where there are few."""
SEEN, NEW = "seen", "new"
_EVERY = 16


@dataclass(frozen=True)
class Asked:
    """Captions that were asked for, and the pictures that came, uint8 (n, h, w, c)."""

    captions: tuple[str, ...]
    pictures: np.ndarray


def prepare(material: Material, kinds: Sequence[str] = (SEEN, NEW)) -> Iterator[Progress]:
    """Make the pictures of these sets; progress counts them."""
    prompts = {kind: _prompts(material, kind) for kind in kinds}
    total, done = sum(map(len, prompts.values())), 0
    for kind, captions in prompts.items():
        pictures: list[np.ndarray] = []
        # The second set goes on with the noise where the first one ends.
        for picture in _made(material, captions, done):
            pictures.append(picture)
            if len(pictures) % _EVERY == 0 or len(pictures) == len(captions):
                text = f"asked for by captions: {done + len(pictures)} of {total}"
                yield Progress(done=done + len(pictures), total=total, text=text)
        done += len(captions)
        if pictures:
            asked = Asked(captions, np.stack(pictures))
            material.cached(_key(kind), lambda asked=asked: asked)  # type: ignore[misc]


def asked(material: Material, kind: str) -> Asked | None:
    """The set as it was made; None where it was not, for lack of such captions."""
    found: Asked | None = material.cached(_key(kind), lambda: None)
    return found


def real(material: Material, kind: str, judge: LoadedModel) -> np.ndarray:
    """Numbers of the real pictures of that kind which the judge was not trained on, (k,)."""
    captioned = _captioned(material)
    return np.flatnonzero(captioned.unseen_by(judge) & _of_kind(material, kind))


def _key(kind: str) -> str:
    return f"asked {kind}"


def _captioned(material: Material) -> Captioned:
    assert material.captioned is not None, "asked for by registry.Metric.needs"
    return material.captioned


def _of_kind(material: Material, kind: str) -> np.ndarray:
    captioned = _captioned(material)
    combinations = held_combinations(material.model)
    held = captioned.holding(combinations) if combinations else np.zeros(len(captioned), bool)
    return held if kind == NEW else ~held


def _prompts(material: Material, kind: str) -> tuple[str, ...]:
    """Captions in an order drawn by the seed, those of unseen pictures first, some repeated."""
    captioned = _captioned(material)
    numbers = np.flatnonzero(_of_kind(material, kind))
    drawn = np.random.default_rng([material.seed, len(numbers)]).permutation(numbers)
    unseen = captioned.unseen_by(material.model)[drawn]
    order = np.concatenate([drawn[unseen], drawn[~unseen]])
    captions = list(dict.fromkeys(captioned.captions[place] for place in order.tolist()))
    count = min(MOST, material.count, AGAIN * len(captions))
    return tuple(captions[place % len(captions)] for place in range(count))


def _made(material: Material, captions: tuple[str, ...], first: int) -> Iterator[np.ndarray]:
    if not captions:
        return
    said: list[Json] = list(captions)
    values: dict[str, Json] = {**material.values, material.prompt: said}
    ask = replace(material.ask(first, len(captions)), values=values)
    for item in material.tasks["sample"](material.model, ask):
        if isinstance(item, Picture) and not item.passing:
            yield item.pixels
