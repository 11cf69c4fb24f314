"""A lane: one role's worker and the thread in which its events are shelved and passed on."""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable
from typing import Protocol

from genstudio.core.errors import classify
from genstudio.core.events import Event, Failed, stamped
from genstudio.core.job import Message, Role

log = logging.getLogger(__name__)
BATCH = 64


class WorkerLike(Protocol):
    """What a lane needs of `workers.parent.Worker`."""

    def send(self, message: Message) -> None:
        """Start a job."""

    def cancel(self, job: str) -> None:
        """Ask it to stop."""

    def close(self) -> None:
        """End the process."""

    @property
    def memory(self) -> int:
        """Bytes in use."""


class Lane:
    """Runs what `next_message` gives, one at a time, and hands batches of events to `handle`.

    Starting a process and keeping files happen in this thread, never in the caller's: the
    window only ever posts.
    """

    def __init__(
        self,
        role: Role,
        make_worker: Callable[[Callable[[Event], None]], WorkerLike],
        next_message: Callable[[Role], Message | None],
        handle: Callable[[Role, list[Event]], None],
    ) -> None:
        self.role = role
        self._next_message = next_message
        self._handle = handle
        self._inbox: queue.SimpleQueue[Event | None] = queue.SimpleQueue()
        self._closing = threading.Event()
        self._cancel = ""
        self._worker = make_worker(self._inbox.put)
        self._thread = threading.Thread(target=self._run, name=f"{role}-lane", daemon=True)
        self._thread.start()

    @property
    def memory(self) -> int:
        """Resident bytes of the worker."""
        return self._worker.memory

    def wake(self) -> None:
        """There may be something to start."""
        self._inbox.put(None)

    def post(self, event: Event) -> None:
        """Pass an event on as if the worker had said it."""
        self._inbox.put(event)

    def cancel(self, job: str) -> None:
        """Stop the running job, also one whose message is just on its way."""
        self._cancel = job
        self._worker.cancel(job)

    def close(self) -> None:
        """End the worker and the thread; what arrives from now on is dropped."""
        self._closing.set()
        self._worker.close()
        self._inbox.put(None)
        if threading.current_thread() is not self._thread:
            self._thread.join(10.0)

    def _run(self) -> None:
        while not self._closing.is_set():
            items = [self._inbox.get()]
            while len(items) < BATCH and not self._inbox.empty():
                items.append(self._inbox.get())
            if self._closing.is_set():
                return
            events = [item for item in items if item is not None]
            try:
                if events:
                    self._handle(self.role, events)
                self._start_next()
            except Exception:
                log.exception("the %s lane failed", self.role)

    def _start_next(self) -> None:
        message = self._next_message(self.role)
        if message is None:
            return
        try:
            self._worker.send(message)
        except Exception as error:
            failed = Failed(problem=classify(error, doing="starting the work"))
            self._inbox.put(stamped(failed, message.job, message.stamp))
            return
        if self._cancel == message.job:
            self._worker.cancel(message.job)
