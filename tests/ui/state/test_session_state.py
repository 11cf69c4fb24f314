"""Every field survives; three crashes at start reset it; settings are checked."""

from __future__ import annotations

import threading

import pytest

from genstudio.core.errors import ReadOnly
from genstudio.ui.state import session_state
from genstudio.ui.state.session_state import SessionState
from genstudio.ui.state.settings_state import SettingsState


@pytest.fixture
def opened():
    """Makes SessionStates that are closed in the end."""
    made = []

    def make(studio):
        made.append(SessionState(studio))
        return made[-1]

    yield make
    for session in made:
        session.close()


def test_a_change_is_written_soon_and_once(studio, qtbot, monkeypatch, opened):
    monkeypatch.setattr(session_state, "QUIET_MS", 30)
    session = opened(studio)
    for number in range(5):
        session.set("window.area", str(number))
    qtbot.waitUntil(lambda: studio.saves == 1, timeout=3000)
    assert studio.kept == {"window.area": "4"}


def test_changes_without_end_are_written_all_the_same(studio, qtbot, monkeypatch, opened):
    monkeypatch.setattr(session_state, "QUIET_MS", 100_000)
    monkeypatch.setattr(session_state, "LATEST_MS", 40)
    session = opened(studio)
    session.set("a", 1)
    qtbot.waitUntil(lambda: studio.kept == {"a": 1}, timeout=3000)


def test_the_promise_is_five_seconds():
    assert session_state.LATEST_MS <= 5000


def test_the_same_value_is_no_change(studio):
    studio.kept = {"a": None}
    session = SessionState(studio)
    session.set("a", None)
    session.save()
    assert studio.saves == 0


def test_parts_are_asked_when_it_is_written(studio):
    session = SessionState(studio)
    session.part("generation", lambda: {"seed": 3})
    session.touch()
    session.save()
    assert studio.kept == {"generation": {"seed": 3}}
    assert SessionState(studio).get("generation") == {"seed": 3}


@pytest.mark.parametrize(("crashes", "found"), [(0, 1), (2, 1), (3, None), (9, None)])
def test_three_crashes_at_start_give_safe_defaults(studio, crashes, found):
    studio.kept, studio.crashes = {"a": 1}, crashes
    session = SessionState(studio)
    assert session.get("a") == found
    assert session.safe_start == (found is None)


@pytest.mark.parametrize("crashes", [0, 2, 3, 7])
def test_a_start_with_defaults_is_said(studio, crashes):
    studio.crashes = crashes
    notice = SessionState(studio).notice
    assert (notice is not None) == (crashes >= 3)
    if notice is not None:
        assert f"{crashes} times in a row" in notice.sentence
        assert "untouched" in notice.sentence


def test_a_folder_that_cannot_be_written_stops_nothing(studio, monkeypatch):
    def refuse(_values):
        raise ReadOnly("This folder is read-only")

    monkeypatch.setattr(studio, "save_session", refuse)
    session = SessionState(studio)
    session.set("a", 1)
    session.save()
    assert "read-only" in session.problem
    assert session.get("a") == 1


def test_a_slow_disk_does_not_hold_the_window(studio, qtbot, monkeypatch, opened):
    monkeypatch.setattr(session_state, "QUIET_MS", 10)
    free, writers = threading.Event(), []

    def slow(values):
        writers.append(threading.current_thread())
        assert free.wait(10)
        studio.kept = values

    monkeypatch.setattr(studio, "save_session", slow)
    session = opened(studio)
    fields = {"seed": 1}
    session.set("a", fields)
    qtbot.waitUntil(lambda: len(writers) == 1, timeout=3000)
    fields["seed"] = 2  # what is being written is not what changes meanwhile
    free.set()
    qtbot.waitUntil(lambda: studio.kept == {"a": {"seed": 1}}, timeout=3000)
    assert writers[0] is not threading.main_thread()


def test_what_could_not_be_written_is_written_with_the_next_change(studio, monkeypatch):
    works = studio.save_session

    def refuse(_values):
        raise ReadOnly("This folder is read-only")

    session = SessionState(studio)
    session.set("a", 1)
    monkeypatch.setattr(studio, "save_session", refuse)
    session.save()
    monkeypatch.setattr(studio, "save_session", works)
    session.close()
    assert studio.kept == {"a": 1}
    assert session.problem == ""


def test_settings_are_checked_and_kept(studio, heard):
    settings = SettingsState(studio)
    changes, problems = heard(settings.changed), heard(settings.problem)
    assert settings.change("theme", "dark")
    assert settings.change("theme", "dark")
    assert settings.values.theme == "dark"
    assert changes == ["theme"]
    assert not settings.change("trash_days", 0)
    assert "from 1" in problems[0].what
    assert settings.values.trash_days == 30
    assert {c.name for c in settings.controls} >= {"theme", "metadata"}


def test_settings_that_cannot_be_kept_say_so(studio, heard, monkeypatch):
    def refuse(_settings):
        raise ReadOnly("This folder is read-only")

    monkeypatch.setattr(studio, "save_settings", refuse)
    settings = SettingsState(studio)
    problems = heard(settings.problem)
    assert not settings.change("theme", "light")
    assert problems[0].kind == "read-only"
