"""Run a generator of events to its end: shown as it goes, stopped politely by Ctrl+C."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Callable, Generator, Iterator
from types import FrameType

from genstudio.cli.screen import Screen
from genstudio.core import events
from genstudio.core.errors import GenStudioError


class Stopped(GenStudioError):
    """The user stopped the command."""

    kind = "cancelled"


class Stopping:
    """Asks a work in this process for a stop, so that it keeps what is unfinished.

    It asks from a thread of its own: a signal comes in the middle of the main thread, which may
    hold the very lock that the question needs.
    """

    def __init__(self) -> None:
        self._asked = False
        self._cancel: Callable[[], None] | None = None

    def of(self, cancel: Callable[[], None]) -> None:
        """`cancel` stops the work that begins now; at once where the stop came before."""
        self._cancel = cancel
        if self._asked:
            cancel()

    def __call__(self) -> None:
        """Ask."""
        self._asked = True
        if self._cancel is not None:
            threading.Thread(target=self._cancel, name="stop", daemon=True).start()


class StopSign:
    """Set by the first Ctrl+C (or SIGTERM). `on_stop` is called once, in the main thread."""

    def __init__(self) -> None:
        self.raised = False
        self.on_stop: Callable[[], None] = lambda: None

    def __bool__(self) -> bool:
        return self.raised


@contextlib.contextmanager
def polite_stop(screen: Screen) -> Iterator[StopSign]:
    """While inside: the first Ctrl+C raises the sign, the second one interrupts hard."""
    sign = StopSign()

    def handle(number: int, frame: FrameType | None) -> None:
        if sign.raised:
            raise KeyboardInterrupt
        sign.raised = True
        screen.remark("Stopping … (Ctrl+C again to stop at once)")
        sign.on_stop()

    if threading.current_thread() is not threading.main_thread():
        yield sign
        return
    caught = [signal.SIGINT, signal.SIGTERM]
    before = {number: signal.signal(number, handle) for number in caught}
    try:
        yield sign
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def run(
    stream: Iterator[events.Event],
    screen: Screen,
    on_stop: Callable[[], None] | None = None,
    stopped: str = "Stopped.",
) -> events.Done:
    """Iterate `stream` to its Done, showing each event; returns the Done, which is not shown.

    Raises GenStudioError where the stream ends in Failed, Stopped where it ends in Cancelled
    or the user pressed Ctrl+C: then the generator is closed, which runs its clean-up; with a
    Stopping as `on_stop` it is asked instead and shows what it has to its own end.
    """
    asks = isinstance(on_stop, Stopping)
    done: events.Done | None = None
    with polite_stop(screen) as sign:
        sign.on_stop = on_stop or sign.on_stop
        try:
            for event in stream:
                if isinstance(event, events.Failed):
                    raise failure(event)
                if isinstance(event, events.Done):
                    done = event
                elif isinstance(event, events.Cancelled) or (sign and not asks):
                    raise Stopped(stopped)
                else:
                    screen.show(event)
        except GenStudioError as error:
            if sign and error.problem.kind == Stopped.kind:
                raise Stopped(stopped) from error
            raise
        finally:
            screen.end()
            if isinstance(stream, Generator):
                stream.close()
        if sign and done is None:
            raise Stopped(stopped)
    return done or events.Done()


def failure(event: events.Failed) -> GenStudioError:
    """The error that a Failed event carries."""
    problem = event.problem
    return GenStudioError(
        problem.what,
        file=problem.file,
        next_step=problem.next_step,
        details=problem.details,
        kind=problem.kind,
    )
