"""The network as samplers see it: from a noisy state to its opinion of the finished picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import numpy as np

from genstudio.core.errors import OutOfMemory
from genstudio.engine import batches
from genstudio.engine.ask import Ask
from genstudio.engine.loaded_model import LoadedModel
from genstudio.families.diffusion.tasks import KARRAS, STEPS, number
from genstudio.families.diffusion.wishes import Meaning, Wish, meaning
from genstudio.numerics import guidance, samplers, schedules
from genstudio.numerics.samplers import SAMPLERS, Ddim, Prediction, Sampler
from genstudio.numerics.schedules import Grid, Schedule


@dataclass(frozen=True)
class Way:
    """How noise becomes pictures: the sampler and the steps it takes."""

    sampler: type[Sampler]
    grid: Grid


def schedule(model: LoadedModel) -> Schedule:
    """The noise schedule the model was trained with."""
    name: schedules.Name = "linear" if model.config.get("schedule") == "linear" else "cosine"
    return schedules.schedule(name, model.size("noise_steps"))


def way(model: LoadedModel, ask: Ask) -> Way:
    """The way that was asked for; a distilled model knows only its own."""
    known = schedule(model)
    distilled = model.config.get("distilled")
    if isinstance(distilled, int) and distilled > 0:
        return Way(Ddim, schedules.grid(known, min(distilled, known.steps)))
    kind = SAMPLERS[ask.word("sampler", "dpm")]
    most = schedules.NOISIEST if kind is SAMPLERS["heun"] else np.inf
    usable = int(np.searchsorted(known.levels, most, side="right"))
    steps = min(ask.whole("steps", STEPS), usable)
    if ask.word("spacing") == KARRAS:
        return Way(kind, schedules.karras(known, steps))
    return Way(kind, schedules.grid(known, steps, most=most))


@dataclass(frozen=True)
class Guidance:
    """How strongly to keep to what was asked, and on which share of the way (0 to 1)."""

    scale: float = 1.0
    rescale: float = 0.0
    first: float = 0.0
    last: float = 1.0

    @classmethod
    def of(cls, model: LoadedModel, ask: Ask) -> Guidance:
        """As asked for; none where nothing can be asked, or where it was learnt in."""
        if model.config.get("distilled") or model.config.get("condition") in (None, "none"):
            return cls()
        return cls(
            ask.number("guidance", number(model.config, "guidance", 1.0)),
            ask.number("rescale", 0.0),
            ask.number("guidance_from", number(model.config, "guidance_from", 0.0)),
            ask.number("guidance_until", 1.0),
        )

    def at(self, share: float) -> bool:
        """Whether it counts at this share of the way (Kynkäänniemi et al. 2024, "Applying
        guidance in a limited interval improves sample and distribution quality").
        """
        return self.scale != 1 and self.first <= share <= self.last


class Denoiser:
    """`Denoise` of some pictures, each with its wish; rows of x may be several per picture.

    Row r belongs to picture r mod (number of pictures). Where memory runs out, fewer rows go
    through the network at once; alone a row raises OutOfMemory.
    """

    def __init__(
        self, model: LoadedModel, asked: Meaning, plain: Meaning | None, how: Guidance
    ) -> None:
        self._model = model
        self._asked, self._plain, self._how = asked, plain, how
        self._prediction = cast("Prediction", model.config.get("prediction", "v"))
        self._steps = model.size("noise_steps")
        limit = model.batch_limit(batches.item_bytes(model))
        self._rows = max(1, min(2 * batches.BATCH, limit))
        self.note = ""

    @classmethod
    def of(cls, model: LoadedModel, ask: Ask, wishes: list[Wish]) -> Denoiser:
        """The denoiser of pictures with these wishes."""
        count = len(wishes)
        tokens, away = [w.tokens for w in wishes], [w.away for w in wishes]
        if Guidance.of(model, ask).scale == 1 or tokens == away:
            return cls(model, meaning(model, tokens), None, Guidance())
        both = meaning(model, [*tokens, *away])
        return cls(model, both[:count], both[count:], Guidance.of(model, ask))

    def __call__(self, x: np.ndarray, t: float, alpha: float, sigma: float) -> np.ndarray:
        """x̂0 (rows, c, s, s) from −1 to 1."""
        share = 1 - (t + 1) / self._steps
        asked = self._asked.repeated(len(x) // self._pictures(x))
        if self._plain is None or not self._how.at(share):
            out = self._run(x, t, asked)
        else:
            plain = self._plain.repeated(len(x) // self._pictures(x))
            parts = {
                name: np.concatenate([part, plain.parts[name]])
                for name, part in asked.parts.items()
            }
            both = self._run(np.concatenate([x, x]), t, Meaning(parts))
            first, second = both[: len(x)], both[len(x) :]
            out = guidance.guided(first, second, self._how.scale, self._how.rescale)
        x0 = samplers.to_x0(out, x, alpha, sigma, self._prediction)
        return np.clip(x0, -1, 1)

    def _pictures(self, x: np.ndarray) -> int:
        return next((len(part) for part in self._asked.parts.values()), len(x))

    def _run(self, x: np.ndarray, t: float, said: Meaning) -> np.ndarray:
        """The network's answers, as many rows at once as memory bears."""
        found: list[np.ndarray] = []
        first = 0
        while first < len(x):
            rows = slice(first, first + self._rows)
            part = x[rows]
            times = np.full(len(part), t, np.float32)
            try:
                out = self._model.run("unet", {"x": part, "t": times, **said[rows].parts})["out"]
            except OutOfMemory:
                if len(part) == 1:
                    raise
                self._rows = len(part) // 2
                self.note = f"memory ran short: {self._rows} at a time"
                continue
            found.append(out)
            first += len(part)
        return found[0] if len(found) == 1 else np.concatenate(found)
