"""Fast copies of models of text: what they lose is measured on what the model itself writes.

Text of the model needs no data, and on it the loss is exact: the mean of log p - log q over all
tokens that may follow is the divergence of the copy q from the model p, and its exponential the
ratio of their perplexities.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence

import numpy as np

from genstudio import families
from genstudio.core import fast
from genstudio.core.events import Event, Progress, Started
from genstudio.engine import int8, logits
from genstudio.engine.decoding import Stepper
from genstudio.engine.loaded_model import LoadedModel
from genstudio.engine.sessions import Sessions
from genstudio.numerics import noise
from genstudio.workers import keeping
from genstudio.workers.context import Context

ROWS, LENGTH = 4, 96
"""Texts that are written for the measure, and their tokens."""
LOST = 1e6
"""Stands for a perplexity that is no number."""
REPEATS = 24
"""Steps that are timed."""
_SEED = 0
Read = Generator[Event, None, np.ndarray]


def make(
    model: LoadedModel, graphs: Sequence[str], sessions: Sessions, context: Context
) -> Iterator[Event]:
    """See `workers.quick.make`."""
    device, stepper = model.device, families.part(model.manifest.family, "sample").make_stepper
    yield Started(device=device.name, reason=device.reason, threads=device.threads)
    length = min(LENGTH, model.size("context") - 1)
    total = 2 * length + len(graphs) + 1
    full: Stepper = stepper(model)
    tokens = np.zeros((ROWS, length), np.int64)  # the first is the mark between texts
    own = yield from _read(full, tokens, (0, total, "Full precision"), writes=True)
    copies = {}
    for graph in graphs:
        yield Progress(done=length, total=total, text=f"Making {graph} smaller")
        copies[graph] = int8.dynamic(model, graph)
    with LoadedModel.open(model.folder, device, sessions.memory_mb, copies) as opened:
        context.on_cancel(opened.stop)
        quick: Stepper = stepper(opened)
        other = yield from _read(quick, tokens, (length + len(graphs), total, "Fast copy"))
        steps = (_step(full, tokens[:1]), _step(quick, tokens[:1]))
        times = int8.faster(*steps, REPEATS)
    yield Progress(done=total, total=total, text="done")
    perplexity = float(np.expm1((np.exp(own) * (own - other)).sum(-1).mean()))
    record = fast.FastCopy(
        **keeping.facts(model.manifest, times),
        perplexity=perplexity if np.isfinite(perplexity) else LOST,
        samples=tokens.size,
        refused=fast.why_text_refused(times, perplexity),
    )
    yield keeping.kept(context.home, model.manifest, record, copies)


def _read(
    stepper: Stepper, tokens: np.ndarray, stage: tuple[int, int, str], writes: bool = False
) -> Read:
    """Logarithms of the probabilities (b, t, v) after each of the tokens (b, t), one by one as in
    use. With `writes` all tokens but the first are drawn from them and filled in."""
    done, total, text = stage
    found = []
    for place in range(tokens.shape[1]):
        column = tokens[:, place]
        scores = stepper.step(column) if place else stepper.begin(column[:, None])[:, 0]
        found.append(logits.log_softmax(scores))  # (b, v)
        if writes and place + 1 < tokens.shape[1]:
            draws = noise.uniform(_SEED, place, (len(tokens),))
            tokens[:, place + 1] = logits.chosen(scores, draws, greedy=False)
        yield Progress(done=done + place + 1, total=total, text=text)
    return np.stack(found, axis=1)


def _step(stepper: Stepper, tokens: np.ndarray) -> Callable[[], object]:
    """One step of one text behind the first half of `tokens` (1, t)."""
    half = tokens.shape[1] // 2
    stepper.begin(tokens[:, :half])
    rest = iter(np.resize(tokens[0, half:], REPEATS + 1))
    return lambda: stepper.step(np.array([next(rest)]))
