"""One piece of work in a worker process of its own, waited for."""

from __future__ import annotations

import queue

from genstudio.cli.running import Stopped, failure
from genstudio.core import events
from genstudio.core.job import Message, Role
from genstudio.core.paths import Home
from genstudio.core.stored import Json

JOB = "command-line"


def do_in_child(home: Home, role: Role, work: str, body: dict[str, Json]) -> events.Done:
    """Start a worker, let it do the work, stop it; returns its Done or raises its failure."""
    from genstudio.workers.parent import Worker

    said: queue.SimpleQueue[events.Event] = queue.SimpleQueue()
    worker = Worker(role, home.root, said.put)
    try:
        worker.send(Message(job=JOB, work=work, body=body))
        while True:
            event = said.get()
            if isinstance(event, events.Failed):
                raise failure(event)
            if isinstance(event, events.Cancelled):
                raise Stopped("Stopped.")
            if isinstance(event, events.Done):
                return event
    finally:
        worker.close()
