"""From arrays to files: encoded beside the running network, named in Result events."""

from __future__ import annotations

import base64
import contextlib
import json
import os
from collections import deque
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, cast

import genstudio
from genstudio.core import composing, files
from genstudio.core.artifact import UNFINISHED, Group, InputFacts, Provenance
from genstudio.core.controls import FileInput
from genstudio.core.events import Event, Preview, Progress, Result
from genstudio.core.family import Task
from genstudio.core.request import Request
from genstudio.core.stored import Json
from genstudio.core.writing import RATE
from genstudio.engine.ask import Ask
from genstudio.engine.loaded_model import LoadedModel
from genstudio.engine.outputs import Animation, Blob, Music, Output, Picture, Report, Sound, Writing
from genstudio.media import documents, image, music_made
from genstudio.media.finishing import Finish
from genstudio.workers.context import Stopped
from genstudio.workers.music_streaming import MusicStreams
from genstudio.workers.sound_streaming import SoundStreams
from genstudio.workers.streaming import Streams

# Handed to the encoder at once: each hand-over costs the network's thread the interpreter.
BATCH = 8
# So many batches may wait; more and the network waits for the encoder.
AHEAD = 8
RESERVED = ("width", "height", "provenance")
_ON_THE_WAY = ("step", "steps")
_PACES = (RATE, composing.RATE)
"""Never twice the same, so they are told and not kept."""

_STREAMS: dict[str, Any] = {"music": MusicStreams, "sound": SoundStreams}
"""What tells of outputs on their way, by the kind of a task; texts where none is named."""

_Saved = tuple[list[Result], Exception | None]


class Spooler:
    """Encodes outputs in a thread of its own, so that files cost little network time.

    A Result names a file in `folder`; its data are the facts of the output, `width`, `height`
    and the whole `provenance`. What is embedded in the file has the names of the inputs only:
    a file that is passed on must not tell where its maker keeps pictures.

    `stopped` tells that a stop was asked for; with `keep` the last previews of pictures that
    were not finished by then, the words of texts and the notes of pieces become results, marked
    as UNFINISHED. What is on its way is told as Words (`streaming`, `music_streaming`).
    """

    def __init__(
        self,
        model: LoadedModel,
        request: Request,
        task: Task,
        ask: Ask,
        folder: Path,
        body: dict[str, Json],
        stopped: Callable[[], bool] = lambda: False,
        keep: bool = False,
    ) -> None:
        self._stopped = stopped
        self._keep = keep and task.output in ("image", "text", "music", "sound")
        self._streams = _STREAMS.get(task.output, Streams)(request.first)
        self._passing: dict[int, Picture] = {}
        self._said = ""
        self._model = model
        self._request = request
        self._folder = folder
        self._start = os.path.join(folder, request.model)
        self._ext = str(body.get("ext") or "")
        self._level: Any = body.get("level") or "full"
        self._finish = _finish_of(body)
        made = provenance_of(model, request, task, ask, str(body.get("created") or ""))
        group = Group.model_validate(body["group"]) if body.get("group") else None
        self._made = made.model_copy(update={"group": group})
        short = {name: Path(path).name for name, path in request.inputs.items()}
        self._record = self._made.model_dump(mode="json")
        self._shown_request = self._made.request.model_copy(update={"inputs": short})

    def events(self, outputs: Iterator[Progress | Output]) -> Iterator[Event]:
        """All events in order; what was made before a stop or an error is still told.

        Raises Stopped between two outputs once a stop was asked for.
        """
        files.make_folder(self._folder)
        waiting: deque[Future[_Saved]] = deque()
        batch: list[Output] = []
        with (
            contextlib.closing(cast("Generator[Progress | Output]", outputs)) as source,
            ThreadPoolExecutor(1, thread_name_prefix="encoder") as pool,
        ):

            def hand_over() -> None:
                if batch:
                    waiting.append(pool.submit(self._save_all, batch.copy()))
                    batch.clear()

            try:
                for output in source:
                    if isinstance(output, Progress):
                        hand_over()
                        self._said = output.text or self._said
                        if not self._streams.hurried(output):
                            yield output
                    elif isinstance(output, Picture) and output.passing:
                        self._passing[output.index] = output
                        yield self._preview(output)
                    elif isinstance(output, (Writing, Music, Sound)):
                        yield from self._streams.heard(output)
                        if not output.passing:
                            batch.append(self._finished(output))
                            hand_over()
                    else:
                        self._passing.pop(output.index, None)
                        batch.append(output)
                        if len(batch) >= BATCH:
                            hand_over()
                    while waiting and (waiting[0].done() or len(waiting) > AHEAD):
                        yield from _told(waiting.popleft())
                    if self._stopped():
                        raise Stopped("The work was stopped")
            except Exception:
                hand_over()
                if self._keep and self._stopped():
                    batch += [*self._unfinished(), *self._streams.unfinished()]
                    hand_over()
                while waiting:
                    yield from _told(waiting.popleft())
                raise
            except GeneratorExit:
                for future in waiting:
                    future.cancel()
                raise
            hand_over()
            while waiting:
                yield from _told(waiting.popleft())

    def _finished(self, output: Writing | Music | Sound) -> Writing | Music | Sound:
        """The same with the pace it was made at, which `_save` keeps out of the facts."""
        pace = self._streams.rate(output)
        self._streams.done(output.index)
        return replace(output, data={**output.data, **pace})

    def _unfinished(self) -> list[Picture]:
        """The last previews of what was not finished, as results that say so."""
        found = []
        for index, picture in sorted(self._passing.items()):
            facts = {k: value for k, value in picture.data.items() if k not in _ON_THE_WAY}
            step, steps = (picture.data.get(name) for name in _ON_THE_WAY)
            where = f"step {step} of {steps}" if step and steps else self._said
            facts[UNFINISHED] = f"stopped at {where}" if where else "stopped before its end"
            found.append(replace(picture, index=index, passing=False, data=facts))
        return found

    def _save_all(self, outputs: Sequence[Output]) -> _Saved:
        """The results of a batch, and the error that ended it."""
        results: list[Result] = []
        try:
            for output in outputs:
                results.append(self._save(output))
        except Exception as error:
            return results, error
        return results, None

    def _preview(self, picture: Picture) -> Preview:
        data = base64.b64encode(image.png(picture.pixels)).decode()
        return Preview(index=picture.index - self._request.first, data=data)

    def _save(self, output: Output) -> Result:
        facts = {key: value for key, value in output.data.items() if key not in RESERVED}
        pace = {key: facts.pop(key) for key in _PACES if key in facts}
        kind, ext, size = _kind(output, self._ext)
        change: dict[str, Json] = {
            "index": output.index,
            "facts": facts,
            "output": kind,
            "device": self._model.device.name,
        }
        shown = self._made.model_copy(update={**change, "request": self._shown_request})
        path = f"{self._start}-{output.seed}-{output.index}{ext}"
        content = self._content(output, ext, shown)
        files.write_spool(path, content)
        if ext == ".txt" and (beside := documents.sidecar(content, [shown], self._level)):
            files.write_spool(os.fspath(documents.sidecar_of(Path(path))), beside)
        # All parts are checked already: a second check of 64 results costs as much as the network.
        return Result.model_construct(
            path=path,
            index=output.index - self._request.first,
            seed=output.seed,
            output=kind,
            data={
                **facts,
                **pace,
                "width": size[0] * self._finish.enlarge,
                "height": size[1] * self._finish.enlarge,
                "provenance": {**self._record, **change},
            },
        )

    def _content(self, output: Output, ext: str, made: Provenance) -> bytes:
        if isinstance(output, Picture):
            return image.encode(self._finish.applied(output.pixels), ext, made, self._level)
        if isinstance(output, Animation):
            from genstudio.media import animation

            frames = self._finish.applied(output.frames)
            return animation.encode(frames, ext, output.fps, made, self._level)
        if isinstance(output, Writing):
            return documents.encode(output.text, ext, [made], self._level)
        if isinstance(output, Music):
            return music_made.encode(output.piece, made, self._level, ext)
        if isinstance(output, Sound):
            return music_made.encode_sound(output.samples, output.rate, ext, made, self._level)
        if isinstance(output, Blob):
            return output.content
        report = {"format": 1, "report": output.data, "provenance": made.model_dump(mode="json")}
        return (json.dumps(report, ensure_ascii=False, indent=2) + "\n").encode()


