"""The generate role: onnxruntime. Requests become files in the spool, or passing previews."""

from __future__ import annotations

import base64
from collections.abc import Generator, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import TypeAdapter

from genstudio import families
from genstudio.core import evaluations, fast
from genstudio.core.controls import FileInput, check_values
from genstudio.core.errors import BadInput, ReadOnly
from genstudio.core.events import Done, Event, Log, Preview, Progress, Result, Started
from genstudio.core.family import Task
from genstudio.core.job import Message
from genstudio.core.manifest import Manifest, Score
from genstudio.core.request import Request
from genstudio.core.stored import Json
from genstudio.datasets import store
from genstudio.engine import device, package_folder, probe, steady
from genstudio.engine.ask import Ask
from genstudio.engine.loaded_model import LoadedModel
from genstudio.engine.outputs import IGNORED, Animation, Output, Picture, Report, Writing
from genstudio.engine.sessions import Sessions
from genstudio.media import image
from genstudio.workers import many, memory, quick
from genstudio.workers.context import Context, model_folder, package_folders
from genstudio.workers.spooling import Spooler
from genstudio.workers.streaming import Streams

MEGABYTE = 1024 * 1024


def generate(message: Message, context: Context) -> Iterator[Event]:
    """body: request, optional ext (".png" …), level of metadata, created (a moment to write down
    instead of now), group (what the results belong to), finish (enlarge, background, tolerance
    of the written pixels); see `Spooler` for results.

    A live request gives Previews, Words and reports only: nothing is written.
    """
    request = Request.model_validate(message.body["request"])
    model = open_model(context, request.model)
    task = _task(context, model, request.task)
    run = families.part(model.manifest.family, "sample").TASKS[task.name]
    yield started(model)
    asked = _ask(request, task)
    if asked.switch(fast.SWITCH.name):
        run = yield from quick.instead(context.home, _sessions(context), model, run)
    if request.live:
        yield from _live(run(model, asked), request)
        return
    spooler = Spooler(
        model,
        request,
        task,
        asked,
        context.spool,
        message.body,
        stopped=lambda: context.cancelled,
        keep=context.settings.keep_unfinished,
    )
    context.ends_itself = True
    before = model.device
    count, again, ignored = 0, "", dict[str, None]()
    for event in spooler.events(run(model, asked)):
        if model.device != before:
            # The CPU had to step in after all: the badge must say so.
            before = model.device
            yield started(model)
        if isinstance(event, Result):
            count, again = count + 1, str(event.data.get(steady.AGAIN, again))
            ignored |= dict.fromkeys(str(event.data.get(IGNORED, "")).split(", "))
        yield event
    context.ends_itself = False
    if again:
        yield Log(level="warning", text=again)
    if words := ", ".join(word for word in ignored if word):
        letters = "Characters that {} has no token for: {}"
        pictured = "Words that {} has no meaning or no room for: {}"
        unknown = letters if task.output == "text" else pictured
        yield Log(text=unknown.format(model.manifest.title, words))
    yield Done(data={"count": count, "seed": request.seed})


def series(message: Message, context: Context) -> Iterator[Event]:
    """body: series (see `core.series`), made: a sweep or a list as one job."""
    yield from many.carry_out(generate, message, context)


def make_fast(message: Message, context: Context) -> Iterator[Event]:
    """body: model, samples. Its fast copy is made, measured and kept (`core.fast`)."""
    model = open_model(context, str(message.body["model"]))
    samples = _whole(message.body.get("samples"), quick.SAMPLES)
    yield from quick.make(model, _sessions(context), context, samples)


def verify(message: Message, context: Context) -> Iterator[Event]:
    """body: model. Every file is hashed and the probe runs; raises BadInput where it fails."""
    yield from _check(model_folder(context.home, str(message.body["model"])), context)


def install_check(message: Message, context: Context) -> Iterator[Event]:
    """body: folder. The same for a package that is not installed."""
    yield from _check(Path(str(message.body["folder"])), context)


