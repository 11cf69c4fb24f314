"""Run a piece of work as a generator of events: the same in a worker and in-process."""

from __future__ import annotations

import importlib
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, get_args

from genstudio.core.errors import UsageError
from genstudio.core.events import ENDS, Done, Event, Result
from genstudio.core.job import Message, Role
from genstudio.core.paths import Home
from genstudio.core.stored import Json
from genstudio.workers.context import Context, read_settings

Work = Callable[[Message, Context], Iterator[Event]]


def works(role: str) -> dict[str, Work]:
    """The work functions of a role by name; raises UsageError."""
    if role not in get_args(Role):
        raise UsageError(f"there is no worker role {role!r}; known: {', '.join(get_args(Role))}")
    table: dict[str, Work] = importlib.import_module(f"genstudio.workers.{role}").WORKS
    return table


def run(
    role: Role,
    work: str,
    body: dict[str, Json],
    home: Home,
    spool: Path | None = None,
    kept: dict[str, Any] | None = None,
    stoppable: Callable[[Callable[[], None]], None] = lambda cancel: None,
) -> Iterator[Event]:
    """Work in this process (command line, tests); errors raise, Done comes last.

    Results lie in `spool` (default: the spool of the data folder) and belong to the caller.
    `stoppable` is given what asks for a stop (from another thread): then what is unfinished is
    told as in a worker, and Stopped raised.
    """
    message = Message(job="inline", work=work, body=body)
    context = Context(
        home=home,
        spool=spool or home.spool,
        job=message.job,
        settings=read_settings(home),
        kept={} if kept is None else kept,
    )
    stoppable(context.cancel)
    return events(works(role), message, context)


def events(table: dict[str, Work], message: Message, context: Context) -> Iterator[Event]:
    """All events of one message, ending in exactly one Done; raises what the work raises."""
    begin = time.perf_counter()
    if message.work not in table:
        raise UsageError(f"this worker cannot do {message.work!r}; it can: {', '.join(table)}")
    source = table[message.work](message, context)
    try:
        for event in source:
            if isinstance(event, ENDS):
                seconds = time.perf_counter() - begin
                update = {"seconds": seconds} if isinstance(event, Done) else {}
                yield event.model_copy(update=update)
                return
            yield event
            if not isinstance(event, Result) and not context.ends_itself:
                # What was made before a stop is kept: results are told to the last.
                context.check()
        context.check()
    finally:
        close = getattr(source, "close", None)
        if close is not None:
            close()
    yield Done(seconds=time.perf_counter() - begin)