def _finish_of(body: Mapping[str, Json]) -> Finish:
    """body["finish"]: enlarge, background, tolerance; raises UsageError."""
    wanted: Any = body.get("finish")
    return Finish(**wanted).check() if isinstance(wanted, dict) else Finish()


def _told(future: Future[_Saved]) -> Iterator[Result]:
    results, error = future.result()
    yield from results
    if error is not None:
        raise error


def provenance_of(
    model: LoadedModel, request: Request, task: Task, ask: Ask, created: str = ""
) -> Provenance:
    """What all results of a request have in common; `created` is now where it is left out."""
    manifest = model.manifest
    pictures = [
        control.name
        for control in task.inputs()
        if control.name in request.inputs and not isinstance(control, FileInput)
    ]
    return Provenance(
        app=f"GenStudio {genstudio.__version__}",
        created=created or datetime.now().astimezone().isoformat(timespec="seconds"),
        request=request.model_copy(update={"values": ask.values}),
        title=manifest.title,
        family=manifest.family,
        model_sha256=manifest.sha256,
        data=tuple(data.name for data in manifest.trained_on),
        data_sha256=tuple(data.sha256 for data in manifest.trained_on),
        licence=manifest.licence,
        device=model.device.name,
        source_type="composite" if pictures or _said(task, ask, request) else "trained",
        inputs={
            name: InputFacts(name=Path(path).name, sha256=files.sha256_of(Path(path)))
            for name, path in request.inputs.items()
        },
    )


def _said(task: Task, ask: Ask, request: Request) -> bool:
    """True where words, notes or sounds of a person stand in what is made."""
    if task.output in ("music", "sound"):
        return bool(request.inputs)
    texts = [control.name for control in task.controls if control.kind == "text" and control.role]
    return task.output == "text" and any(ask.word(name).strip() for name in texts)


def _kind(output: Output, ext: str) -> tuple[str, str, tuple[int, int]]:
    """(output kind, suffix, (width, height)); a wish for another suffix holds where it fits."""
    if isinstance(output, Picture):
        height, width = output.pixels.shape[:2]
        return "image", ext or ".png", (width, height)
    if isinstance(output, Animation):
        height, width = output.frames.shape[1:3]
        return "animation", ext or ".webp", (width, height)
    if isinstance(output, Writing):
        return "text", ext or ".txt", (0, 0)
    if isinstance(output, Music):
        return "music", ext or ".mid", (0, 0)
    if isinstance(output, Sound):
        return "sound", ext or ".wav", (0, 0)
    if isinstance(output, Report):
        return "report", ".json", (0, 0)
    return "file", output.suffix, (0, 0)