def evaluate(message: Message, context: Context) -> Iterator[Event]:
    """body: model, data, metrics (none = all), samples, seed, judge, rewrite.

    The scores are kept in the data folder, and on the card of a user's own package; `rewrite`
    puts them on the card of the program's packages as well. Done.data "nearest" is the path of
    the sheet of nearest training pictures, or "".
    """
    from genstudio.evaluation import judges
    from genstudio.evaluation.evaluate import evaluate as score

    body = message.body
    model = open_model(context, str(body["model"]))
    folder, sessions = model.folder, _sessions(context)
    data = store.folder_of(context.home, str(body["data"]))
    found = judges.appoint(
        package_folders(context.home),
        store.open_dataset(data),
        model_folder(context.home, str(body["judge"])) if body.get("judge") else None,
    )
    sheets: list[np.ndarray] = []
    stream = score(
        folder,
        found.extractor,
        data,
        _words(body.get("metrics")),
        _whole(body.get("samples"), 10_000),
        _whole(body.get("seed"), 0),
        tasks=lambda family: families.part(family, "sample").TASKS,
        steppers=lambda family: getattr(families.part(family, "sample"), "make_stepper", None),
        home=context.home.root,
        values=_usual(model.manifest),
        prompt=_prompt(model.manifest),
        reader=found.reader,
        pairer=found.pairer,
        device=sessions.device,
        opening=sessions.get,
        show=sheets.append,
    )
    for event in stream:
        if isinstance(event, Done):
            event = yield from _kept(context, model.manifest, folder, event, body, sheets)
        yield event


def _usual(manifest: Manifest) -> dict[str, Json]:
    """What the panel offers to begin with, for models of text, music and sound: chance shapes what
    they make."""
    if manifest.modality not in ("text", "music", "sound"):
        return {}
    task = families.family(manifest.family).task(manifest.config, "sample")
    return check_values(task.controls, {})


def _prompt(manifest: Manifest) -> str:
    """Name of the text by which samples of a model are asked for, "" where there is none."""
    tasks = families.family(manifest.family).tasks(manifest.config)
    return next((task.prompt for task in tasks if task.name == "sample"), "")


def _kept(
    context: Context,
    manifest: Manifest,
    folder: Path,
    done: Done,
    body: Mapping[str, Json],
    sheets: Sequence[np.ndarray],
) -> Generator[Event, None, Done]:
    """Keep the scores in the data folder and on the card; the Done event with the sheet's path."""
    from genstudio.evaluation import card

    scores = tuple(TypeAdapter(list[Score]).validate_python(done.data.get("scores", [])))
    config = done.data.get("config")
    found = evaluations.Evaluation(
        model=manifest.id,
        sha256=manifest.sha256,
        scores=scores,
        data=str(body["data"]),
        seconds=done.seconds,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
    )
    try:
        sheet = image.png(sheets[0]) if sheets else None
        evaluations.keep(context.home, manifest, found, sheet)
        if folder.is_relative_to(context.home.models) or body.get("rewrite"):
            card.write_scores(folder, scores, config if isinstance(config, dict) else {})
    except ReadOnly as error:
        text = f"The scores were not written on the card: {error.problem.what}."
        yield Log(level="warning", text=text)
    nearest = evaluations.nearest(context.home, manifest)
    return done.model_copy(update={"data": {**done.data, "nearest": str(nearest or "")}})


def copies(message: Message, context: Context) -> Iterator[Event]:
    """body: model, path of a text. Which passages stand in the model's training texts: Done.data
    is that of `engine.copies.report`, each passage with its words as "text"."""
    from genstudio.engine import copies as detector
    from genstudio.media import documents

    path = Path(str(message.body["path"]))
    if path.suffix.lower() not in documents.SUFFIXES:
        raise BadInput(
            f"{path.name} is no text",
            file=path,
            next_step=f"Name a file with one of these endings: {', '.join(documents.SUFFIXES)}.",
        )
    model = open_model(context, str(message.body["model"]))
    yield Progress(done=0, total=1, text=path.name)
    words = documents.text_of(path)
    found = detector.report(model, words)
    passages: list[Json] = [
        {**one, "text": words[one["start"] : one["end"]]} for one in detector.passages(found)
    ]
    yield Progress(done=1, total=1)
    yield Done(data={**found, detector.PASSAGES: passages, "model": model.manifest.id})


def doctor(message: Message, context: Context) -> Iterator[Event]:
    """What onnxruntime really runs on here, found out by running it."""
    import onnxruntime

    sessions = _sessions(context)
    found = sessions.device
    yield Started(device=found.name, reason=found.reason, threads=found.threads)
    yield Done(
        data={
            "device": found.name,
            "reason": found.reason,
            "threads": found.threads,
            "processor": device.cpu_name(),
            "onnxruntime": onnxruntime.__version__,
            "providers": list(onnxruntime.get_available_providers()),
        }
    )


