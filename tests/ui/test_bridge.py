"""Events from any thread reach the main thread, in order, without a flood."""

from __future__ import annotations

import threading
import time
from types import SimpleNamespace

from PySide6.QtCore import QCoreApplication, QThread

from genstudio.core.events import Done, Heartbeat, Log, Preview, Progress
from genstudio.ui import bridge as bridge_module
from genstudio.ui.bridge import Bridge, Mailbox, slot_of


def in_thread(work) -> None:
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()


def test_mailbox_keeps_order_and_replaces():
    box = Mailbox()
    assert box.put("a") is True
    assert box.put("old", "slot") is False
    box.put("b")
    box.put("new", "slot")
    assert len(box) == 3
    assert [box.take(), box.take(), box.take(), box.take()] == ["a", "new", "b", None]


def test_what_a_newer_event_replaces():
    assert slot_of(Progress(job="j", done=1)) == slot_of(Progress(job="j", done=2))
    assert slot_of(Progress(job="j", done=1)) != slot_of(Progress(job="k", done=1))
    assert slot_of(Preview(job="j", index=1)) != slot_of(Preview(job="j", index=2))
    assert slot_of(Heartbeat(job="j")) is not None
    assert slot_of(Done(job="j")) is None
    assert slot_of(Log(job="j", text="x")) is None


def test_events_arrive_in_the_main_thread(qtbot, qapp):
    bridge = Bridge()
    seen = []
    bridge.event.connect(lambda e: seen.append((e, QThread.currentThread())))
    in_thread(lambda: bridge.post(Log(job="j", text="hello")))
    qtbot.waitUntil(lambda: bool(seen))
    assert seen[0][0].text == "hello"
    assert seen[0][1] is qapp.thread()
    bridge.close()


def test_flood_is_thinned_but_nothing_that_counts_is_lost(qtbot):
    bridge = Bridge()
    seen = []
    bridge.event.connect(seen.append)

    def flood():
        for number in range(5000):
            bridge.post(Progress(job="j", done=number, total=5000))
            if number % 100 == 0:
                bridge.post(Log(job="j", text=str(number)))
        bridge.post(Done(job="j"))

    in_thread(flood)
    qtbot.waitUntil(lambda: any(isinstance(e, Done) for e in seen))
    logs = [e.text for e in seen if isinstance(e, Log)]
    progress = [e.done for e in seen if isinstance(e, Progress)]
    assert logs == [str(n) for n in range(0, 5000, 100)]
    assert progress == [4999]
    bridge.close()


def test_turns_are_short_so_that_the_window_can_paint(qtbot, monkeypatch):
    monkeypatch.setattr(bridge_module, "TURN_SECONDS", 0.0)
    bridge = Bridge()
    seen = []
    bridge.event.connect(seen.append)
    for number in range(20):
        bridge.post(Log(job="j", text=str(number)))
    QCoreApplication.sendPostedEvents(bridge)
    assert len(seen) <= 2, "one turn must not take everything"
    qtbot.waitUntil(lambda: len(seen) == 20)
    bridge.close()


def test_changes_of_a_shelf_are_one(qtbot):
    bridge = Bridge()
    seen = []
    bridge.changed.connect(seen.append)
    for _ in range(50):
        bridge.post_change("gallery")
    bridge.post_change("queue")
    qtbot.waitUntil(lambda: len(seen) == 2)
    assert seen == ["gallery", "queue"]
    bridge.close()


class Source:
    def __init__(self):
        self.callbacks = []

    def __call__(self, callback):
        self.callbacks.append(callback)
        return lambda: self.callbacks.remove(callback)


def fake_studio():
    shelf = lambda: SimpleNamespace(on_change=Source())  # noqa: E731
    queue = SimpleNamespace(on_change=Source(), on_event=Source())
    return SimpleNamespace(
        library=shelf(),
        gallery=shelf(),
        datasets=shelf(),
        runs=shelf(),
        documents=shelf(),
        pieces=shelf(),
        queue=queue,
        on_show=Source(),
        on_problem=Source(),
    )


def test_listens_to_a_studio_until_closed(qtbot):
    studio = fake_studio()
    bridge = Bridge(studio)
    seen, shown, problems = [], [], []
    bridge.changed.connect(seen.append)
    bridge.shown.connect(lambda: shown.append(1))
    bridge.problem.connect(problems.append)
    studio.gallery.on_change.callbacks[0](["id"])
    studio.library.on_change.callbacks[0]()
    studio.on_show.callbacks[0]()
    studio.on_problem.callbacks[0]("trouble")
    qtbot.waitUntil(lambda: bool(problems))
    assert (seen, shown, problems) == (["gallery", "library"], [1], ["trouble"])
    bridge.close()
    assert not studio.queue.on_event.callbacks
    assert not studio.on_show.callbacks


def test_closed_bridge_is_silent(qtbot):
    bridge = Bridge()
    seen = []
    bridge.event.connect(seen.append)
    bridge.post(Log(job="j", text="late"))
    bridge.close()
    end = time.monotonic() + 0.05
    while time.monotonic() < end:
        QCoreApplication.processEvents()
    assert seen == []
