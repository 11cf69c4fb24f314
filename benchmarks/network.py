"""What running a network costs here: against torch, against onnxruntime bare, end to end, and
how fast it stops. Measured on the bundled models, as many threads for either side; those that run
a network again and again have figures of their own (`benchmarks.diffusion`).
"""

from __future__ import annotations

import statistics
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.rows import Row, interleaved
from genstudio import families
from genstudio.core import files
from genstudio.core.errors import NotFound
from genstudio.core.events import ENDS, Event, Result
from genstudio.core.job import Message
from genstudio.core.paths import bundled_models
from genstudio.core.request import Request
from genstudio.engine import batches, device
from genstudio.engine.ask import Ask
from genstudio.engine.loaded_model import LoadedModel, Stopped
from genstudio.workers.parent import Worker

BATCHES = (1, 16, 64)
PICTURES = 64


def rows(quick: bool = False) -> Iterator[Row]:
    """All rows; the models are those that ship with the program."""
    repeats = 5 if quick else 15
    found = [m for m in opened() if not families.family(m.manifest.family).repeated]
    if not found:
        raise NotFound(f"There are no models in {bundled_models()} to measure")
    for model in found:
        yield from against_torch(model, repeats)
    for model in found:
        if "sample" in samplers(model):
            yield single_picture(model, repeats * 4)
            for rows_per_call in (batches.BATCH, 2 * batches.BATCH):
                yield cancelling(model, rows_per_call, repeats)
            yield end_to_end(model, 3 if quick else 7)
            yield live(model, 30 if quick else 200)


def opened() -> list[LoadedModel]:
    """The bundled models on the CPU."""
    chosen = device.choose("cpu")
    manifests = sorted(bundled_models().glob("*/model.json"))
    return [LoadedModel.open(path.parent, chosen) for path in manifests]


def samplers(model: LoadedModel) -> dict[str, Any]:
    """The tasks of a model's family."""
    found: dict[str, Any] = families.part(model.manifest.family, "sample").TASKS
    return found


def against_torch(model: LoadedModel, repeats: int) -> Iterator[Row]:
    """onnxruntime against torch eager for every graph and batch: times faster, at least 1."""
    import torch

    torch.set_num_threads(model.device.threads)
    family = model.manifest.family
    networks = families.part(family, "objective").networks(model.config)
    for spec in families.part(family, "to_onnx").graphs(networks, model.config):
        module = spec.module.eval()
        for batch in BATCHES:
            inputs = spec.example(batch)
            tensors = list(inputs.values())
            feeds = {name: value.numpy() for name, value in inputs.items()}

            def eager(module: Any = module, tensors: Any = tensors) -> None:
                with torch.inference_mode():
                    module(*tensors)

            def ours(name: str = spec.name, feeds: Any = feeds) -> None:
                model.run(name, feeds)

            eager(), ours()
            found = interleaved({"torch": eager, "ours": ours}, repeats)
            yield Row(
                f"{model.manifest.id} {spec.name}, batch {batch}: faster than torch eager",
                found["torch"] / found["ours"],
                "×",
                1.0,
                "at least",
                f"{found['ours'] * 1e3:.2f} against {found['torch'] * 1e3:.2f} ms, "
                f"{model.device.threads} thread(s)",
            )


def network_call(model: LoadedModel, count: int) -> tuple[str, dict[str, np.ndarray]]:
    """The graph that a sampler runs for `count` pictures, with its feeds."""
    seen: list[tuple[str, dict[str, np.ndarray]]] = []
    real = model.run

    def watched(graph: str, feeds: Any) -> dict[str, np.ndarray]:
        seen.append((graph, dict(feeds)))
        return real(graph, feeds)

    model.run = watched  # type: ignore[method-assign]
    try:
        list(samplers(model)["sample"](model, Ask({}, seed=1, count=count)))
    finally:
        del model.run  # type: ignore[method-assign]
    return seen[-1]


def single_picture(model: LoadedModel, repeats: int) -> Row:
    """One warm picture through the sampler against the bare session call."""
    sample = samplers(model)["sample"]
    ask = Ask({}, seed=1, count=1, live=True)
    graph, feeds = network_call(model, 1)
    session = model._session(graph)

    def ours() -> None:
        list(sample(model, ask))

    def bare() -> None:
        session.run(None, feeds)

    found = interleaved({"ours": ours, "bare": bare}, repeats)
    return Row(
        f"{model.manifest.id}: warm single image over the bare onnxruntime call",
        found["ours"] / found["bare"],
        "×",
        3.0,
        note=f"{found['ours'] * 1e3:.2f} against {found['bare'] * 1e3:.2f} ms",
    )


