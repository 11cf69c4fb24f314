"""All that a model of tokens can be asked: it writes text or music, as its tokenizer says.

`TASKS = tasks(make_stepper)` is all of a family's `sample.py` besides the Stepper itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from genstudio.core.composing import KIND
from genstudio.core.errors import UsageError
from genstudio.core.events import Progress
from genstudio.engine import composing, writing
from genstudio.engine.ask import Ask
from genstudio.engine.decoding import Stepper
from genstudio.engine.loaded_model import LoadedModel
from genstudio.engine.outputs import Output

MakeStepper = Callable[[LoadedModel], Stepper]
Run = Callable[[LoadedModel, Ask], Iterator[Progress | Output]]


def tasks(make: MakeStepper) -> dict[str, Run]:
    """The tasks of `core.writing` and `core.composing` by name; some names are in both."""
    texts, music = writing.tasks(make), composing.tasks(make)

    def of(name: str) -> Run:
        def task(model: LoadedModel, ask: Ask) -> Iterator[Progress | Output]:
            known = music if model.config.get("tokenizer") == KIND else texts
            if name not in known:
                raise UsageError(f"{model.manifest.title} cannot be asked for {name}")
            yield from known[name](model, ask)

        return task

    return {name: of(name) for name in texts | music}
