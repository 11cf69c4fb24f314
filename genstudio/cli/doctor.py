"""`genstudio doctor`: what this installation can do, proved by one generation per model."""

from __future__ import annotations

import os
import platform
import sys
import time
from collections.abc import Iterator
from importlib import metadata
from typing import TYPE_CHECKING, Annotated

import typer

import genstudio
from genstudio.cli.generate import generation
from genstudio.cli.inspect import lines
from genstudio.cli.running import Stopped
from genstudio.cli.screen import Screen, size
from genstudio.cli.session import JsonFlag, Session, session_of, spool
from genstudio.core import events, files
from genstudio.core.errors import GenStudioError, Problem, classify
from genstudio.core.family import Task
from genstudio.core.paths import program_folder
from genstudio.core.stored import Json

if TYPE_CHECKING:
    from genstudio.studio.library import Model

PACKAGES = (
    "pyside6",
    "torch",
    "onnxruntime-gpu",
    "onnxruntime",
    "numpy",
    "pillow",
    "safetensors",
    "opencv-python-headless",
)
SEED = 1


def doctor(
    context: typer.Context,
    all_: Annotated[bool, typer.Option("--all", help="Try your own models too.")] = False,
    json: JsonFlag = False,
) -> None:
    """Check devices, versions and folders, and really run every bundled model once."""
    session, screen = session_of(context), Screen(json)
    facts: dict[str, Json] = {
        "program": program(),
        "versions": versions(),
        "folders": folders(session),
        "devices": devices(session),
    }
    for line in lines("", facts):
        screen.line(line)
    screen.line("models")
    tried = [_shown(screen, model, test) for model, test in _tests(session, all_)]
    facts["models"] = tried  # type: ignore[assignment]
    problems = [problem.sentence for problem in session.studio.library.problems]
    facts["problems"] = problems  # type: ignore[assignment]
    for sentence in problems:
        screen.remark(f"warning: {sentence}")
    bad = [f"{entry['model']}: {entry['problem']}" for entry in tried if not entry["ok"]]
    bad += problems
    if not tried:
        bad.append("no bundled models were found")
    if bad:
        raise GenStudioError(f"Not everything works: {' '.join(bad)}")
    screen.line("Everything works.")
    screen.show(events.Done(data=facts))


def program() -> dict[str, Json]:
    """The program, its interpreter and the machine."""
    return {
        "genstudio": genstudio.__version__,
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "cores": os.cpu_count() or 0,
        "frozen": bool(getattr(sys, "frozen", False)),
    }


def versions() -> dict[str, Json]:
    """Versions of the libraries, read from their metadata: nothing is imported for it."""
    found: dict[str, Json] = {}
    for name in PACKAGES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return found


def folders(session: Session) -> dict[str, Json]:
    """Where things are, and whether the data folder can be written."""
    root = session.home.root
    there = root
    while not there.exists() and there != there.parent:
        there = there.parent
    writable = os.access(there, os.W_OK)
    return {
        "program": str(program_folder()),
        "data folder": str(root),
        "writable": "yes" if writable else "no: results can only be saved elsewhere",
        "free": size(files.free_bytes(root)),
    }


def devices(session: Session) -> dict[str, Json]:
    """What onnxruntime really runs on here."""
    *_, done = session.work("generate", "doctor", {})
    return done.data if isinstance(done, events.Done) else {}


def _tests(session: Session, everything: bool) -> Iterator[tuple[Model, dict[str, Json]]]:
    for model in session.studio.library.list():
        if model.bundled or everything:
            yield model, try_model(session, model)


def try_model(session: Session, model: Model) -> dict[str, Json]:
    """Make one result with the model's first task that needs no file; says how it went."""
    began = time.monotonic()
    entry: dict[str, Json] = {"model": model.id, "ok": True}
    try:
        entry["task"], entry["result"] = _one_result(session, model)
    except (KeyboardInterrupt, Stopped):
        raise
    except Exception as error:
        problem: Problem = classify(error, f"running {model.id}")
        entry |= {"ok": False, "problem": problem.sentence}
    return entry | {"seconds": round(time.monotonic() - began, 3)}


def _one_result(session: Session, model: Model) -> tuple[str, str]:
    from genstudio.studio.requests import make_request

    with spool() as folder:
        task = next((t for t in model.tasks if not _needs_file(t)), model.tasks[0])
        # A judge needs a picture: the preview that every package carries will do.
        inputs = {c.name: str(model.preview) for c in task.inputs() if getattr(c, "required", True)}
        counted = any(control.name == "count" for control in task.controls)
        request = make_request(model, task.name, {"count": 1} if counted else {}, SEED, inputs)
        made: list[events.Result] = []
        for event in generation(session, request, "", folder):
            if isinstance(event, events.Result):
                made.append(event)
        if not made:
            raise GenStudioError(f"{model.id} gave no result")
        content = os.path.getsize(made[0].path) if made[0].path else 0
    return task.name, f"{made[0].output}, {size(content)}" if content else made[0].output


def _needs_file(task: Task) -> bool:
    return any(getattr(c, "required", False) for c in task.inputs())


def _shown(screen: Screen, model: Model, entry: dict[str, Json]) -> dict[str, Json]:
    mark = "works" if entry["ok"] else "FAILS"
    words = entry.get("result") or entry.get("problem")
    screen.line(f"  {model.id:<20} {mark}  {words}, {entry['seconds']} s")
    return entry