def cancelling(model: LoadedModel, rows_per_call: int, repeats: int) -> Row:
    """From stop() to the end of the call that runs then, in milliseconds; the worst of all tries.

    One call follows the other without a pause, so a stop always meets one inside. Samplers call
    with 16 rows at most, an evaluation with 32.
    """
    graph, one = network_call(model, 1)
    many = {name: np.repeat(value, rows_per_call, axis=0) for name, value in one.items()}
    waits: list[float] = []
    for attempt in range(repeats):
        ended: list[float] = []
        under_way = threading.Event()

        def work(ended: list[float] = ended, under_way: threading.Event = under_way) -> None:
            try:
                while True:
                    model.run(graph, many)
                    under_way.set()
            except Stopped:
                ended.append(time.perf_counter())

        thread = threading.Thread(target=work)
        thread.start()
        under_way.wait(60)
        time.sleep(0.007 * (attempt + 1))  # another place inside the call each time
        asked = time.perf_counter()
        model.stop()
        thread.join()
        model.begin()
        waits.append(1e3 * (ended[0] - asked))
    return Row(
        f"{model.manifest.id}: cancel inside a running call of {rows_per_call}",
        max(waits),
        "ms",
        50.0,
        note=f"worst of {len(waits)}, median {statistics.median(waits):.1f} ms",
    )


def end_to_end(model: LoadedModel, repeats: int) -> Row:
    """64 pictures through a warm worker into PNG files against the sum of the network calls."""
    feeds = [network_call(model, batches.BATCH) for _ in range(PICTURES // batches.BATCH)]
    request = Request(model=model.manifest.id, task="sample", values={"count": PICTURES}, seed=1)

    def bare() -> None:
        for graph, values in feeds:
            model.run(graph, values)

    with warm_worker() as ask:
        ask(request)

        def whole() -> None:
            results = [event for event in ask(request) if isinstance(event, Result)]
            assert len(results) == PICTURES

        found = interleaved({"ours": whole, "bare": bare}, repeats)
    return Row(
        f"{model.manifest.id}: warm generate of {PICTURES} images over the network time",
        found["ours"] / found["bare"],
        "×",
        2.0,
        note=f"{found['ours'] * 1e3:.0f} against {found['bare'] * 1e3:.0f} ms, "
        "PNG files with metadata",
    )


def live(model: LoadedModel, count: int) -> Row:
    """Live requests a second through a warm worker, as a dragged slider sends them."""
    requests = [
        Request(model=model.manifest.id, task="sample", values={"count": 1}, seed=i, live=True)
        for i in range(count)
    ]
    with warm_worker() as ask:
        ask(requests[0])
        began = time.perf_counter()
        for request in requests:
            ask(request)
        seconds = time.perf_counter() - began
    return Row(
        f"{model.manifest.id}: live pictures a second from the worker",
        count / seconds,
        "a second",
        30.0,
        "at least",
        "one request after the other, without the window",
    )


@contextmanager
def warm_worker() -> Iterator[Any]:
    """A function that sends a request to a generate worker and waits: its events."""
    events: list[Event] = []
    ended = threading.Event()

    def on_event(event: Event) -> None:
        events.append(event)
        if isinstance(event, ENDS):
            ended.set()

    # In memory where the system offers it: making one file took ext4 on the machine of RESULTS.md
    # 0.1 to 1.2 ms of kernel time, the more the more files had just been made, tmpfs 0.015 ms. The
    # figure is about the program; a repeated benchmark on that disk measures the disk.
    memory = Path("/dev/shm")
    place = memory if memory.is_dir() else files.make_folder(bundled_models().parent / "out")
    with tempfile.TemporaryDirectory(dir=place) as folder:
        home = Path(folder)
        worker = Worker("generate", home, on_event)

        def ask(request: Request) -> list[Event]:
            events.clear()
            ended.clear()
            spool = home / "spool" / str(time.monotonic_ns())
            body = {"request": request.model_dump(mode="json")}
            worker.send(Message(job="bench", work="generate", body=body, spool=str(spool)))
            ended.wait(120)
            return list(events)

        try:
            yield ask
        finally:
            worker.close()
