"""The program's own door: `python -m genstudio worker ROLE`."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from genstudio.core.errors import BadInput, GenStudioError, UsageError
from genstudio.core.events import Cancelled, Done, Log, Progress, Result
from genstudio.core.job import Message
from genstudio.core.paths import Home
from genstudio.core.settings import Settings
from genstudio.workers import deaths, inline, memory
from genstudio.workers.context import Context, Stopped, model_folder, read_settings
from genstudio.workers.parent import command

ROOT = Path(__file__).resolve().parents[2]


def talk(home: Path, role: str, *lines: object) -> tuple[list[dict], int, str]:
    """Start the real program, send lines, close stdin; its events, exit code and stderr."""
    text = "".join(json.dumps(line) + "\n" for line in lines)
    done = subprocess.run(
        command(role, home), cwd=ROOT, input=text.encode(), capture_output=True, timeout=60
    )
    events = [json.loads(line) for line in done.stdout.splitlines()]
    return events, done.returncode, done.stderr.decode()


def test_the_files_role_answers_and_ends_with_its_stdin(tmp_path):
    home = tmp_path / "名前 ünï"
    message = {"job": "a", "stamp": 4, "work": "inspect", "body": {"path": str(tmp_path)}}
    events, code, _ = talk(home, "files", message)
    assert code == 0
    assert events[0]["kind"] == "heartbeat"
    said = [event for event in events if event["kind"] != "heartbeat"]
    # stdin closed behind the message, so the work may have been stopped instead of done.
    assert [event["kind"] for event in said] in (["done"], ["cancelled"])
    assert said[0]["job"] == "a"
    assert said[0]["stamp"] == 4
    assert not list((home / "logs").glob("crash-*"))


def test_lines_that_are_no_messages_are_logged_not_fatal(tmp_path):
    events, code, log = talk(tmp_path, "files", {"surprise": 1}, ["list"], {"cancel": "nobody"})
    assert code == 0
    # Heartbeats come from a thread of their own: the program may end before the first.
    assert {event["kind"] for event in events} <= {"heartbeat"}
    assert log.count("no message") == 2


def test_an_unknown_role_ends_with_words(tmp_path):
    events, code, log = talk(tmp_path, "cook")
    assert code != 0
    assert events == []
    assert "no worker role 'cook'" in log


@pytest.mark.parametrize(
    ("role", "holds", "never"),
    [
        ("generate", "onnxruntime", ("torch", "PySide6")),
        ("files", "genstudio.workers.files", ("torch", "onnxruntime", "PySide6")),
        ("train", "torch", ("onnxruntime", "PySide6")),
    ],
)
def test_a_role_holds_only_its_own_side(role, holds, never):
    code = (
        f"import sys; from genstudio.workers import inline; inline.works({role!r})\n"
        f"print({holds!r} in sys.modules, [m for m in {never!r} if m in sys.modules])"
    )
    env = {**os.environ, "OMP_NUM_THREADS": "1"}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, env=env, check=True
    )
    assert done.stdout.strip() == "True []"


def steps(message, context):
    for index in range(3):
        yield Progress(done=index, total=3)
    yield Result(path="x")
    yield Log(text="after")
    yield Done(data={"ok": True})


def one(work, tmp_path, name="go"):
    context = Context(Home(tmp_path), tmp_path)
    return inline.events({"go": work}, Message(job="j", work=name), context), context


def test_inline_ends_in_exactly_one_done(tmp_path):
    events, _ = one(steps, tmp_path)
    found = list(events)
    assert [event.kind for event in found].count("done") == 1
    assert found[-1].data == {"ok": True}

    def silent(message, context):
        yield Progress(done=1)

    found = list(one(silent, tmp_path)[0])
    assert isinstance(found[-1], Done)


def test_inline_tells_results_made_before_a_stop(tmp_path):
    events, context = one(steps, tmp_path)
    found = [next(events), next(events), next(events), next(events)]
    context.cancel()
    assert isinstance(found[-1], Result)
    with pytest.raises(Stopped):
        list(events)


def test_inline_closes_the_work_when_its_reader_leaves(tmp_path):
    closed = []

    def careful(message, context):
        try:
            yield Progress(done=0)
            yield Progress(done=1)
        finally:
            closed.append(True)

    events, _ = one(careful, tmp_path)
    next(events)
    events.close()
    assert closed == [True]


def test_inline_lets_errors_through_and_names_what_it_knows(tmp_path):
    def bad(message, context):
        yield Progress(done=0)
        raise BadInput("broken")

    with pytest.raises(BadInput):
        list(one(bad, tmp_path)[0])
    with pytest.raises(UsageError, match="it can: go"):
        list(one(bad, tmp_path, name="fly")[0])
    with pytest.raises(UsageError, match="no worker role"):
        inline.works("cook")


def test_a_work_may_end_itself_as_cancelled(tmp_path):
    def gone(message, context):
        yield Cancelled()
        yield Progress(done=1)

    assert [event.kind for event in one(gone, tmp_path)[0]] == ["cancelled"]


def test_hooks_are_called_once_and_at_once_when_late(tmp_path):
    context = Context(Home(tmp_path), tmp_path)
    called = []
    context.on_cancel(lambda: called.append("early"))
    context.check()
    thread = threading.Thread(target=context.cancel)
    thread.start()
    thread.join()
    context.cancel()
    context.on_cancel(lambda: called.append("late"))
    assert called == ["early", "late"]
    with pytest.raises(Stopped):
        context.check()


def test_settings_of_the_worker_survive_a_damaged_file(tmp_path):
    home = Home(tmp_path)
    assert read_settings(home) == Settings()
    home.settings_file.write_bytes(Settings(device="cpu").to_bytes())
    assert read_settings(home).device == "cpu"
    home.settings_file.write_bytes(b"{")
    assert read_settings(home) == Settings()


def test_a_model_that_is_not_there_is_named(tmp_path):
    with pytest.raises(GenStudioError, match="no model 'none'"):
        model_folder(Home(tmp_path), "none")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="limits of Linux")
def test_a_memory_limit_turns_into_a_python_error():
    code = (
        "from genstudio.workers import memory; memory.BASE_BYTES = 200 * 2**20\n"
        "assert memory.resident_bytes() > 2**20\n"
        "assert memory.limit_bytes(100 * 2**20)\n"
        "try:\n    bytearray(500 * 2**20)\nexcept MemoryError:\n    print('refused')\n"
        "assert not memory.limit_bytes(0)\n"
        "memory.lower_priority(5); import os; print(os.nice(0) >= 5)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["refused", "True"]
    assert memory.resident_bytes() > 0


def test_every_exit_has_a_sentence(tmp_path):
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "worker-train.log").write_text("last words\n")
    codes = [(-9, ""), (-11, ""), (-200, ""), (1, ""), (0, ""), (1, "hang"), (1, "start")]
    found = [deaths.problem("train", code, why, tmp_path) for code, why in codes]
    assert len({problem.sentence for problem in found}) == len(codes)
    assert all("training process" in problem.what for problem in found)
    assert all("last words" in problem.details for problem in found)


def test_crash_files_are_read_and_empty_ones_removed(tmp_path):
    logs = tmp_path / "logs"
    logs.mkdir()
    (logs / "crash-1.log").write_text("Fatal Python error")
    (logs / "crash-2.log").write_text("")
    assert deaths.take_crash(tmp_path, 1) == "Fatal Python error"
    assert deaths.take_crash(tmp_path, 2) == ""
    assert not (logs / "crash-2.log").exists()
    assert deaths.take_crash(tmp_path, 3) == ""