WORKS = {
    "generate": generate,
    "series": series,
    "make_fast": make_fast,
    "verify": verify,
    "install_check": install_check,
    "evaluate": evaluate,
    "copies": copies,
    "doctor": doctor,
}


def open_model(context: Context, name: str) -> LoadedModel:
    """The model, warm when it was used before; a cancel ends whatever it is doing."""
    sessions = _sessions(context)
    model = sessions.get(model_folder(context.home, name))
    context.on_cancel(sessions.stop)
    context.check()
    return model


def started(model: LoadedModel) -> Started:
    """Where it runs, and why not on the GPU."""
    found = model.device
    return Started(device=found.name, reason=found.reason, threads=found.threads)


def _sessions(context: Context) -> Sessions:
    """The opened models of this process; new ones when the settings of the device changed."""
    wanted = context.settings
    key = (wanted.device, wanted.threads, wanted.memory_mb)
    kept: tuple[object, Sessions] | None = context.kept.get("sessions")
    if kept is not None and kept[0] == key:
        return kept[1]
    if kept is not None:
        kept[1].close()
    found = device.choose(wanted.device, wanted.threads)
    if context.in_worker and found.name == "CPU":
        # Drivers of a GPU reserve far more than they use: there only the engine's own limit holds.
        memory.limit_bytes(wanted.memory_mb * MEGABYTE)
    sessions = Sessions(found, wanted.memory_mb)
    context.kept["sessions"] = (key, sessions)
    return sessions


def _task(context: Context, model: LoadedModel, name: str) -> Task:
    """The task, kept with its model: a slider asks for it a hundred times a second."""
    kept: dict[str, tuple[LoadedModel, Task]] = context.kept.setdefault("tasks", {})
    key = f"{model.manifest.id} {name}"
    if key not in kept or kept[key][0] is not model:
        family = families.family(model.manifest.family)
        kept[key] = model, family.task(model.manifest.config, name)
    return kept[key][1]


def _ask(request: Request, task: Task) -> Ask:
    """The request with its values checked and its files read."""
    inputs: dict[str, Any] = {}
    for control in task.inputs():
        path = request.inputs.get(control.name)
        if path:
            inputs[control.name] = (
                Path(path) if isinstance(control, FileInput) else image.read(Path(path))
            )
    return Ask(
        values=check_values(task.controls, request.values),
        seed=request.seed,
        first=request.first,
        count=request.count,
        inputs=inputs,
        live=request.live,
    )


def _live(outputs: Iterator[Progress | Output], request: Request) -> Iterator[Event]:
    texts = Streams(request.first)
    for output in outputs:
        place = 0 if isinstance(output, Progress) else output.index - request.first
        if isinstance(output, Picture):
            data = base64.b64encode(image.png(output.pixels)).decode()
            yield Preview(index=place, data=data)
        elif isinstance(output, Writing):
            yield from texts.heard(output)
        elif isinstance(output, Report):
            yield Result(path="", index=place, output="report", data=output.data)
        elif isinstance(output, Animation):
            data = base64.b64encode(image.png(output.frames[0])).decode()
            yield Preview(index=place, data=data)


def _check(folder: Path, context: Context) -> Iterator[Event]:
    sessions = _sessions(context)
    yield Progress(done=0, total=2, text="Comparing the files")
    manifest = package_folder.read_manifest(folder)
    package_folder.verify_files(folder, manifest)
    yield Progress(done=1, total=2, text="Running the probe")
    with LoadedModel.open(folder, sessions.device, sessions.memory_mb) as model:
        context.on_cancel(model.stop)
        report = probe.verify_probe(model)
    if not report.ok:
        raise BadInput(
            report.text, file=folder, next_step="Do not use it; ask its maker for a whole copy."
        )
    yield Progress(done=2, total=2)
    yield Done(data={"ok": True, "text": report.text, "worst": report.worst, "model": manifest.id})


def _words(value: Json) -> list[str]:
    return [str(word) for word in value] if isinstance(value, list) else []


def _whole(value: Json, default: int) -> int:
    return value if isinstance(value, int) else default
