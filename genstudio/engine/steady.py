"""A task on the fast copy of a model, made again in full precision where the copy fails.

Undefined numbers, or a picture of one single colour, are what a copy in whole numbers gives where
its ranges do not fit. Noise is keyed by (seed, index), so an item made alone is the item that was
asked for; the picture then carries a sentence about it.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Generator, Iterator
from dataclasses import replace
from typing import cast

from genstudio.core.errors import GenStudioError
from genstudio.core.events import Progress
from genstudio.core.stored import Json
from genstudio.engine.ask import Ask
from genstudio.engine.batches import BLANK, UNDEFINED
from genstudio.engine.loaded_model import LoadedModel
from genstudio.engine.outputs import Blob, Output, Picture, Report

Run = Callable[[LoadedModel, Ask], Iterator[Progress | Output]]
AGAIN = "made_again"
"""Key in `data` of an output that was made again in full precision; its value says why."""
_ONE_COLOUR = "The fast copy gave one single colour, so this was made again in full precision"
_NO_NUMBERS = "The fast copy gave undefined numbers, so this was made again in full precision"


def run(task: Run, quick: LoadedModel, full: LoadedModel, ask: Ask) -> Iterator[Progress | Output]:
    """All outputs of `task` on `quick`; what it cannot make comes from `full`.

    Where that gives one single colour too, it is no fault of the copy and stays as it is.
    """
    made: set[int] = set()
    try:
        with contextlib.closing(cast("Generator[Progress | Output]", task(quick, ask))) as source:
            for output in source:
                if isinstance(output, Picture) and not output.passing and BLANK in output.data:
                    output = _again(task, full, ask, output)
                if not isinstance(output, Progress) and not getattr(output, "passing", False):
                    made.add(output.index)
                yield output
    except GenStudioError as error:
        left = [place for place in range(ask.first, ask.first + ask.count) if place not in made]
        if error.problem.kind != UNDEFINED or not left:
            raise
        for first, count in _stretches(left):
            for again in task(full, replace(ask, first=first, count=count)):
                yield again if isinstance(again, Progress) else _told(again, _NO_NUMBERS)


def _stretches(places: list[int]) -> list[tuple[int, int]]:
    """Ascending places as (first, count): pictures come in order, drafts end when they will."""
    found: list[tuple[int, int]] = []
    for place in places:
        if found and sum(found[-1]) == place:
            found[-1] = (found[-1][0], found[-1][1] + 1)
        else:
            found.append((place, 1))
    return found


def _again(task: Run, full: LoadedModel, ask: Ask, blank: Picture) -> Picture:
    """The same item in full precision; the blank one where that is blank as well."""
    alone = replace(ask, first=blank.index, count=1)
    for output in task(full, alone):
        if isinstance(output, Picture) and not output.passing and output.index == blank.index:
            return _told(output, _ONE_COLOUR) if BLANK not in output.data else blank  # type: ignore[return-value]
    return blank


def _told(output: Output, why: str) -> Output:
    if isinstance(output, (Blob, Report)) or getattr(output, "passing", False):
        return output
    data: dict[str, Json] = {**output.data, AGAIN: why}
    return replace(output, data=data)
