"""Fast copies in the generate worker: making and measuring one, and using it where it is wanted."""

from __future__ import annotations

import contextlib
from collections.abc import Generator, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from genstudio import families
from genstudio.core import fast
from genstudio.core.controls import Text, defaults
from genstudio.core.errors import GenStudioError, UsageError
from genstudio.core.events import Event, Log, Progress, Started
from genstudio.core.family import Task
from genstudio.core.manifest import FileEntry
from genstudio.core.paths import Home
from genstudio.core.stored import Json
from genstudio.engine import int8, package_folder, steady
from genstudio.engine.ask import Ask
from genstudio.engine.batches import UNDEFINED
from genstudio.engine.loaded_model import LoadedModel
from genstudio.engine.outputs import Picture
from genstudio.engine.sessions import Sessions
from genstudio.workers import keeping, quick_text
from genstudio.workers.context import Context, package_folders

SAMPLES, FEWEST = 48, 8
"""Pictures that the loss is measured on, and the least; the first ones calibrate."""
_PROMPTS, _WORDS = 24, 4

_NO_NUMBERS = "its pictures hold undefined numbers"


def instead(
    home: Home, sessions: Sessions, model: LoadedModel, task: steady.Run
) -> Generator[Event, None, steady.Run]:
    """The task on the fast copy of `model`; the task itself, and why, where there is none."""
    if model.device.name != "CPU":
        yield Log(text="Fast copies are for the processor; the GPU works in full precision")
        return task
    found = fast.offered(home, model.manifest)
    if found is None:
        title = model.manifest.title
        yield Log(text=f"There is no fast copy of {title} here; it works in full precision")
        return task
    place = fast.folder(home, model.manifest)
    try:
        quick = sessions.get(model.folder, found.created, lambda: _graphs(place, found.files))
    except GenStudioError as error:
        text = f"The fast copy cannot be used, so this is in full precision: {error}"
        yield Log(level="warning", text=text)
        return task
    return lambda full, ask: steady.run(task, quick, full, ask)


def _graphs(place: Path, files: Sequence[FileEntry]) -> dict[str, bytes]:
    return {
        entry.name.removesuffix(".onnx"): package_folder.read_file(place, entry) for entry in files
    }


def make(
    model: LoadedModel, sessions: Sessions, context: Context, samples: int = SAMPLES
) -> Iterator[Event]:
    """Make the fast copy of a model, measure its gain and loss, and keep it with both.

    A copy beyond the bounds of `core.fast` is not kept, only what was found. Done.data "fast" is
    the record, "text" a sentence. Raises UsageError for models that would gain nothing.
    """
    manifest, samples = model.manifest, max(FEWEST, samples)
    graphs = _worth(model)
    if manifest.modality in ("text", "music"):
        yield from quick_text.make(model, graphs, sessions, context)
        return
    device = model.device
    yield Started(device=device.name, reason=device.reason, threads=device.threads)
    maker = _Maker(model, _wish(model), samples)
    first = yield from maker.draw(model, 0, FEWEST, "Full precision", graphs)
    copies = {}
    for graph in graphs:
        yield maker.progress(f"Making {graph} smaller")
        copies[graph] = int8.quantised(model, graph, int8.chosen(maker.calls[graph]))
    full = [*first, *(yield from maker.draw(model, FEWEST, samples, "Full precision"))]
    others = yield from maker.draw(model, samples, 2 * samples, "Other pictures")
    memory = sessions.memory_mb
    with LoadedModel.open(model.folder, device, memory, copies) as quick:
        context.on_cancel(quick.stop)
        try:
            found = yield from maker.draw(quick, 0, samples, "Fast copy")
        except GenStudioError as error:
            if error.problem.kind != UNDEFINED:
                raise
            found = []
        busiest = max(graphs, key=lambda graph: len(maker.calls[graph]))
        times = int8.times_faster(model, quick, busiest, maker.calls[busiest][0])
    record = _measured(context, sessions, model, times, full, others, found)
    yield maker.progress("done", end=True)
    yield keeping.kept(
        context.home, manifest, record.model_copy(update={"samples": samples}), copies
    )


