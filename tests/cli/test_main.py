"""The three doors, and what stands before each."""

from __future__ import annotations

import os
import socket
import subprocess
import sys

import pytest

from genstudio import __main__ as program
from tests.helpers import sources


def run(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    clean = {k: v for k, v in os.environ.items() if k not in ("DISPLAY", "WAYLAND_DISPLAY")}
    return subprocess.run(
        [sys.executable, "-m", "genstudio", *words],
        cwd=sources.ROOT,
        env={**clean, **environment},
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.mark.parametrize(
    ("words", "home", "rest"),
    [
        ([], "", []),
        (["--home", "d"], "d", []),
        (["--home=a b", "doctor"], "a b", ["doctor"]),
        (["doctor", "--home", "名前"], "名前", ["doctor"]),
        (["data", "add", "--home", "d", "x", "--json"], "d", ["data", "add", "x", "--json"]),
        (["inspect", "--", "--home"], "", ["inspect", "--", "--home"]),
        (["doctor", "--home"], "", ["doctor", "--home"]),
    ],
)
def test_home_is_taken_wherever_it_stands(words, home, rest):
    assert program.split_home(words) == (home, rest)


@pytest.mark.parametrize(
    ("environment", "platform", "expected"),
    [
        ({}, "win32", True),
        ({}, "darwin", True),
        ({}, "linux", False),
        ({"DISPLAY": ":94713"}, "linux", False),
        ({"DISPLAY": "nonsense"}, "linux", False),
        ({"DISPLAY": "far.example:0.0"}, "linux", True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "linux", True),
        ({"WAYLAND_DISPLAY": "wayland-0", "QT_QPA_PLATFORM": "xcb"}, "linux", False),
        ({"QT_QPA_PLATFORM": "offscreen"}, "linux", True),
        ({"QT_QPA_PLATFORM": "vnc:size=800x600"}, "linux", True),
    ],
)
def test_display(environment, platform, expected):
    assert program.has_display(environment, platform) is expected


@pytest.mark.skipif(sys.platform != "linux", reason="X sockets in the abstract namespace")
def test_a_listening_x_server_is_a_display():
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("\0/tmp/.X11-unix/X94714")
        server.listen()
        assert program.has_display({"DISPLAY": ":94714.0"}, "linux")


@pytest.mark.skipif(sys.platform != "linux", reason="only X and Wayland have no display")
def test_no_display_is_a_sentence_with_the_headless_way():
    done = run(QT_QPA_PLATFORM="")
    assert done.returncode == 1
    assert "no display" in done.stderr
    assert "genstudio generate" in done.stderr
    assert "Traceback" not in done.stderr


def test_version_and_help():
    assert run("--version").stdout.startswith("genstudio ")
    text = run("--help").stdout
    for command in ("doctor", "models", "generate", "data", "train", "runs", "evaluate", "inspect"):
        assert command in text


def test_worker_without_words_is_usage():
    assert run("worker").returncode == 2
    assert run("worker", "generate").returncode == 2


def test_unknown_worker_role_is_no_traceback(tmp_path):
    done = run("worker", "juggler", "--home", str(tmp_path))
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_missing_system_library_is_a_sentence(monkeypatch, capsys):
    def refuse(name, *rest, **more):
        if name == "genstudio.ui.app":
            raise ImportError("libEGL.so.1: cannot open shared object file")
        return real(name, *rest, **more)

    import builtins

    real = builtins.__import__
    monkeypatch.setattr(builtins, "__import__", refuse)
    assert program.main([]) == 1
    assert "libEGL.so.1" in capsys.readouterr().err
