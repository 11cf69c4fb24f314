"""Many generations as one job: a sweep, a list of prompts, a folder of pictures.

What one item does wrong costs that item a sentence, the rest is made all the same. What would
stop them all (a full disk, a stop that was asked for) stops the series.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Generator, Iterator
from dataclasses import replace
from functools import partial
from typing import Any

from genstudio.core.artifact import UNFINISHED
from genstudio.core.errors import Problem, classify
from genstudio.core.events import Done, Event, Log, Preview, Progress, Result, Started, Words
from genstudio.core.job import Message
from genstudio.core.series import Series
from genstudio.core.stored import Json, to_name
from genstudio.workers.context import Context

Work = Callable[[Message, Context], Iterator[Event]]
# Nothing that follows could go better.
_ENDING = {"cancelled", "disk-full", "read-only"}
_TOLD = 100


def carry_out(one: Work, message: Message, context: Context) -> Iterator[Event]:
    """body: series (itself, or its name on the shelf), and `made` (places that are there already),
    ext, level, created.

    `one` makes the results of one request. Events count places over all items. Ends with
    Done(data={count, failed: [{index, name, text}]}); where every item failed, raises the first.
    """
    asked = message.body["series"]
    series = (
        Series.read(context.home.series / f"{to_name(asked)}.json")
        if isinstance(asked, str)
        else Series.model_validate(asked)
    )
    made = {place for place in _whole(message.body.get("made"))}
    failed: list[Json] = []
    first: Exception | None = None
    told: list[Started] = []
    count = len(made)
    # `one` keeps what is half done when it is stopped, so here nobody may stop it from outside.
    context.ends_itself = True
    yield Progress(done=0, total=len(series.items))
    for number, item in enumerate(series.items):
        context.check()
        begin = number * series.count
        if made.issuperset(range(begin, begin + series.count)):
            yield Progress(done=number + 1, total=len(series.items))
            continue
        body = _body(message, series, number)
        # Cells may have the same model, seed and number: each has a folder of its own.
        place = replace(context, spool=context.spool / str(number))
        work = partial(one, message.model_copy(update={"body": body}), place)
        try:
            for event in _item(work, series, number, told):
                if isinstance(event, Result):
                    if event.index in made:
                        continue  # half of this item was there before
                    count += not event.data.get(UNFINISHED)
                yield event
        except Exception as error:
            problem = classify(error, doing=f"making {item.name}" if item.name else "making one")
            # A stop reaches a network in the middle of its run: that ends with its own error.
            if context.cancelled or problem.kind in _ENDING:
                raise
            first = first or error
            failed.append({"index": begin, "name": item.name, "text": problem.sentence})
            yield Log(level="error", index=begin, text=_sentence(item.name, problem))
        yield Progress(done=number + 1, total=len(series.items))
    if first is not None and not count:
        raise first
    told_of: list[Json] = failed[:_TOLD]
    yield Done(data={"count": count, "failed": told_of, "seed": series.base.seed})


def _body(message: Message, series: Series, number: int) -> dict[str, Json]:
    kept = {k: v for k, v in message.body.items() if k in ("ext", "level", "created", "finish")}
    return {
        **kept,
        "request": series.request(number).model_dump(mode="json"),
        "group": series.group(number).model_dump(mode="json"),
    }


def _item(
    work: Callable[[], Iterator[Event]], series: Series, number: int, told: list[Started]
) -> Generator[Event, None, None]:
    """The events of one item, its places counted over the whole; the device is told once."""
    total, begin = len(series.items), number * series.count
    name = series.items[number].name
    source: Any = work()
    with contextlib.closing(source):
        for event in source:
            if isinstance(event, (Result, Preview, Words)):
                yield event.model_copy(update={"index": begin + event.index})
            elif isinstance(event, Progress):
                share = event.done / event.total if event.total else 0.0
                text = " · ".join(part for part in (f"{number + 1} of {total}", name) if part)
                yield Progress(done=number + min(share, 1.0), total=total, text=text)
            elif isinstance(event, Started):
                if told != [event]:
                    told[:] = [event]
                    yield event
            elif not isinstance(event, Done):
                yield event


def _sentence(name: str, problem: Problem) -> str:
    return f"{name}: {problem.sentence}" if name else problem.sentence


def _whole(value: Json) -> list[int]:
    return [entry for entry in value if isinstance(entry, int)] if isinstance(value, list) else []