def _worth(model: LoadedModel) -> list[str]:
    """The graphs to copy; raises UsageError where nothing would be gained."""
    names = {graph.name for graph in model.manifest.graphs}
    wanted = [name for name in families.family(model.manifest.family).repeated if name in names]
    title = model.manifest.title
    if not wanted:
        raise UsageError(f"{title} runs its networks once a picture: a fast copy gains nothing")
    if model.device.name != "CPU":
        raise UsageError(f"Fast copies are for the processor; {title} runs on the GPU here")
    return wanted


class _Maker:
    """Draws pictures and tells how far the whole work is."""

    def __init__(self, model: LoadedModel, values: dict[str, Json], samples: int) -> None:
        self.values, self.total, self.done = values, 3 * samples + 1, 0
        self.calls: dict[str, list[int8.Feeds]] = {}
        self._sample = families.part(model.manifest.family, "sample").TASKS["sample"]

    def progress(self, text: str, end: bool = False) -> Progress:
        """Where the work stands."""
        return Progress(done=self.total if end else self.done, total=self.total, text=text)

    def draw(
        self, model: LoadedModel, first: int, end: int, text: str, graphs: Sequence[str] = ()
    ) -> Generator[Event, None, list[np.ndarray]]:
        """Pictures first .. end - 1, uint8 (h, w, c); the calls of `graphs` are kept."""
        ask = Ask(dict(self.values), seed=0, first=first, count=end - first)
        found: list[np.ndarray] = []
        with contextlib.ExitStack() as stack:
            for graph in graphs:
                self.calls[graph] = stack.enter_context(int8.watched(model, graph))
            for output in self._sample(model, ask) if end > first else ():
                if isinstance(output, Picture) and not output.passing:
                    found.append(output.pixels)
                    self.done += 1
                    yield self.progress(f"{text}: picture {len(found)} of {end - first}")
        return found


def _wish(model: LoadedModel) -> dict[str, Json]:
    """Checked defaults of the sampling task, with prompts where it follows words."""
    task = families.family(model.manifest.family).task(model.manifest.config, "sample")
    return {**defaults(task.controls), **_prompts(task, model.config)}


def _prompts(task: Task, config: Mapping[str, Json]) -> dict[str, Json]:
    """Alternatives `{a|b}` out of the model's examples, else out of words that it knows."""
    control = next((c for c in task.controls if getattr(c, "role", "") == "prompt"), None)
    if not isinstance(control, Text):
        return {}
    examples, words = _texts(config.get("examples")), _texts(config.get("words"))
    if not examples and words:
        random = np.random.default_rng(0)
        picked = (
            random.choice(words, min(_WORDS, len(words)), replace=False) for _ in range(_PROMPTS)
        )
        examples = [" ".join(some) for some in picked]
    text = ""
    for example in examples:
        longer = f"{text}|{example}" if text else example
        if len(longer) + 2 > control.max_length:
            break
        text = longer
    return {control.name: f"{{{text}}}" if "|" in text else text}


def _texts(value: Any) -> list[str]:
    if not isinstance(value, list):
        return []
    return ["".join(c for c in str(text) if c not in "{|}") for text in value]


def _measured(
    context: Context,
    sessions: Sessions,
    model: LoadedModel,
    times: float,
    full: list[np.ndarray],
    others: list[np.ndarray],
    found: list[np.ndarray],
) -> fast.FastCopy:
    """The record without its files."""
    from genstudio.evaluation import judges, loss

    manifest = model.manifest
    facts = keeping.facts(manifest, times)
    if len(found) < len(full):
        return fast.FastCopy(**facts, psnr=0.0, refused=_NO_NUMBERS)
    psnr = loss.psnr(np.stack(full), np.stack(found))
    folder = judges.of_model(package_folders(context.home), manifest)
    if folder is not None:
        judge = sessions.get(folder)
        sets = np.stack(others), np.stack(full), np.stack(found)
        facts["distance"], facts["floor"] = loss.distances(judge, *sets)
        facts["judge"] = judge.manifest.id
    record = fast.FastCopy(**facts, psnr=round(psnr, 2))
    why = fast.why_refused(record.times, round(psnr, 2), record.change)
    return record.model_copy(update={"refused": why})
