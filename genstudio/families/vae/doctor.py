"""What can go wrong with a VAE: latent vectors that say nothing (posterior collapse).

Bowman et al. 2016 (section 3.1): the KL term falls to zero and the decoder works alone; warming
beta up, or free bits (Kingma et al. 2016, appendix C.8), keep the code in use.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from genstudio.core.events import Advice, Remedy
from genstudio.training.doctor import History, smoothed

EMPTY = 0.5
"""KL in nats per picture, all latent numbers together, below which a code says nothing."""
FREE_BITS = 0.5


@dataclass(frozen=True)
class PosteriorCollapse:
    """The KL term is near zero once its weight has reached beta."""

    name: str = "posterior-collapse"
    over: str = "The latent vector is in use again."

    def look(self, history: History) -> Advice | None:
        steps, values = history.series("kl")
        beta = float(history.options.get("beta", 1.0))  # type: ignore[arg-type]
        warm_up = float(history.options.get("warm_up", 0.0))  # type: ignore[arg-type]
        free = float(history.options.get("free_bits", 0.0))  # type: ignore[arg-type]
        if free or not beta or len(values) < 20:
            return None  # free bits charge a KL that is not there
        if steps[-1] < (warm_up + 0.05) * history.settings.steps:
            return None
        now = float(smoothed(values)[-1])
        if now > EMPTY or float(np.max(values[-5:])) > 2 * EMPTY:
            return None
        text = (
            f"The KL term is near zero (below {EMPTY:g} nats): the latent vector says nothing "
            "about the picture any more (posterior collapse), so all reconstructions look alike."
        )
        return Advice(name=self.name, level="warning", text=text, remedies=_remedies(beta))


def _remedies(beta: float) -> tuple[Remedy, ...]:
    free = Remedy(
        title=f"Allow {FREE_BITS:g} free bits", action="amend", options={"free_bits": FREE_BITS}
    )
    lower = Remedy(title="Lower beta to 1", action="amend", options={"beta": 1.0})
    warm = Remedy(
        title="Start again with a long KL warm-up", action="restart", options={"warm_up": 0.5}
    )
    return (free, *([lower] if beta > 1 else []), warm)
