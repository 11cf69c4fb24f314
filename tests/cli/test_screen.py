"""What the command line shows."""

from __future__ import annotations

import io
import json

import pytest

from genstudio.cli import screen as screens
from genstudio.cli.screen import Screen
from genstudio.core import events


class Terminal(io.StringIO):
    """A stderr that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def use_terminal(monkeypatch) -> Terminal:
    """Make stderr a terminal (in the test itself: pytest sets stderr anew after fixtures)."""
    made = Terminal()
    monkeypatch.setattr("sys.stderr", made)
    return made


@pytest.fixture
def clock(monkeypatch):
    now = [100.0]
    monkeypatch.setattr(screens.time, "monotonic", lambda: now[0])
    return now


def test_json_prints_each_event_and_no_heartbeat(capsys):
    screen = Screen(json=True)
    screen.show(events.Started(device="CPU"))
    screen.show(events.Heartbeat())
    screen.show(events.Result(path="ü/名.png", index=2, seed=5))
    screen.line("words")
    screen.remark("human words", human=True)
    out, err = capsys.readouterr()
    kinds = [json.loads(line)["kind"] for line in out.splitlines()]
    assert kinds == ["started", "result"]
    assert json.loads(out.splitlines()[1])["path"] == "ü/名.png"
    assert err == ""


def test_results_go_to_stdout_and_the_rest_to_stderr(capsys):
    screen = Screen()
    screen.show(events.Started(device="CPU", reason="no CUDA here", threads=2))
    screen.show(events.Result(path="a.png"))
    screen.show(events.Log(level="warning", text="careful"))
    screen.show(events.Done())
    out, err = capsys.readouterr()
    assert out == "a.png\n"
    assert "on CPU, 2 threads (no CUDA here)" in err
    assert "warning: careful" in err


def test_progress_redraws_one_line_on_a_terminal(monkeypatch, clock):
    terminal = use_terminal(monkeypatch)
    screen = Screen()
    for done in (1, 5, 10):
        screen.show(events.Progress(done=done, total=20))
        clock[0] += 5
    screen.line("done")
    text = terminal.getvalue()
    assert "\n" not in text
    assert " 50 % " in text
    assert "10 of 20" in text
    assert "11 s left" in text
    assert text.endswith("\r\x1b[2K")


def test_progress_is_sparse_without_a_terminal(clock, capsys):
    screen = Screen()
    for done in range(1, 100):
        screen.show(events.Progress(done=done, total=100, text=f"step {done}"))
        screen.show(events.Metric(step=done, values={"loss/g": 0.5, "loss/d": None}))
        clock[0] += 1
    lines = capsys.readouterr().err.splitlines()
    assert 7 <= len(lines) <= 10
    assert "loss/g 0.5" in lines[-1]


def test_unknown_total_shows_no_bar(monkeypatch, clock):
    terminal = use_terminal(monkeypatch)
    Screen().show(events.Progress(done=7, text="reading"))
    assert "%" not in terminal.getvalue()
    assert "reading" in terminal.getvalue()


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0.0 s"),
        (0.34, "0.3 s"),
        (12.2, "12 s"),
        (59.4, "59 s"),
        (200, "3 min 20 s"),
        (7500, "2 h 5 min"),
    ],
)
def test_duration(seconds, text):
    assert screens.duration(seconds) == text


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1500, "1.5 kB"),
        (250_000, "250 kB"),
        (12_340_000, "12.3 MB"),
        (5_000_000_000_000, "5000 GB"),
    ],
)
def test_size(count, text):
    assert screens.size(count) == text


def test_table_aligns_wide_characters():
    lines = screens.table(("a", "b"), [("名前", "x"), ("e\u0301", "y"), ("long", "z")])
    assert [screens.width(line) for line in lines] == [7, 7, 7, 7]
    assert screens.table(("only", "head"), []) == ["only  head"]
