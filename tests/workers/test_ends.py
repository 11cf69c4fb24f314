"""A process that ends with its launcher."""

import os
import subprocess
import sys
import threading

from genstudio.workers.ends import WATCHED, end_with_stdin

WAITER = """
import time
from genstudio.workers.ends import end_with_stdin
end_with_stdin()
print(1, flush=True)
time.sleep(60)
"""


def started(**more: str) -> subprocess.Popen:
    process = subprocess.Popen(
        [sys.executable, "-c", WAITER],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, **more},
    )
    assert process.stdout.readline() == b"1\n"
    return process


def test_a_closed_pipe_is_a_sigterm():
    process = started(**{WATCHED: "1"})
    process.stdin.close()
    assert process.wait(20) != 0
    process.stdout.close()


def test_without_our_launcher_stdin_means_nothing():
    process = started()
    process.stdin.close()
    assert process.poll() is None
    process.kill()
    process.wait()
    process.stdout.close()


def test_nothing_is_started_where_nothing_is_watched(monkeypatch):
    monkeypatch.delenv(WATCHED, raising=False)
    before = threading.active_count()
    end_with_stdin()
    assert threading.active_count() == before
