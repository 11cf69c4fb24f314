"""The guard: unhandled exceptions of any thread, Qt's messages, hard crashes."""

from __future__ import annotations

import faulthandler
import logging
import sys
import threading

import pytest
from PySide6.QtCore import QObject, QTimer, qWarning

from genstudio.ui import crash
from genstudio.ui.crash import MOST_DIALOGS, CrashGuard


@pytest.fixture
def guard(qtbot):
    problems = []
    made = CrashGuard(problems.append)
    made.install()
    made.problems = problems
    yield made
    made.remove()


def test_thread_failure_is_told_in_the_main_thread(guard, qtbot):
    def fail():
        raise ValueError("from a thread")

    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: bool(guard.problems))
    assert "from a thread" in guard.problems[0].details


def test_interrupt_is_left_alone(guard, monkeypatch):
    passed = []
    monkeypatch.setattr(guard, "_before", (lambda *a: passed.append(a), guard._before[1]))
    sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)
    assert len(passed) == 1
    assert guard.problems == []
    guard._before = (sys.__excepthook__, threading.__excepthook__)


def test_dialogs_do_not_pile_up(qtbot):
    shown = []

    def show(_problem):
        shown.append(QObject())
        return shown[-1]

    guard = CrashGuard(show)
    for _ in range(10):
        guard._tell("problem")
    assert len(shown) == MOST_DIALOGS
    shown[0].deleteLater()
    qtbot.waitUntil(lambda: guard._shown == MOST_DIALOGS - 1)
    guard._tell("problem")
    assert len(shown) == MOST_DIALOGS + 1


def test_qt_messages_go_to_the_log(guard, caplog):
    with caplog.at_level(logging.WARNING, "genstudio.ui"):
        qWarning("something about Qt")
    assert "something about Qt" in caplog.text


def test_crash_log_is_removed_when_empty(tmp_path, guard):
    was_on = faulthandler.is_enabled()
    guard.dump_into(tmp_path / "logs")
    assert len(list((tmp_path / "logs").glob("crash-*.log"))) == 1
    guard.stop_dump()
    assert list((tmp_path / "logs").iterdir()) == []
    if was_on:
        faulthandler.enable(sys.__stderr__)


def test_crash_log_with_words_is_kept(tmp_path, guard):
    was_on = faulthandler.is_enabled()
    guard.dump_into(tmp_path)
    faulthandler.dump_traceback(guard._dump)
    guard.stop_dump()
    assert "test_crash" in next(tmp_path.glob("crash-*.log")).read_text(encoding="utf-8")
    if was_on:
        faulthandler.enable(sys.__stderr__)


def test_no_place_for_a_crash_log_is_no_reason_to_stop(tmp_path, guard, monkeypatch):
    def refuse(_path):
        raise OSError("read-only")

    monkeypatch.setattr("genstudio.core.files.open_log", refuse)
    guard.dump_into(tmp_path)
    assert guard._dump is None
    guard.stop_dump()


def test_slot_failure_reaches_the_hook(guard, qtbot, monkeypatch):
    """PySide hands what a slot raises to sys.excepthook and goes on."""
    heard = []
    monkeypatch.setattr(sys, "excepthook", lambda *words: heard.append(words[1]))

    def fail():
        raise ValueError("in a slot")

    with qtbot.capture_exceptions() as caught:
        QTimer.singleShot(0, fail)
        qtbot.waitUntil(lambda: bool(caught) or bool(heard))
    found = heard or [entry[1] for entry in caught]
    assert "in a slot" in str(found[0])


def test_levels():
    assert crash._LEVELS[crash.QtMsgType.QtFatalMsg] == logging.CRITICAL
